"""Section by section of pipelines.yaml: read it, and check it against the code's vocabulary and the sections before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType

from models.pipelines import values
from models.pipelines.parts import Actor, Backoff, CommandInfo, Pipelines, Queue, Rate, Route, spelled
from models.pipelines.reading import Spot, listed

SECTIONS = {
    "queues": "{dialing: {threads: 16}}",
    "actors": "{dial: {queue: dialing, attempts: 3, backoff: 5s..5m}}",
    "pipelines": "{call.requested: [dial]}",
    "routes": "{voice: [{use: [simulator]}]}",
    "reminders": "{scheduled_call: [24h, 15m]}",
    "every": "{prune: 1h}",
}
CHANNELS = ("voice", "texts", "mails", "pushes")
BY_NUMBER = ("voice", "texts")  # where people are numbers, which have prefixes and can be masked

MOST_THREADS = 256  # beyond some 32 the interpreter is the bound: more processes help, more threads do not
MOST_ATTEMPTS = 1000
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SHORTEST_TIMEOUT = timedelta(milliseconds=100)
LONGEST_TIMEOUT = 10 * MINUTE  # RabbitMQ takes a hint away from a worker that sits on it for half an hour

# What stands in for a value that could not be read, so that reading goes on. It is never used: the load fails.
NO_WAIT = Backoff(SECOND, SECOND)
UNREAD = "?"


@dataclass(frozen=True)
class Vocabulary:
    """What the code knows: commands, the ids each event carries, the channels each provider has."""

    commands: Mapping[str, CommandInfo]
    events: Mapping[str, frozenset[str]]
    providers: Mapping[str, frozenset[str]]

    @property
    def periodic(self) -> set[str]:
        """The commands that need no ids and so can run by the clock."""
        return {name for name, command in self.commands.items() if not command.fields}


def checked(top: Spot, known: Vocabulary) -> Pipelines:
    """The whole file, read. What is wrong is in the spot's notes, and then the result must not be used."""
    sections = top.keys("section", SECTIONS)
    queues = _queues(sections["queues"]) if "queues" in sections else None
    actors = _actors(sections["actors"], known, queues) if "actors" in sections else {}
    if queues and actors:
        _check_queues_are_worked(sections["queues"], queues, actors)
    return Pipelines(
        queues=MappingProxyType(queues or {}),
        actors=MappingProxyType(actors),
        follows=MappingProxyType(_follows(sections["pipelines"], known) if "pipelines" in sections else {}),
        routes=MappingProxyType(_routes(sections["routes"], known) if "routes" in sections else {}),
        reminders=MappingProxyType(_reminders(sections["reminders"]) if "reminders" in sections else {}),
        every=MappingProxyType(_every(sections["every"], known) if "every" in sections else {}),
    )


def _named(section: Spot) -> dict[str, Spot]:
    entries = section.entries()
    for name, spot in entries.items():
        try:
            values.name(name)
        except values.Wrong as error:
            spot.wrong(str(error))
    return entries


def _queues(section: Spot) -> dict[str, Queue]:
    entries = _named(section)
    if not entries:
        section.wrong(f"no queue is written here; write one like {SECTIONS['queues']}")
    return {name: _queue(name, spot) for name, spot in entries.items()}


def _queue(name: str, spot: Spot) -> Queue:
    fields = spot.keys("setting", {"threads": "4"}, ["rate"])
    how_many = partial(values.whole, low=1, high=MOST_THREADS)
    return Queue(
        name,
        threads=fields["threads"].read(how_many, 1) if "threads" in fields else 1,
        rate=_rate(fields),
    )


def _rate(fields: Mapping[str, Spot]) -> Rate | None:
    return fields["rate"].read(values.rate, None) if "rate" in fields else None


def _check_queues_are_worked(section: Spot, queues: Mapping[str, Queue], actors: Mapping[str, Actor]) -> None:
    worked = {actor.queue for actor in actors.values()}
    for name, spot in section.entries().items():
        if name in queues and name not in worked:
            spot.wrong("no actor works in this queue; name it in an actor's 'queue', or take this line out")
