"""Calls of one leg: a phone rings, is answered, and hears and presses what the customer's answers and its owner say."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from providers.exchange.dialects import Order, ring_ended, ring_heard
from providers.exchange.phones import CAUSES, SILENT, Phone, PhoneBook
from providers.exchange.timers import Timers
from providers.exchange.webhooks import Courier

QUICK = 0.02  # seconds that a key takes, and a silence at most as long as a real one
SILENCE = 0.1
MOST_TURNS = 500
ASKS = ("collect", "record", "transfer", "conference")


@dataclass
class _Line:
    """One call. `turn` counts what was heard on it, `pressed` what its owner has keyed in so far."""

    order: Order
    id: str
    phone: Phone
    copies: int
    settled: Callable[[], None]
    turn: int = 0
    pressed: str = ""
    seconds: float = 0.0

    @property
    def machine(self) -> bool:
        return self.phone.call == "voicemail"


class Ringer:
    """All phones that are rung by themselves. After a restart they are rung again, and hung up if they had answered."""

    def __init__(self, book: PhoneBook, courier: Courier, timers: Timers) -> None:
        self._book = book
        self._courier = courier
        self._timers = timers

    def ring(self, order: Order, id: str, copies: int, settled: Callable[[], None]) -> None:
        """Ring it; whoever answers is told what the customer says.

        Parameters:
          copies: how often each report is posted at once.
          settled: called when the end has been reported.
        """
        phone = self._book.phone(order.fields["to"])
        line = _Line(order, id, phone, copies, settled)
        waits = 0.0 if phone.call in SILENT else min(phone.ring_s, order.fields["ring_seconds"])
        if phone.call in ("answer", "voicemail") and phone.ring_s <= order.fields["ring_seconds"]:
            self._tell(line, waits, {"what": "answered", "machine": line.machine})
        else:
            answers = phone.call in ("answer", "voicemail")
            self._end(line, "NO_ANSWER" if answers else CAUSES[phone.call], waits)

    def _tell(self, line: _Line, after: float, what: Mapping[str, Any]) -> None:
        """Report what was heard, and do what the answer says."""
        line.turn += 1
        line.seconds += after
        report = ring_heard(line.order, line.id, line.turn, what)
        answered = partial(self._answered, line, line.turn)
        self._courier.post(report, after=after, copies=line.copies, answered=answered)

    def _answered(self, line: _Line, turn: int, answer: bytes) -> None:
        """Play an answer to the end; the same one twice is played once."""
        if turn != line.turn:
            return
        asked = next((action for action in _actions(answer) if action.get("do") in ASKS), None)
        if asked is None or line.turn >= MOST_TURNS:
            line.turn += 1  # nothing more is heard
            self._end(line, "NORMAL_CLEARING", line.phone.talk_s if turn == 1 else QUICK)
        elif asked["do"] == "collect":
            self._press(line, asked)
        elif asked["do"] == "record":
            seconds = min(line.phone.talk_s, float(asked.get("most", 1)))
            file = f"https://recordings.example/{line.id}-{line.turn}.wav"
            self._tell(line, QUICK, {"what": "recorded", "file": file, "seconds": seconds})
        elif asked["do"] == "transfer":
            self._put_through(line, self._book.phone(str(asked.get("to", ""))))
        else:
            self._tell(line, line.phone.talk_s, {"what": "done"})

    def _put_through(self, line: _Line, other: Phone) -> None:
        """Ring the other side, and have them talk when it answers."""
        rings = 0.0 if other.call in SILENT else other.ring_s
        talks = min(line.phone.talk_s, other.talk_s) if other.call == "answer" else 0.0
        self._tell(line, rings + talks, {"what": "done", "cause": CAUSES[other.call], "seconds": talks})

    def _press(self, line: _Line, asked: Mapping[str, Any]) -> None:
        """The next of the keys that this phone's owner presses; none when all are pressed."""
        keys = "".join(line.phone.digits)[len(line.pressed) :][: int(asked.get("digits", 1))]
        if keys:
            line.pressed += keys
            self._tell(line, QUICK, {"what": "digits", "digits": keys})
        else:
            self._tell(line, min(SILENCE, float(asked.get("timeout", 1))), {"what": "silence"})

    def _end(self, line: _Line, cause: str, after: float) -> None:
        seconds = round(line.seconds + after, 3) if line.turn else 0.0
        end = {"cause": cause, "seconds": seconds, "machine": line.machine, "digits": line.pressed}
        report = ring_ended(line.order, line.id, end)
        self._courier.post(report, after=after, copies=line.copies, settled=line.settled)


def _actions(answer: bytes) -> list[dict[str, Any]]:
    """What the customer's answer says is done; nothing when it is none."""
    try:
        body = json.loads(answer or b"{}")
    except ValueError:
        return []
    told = body.get("actions") if isinstance(body, dict) else None
    return [action for action in told if isinstance(action, dict)] if isinstance(told, list) else []
