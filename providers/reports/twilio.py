"""What a voice provider asks when somebody dials in, and tells of a conference room: Twilio's forms and signature."""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit

from providers.errors import BadReport, BadSignature
from providers.reports.reading import Fields

HEADER = "X-Twilio-Signature"
MEDIA = "application/x-www-form-urlencoded"

JOINED, LEFT, STARTED, ENDED = "participant-join", "participant-leave", "conference-start", "conference-end"

MOST_FIELDS = 200  # of a form; Twilio sends some twenty, and adds new ones without notice
LONGEST_CALLER = 320  # characters: somebody may also call from a SIP address
LONGEST_NAME = 200  # of a room
LARGEST = 2**31 - 1  # sequence number: what the column holds

_RFC_2822 = re.compile(
    r"[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}(:[0-9]{2}){2} ([+-][0-9]{4}|GMT)"
)
_PORT = re.compile(r":[0-9]+\Z")

Form = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Joining:
    """Somebody has dialled in, and the provider asks what to do with the call."""

    caller: str = field(repr=False)
    call_sid: str


@dataclass(frozen=True)
class InRoom:
    """Something happened in a conference room.

    Parameters:
      event: `conference-start`, `conference-end`, `participant-join`, `participant-leave`, or another word.
      call_sid: whose call it is about; empty when it is about the room.
      sequence: the provider's number of the event, 0 when it gave none.
      at: when it happened (UTC), where the provider said so.
    """

    conference_sid: str
    friendly_name: str
    event: str
    call_sid: str
    sequence: int
    at: datetime | None


def signature(url: str, form: Iterable[tuple[str, str]], key: str) -> str:
    """The signature of a form posted to a URL: base64 of HMAC-SHA1 over the URL and the fields, sorted by name.

    Source: https://www.twilio.com/docs/usage/security, and for fields that come twice Twilio's own libraries.

    Parameters:
      url: as the provider was told it, with its query.
      key: the account's auth token.
    """
    told = url + "".join(name + value for name, value in sorted(set(form)))
    return b64encode(hmac.digest(key.encode(), told.encode("utf-8", "surrogateescape"), "sha1")).decode()


def verified(url: str, body: bytes, given: str, keys: Iterable[str]) -> Form:
    """The fields of a form that is signed with one of the keys.

    Parameters:
      given: the signature that came with it.
      keys: the auth tokens that may have signed it; empty ones sign nothing.

    Raises:
      BadSignature: none of them did.
      BadReport: the body is too much of a form to look at.
    """
    form = parsed(body)
    sent = given.encode("utf-8", "replace")
    fits = [
        hmac.compare_digest(signature(address, form, key).encode(), sent)
        for key in keys
        for address in _addresses(url)
        if key
    ]
    if not any(fits):
        raise BadSignature("the form is not signed by the voice provider")
    return form


def parsed(body: bytes) -> Form:
    """The fields of a form in a body, in their order. Bytes that are no UTF-8 are kept, as surrogates, to be refused.

    Raises:
      BadReport: more fields than `MOST_FIELDS`.
    """
    text = body.decode("utf-8", "surrogateescape")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadReport({"body": [f"must be a form of at most {MOST_FIELDS} fields"]}) from None


def read_joining(form: Form) -> Joining:
    """Who dialled in.

    Raises:
      BadReport: names the fields that are wrong.
    """
    fields = _once(form, "Caller", "CallSid")
    caller = fields.text("Caller", LONGEST_CALLER, least=1)
    call_sid = fields.identifier("CallSid", required=True)
    fields.done()
    return Joining(caller, call_sid or "")


def read_in_room(form: Form) -> InRoom:
    """What happened.

    Raises:
      BadReport: names the fields that are wrong.
    """
    names = ("ConferenceSid", "FriendlyName", "StatusCallbackEvent", "CallSid", "SequenceNumber", "Timestamp")
    fields = _once(form, *names)
    conference_sid = fields.identifier("ConferenceSid", required=True)
    friendly_name = fields.text("FriendlyName", LONGEST_NAME, least=1)
    event = fields.identifier("StatusCallbackEvent", required=True)
    call_sid = fields.identifier("CallSid", required=event in (JOINED, LEFT))
    sequence, at = _sequence(fields), _moment(fields)
    fields.done()
    return InRoom(conference_sid or "", friendly_name, event or "", call_sid or "", sequence, at)


def _addresses(url: str) -> set[str]:
    """The URL as it is, without its port, and with the usual one: Twilio drops it, or adds it, before it signs."""
    parts = urlsplit(url)
    bare = _PORT.sub("", parts.netloc)
    port = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    hosts = {parts.netloc, bare, bare + port if bare == parts.netloc else bare}
    return {parts._replace(netloc=host).geturl() for host in hosts} | {url}


def _once(form: Form, *names: str) -> Fields:
    """The form's fields, of which these may be there once only."""
    fields = Fields(dict(form))
    sent = [name for name, _ in form]
    for name in names:
        if sent.count(name) > 1:
            fields.fault(name, "must be there once")
    return fields


def _sequence(fields: Fields) -> int:
    text = fields.raw("SequenceNumber") or "0"
    if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST:
        return int(text)
    fields.fault("SequenceNumber", f"must be a whole number up to {LARGEST}")
    return 0


def _moment(fields: Fields) -> datetime | None:
    text = fields.raw("Timestamp")
    if not text:
        return None
    try:
        if not _RFC_2822.fullmatch(text):
            raise ValueError
        when = parsedate_to_datetime(text)
        return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)  # -0000 says UTC without saying where
    except (ValueError, OverflowError):
        fields.fault("Timestamp", "must be a time like Tue, 01 Dec 2020 19:25:00 +0000")
        return None
