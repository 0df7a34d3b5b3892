"""The servers that the tests start for themselves: private, killable, and gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pika
import psycopg
import pytest

from tests.servers import (
    PrivatePostgres,
    PrivateRabbit,
    ServerTrouble,
    postgres_available,
    rabbit_available,
    start_both,
)

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module", autouse=True)
def _private() -> Iterator[None]:
    """These tests are about servers of our own, whatever server the others were given."""
    with pytest.MonkeyPatch.context() as patch:
        given = {"TEST_DATABASE_URL", "TEST_BROKER_URL"} & os.environ.keys()
        for name in given:
            patch.delenv(name)
        reason = postgres_available() or rabbit_available()
        if reason and os.environ.get("CI") and not given:
            pytest.fail(reason)
        if reason:
            pytest.skip(reason)
        yield


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PrivatePostgres, PrivateRabbit]]:
    postgres, rabbit = start_both(tmp_path_factory.mktemp("servers"))
    yield postgres, rabbit
    rabbit.stop()
    postgres.stop()


@pytest.fixture
def postgres(servers: tuple[PrivatePostgres, PrivateRabbit]) -> PrivatePostgres:
    return servers[0]


@pytest.fixture
def rabbit(servers: tuple[PrivatePostgres, PrivateRabbit]) -> PrivateRabbit:
    return servers[1]


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def listeners() -> dict[int, set[str]]:
    """Listening ports and the addresses they listen on, in the kernel's hexadecimal."""
    found: dict[int, set[str]] = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, port = local.split(":")
            if state == "0A":
                found.setdefault(int(port, 16), set()).add(address)
    return found


LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1


def test_nothing_of_theirs_can_be_reached_from_outside(postgres, rabbit):
    ours = {*postgres.ports, *rabbit.ports}

    heard = {port: addresses for port, addresses in listeners().items() if port in ours}

    assert len(heard) == 4  # PostgreSQL, AMQP, Erlang's distribution, epmd
    assert set.union(*heard.values()) <= LOOPBACK


def test_a_committed_row_survives_the_death_of_postgresql(postgres):
    url = postgres.create_database("survivor")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE promise AS SELECT 'kept' AS word")
        connection.commit()
        postgres.kill()

    postgres.restart()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT word FROM promise").fetchall() == [("kept",)]


def test_a_database_made_again_is_empty_even_while_someone_uses_the_old_one(postgres):
    with psycopg.connect(postgres.create_database("again")) as connection:
        connection.execute("CREATE TABLE leftover ()")
        connection.commit()

        url = postgres.create_database("again")

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('leftover')").fetchone() == (None,)


def test_a_database_can_be_the_copy_of_a_prepared_one(postgres):
    with psycopg.connect(postgres.create_database("prepared")) as connection:
        connection.execute("CREATE TABLE schema_of_ours ()")

    with psycopg.connect(postgres.create_database("copied", template="prepared")) as connection:
        assert connection.execute("SELECT to_regclass('schema_of_ours')").fetchone() == ("schema_of_ours",)


def test_a_confirmed_message_survives_the_death_of_rabbitmq(rabbit):
    where = pika.URLParameters(rabbit.vhost("survivors/of all"))
    publisher = pika.BlockingConnection(where)
    channel = publisher.channel()
    channel.queue_declare("promises", durable=True, arguments={"x-queue-type": "quorum"})
    channel.confirm_delivery()
    channel.basic_publish("", "promises", b"kept", pika.BasicProperties(delivery_mode=2), mandatory=True)
    rabbit.settle()
    rabbit.kill()
    with pytest.raises(pika.exceptions.AMQPConnectionError):
        publisher.close()

    rabbit.restart()

    connection = pika.BlockingConnection(where)
    bodies = (body for _, _, body in connection.channel().consume("promises", inactivity_timeout=15))
    assert next(bodies) == b"kept"
    connection.close()


def test_a_virtual_host_sees_nothing_of_another(rabbit):
    here, there = (
        pika.BlockingConnection(pika.URLParameters(rabbit.vhost(name))) for name in ("here", "there")
    )
    here.channel().queue_declare("mine")

    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="NOT_FOUND"):
        there.channel().queue_declare("mine", passive=True)

    here.close()
    there.close()


def test_closed_connections_are_noticed_by_their_clients(rabbit):
    connection = pika.BlockingConnection(pika.URLParameters(rabbit.vhost("closing")))

    rabbit.close_connections()

    with pytest.raises(pika.exceptions.ConnectionClosedByBroker):
        connection.process_data_events(time_limit=15)


def test_two_runs_at_a_time_get_in_nobodys_way(postgres, tmp_path):
    with PrivatePostgres.start(tmp_path) as other:
        assert other.ports != postgres.ports
        psycopg.connect(other.url).close()
        psycopg.connect(postgres.url).close()


def test_a_long_path_closed_to_ordinary_users_is_no_obstacle(tmp_path):
    deep = tmp_path / ("closed" * 10) / ("far down" * 20)
    deep.mkdir(parents=True)
    (tmp_path / ("closed" * 10)).chmod(0o700)

    with PrivatePostgres.start(deep) as server:
        psycopg.connect(server.url).close()
        assert server.folder.exists()

    assert not server.folder.exists()


def test_a_server_that_does_not_start_says_why(tmp_path):
    with PrivatePostgres.start(tmp_path) as server:
        server.kill()
        with (server.folder / "data/postgresql.conf").open("a") as config:
            config.write("wisdom = on\n")

        with pytest.raises(ServerTrouble, match='unrecognized configuration parameter "wisdom"'):
            server.restart()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_neither_process_nor_file(how, tmp_path):
    script = (
        "import pathlib, signal, sys, tests.servers as s;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"
        "p = s.PrivatePostgres.start(pathlib.Path(sys.argv[1]));"
        "print(p.folder, *p.ports, flush=True); signal.pause()"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        assert run.stdout is not None
        folder, port = run.stdout.readline().rsplit(" ", 1)
        run.send_signal(how)

    assert eventually(lambda: not Path(folder).exists())
    assert int(port) not in listeners()


def test_a_given_server_is_used_and_left_as_it_was(postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("TEST_DATABASE_URL", postgres.url)

    with PrivatePostgres.start(tmp_path) as given:
        url = given.create_database("guest")
        psycopg.connect(url).close()
        with pytest.raises(ServerTrouble, match="TEST_DATABASE_URL cannot be killed"):
            given.kill()

    with pytest.raises(psycopg.OperationalError, match='"guest" does not exist'):
        psycopg.connect(url)
    psycopg.connect(postgres.url).close()


def test_a_given_broker_is_used_and_left_as_it_was(rabbit, tmp_path, monkeypatch):
    monkeypatch.setenv("TEST_BROKER_URL", rabbit.url)

    with PrivateRabbit.start(tmp_path) as given:
        assert given.vhost("any") == rabbit.url
        with pytest.raises(ServerTrouble, match="TEST_BROKER_URL cannot be restarted"):
            given.restart()

    pika.BlockingConnection(pika.URLParameters(rabbit.url)).close()
