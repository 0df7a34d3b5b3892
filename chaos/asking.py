"""How a good client asks, and what it concludes from an answer or from none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from chaos.moves import Move, Moved
from chaos.outside import authorization
from chaos.wishes import Step, Wish

GRANTED = {("POST", 201), ("POST", 202), ("PUT", 200), ("DELETE", 204)}


class Heard(Enum):
    """What an answer means: it is done; ask the same again; ask for another time; look what came of it; it will never
    be.
    """

    DONE, AGAIN, ANEW, LOOK, NEVER = range(5)


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
    moves: tuple[Moved, ...] = ()

    @property
    def number(self) -> int:
        """The id of the object that was made."""
        return int(self.reference.rpartition(":")[2])


@dataclass(frozen=True)
class Asking:
    """One request, the same however often it is sent. `headers` say who asks."""

    verb: str
    path: str
    body: Mapping[str, Any]
    key: str
    headers: Mapping[str, str]
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

    @property
    def otherwise(self) -> Heard:
        """What to conclude when a look shows that it did not take effect."""
        return Heard.NEVER

    def took_effect(self, body: Any) -> bool:
        """Whether the object, when it is looked at, is as it was asked to be; here asking again tells."""
        return False


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
    def step(self) -> Step | Move | None:
        """What comes next."""
        return self.wish.steps[self.done] if self.done < len(self.wish.steps) else None

    @property
    def again(self) -> bool:
        """Whether what was acknowledged is asked for once more."""
        return bool(self.changes)

    def asking(self) -> Asking:
        """The request that is due now."""
        wish, step, headers = self.wish, self.step, authorization(self.wish.mentor)
        self.aims += 1
        if not isinstance(step, Step):
            body = {"content": wish.key} if wish.kind == "message" else {}
            return Asking("POST", f"/mentor/{wish.kind}/", body, wish.key, headers)
        key = f"{wish.key}-{self.aims}"  # another time is another request
        path = "/mentor/schedule/" + ("" if self.made is None else f"{self.made}/")
        if step.verb == "DELETE":
            return Asking("DELETE", path, {}, key, headers)
        time = datetime.now(UTC) + timedelta(seconds=step.ahead)
        return Asking(step.verb, path, {"call_time": time.isoformat()}, key, headers, time)

    def looking(self, asking: Asking) -> Asking:
        """The request that shows whether it took effect: here the same again."""
        return asking

    def acknowledge(self, asking: Asking, body: Any) -> None:
        """It was granted, just now."""
        self.made = body["id"] if self.made is None else self.made
        if self.step is not None:
            self.changes.append(Change(asking.verb, asking.time, asking.asked, datetime.now(UTC)))
            self.done += 1

    def unchanged(self, asking: Asking, status: int, body: Any) -> bool:
        """Whether this is the answer to the same request once more, after it was acknowledged."""
        if asking.verb == "DELETE":
            return status == 404
        return (asking.verb, status) in GRANTED and datetime.fromisoformat(body["call_time"]) == asking.time

    def promise(self) -> Promise:
        """What was acknowledged."""
        reference = f"{self.wish.kind}:{self.made}"
        return Promise(self.wish, reference, self.slowest, self.tries, tuple(self.changes))
