"""Commands: what can be owed. Each is a name and ids; the worker re-reads the truth."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any, ClassVar

# Every command by its name, as pipelines.yaml and the broker spell it.
COMMANDS: dict[str, type["Command"]] = {}


@dataclass(frozen=True)
class Command:
    """Base of all commands. A subclass's name in snake case is its name on the broker: `SendText` is `send_text`."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        COMMANDS[cls.name] = cls

    @classmethod
    @cache
    def needs(cls) -> frozenset[str]:
        """The ids it is made of."""
        return frozenset(field.name for field in fields(cls))

    @classmethod
    def from_ids(cls, ids: Mapping[str, Any]) -> "Command":
        """The command, taking the ids it needs out of those an event carries."""
        return cls(**{name: ids[name] for name in cls.needs()})

    def args(self) -> str:
        """Its ids as JSON, as the ledger keeps them."""
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True)
class Dial(Command):
    """Ask a carrier to ring two phones and join them."""

    bridge_id: int


@dataclass(frozen=True)
class RingPhone(Command):
    """Ask a carrier to ring one phone, in which a surface speaks."""

    ring_id: int


@dataclass(frozen=True)
class SendText(Command):
    """Hand one text to a carrier."""

    text_id: int


@dataclass(frozen=True)
class SendMail(Command):
    """Hand one mail to a carrier."""

    mail_id: int


@dataclass(frozen=True)
class SendPush(Command):
    """Hand one push notification to a carrier."""

    push_id: int


@dataclass(frozen=True)
class SendHook(Command):
    """Tell a customer's own system what happened."""

    hook_id: int


@dataclass(frozen=True)
class RecordCdrs(Command):
    """Write down the call data records of a report."""

    receipt_id: int


@dataclass(frozen=True)
class ParseFeedback(Command):
    """Read the answers out of a report."""

    feedback_id: int
    receipt_id: int


@dataclass(frozen=True)
class NotifyMentor(Command):
    """Tell the mentor's device that a call is over."""

    call_id: int


@dataclass(frozen=True)
class NotifyMessage(Command):
    """Tell the mentor's device that a message came in."""

    message_id: int


@dataclass(frozen=True)
class Remind(Command):
    """Remind a mentor of a scheduled call: `before` it by so many seconds.

    `call_time`, in microseconds since 1970, is the time this was owed for; when that has changed, it is void.
    """

    scheduled_call_id: int
    before: int
    call_time: int


@dataclass(frozen=True)
class MailRequest(Command):
    """Tell a hero that somebody asks him for a call (N1)."""

    call_request_id: int


@dataclass(frozen=True)
class MailTimes(Command):
    """Tell a party the times that the other one suggests (N2, N4, N5)."""

    suggestion_id: int


@dataclass(frozen=True)
class MailDecline(Command):
    """Tell the requester that the hero declines (N3)."""

    call_request_id: int


@dataclass(frozen=True)
class MailAgreement(Command):
    """Tell the other party that a time is agreed (N6, N7)."""

    call_request_id: int


@dataclass(frozen=True)
class MailCancellation(Command):
    """Tell both parties that a request was cancelled (N8, N9)."""

    call_request_id: int


@dataclass(frozen=True)
class MailApplication(Command):
    """Tell all staff that somebody would be a hero."""

    hero_id: int


@dataclass(frozen=True)
class MailAcceptance(Command):
    """Tell a hero that he was accepted."""

    hero_id: int


@dataclass(frozen=True)
class MailReset(Command):
    """Mail a token for a new password to whom the address belongs, if to anybody."""

    password_request_id: int


@dataclass(frozen=True)
class RemindParty(Command):
    """Remind one party of an agreed call, by a text."""

    reminder_id: int


@dataclass(frozen=True)
class RingParties(Command):
    """Ring both parties at the agreed time, in microseconds since 1970; when that has changed, it is void."""

    call_request_id: int
    agreed_time: int


@dataclass(frozen=True)
class SettleRing(Command):
    """See whether the two who were rung have talked."""

    call_request_id: int


@dataclass(frozen=True)
class SweepCalls(Command):
    """End the calls that nobody ever reported the end of."""


@dataclass(frozen=True)
class SettleUnknown(Command):
    """Ask carriers again about deliveries whose fate is unknown."""


@dataclass(frozen=True)
class LayMilestones(Command):
    """Make long lists quick to count and to open anywhere."""


@dataclass(frozen=True)
class DispatchEvents(Command):
    """Owe each event of a calendar whose start has come its dispatch."""


@dataclass(frozen=True)
class DispatchEvent(Command):
    """Complete an event of a calendar, and make its next occurrence."""

    event_id: int


@dataclass(frozen=True)
class DispatchAlarms(Command):
    """Call, text and mail for the alarms that are due."""


@dataclass(frozen=True)
class SweepAlarms(Command):
    """End the attempts of alarms that nobody ever reported the end of."""


@dataclass(frozen=True)
class Prune(Command):
    """Delete what has been kept for its time."""
