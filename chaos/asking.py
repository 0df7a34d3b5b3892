"""How a good client asks, and what it concludes from an answer or from none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from chaos.wishes import Step, Wish

GRANTED = {("POST", 201), ("POST", 202), ("PUT", 200), ("DELETE", 204)}


class Heard(Enum):
    """What an answer means: it is done; ask the same again; ask for another time; it will never be."""

    DONE, AGAIN, ANEW, NEVER = range(4)


@dataclass(frozen=True)
class Change:
    """A step that was acknowledged: it took effect at some moment between these two.

    `time` is the call's from then on; None when it was cancelled.
    """

    verb: str
    time: datetime | None
    asked: datetime
    acknowledged: datetime


@dataclass(frozen=True)
class Promise:
    """What was acknowledged; `seconds` is the longest that the client had to wait for it."""

    wish: Wish
    reference: str
    seconds: float
    tries: int
    changes: tuple[Change, ...] = ()

    @property
    def number(self) -> int:
        """The id of the object that was made."""
        return int(self.reference.rpartition(":")[2])


@dataclass(frozen=True)
class Asking:
    """One request, the same however often it is sent."""

    verb: str
    path: str
    body: Mapping[str, Any]
    key: str
    time: datetime | None = None
    asked: datetime = field(default_factory=lambda: datetime.now(UTC))

    def heard(self, status: int, tries: int) -> Heard:
        """What to conclude from the answer to the last of so many tries; a status of 599 is no answer."""
        if (self.verb, status) in GRANTED:
            return Heard.DONE
        if status >= 500:
            return Heard.AGAIN
        if status == 404 and self.verb == "DELETE" and tries > 1:
            return Heard.DONE  # an earlier try was heard, only its answer was not
        if status == 400 and self.time is not None:
            return (
                Heard.ANEW
            )  # its time is past by now, and no earlier try was heard: that would be 200 or 201
        return Heard.NEVER

    def unchanged(self, status: int, body: Any) -> bool:
        """Whether this is the answer to the same request once more, after it was acknowledged."""
        if self.verb == "DELETE":
            return status == 404
        return (self.verb, status) in GRANTED and datetime.fromisoformat(body["call_time"]) == self.time


@dataclass
class Errand:
    """A wish on its way: what was done, and what is still to be done."""

    wish: Wish
    done: int = 0
    tries: int = 0
    slowest: float = 0.0
    aims: int = 0
    made: int | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def step(self) -> Step | None:
        """What comes next to a scheduled call."""
        return self.wish.steps[self.done] if self.done < len(self.wish.steps) else None

    def asking(self) -> Asking:
        """The request that is due now."""
        wish, step = self.wish, self.step
        self.aims += 1
        if step is None:
            body = {"content": wish.key} if wish.kind == "message" else {}
            return Asking("POST", f"/mentor/{wish.kind}/", body, wish.key)
        key = f"{wish.key}-{self.aims}"  # another time is another request
        path = "/mentor/schedule/" + ("" if self.made is None else f"{self.made}/")
        if step.verb == "DELETE":
            return Asking("DELETE", path, {}, key)
        time = datetime.now(UTC) + timedelta(seconds=step.ahead)
        return Asking(step.verb, path, {"call_time": time.isoformat()}, key, time)

    def acknowledge(self, asking: Asking, body: Any) -> None:
        """It was granted, just now."""
        self.made = body["id"] if self.made is None else self.made
        if self.step is not None:
            self.changes.append(Change(asking.verb, asking.time, asking.asked, datetime.now(UTC)))
            self.done += 1
