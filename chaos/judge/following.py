"""What must and what may follow from a scheduled call, by what its client was told and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chaos.asking import Change, Promise
from chaos.ground import with_device

ZONE = ZoneInfo("Asia/Kolkata")  # the tool's default, in which people read times
REMINDERS = {"quarter_hour_before": timedelta(minutes=15), "at_time": timedelta()}  # of chaos/pipelines.yaml
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")

# What the mentee is told in less than this before the call may be too late to be told at all.
SOON = timedelta(seconds=60)

WORDS = {
    "POST": "Your mentor will call you on {}.",
    "PUT": "Your mentor has moved your call. It is now on {}.",
    "DELETE": "Your mentor has cancelled your call on {}.",
}
EVENTS = {"POST": "call_scheduled", "PUT": "call_rescheduled", "DELETE": "call_cancelled"}


@dataclass(frozen=True)
class Due:
    """Something that is to reach somebody at most once; `must`, when it has to."""

    name: str
    must: bool


def texts(promise: Promise) -> Iterator[Due]:
    """What the mentee is told, by its words: one text for each change, unless the call is too near."""
    time: datetime | None = None
    for change in promise.changes:
        time = change.time or time
        if time is not None and change.asked < time:
            yield Due(WORDS[change.verb].format(_in_words(time)), time - change.acknowledged > SOON)


def pushes(promise: Promise, now: datetime) -> Iterator[Due]:
    """The reminders that a device may have had until now, by reference.

    One of an old time only when it was due before the change was acknowledged; of the last time each one that was
    still ahead when it was set.
    """
    if not with_device(promise.wish.mentor):
        return
    for change, after in zip(promise.changes, [*promise.changes[1:], None], strict=True):
        if change.time is None:
            continue
        for kind, before in REMINDERS.items():
            due = change.time - before
            if change.asked <= due <= now and (after is None or due < after.acknowledged):
                must = after is None and change.acknowledged <= due
                yield Due(_reference(promise, kind, change.time), must)


def last(promise: Promise) -> datetime | None:
    """The time that the call has in the end; None when it was cancelled."""
    return promise.changes[-1].time


def ahead(promise: Promise, now: datetime) -> bool:
    """Whether a reminder of it is still owed when all has settled: of a call that is not near."""
    time = last(promise) if promise.changes else None
    return time is not None and time - now > SOON


def moves(changes: tuple[Change, ...]) -> int:
    """How often it was moved."""
    return sum(change.verb == "PUT" for change in changes)


def _reference(promise: Promise, kind: str, time: datetime) -> str:
    instant = (time - EPOCH) // timedelta(microseconds=1)
    return f"push:reminder:{promise.number}:{kind}:{instant}"


def _in_words(time: datetime) -> str:
    local = time.astimezone(ZONE)
    return f"{local:%A} {local.day} {local:%B %Y} at {local:%H:%M} (IST)"
