"""Actions: what a script wants done, for the line and for the books. A carrier's side does them in order."""

from dataclasses import dataclass

FINISH = "#"  # ends what is keyed in or recorded


@dataclass(frozen=True, slots=True)
class Play:
    """Play this audio file."""

    audio_id: int


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this, in this language (ISO 639-1)."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Collect:
    """Wait `timeout` seconds for at most so many digits; `finish` ends them. Answered by `Digits` or `Silence`."""

    digits: int
    timeout: int
    finish: str = FINISH


@dataclass(frozen=True, slots=True)
class Record:
    """Record at most `most` seconds; so many seconds of `silence` or `finish` end it. Answered by `Recorded`."""

    most: int
    silence: int
    finish: str = FINISH


@dataclass(frozen=True, slots=True)
class Transfer:
    """Connect the person with `to`, who sees `callerid`. Answered by `Done` when that is over.

    `dial_string`: `to` is one for the switch, no number for the gateway. `confirm_text` is said to who is called, who
    is connected only after pressing `confirm_key`; both may be empty. `ref` goes into the SIP header
    P-Contact-Transfer-Ref.
    """

    to: str
    callerid: str
    dial_string: bool = False
    confirm_text: str = ""
    confirm_key: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Conference:
    """Put the person into this room. Answered by `Done` when that is over."""

    room: str


@dataclass(frozen=True, slots=True)
class SendText:
    """Send a text message; the call does not wait for it."""

    section_id: int
    to: str
    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class AddToDnc:
    """Put the number on the do-not-call list."""

    number: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Note what was answered at a node. `rating`: at one whose digits are the result of an alarm.

    `counted` is what it is counted under; of a recording the band of its length, `seconds`.
    """

    section_id: int
    response: str
    counted: str
    rating: bool = False
    record_file: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """Note that the call came as far as it should."""


Action = (
    Play | Speak | Collect | Record | Transfer | Conference | SendText | AddToDnc | Hangup | Answer | Complete
)
ENDS_A_TURN = (Collect, Record, Transfer, Conference, Hangup)  # the line is waited for, or gone
