"""What a carrier is asked and what it answers: one small protocol per channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

Channel = Literal["call", "ring", "text", "mail", "push", "hook"]


@dataclass(frozen=True)
class Bridge:
    """Two phones to be rung and joined, each seeing only a number of ours.

    Numbers are E.164 digits with a leading `+`. They never appear in a repr.
    """

    a_number: str = field(repr=False)
    b_number: str = field(repr=False)
    shown_to_a: str = field(repr=False)
    shown_to_b: str = field(repr=False)


@dataclass(frozen=True)
class Leg:
    """One phone to be rung, which sees `shown` and `shown_name`; once answered, we are asked turn by turn what is said.

    It rings `ring_seconds` at most; the call lasts `limit_seconds` at most. `keys` are sent once it is answered:
    digits, `*` and `#`, and a `w` for each half second to wait.
    """

    to: str = field(repr=False)
    shown: str = field(repr=False)
    ring_seconds: int = 30
    limit_seconds: int = 3600
    keys: str = field(default="", repr=False)
    shown_name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Sms:
    """One text message; `sender` is the number of ours that the receiver sees."""

    to: str = field(repr=False)
    sender: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """One mail. Attachments are (file name, media type, content as base64 text); a media type may have parameters.

    `unsubscribe` is the address at which the receiver ends letters of this kind, if he may. `sender` is whom it is
    from, as `Name <address>`; empty for whom the carrier writes for anyway.
    """

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    attachments: Sequence[tuple[str, str, str]] = ()
    unsubscribe: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)


@dataclass(frozen=True)
class Notice:
    """One push notification to a device."""

    token: str = field(repr=False)
    title: str = field(repr=False)
    body: str = field(repr=False)
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Somewhere on the web. `host` is a name or an IP address without brackets, `target` path and query."""

    tls: bool
    host: str = field(repr=False)
    port: int
    target: str = field(repr=False)


@dataclass(frozen=True)
class Hook:
    """What a customer's own system is told: JSON, signed with his secret (`whsec_` and base64)."""

    place: Place
    body: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Receipt:
    """The carrier took it, under this id of its own."""

    provider_id: str


class Provider(Protocol):
    """What every carrier has, whatever it carries.

    `name` is the word used in pipelines.yaml. `acceptance` is how many seconds after a request was made the
    carrier might still take it: only then does "never seen" from `find` mean never.
    """

    name: str
    acceptance: float


@runtime_checkable
class Askable(Protocol):
    """A carrier that can be asked what became of a request."""

    def find(self, channel: Channel, reference: str, *, timeout: float) -> Receipt | None:
        """The receipt of the request made under `reference`, or None if it was never seen.

        Raises:
          Unavailable: the carrier cannot say now (away, or the request is still under way).
        """


class Voice(Provider, Protocol):
    """Rings two phones and joins them."""

    def dial(self, bridge: Bridge, *, reference: str, timeout: float) -> Receipt:
        """Ask for a bridge. `timeout` in seconds bounds the whole request.

        Raises:
          Rejected: never to be asked again.
          NoAnswer: it may have been taken.
          Unavailable: certainly not taken.
        """


class Rings(Provider, Protocol):
    """Rings one phone and plays what it is told, turn by turn."""

    def ring(self, leg: Leg, *, reference: str, timeout: float) -> Receipt:
        """Ask for a call of one leg; parameters and errors as `Voice.dial`."""


class Texts(Provider, Protocol):
    """Sends short messages."""

    def send(self, text: Sms, *, reference: str, timeout: float) -> Receipt:
        """Hand over one text; parameters and errors as `Voice.dial`."""


class Mails(Provider, Protocol):
    """Sends mail."""

    def post(self, letter: Letter, *, reference: str, timeout: float) -> Receipt:
        """Hand over one mail; parameters and errors as `Voice.dial`."""


class Pushes(Provider, Protocol):
    """Notifies devices."""

    def push(self, notice: Notice, *, reference: str, timeout: float) -> Receipt:
        """Hand over one push; parameters and errors as `Voice.dial`."""


class Hooks(Provider, Protocol):
    """Tells customers' own systems."""

    def tell(self, hook: Hook, *, reference: str, timeout: float) -> Receipt:
        """Tell one what happened; parameters and errors as `Voice.dial`."""
