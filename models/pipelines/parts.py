"""The parts of a pipelines.yaml: plain frozen values that the other rooms look things up in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
SPARE = timedelta(seconds=5)  # for reading and recording, beside the carrier's own time


class NoRoute(LookupError):
    """No route of the channel carries this number; the text does not show the number."""


def spelled(duration: timedelta) -> str:
    """The duration as pipelines.yaml writes it, in the largest unit that fits evenly: `90s`, `2h`, `0s`."""
    if not duration:
        return "0s"
    unit = next((name for name in reversed(UNITS) if not duration % UNITS[name]), "ms")
    return f"{duration // UNITS[unit]}{unit}"


@dataclass(frozen=True)
class CommandInfo:
    """A command the code knows: its name and the ids it carries. One without ids can run by the clock."""

    name: str
    fields: frozenset[str]


@dataclass(frozen=True)
class Rate:
    """At most `count` in each stretch of `per`, which is one second, minute, hour or day."""

    count: int
    per: timedelta

    @property
    def interval(self) -> timedelta:
        """The time from one to the next when they are spread evenly."""
        return self.per / self.count

    def __str__(self) -> str:
        return f"{self.count}/{spelled(self.per).removeprefix('1')}"


@dataclass(frozen=True)
class Price:
    """What a carrier takes for one segment of a text, in a currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


@dataclass(frozen=True)
class Backoff:
    """Waits between attempts: `first` at the start, doubling, never longer than `last`."""

    first: timedelta
    last: timedelta

    def delay(self, attempt: int, jitter: float) -> timedelta:
        """How long to wait after this attempt failed.

        Each wait is spread over one doubling (5s..5m: 5 to 10 s, 10 to 20 s, … 150 to 300 s), so that
        commands which failed together do not come back together. It never leaves `first`..`last`.

        Parameters:
          attempt: the number of the attempt that failed, from 1.
          jitter: where in the spread to land, at least 0 and below 1.
        """
        first, last = self.first.total_seconds(), self.last.total_seconds()
        high = min(first * 2.0 ** min(attempt, 64), last)
        low = max(first, high / 2)
        return timedelta(seconds=low + jitter * (high - low))

    def __str__(self) -> str:
        return f"{spelled(self.first)}..{spelled(self.last)}"


@dataclass(frozen=True)
class Queue:
    """A queue: how many threads of each worker process serve it, and how fast at most over all of them."""

    name: str
    threads: int
    rate: Rate | None = None


@dataclass(frozen=True)
class Actor:
    """The patience of one actor.

    Parameters:
      queue: the name of the queue it works in.
      attempts: how often it is tried in all before it is given up.
      backoff: the waits between attempts.
      timeout: how long one request to a carrier may take; None when it asks no carrier.
      expires: how long after being due it is still useful; None when it always is.
    """

    name: str
    queue: str
    attempts: int
    backoff: Backoff
    timeout: timedelta | None = None
    expires: timedelta | None = None

    @property
    def longest_request(self) -> timedelta:
        """How long one request to a carrier may take."""
        return self.timeout or SPARE

    @property
    def lease(self) -> timedelta:
        """How long one attempt may hold its command: one request, and spare for all around it."""
        return self.longest_request + SPARE


@dataclass(frozen=True)
class Route:
    """Who carries what begins with `prefix`, the next taking over when one is unavailable.

    Parameters:
      channel: `voice`, `texts`, `mails`, `pushes` or `hooks`.
      prefix: how the receiver's number begins; empty for everybody.
      use: names of providers, the preferred one first.
      rate: how fast at most, over all processes; None for no limit.
      shown: the number of ours that people see on this route, E.164; None to leave it to the caller.
      price: of a segment of a text; None where nobody said.
      key: a name of this route that is the same in every process, such as `voice:+91` or `voice:*`.
    """

    channel: str
    prefix: str
    use: tuple[str, ...]
    rate: Rate | None = None
    shown: str | None = None
    price: Price | None = None
    key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.channel}:{self.prefix or '*'}")


@dataclass(frozen=True)
class Pipelines:
    """All that pipelines.yaml says. Every lookup is a dictionary's, fit for each request.

    Parameters:
      follows: the actors of each event, in order of writing; every known event is there.
      routes: the routes of each channel, in order of writing.
      reminders: how long before its time each kind of reminder is due, the earliest first.
      every: the periodic actors and how often they run.
    """

    queues: Mapping[str, Queue]
    actors: Mapping[str, Actor]
    follows: Mapping[str, tuple[str, ...]]
    routes: Mapping[str, tuple[Route, ...]]
    reminders: Mapping[str, tuple[timedelta, ...]]
    every: Mapping[str, timedelta]

    def follow(self, event: str) -> tuple[str, ...]:
        """The actors that follow an event, in order.

        Raises:
          KeyError: the code knows no such event.
        """
        return self.follows[event]

    def queue_of(self, actor: str) -> Queue:
        """The queue an actor works in.

        Raises:
          KeyError: the code knows no such actor.
        """
        return self.queues[self.actors[actor].queue]

    def route(self, channel: str, number: str) -> Route:
        """The first route, in order of writing, that carries this number, address or token.

        Parameters:
          channel: `voice`, `texts`, `mails`, `pushes` or `hooks`.
          number: E.164 with its `+` for voice and texts; an address or a device token otherwise.

        Raises:
          NoRoute: none does.
        """
        for route in self.routes[channel]:
            if number.startswith(route.prefix):
                return route
        raise NoRoute(f"no route of {channel} carries this number")
