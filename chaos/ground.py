"""What the systems under test stand on: a PostgreSQL and a RabbitMQ of our own, with people to be."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pika

from chaos import members, patients
from chaos.processes import ROOT, Mother
from models import database, schema, settings
from models.numbers import PhoneNumber
from models.people.changing import add_contact, add_user
from models.settings import Settings
from tests.servers import PrivatePostgres, PrivateRabbit

PIPELINES = ROOT / "chaos" / "pipelines.yaml"
PASSWORD = "correct horse"
ADMIN = "root"
MENTORS = tuple(f"mentor{number}" for number in range(8))
OURS = "+15550100"  # the number that people see
ROOMS = 12  # virtual hosts made at the start, for as many systems: a rabbitmqctl for each would take seconds

_VHOSTS = """
[begin V = list_to_binary("s" ++ integer_to_list(N)), rabbit_vhost:add(V, <<"admin">>),
 rabbit_auth_backend_internal:set_permissions(<<"guest">>, V, <<".*">>, <<".*">>, <<".*">>, <<"admin">>)
 end || N <- lists:seq(1, ROOMS)].
""".replace("ROOMS", str(ROOMS))


_one_at_a_time = threading.Lock()  # the models are bound to one database a process


class Ground:
    """Two servers that may be killed, and a room on each for every system.

    Parameters:
      folder: where their data goes.
      mother: what starts the processes of the systems.
    """

    def __init__(self, folder: Path, mother: Mother) -> None:
        self._rooms = 0
        self.mother = mother
        with ThreadPoolExecutor(2) as pool:
            postgres = pool.submit(PrivatePostgres.start, folder, durable=True)
            rabbit = pool.submit(PrivateRabbit.start, folder)
            self.postgres = postgres.result()
            with _one_at_a_time:
                self.passer_by = _people(self.postgres.create_database("pattern"))
            self.rabbit = rabbit.result()
        self.rabbit.ctl("eval", _VHOSTS)

    def room(self) -> tuple[str, str]:
        """The URLs of a database with people in it and of an empty virtual host, both nobody else's."""
        self._rooms += 1
        name = f"s{self._rooms}"
        broker = urlunsplit(urlsplit(self.rabbit.url)._replace(path=f"/{name}"))
        return self.postgres.create_database(name, template="pattern"), broker

    def stop(self) -> None:
        """End both; nothing is left of them."""
        self.rabbit.stop()
        self.postgres.stop()


def _people(url: str) -> int:
    """Administrator, mentors with a mentee each, members, patients: what would otherwise cost every system a second.

    Returns:
      The contact id of one more mentee, whom nobody would miss.
    """
    settings.use(replace(Settings(), database_url=url))
    database.bind(url)
    schema.migrate()
    add_user(ADMIN, PASSWORD, staff=True)
    for number, name in enumerate(MENTORS):
        facts = {"first_name": name, "last_name": "", "email": "", "password": PASSWORD}
        mentee = add_contact(
            "mentee", {**facts, "username": f"mentee{number}", "contact_number": phone(number, "2")}
        )
        add_contact(
            "mentor", {**facts, "username": name, "contact_number": phone(number, "1"), "mentee": mentee.id}
        )
    lone = {"first_name": "passer-by", "last_name": "", "email": "", "password": PASSWORD}
    passer_by = add_contact("mentee", {**lone, "username": "passer-by", "contact_number": phone(99, "2")})
    members.add(PASSWORD)
    patients.add(PASSWORD)
    database.close_all()
    return int(passer_by.id)


def phone(number: int, side: str) -> PhoneNumber:
    """The number of a mentor (side 1) or of his mentee (side 2)."""
    return PhoneNumber(f"+2771000{side}0{number:02}")


def phone_of_mentee(mentor: str) -> str:
    """The number of a mentor's mentee, as carriers write it."""
    return phone(MENTORS.index(mentor), "2").e164()


def with_device(mentor: str) -> bool:
    """Whether this mentor has a device. Those who have none are told nothing."""
    return MENTORS.index(mentor) % 4 != 1


def answers_of(mentor: str) -> tuple[str, ...]:
    """What the mentor's mentee answers to a survey after each call; nothing, if he is not asked."""
    number = MENTORS.index(mentor)
    return () if number % 2 else (f"answer {number}", "Yes", "No", "Blue")


def forget_hints(broker_url: str, queue: str, *, whole: bool) -> int:
    """Empty a queue on the broker, or delete it; returns how many hints are gone."""
    connection = pika.BlockingConnection(pika.URLParameters(broker_url))
    try:
        channel = connection.channel()
        count = int(channel.queue_declare(queue, passive=True).method.message_count)
        channel.queue_delete(queue) if whole else channel.queue_purge(queue)
        return count
    finally:
        connection.close()
