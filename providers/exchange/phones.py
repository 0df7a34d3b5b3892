"""Imaginary phones: how long they ring, who answers, and how a call between two of them goes."""

import threading
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

CAUSES = {  # of one leg, by how its phone takes a call: Q.850 names
    "answer": "NORMAL_CLEARING",
    "busy": "USER_BUSY",
    "no_answer": "NO_ANSWER",
    "reject": "CALL_REJECTED",
    "voicemail": "NORMAL_CLEARING",  # the network sees an answer; the exchange hears a machine and hangs up
    "unreachable": "SUBSCRIBER_ABSENT",
}
SILENT = {"busy", "unreachable"}  # the network answers for these phones; they never ring
TEXTS = ("delivered", "failed", "refused", "never")

Dialect = Literal["simulator", "oniondev", "twiml"]


@dataclass(frozen=True)
class Phone:
    """How one number behaves.

    Parameters:
      call: a key of `CAUSES`.
      text: `delivered`, `failed` (accepted, then reported failed), `refused` at once, or `never` reported.
      ring_s, talk_s: seconds until it decides, and until it hangs up.
      digits: keys pressed during a conversation.
      feedback: answers given to the survey after a conversation; none, no survey.
      wait_s: seconds until it leaves a conference room in which it is alone.
      dialect: for a number of ours, in whose words texts to it are reported: `simulator` or `oniondev`; calls to a
        number of `twiml` do what its owner's TwiML says.
    """

    call: str = "answer"
    text: str = "delivered"
    ring_s: float = 0.2
    talk_s: float = 0.5
    wait_s: float = 10.0
    digits: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    dialect: Dialect = "simulator"


BY_LAST_DIGITS = {  # what a number does when nobody has said otherwise
    "9901": Phone(call="busy"),
    "9902": Phone(call="no_answer"),
    "9903": Phone(call="reject"),
    "9904": Phone(call="voicemail"),
    "9905": Phone(call="unreachable"),
    "9911": Phone(text="failed"),
    "9912": Phone(text="refused"),
    "9913": Phone(text="never"),
}


class PhoneBook:
    """All phones of the world: any number is one, and some have been told how to behave.

    Parameters:
      conference_number: a number of ours that is answered by TwiML unless it is told otherwise.
    """

    def __init__(self, conference_number: str = "") -> None:
        self._ours = {conference_number.removeprefix("+"): Phone(dialect="twiml")}
        self._lock = threading.Lock()
        self._told: dict[str, Phone] = {}

    def phone(self, number: str) -> Phone:
        """The phone behind `number`, written with or without plus."""
        digits = number.removeprefix("+")
        told = self._told.get(digits) or self._ours.get(digits)
        return told or BY_LAST_DIGITS.get(digits[-4:]) or Phone()

    def tell(self, number: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Change how a phone behaves and return all it now does."""
        with self._lock:
            phone = replace(self.phone(number), **changes)
            self._told[number.removeprefix("+")] = phone
        return asdict(phone)

    def shown(self) -> dict[str, dict[str, Any]]:
        """The phones that were told something, by their digits."""
        with self._lock:
            return {digits: asdict(phone) for digits, phone in self._told.items()}

    def forget(self) -> None:
        """Every phone behaves by its last digits again."""
        with self._lock:
            self._told = {}


@dataclass(frozen=True)
class Leg:
    """One attempt to ring one phone, `begins` seconds after the call was asked for."""

    begins: float
    cause: str


@dataclass(frozen=True)
class Course:
    """How a call went. Seconds count from when it was asked for; `joined` is None without a conversation.

    `digits` are the keys pressed while they talked, A's first.
    """

    legs: tuple[Leg, ...]
    joined: float | None
    ended: float
    digits: tuple[str, ...] = ()


def course(a: Phone, b: Phone) -> Course:
    """Ring A, then B, then let them talk until the first of them hangs up."""
    legs: list[Leg] = []
    clock = 0.0
    for phone in (a, b):
        legs.append(Leg(clock, CAUSES[phone.call]))
        clock += 0.0 if phone.call in SILENT else phone.ring_s
        if phone.call != "answer":
            return Course(tuple(legs), None, clock)
    return Course(tuple(legs), clock, clock + min(a.talk_s, b.talk_s), a.digits + b.digits)
