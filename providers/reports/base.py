"""Neutral reports: what happened to a call or a text, whichever carrier says so."""

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
class Kept:
    """A report that nobody reads yet: its receipt is kept, it has no further effect."""

    kind: str


Report = CallEnded | TextOutcome | TextReceived | Kept
