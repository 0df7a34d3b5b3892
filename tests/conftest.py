"""The ground that tests stand on: a database and a broker of their own, the API, a carrier in a box, and workers.

`--backend=embedded` is SQLite with hints in memory; `--backend=full` a private PostgreSQL and RabbitMQ. `--double` has
the broker deliver every hint twice.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from peewee import ProgrammingError

from models import clock, database, flow, logs, schema, settings
from models.settings import Settings
from providers.exchange import Exchange
from tests.house import PASSWORD, SERVICE, Carrier, Client, House, Staff
from tests.servers import PrivatePostgres, PrivateRabbit, postgres_available, rabbit_available

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--backend", choices=("embedded", "full"), default="embedded")
    parser.addoption("--double", action="store_true", help="every hint is delivered twice")


GROUND = {"database_url", "broker_url", "full", "postgres", "rabbit"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On servers, leave out what touches neither database nor broker: it went the same way without them."""
    if config.getoption("--backend") == "full" and config.args_source != pytest.Config.ArgsSource.ARGS:
        grounded = [
            item for item in items if GROUND & set(getattr(item, "fixturenames", ())) or _serves(item)
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(grounded)])
        items[:] = grounded


def _serves(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("servers", "pipeline"))


@pytest.fixture(scope="session")
def full(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--backend") == "full")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePostgres]:
    """A PostgreSQL of this session's own."""
    or_skip(postgres_available())
    with PrivatePostgres.start(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRabbit]:
    """A RabbitMQ of this session's own."""
    or_skip(rabbit_available())
    with PrivateRabbit.start(tmp_path_factory.mktemp("rabbit")) as server:
        yield server


def or_skip(lacking: str | None) -> None:
    """Skip the tests that need what is lacking; where everything must be there, fail them."""
    if lacking and os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)


@pytest.fixture(scope="session")
def database_url(full: bool, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an empty database with all tables; SQLite's file is the pattern that each test copies."""
    if full:
        url = str(request.getfixturevalue("postgres").create_database("tests"))
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('pattern') / 'trunkline.db'}?synchronous=off"
    database.bind(url)
    schema.migrate()
    database.close()
    return url


@pytest.fixture(scope="session")
def broker_url(full: bool, request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("rabbit").vhost("tests")) if full else "memory://"


@pytest.fixture
def home(full: bool, database_url: str, tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Settings]:
    """The settings of one test, its database bound, empty but for its tables."""
    url = database_url
    if not full:
        pattern = Path(database_url.removeprefix("sqlite:///").partition("?")[0])
        shutil.copy(pattern, tmp_path / "trunkline.db")
        url = f"sqlite:///{tmp_path / 'trunkline.db'}?synchronous=off"
    chosen = Settings(
        database_url=url, simulator_secret=SECRET, rehearsal=True, clock_offset_file=str(tmp_path / "offset"),
        double_hints=bool(pytestconfig.getoption("--double")), simulator_acceptance=0.3,
        oniondev_acceptance=0.3, log_level="ERROR", audio_folder=str(tmp_path / "audio"),
    )  # fmt: skip
    settings.use(chosen)
    logs.configure("tests")
    database.bind(url)
    if full:
        _empty()
    yield chosen
    flow.use(None)
    database.close_all()


# This takes some milliseconds; a TRUNCATE of all tables 70, on a busy disk 400.
_EMPTY = """
DO $$
DECLARE
    emptied text;
    drawn text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR emptied IN
        SELECT quote_ident(relname) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace) AND relname <> 'schema_migration'
    LOOP
        EXECUTE 'DELETE FROM ' || emptied;
    END LOOP;
    FOR drawn IN
        SELECT quote_ident(sequencename) FROM pg_sequences
        WHERE last_value IS NOT NULL AND schemaname = current_schema() AND sequencename NOT LIKE 'schema_migration%%'
    LOOP
        EXECUTE 'ALTER SEQUENCE ' || drawn || ' RESTART';
    END LOOP;
END $$
"""


def _empty() -> None:
    """Leave no row, and every sequence at its beginning."""
    try:
        database.db.obj.execute_sql(_EMPTY)
    except ProgrammingError:  # a server of somebody else's, where we may not leave foreign keys unchecked
        names = [name for name in database.db.obj.get_tables() if name != "schema_migration"]
        database.db.obj.execute_sql(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")


@pytest.fixture
def jump(home: Settings) -> Callable[[float], None]:
    """Move the product's clock by so many seconds from the real one."""

    def move(seconds: float) -> None:
        Path(home.clock_offset_file).write_text(str(seconds), encoding="ascii")

    return move


@pytest.fixture
def exchange(home: Settings, tmp_path: Path) -> Iterator[Exchange]:
    """A carrier in a box; its reports go to `site` when the test has one."""
    robot = (SERVICE, PASSWORD)
    with Exchange(
        journal=tmp_path / "accepted.jsonl",
        now=clock.now,
        secret=SECRET,
        oniondev_credentials=robot,
        threads=40,
    ) as exchange:
        settings.use(
            replace(settings.current(), simulator_url=exchange.url, oniondev_url=exchange.url + "/oniondev")
        )
        yield exchange


@pytest.fixture
def carrier(exchange: Exchange) -> Carrier:
    """The carrier as it is seen from outside: its log, its faults, its phones."""
    return Carrier(exchange.url)


@pytest.fixture
def house(exchange: Exchange, broker_url: str) -> Iterator[House]:
    """The whole system at work: the API over HTTP, relay, clock and workers, with the carrier reporting back."""
    settings.use(replace(settings.current(), broker_url=broker_url))
    with House(exchange) as house:
        yield house


@pytest.fixture
def staff(home: Settings) -> Staff:
    """People to be: an administrator, a mentor and a mentee, a service account, a stranger."""
    return Staff()


@pytest.fixture
def client(home: Settings) -> Client:
    """The API without a network: for everything that needs no worker."""
    return Client()
