"""The ground of the bench: durable private servers, and a database and a virtual host for each system."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import machine
from bench.load import PASSWORD, USERS, user
from bench.systems import Box, System
from models import database, schema
from models.numbers import PhoneNumber
from models.people import MENTEE, MENTOR, Contact, User
from models.people.passwords import hashed
from tests.servers import PrivatePostgres, PrivateRabbit, start_both

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Ground:
    """PostgreSQL that waits for the disk and asks for passwords, as in production, and RabbitMQ."""

    def __init__(self, postgres: PrivatePostgres, rabbit: PrivateRabbit, folder: Path) -> None:
        self.postgres, self.rabbit, self.folder = postgres, rabbit, folder
        self._pattern = ""
        self._servers = {"postgres": machine.named("postgres"), "rabbitmq": machine.named("beam.smp")}
        self._ask_for_passwords()
        self._prepare()

    def _ask_for_passwords(self) -> None:
        if self.postgres.given:
            return
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            connection.execute("ALTER ROLE app PASSWORD 'secret'")
            ((rules,),) = connection.execute("SHOW hba_file").fetchall()
            Path(rules).write_text("host all all 127.0.0.1/32 scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
        parts = urlsplit(self.postgres.url)
        self.postgres.url = urlunsplit(parts._replace(netloc=parts.netloc.replace("app@", "app:secret@")))

    def _prepare(self) -> None:
        """The tables and the people, in a database that all others are copies of."""
        database.bind(self.postgres.create_database("pattern"))
        schema.migrate()
        password = hashed(PASSWORD)
        for number in range(USERS):
            mentee = _contact(MENTEE, f"mentee{number}", f"+9198765{number:05}", password)
            _contact(MENTOR, user(number), f"+9198766{number:05}", password, mentee)
        database.close()

    def system(self, name: str, **settings: str) -> System:
        """A system with a database of its own, in which the people are, and a virtual host of its own."""
        url = self.postgres.create_database(name, template="pattern")
        env = {
            "DATABASE_URL": url,
            "BROKER_URL": self.rabbit.vhost(name),
            "SIMULATOR_SECRET": SECRET,
        }
        return System(self.folder / name, {**env, **settings})

    def carrier(self, answer_after: float = 0.0) -> Box:
        """A carrier in a box that reports nothing back."""
        return Box(self.system("carrier"), answer_after)

    def cpu_of(self, system: System) -> dict[str, float]:
        """CPU seconds so far of a system's processes and of the servers, by name. Other systems sleep meanwhile."""
        servers = {name: machine.cpu_seconds(machine.family(pids)) for name, pids in self._servers.items()}
        return {**system.cpu(), **servers}


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """The servers, for as long as it is needed."""
    postgres, rabbit = start_both(folder, durable=True)
    with postgres, rabbit:
        yield Ground(postgres, rabbit, folder)


def _contact(kind: str, name: str, number: str, password: str, mentee: Contact | None = None) -> Contact:
    person = User.create(username=name, password=password)
    parsed = PhoneNumber.parse(number)
    facts = {"user": person, "kind": kind, "contact_number": parsed, "msisdn": parsed.msisdn}
    return Contact.create(**facts, mentee=mentee)
