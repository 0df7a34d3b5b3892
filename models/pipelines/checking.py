"""Each section of pipelines.yaml, read and checked against the code's vocabulary and the other sections."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType

from models.pipelines import values
from models.pipelines.parts import Actor, Backoff, CommandInfo, Pipelines, Queue, Route, spelled
from models.pipelines.reading import Spot, listed

SECTIONS = {
    "queues": "{dialing: {threads: 16}}",
    "actors": "{dial: {queue: dialing, attempts: 3, backoff: 5s..5m}}",
    "pipelines": "{call.requested: [dial]}",
    "routes": "{voice: [{use: [simulator]}]}",
    "reminders": "{scheduled_call: [24h, 15m]}",
    "every": "{prune: 1h}",
}
CHANNELS = ("voice", "texts", "mails", "pushes", "hooks")
BY_NUMBER = ("voice", "texts")  # where people are numbers, which have prefixes and can be masked

MOST_THREADS = 256  # beyond some 32 the interpreter is the bound: more processes help, more threads do not
MOST_ATTEMPTS = 1000
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SHORTEST_TIMEOUT = timedelta(milliseconds=100)
LONGEST_TIMEOUT = 10 * MINUTE  # RabbitMQ takes a hint away from a worker that sits on it for half an hour

# What stands in for a value that could not be read, so that reading goes on. The load fails in the end.
NO_WAIT = Backoff(SECOND, SECOND)
UNREAD = "?"


@dataclass(frozen=True)
class Vocabulary:
    """What the code knows: commands, the ids of each event, the channels of each provider, what is reminded of."""

    commands: Mapping[str, CommandInfo]
    events: Mapping[str, frozenset[str]]
    providers: Mapping[str, frozenset[str]]
    reminders: Collection[str]

    @property
    def periodic(self) -> list[str]:
        """The commands that need no ids and so can run by the clock."""
        return [name for name, command in self.commands.items() if not command.fields]


def checked(top: Spot, known: Vocabulary) -> Pipelines:
    """The whole file, read. What is wrong is in the spot's notes, and then the result must not be used."""
    sections = top.keys("section", SECTIONS)
    queues = _queues(sections["queues"])
    actors = _actors(sections["actors"], known, queues)
    _check_queues_are_worked(sections["queues"], actors)
    return Pipelines(
        queues=MappingProxyType(queues),
        actors=MappingProxyType(actors),
        follows=MappingProxyType(_follows(sections["pipelines"], known)),
        routes=MappingProxyType(_routes(sections["routes"], known)),
        reminders=MappingProxyType(_reminders(sections["reminders"], known)),
        every=MappingProxyType(_every(sections["every"], known)),
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
    threads = fields["threads"].read(partial(values.whole, low=1, high=MOST_THREADS), 1)
    return Queue(name, threads, fields["rate"].read(values.rate, None))


def _check_queues_are_worked(section: Spot, actors: Mapping[str, Actor]) -> None:
    worked = {actor.queue for actor in actors.values()}
    for name, spot in section.entries().items():
        if name not in worked and UNREAD not in worked:
            spot.wrong("no actor works in this queue; name it as an actor's queue, or take this line out")


def _actors(section: Spot, known: Vocabulary, queues: Mapping[str, Queue]) -> dict[str, Actor]:
    sample = f"{{queue: {next(iter(queues), 'chores')}, attempts: 3, backoff: 5s..5m}}"
    entries = section.keys("actor", dict.fromkeys(known.commands, sample))
    return {name: _actor(name, spot, queues) for name, spot in entries.items()}


def _actor(name: str, spot: Spot, queues: Mapping[str, Queue]) -> Actor:
    sample = {"queue": next(iter(queues), "chores"), "attempts": "3", "backoff": "5s..5m"}
    fields = spot.keys("setting", sample, ["timeout", "expires"])
    request = partial(values.duration, low=SHORTEST_TIMEOUT, high=LONGEST_TIMEOUT)
    actor = Actor(
        name,
        queue=(fields["queue"].choose("queue", queues) if queues else None) or UNREAD,
        attempts=fields["attempts"].read(partial(values.whole, low=1, high=MOST_ATTEMPTS), 1),
        backoff=fields["backoff"].read(values.backoff, NO_WAIT),
        timeout=fields["timeout"].read(request, None),
        expires=fields["expires"].read(partial(values.duration, low=SECOND), None),
    )
    if actor.expires is not None:
        _check_expiry(fields["expires"], actor, actor.expires)
    return actor


def _check_expiry(spot: Spot, actor: Actor, expires: timedelta) -> None:
    if actor.timeout is not None and expires <= actor.timeout:
        timeout = spelled(actor.timeout)
        spot.wrong(
            f"{spelled(expires)} is over before one request of {timeout} is; write more than {timeout}"
        )
    elif actor.attempts > 1 and expires <= actor.backoff.first:
        wait = spelled(actor.backoff.first)
        spot.wrong(
            f"{spelled(expires)} is over before a second attempt; write more than {wait}, or attempts: 1"
        )


def _follows(section: Spot, known: Vocabulary) -> dict[str, tuple[str, ...]]:
    entries = section.keys("event", dict.fromkeys(known.events, "[]"))
    return {event: _followers(spot, known, known.events[event]) for event, spot in entries.items()}


def _followers(event: Spot, known: Vocabulary, ids: frozenset[str]) -> tuple[str, ...]:
    found: list[str] = []
    for spot in event.items("[dial]"):
        name = spot.choose("actor", known.commands)
        if name is None:
            continue
        if lacking := known.commands[name].fields - ids:
            fitting = [one.name for one in known.commands.values() if one.fields and one.fields <= ids]
            spot.wrong(
                f"'{name}' needs {listed(lacking)}, but the event carries {listed(ids)}; "
                f"actors that can follow it: {listed(fitting)}"
            )
        if name in found:
            spot.wrong(f"'{name}' is in this list twice; leave one of them")
        found.append(name)
    return tuple(found)


def _routes(section: Spot, known: Vocabulary) -> dict[str, tuple[Route, ...]]:
    samples = dict.fromkeys(CHANNELS, "[{use: [simulator]}]") | {"hooks": "[{use: [webhook]}]"}
    entries = section.keys("channel", samples)
    return {channel: _channel(channel, spot, known) for channel, spot in entries.items()}


def _channel(channel: str, spot: Spot, known: Vocabulary) -> tuple[Route, ...]:
    items = spot.items("[{use: [simulator]}]", label="route")
    if not items:
        spot.wrong("nobody carries this; write at least one route like [{use: [simulator]}]")
    found: dict[Spot, Route] = {}
    for here in items:
        route = _route(channel, here, known)
        shadow = next((at for at in found if _covers(found[at], route)), None)
        if shadow is not None:
            takes = f"every {found[shadow].prefix}… number" if found[shadow].prefix else "everything"
            here.wrong(f"never reached, as line {shadow.line} takes {takes}; write it above that line")
        found[here] = route
    return tuple(found.values())


def _covers(before: Route, after: Route) -> bool:
    return UNREAD not in (before.prefix, after.prefix) and after.prefix.startswith(before.prefix)


def _route(channel: str, spot: Spot, known: Vocabulary) -> Route:
    needed = {"use": "[simulator]"}
    if channel in BY_NUMBER:  # without a number of ours, a carrier may show one of theirs
        needed["shown"] = '"+15550100"'
    fields = spot.keys("setting", needed, ["prefix", "rate", "shown", "price"])
    if channel not in BY_NUMBER:
        for key in ("prefix", "shown"):
            fields[key].wrong(f"only {' and '.join(BY_NUMBER)} go to phone numbers; take it out")
    if channel != "texts":
        fields["price"].wrong("only texts have segments to pay for; take it out")
    return Route(
        channel,
        prefix="" if fields["prefix"].absent else fields["prefix"].read(values.prefix, UNREAD),
        use=_providers(channel, fields["use"], known.providers),
        rate=fields["rate"].read(values.rate, None),
        shown=fields["shown"].read(values.number, None),
        price=fields["price"].read(values.price, None),
    )


def _providers(channel: str, use: Spot, providers: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    able = [name for name, channels in providers.items() if channel in channels]
    found: list[str] = []
    spots = use.items("[simulator]")
    for spot in spots:
        name = spot.choose("provider", providers)
        if name is None:
            continue
        if name not in able:
            spot.wrong(f"'{name}' does not carry {channel}; providers that do: {listed(able)}")
        if name in found:
            spot.wrong(f"'{name}' is in this list twice; leave one of them")
        found.append(name)
    if not spots:
        use.wrong(f"nobody is named; providers that carry {channel}: {listed(able)}")
    return tuple(found)


def _reminders(section: Spot, known: Vocabulary) -> dict[str, tuple[timedelta, ...]]:
    entries = section.keys("kind of reminder", dict.fromkeys(known.reminders, "[24h, 15m]"))
    return {name: _offsets(spot) for name, spot in entries.items()}


def _offsets(kind: Spot) -> tuple[timedelta, ...]:
    found: list[timedelta] = []
    for spot in kind.items("[24h, 15m]"):
        offset = spot.read(values.duration, None)
        if offset is None:
            continue
        if offset in found:
            spot.wrong(f"{spelled(offset)} is in this list twice; leave one of them")
        elif found and offset > found[-1]:
            spot.wrong(f"{spelled(offset)} stands after {spelled(found[-1])}; write the longest first")
        found.append(offset)
    return tuple(found)


def _every(section: Spot, known: Vocabulary) -> dict[str, timedelta]:
    entries = section.keys("periodic actor", dict.fromkeys(known.periodic, "1h"))
    often = partial(values.duration, low=SECOND)
    return {name: spot.read(often, SECOND) for name, spot in entries.items()}
