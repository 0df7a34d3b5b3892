"""Neutral reports: what happened to a call or a text, and what was answered, whichever carrier says so."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Cdr:
    """One call data record: an attempt to ring, its start (UTC) and its Q.850 cause name."""

    id: str
    started_at: datetime
    cause: str


@dataclass(frozen=True)
class CallEnded:
    """The end of a call. Times are UTC; `None` is what the carrier did not say."""

    success: bool
    reference: str | None = None
    provider_id: str | None = None
    conversation_id: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    recording_url: str | None = None
    cdrs: tuple[Cdr, ...] = ()


@dataclass(frozen=True)
class RingHeard:
    """What was heard in a call of one leg; the answer to the report says what is done next.

    Parameters:
      turn: counts what is heard, from 1.
      what: `answered` at first, then `digits`, `silence`, `recorded` or `done` (a transfer or conference is over).
      digits: the keys pressed.
      file, seconds: of what was recorded; of what is done, how many seconds they talked.
      cause: of a transfer that is done, why its other leg ended, as Q.850 names it.
      machine: whether a machine seems to have answered.
    """

    turn: int
    what: str
    reference: str | None = None
    provider_id: str | None = None
    digits: str = field(default="", repr=False)
    file: str = ""
    seconds: float = 0.0
    cause: str = ""
    machine: bool = False


@dataclass(frozen=True)
class RingEnded:
    """The end of a call of one leg: its Q.850 cause name, and the seconds from its answer to its end."""

    cause: str
    reference: str | None = None
    provider_id: str | None = None
    seconds: float = 0.0
    machine: bool = False
    digits: str = field(default="", repr=False)


@dataclass(frozen=True)
class TextOutcome:
    """A delivery report (DLR) of one text we sent."""

    delivered: bool
    reference: str | None = None
    provider_id: str | None = None
    cause: str = ""


@dataclass(frozen=True)
class TextReceived:
    """A text somebody sent to a number of ours (MO). `message_id` dedupes when the carrier gives one."""

    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    body: str = field(repr=False)
    message_id: str | None = None


@dataclass(frozen=True)
class Answer:
    """An answer to one question of a survey.

    Parameters:
      question: what the carrier knows the question by.
      text: what was answered; empty when nothing was.
      order: the question's place among the others, from 1, where the carrier said so.
      at: when it was answered (UTC).
    """

    question: str
    text: str = field(repr=False)
    order: float | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class FeedbackGiven:
    """What somebody answered to a survey after a call, all of it or a part so far.

    `conversation_id`, `survey_id` and `cdr_id` together name the survey of one conversation.
    """

    sender: str = field(repr=False)
    complete: bool
    conversation_id: str | None = None
    survey_id: str | None = None
    cdr_id: str | None = None
    reference: str | None = None
    started_at: datetime | None = None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Kept:
    """A report that nobody reads yet: its receipt is kept, it has no further effect."""

    kind: str


Report = CallEnded | RingHeard | RingEnded | TextOutcome | TextReceived | FeedbackGiven | Kept
