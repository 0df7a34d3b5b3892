"""The voice provider as tests play it: its signed forms, an agreed call to dial in to, and what came of it."""

import base64
import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from models import settings
from models.callrequests import CallRequest, Conference, ConferenceCall, ConferenceLog
from tests.callrequests import agreeing
from tests.callrequests.agreeing import Jump, be
from tests.callrequests.dealing import quarter
from tests.callrequests.members import Member, Members
from tests.conftest import SECRET
from tests.house import Client

JOIN, EVENT = "/api/v1/conferences/webhook/join", "/api/v1/conferences/webhook/event"
FORM = "application/x-www-form-urlencoded"
ROOM = "CF1"
RITAS, TOMS = "CA-rita", "CA-tom"

Event = tuple[str, str]  # its name, and whose call it is about


def signed(url: str, fields: Any, key: str = SECRET, charset: str = "utf-8") -> str:
    """The signature, in the words of the provider's documentation and not in ours."""
    told = url + "".join(name + value for name, value in sorted(fields))
    return base64.b64encode(hmac.new(key.encode(), told.encode(charset), hashlib.sha1).digest()).decode()


def post(client: Client, path: str, fields: Mapping[str, str], *, at: str = "", **headers: str) -> Any:
    """A form, signed by the provider unless the headers say otherwise.

    Parameters:
      at: the URL that it signs; by default the one that it was told.
    """
    url = at or settings.current().api_url + path
    usual = {"Content-Type": FORM, "X-Twilio-Signature": signed(url, fields.items())}
    sent = {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.ask("POST", path, raw=urlencode(fields).encode(), user=None, headers=sent)


def dial(client: Client, member: Member | str, call_sid: str, **headers: str) -> Any:
    """Somebody dials in; what the provider is answered."""
    number = member if isinstance(member, str) else agreeing.number(member)
    return post(client, JOIN, {"Caller": number, "CallSid": call_sid}, **headers)


def happens(client: Client, event: str, call_sid: str = "", sequence: int = 0, **more: str) -> Any:
    """Something happens in a room."""
    fields = {"ConferenceSid": ROOM, "FriendlyName": "x", "StatusCallbackEvent": event, **more}
    if call_sid:
        fields["CallSid"] = call_sid
    if sequence:
        fields["SequenceNumber"] = str(sequence)
    return post(client, EVENT, fields)


def arranged(members: Members, jump: Jump, *, early: float = 0.0) -> CallRequest:
    """Rita and tom have agreed on a time, a midnight in UTC, and it is now.

    Parameters:
      early: seconds before it.
    """
    at = quarter(0)
    request = agreeing.agreed(members.rita, members.tom, at)
    jump(0)
    be_before(jump, request, early)
    return request


def be_before(jump: Jump, request: CallRequest, seconds: float) -> None:
    """It is now so long before the agreed time; less than 0 is after it."""
    be(jump, request.agreed_time - agreeing.SECOND * seconds)


def inside(client: Client, members: Members) -> None:
    """Both have dialled in."""
    for member, sid in ((members.rita, RITAS), (members.tom, TOMS)):
        assert room_of(dial(client, member, sid)) is not None


def response(answer: Any) -> ET.Element:
    """The TwiML of an answer."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/xml")
    return ET.fromstring(answer.text)  # noqa: S314  # our own answer


def conference(answer: Any) -> ET.Element | None:
    """The room that an answer leads into."""
    return response(answer).find("Dial/Conference")


def room_of(answer: Any) -> str | None:
    """Its name."""
    room = conference(answer)
    return None if room is None else room.text


def spoken(answer: Any) -> str:
    """What is said."""
    return " ".join(one.text or "" for one in response(answer).iter("Say"))


def status(request: CallRequest) -> str:
    """Where a request stands."""
    return str(CallRequest.get_by_id(request.id).status)


def held(request: CallRequest) -> int:
    """How often it was noted that the two had met."""
    return agreeing.steps(request).count("held")


def logged() -> Counter[tuple[str, int | None]]:
    """What was written down, and of whom."""
    return Counter((row.event, row.account_id) for row in ConferenceLog.select())


def kept() -> tuple[int, int, int]:
    """How many conferences, entries of their logs and calls there are."""
    return tuple(table.select().count() for table in (Conference, ConferenceLog, ConferenceCall))  # type: ignore[return-value]
