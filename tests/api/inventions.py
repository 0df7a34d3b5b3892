"""What Schemathesis makes up, mended so that much of it is about rows that are there, and signed where it must be."""

import io
import zlib
from typing import Any
from urllib.parse import parse_qsl

from standardwebhooks import Webhook

from models import clock, settings
from tests.api.calls_at_work import REPORT
from tests.api.test_simulator_reports import ENDED
from tests.callrequests.dealing import quarter
from tests.callrequests.dialling import signed
from tests.conftest import SECRET
from tests.house import NUMBERS, PASSWORD

LATER = ["2099-12-23T17:30:00Z", "2099-12-23T17:30:00.5+05:30", "2099-12-23T17:30", "2000-01-01T00:00:00Z"]
QUARTERS = [quarter(number).isoformat() for number in range(8)]
WALL_CLOCK = ["2017-04-20 17:32:33.593300", "2017-04-20 17:33:42", "2017-04-20 17:33:42.899903"]
MENTEES, MENTORS = [NUMBERS["tony"], "27123456789"], [NUMBERS["adam"], "27987654321"]

# Values by key that mean something to an API with one of everything; most of them right.
TELLING: dict[str, list[Any]] = {
    "sender_id": [1, 2],
    "recipient_id": [1],
    "call_id": [1, 1, 2, 999],
    "call": [2, 2, 1, 999],
    "mentee": [1, 1, 3, 2],
    "activity": [1, 1, 999],
    "sender_contact": MENTEES,
    "recipient_contact": [*MENTORS, NUMBERS["eve"]],
    **dict.fromkeys(("mobile", "callerid", "beneficiary"), MENTEES),
    "handler": MENTORS,
    **{name: WALL_CLOCK for name in REPORT if name.endswith("Time")},
    **dict.fromkeys(("start_time", "startTime", "questionTime"), WALL_CLOCK),
    "contact_number": [*(f"+49151000{n}" for n in range(10, 30)), "+27 (12) 345-6789"],
    "call_time": LATER,
    "username": [*(f"new{n}" for n in range(20)), "adam", "\u00e9t\u00e9"],
    "first_name": ["New"],
    "password": [PASSWORD],
    "email": ["", "tony@example.org"],
    "content": ['{"question 1": "Yes", "question 4": 1}', '"hi"', "[]", "hi"],
    "scheduledCallId": ["sc-1", "sc-2"],
    "recordingUrl": ["https://example.org/123/456.mp3", "", None],
    "order": ["1", 2, "3.0", 7],
    "link": ["https://example.org/", ""],
    "hero_id": [1, 1, 2, 3, 999],
    "estimated_length": [15, 30, 120],
    "message": ["About databases"],
    "agreed_time": QUARTERS,
    **{f"time_{place}": QUARTERS[number:] for number, place in enumerate(("one", "two", "three"))},
    "phone": ["3125550190"],
    "Caller": ["+13125560001", "+13125560002"],
    "old_password": [PASSWORD],
    "new_password": [PASSWORD, "interception 13"],
    "CallSid": ["CA-rita", "CA-tom", "CA-new"],
    "ConferenceSid": ["CF1", "CF2"],
    "StatusCallbackEvent": ["participant-join", "participant-leave", "conference-start", "conference-end"],
    "type": ["call.ended", "text.received", "text.delivered", "text.failed", "call.feedback", "call.invented"],
    "data": [
        ENDED, {**ENDED, "success": False, "reference": "call:2"},
        {"id": "t-1", "from": NUMBERS["tony"], "to": "+15550100", "body": "hi"},
        {"id": "t-1", "reference": "message:1", "cause": "gone"},
        {"id": "f-1", "from": NUMBERS["tony"], "reference": "call:1", "complete": True, "answers": ["1", "Yes"]},
    ],
}  # fmt: skip


def mended(value: Any, turn: int) -> Any:
    """A made-up body; three of four have telling values where they have values of the right kind."""
    return _mended(value, turn) if turn % 4 else value


def _mended(value: Any, turn: int) -> Any:
    if isinstance(value, list):
        return [_mended(item, turn) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _telling(key, item, turn) for key, item in value.items()}


def _telling(key: str, made_up: Any, turn: int) -> Any:
    choices = [choice for choice in TELLING.get(key, ()) if type(choice) is type(made_up)]
    return choices[_draw(key, turn) % len(choices)] if choices else _mended(made_up, turn)


def _draw(key: str, turn: int) -> int:
    """A number by chance, and the same in the same turn."""
    return zlib.crc32(f"{key} {turn}".encode("utf-8", "replace"))


def an_id(made_up: Any, turn: int) -> Any:
    """Three of four ids in paths are of rows that are there."""
    return turn // 2 % 2 + 1 if str(made_up).isdecimal() and turn % 4 else made_up


class Signed:
    """The application behind providers that sign what they send."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        if path.startswith(("/carriers/", "/api/v1/conferences/webhook/")):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            environ |= _as_carrier(body) if path.startswith("/carriers/") else _as_voice_provider(path, body)
        return self._application(environ, start_response)


def _as_carrier(body: bytes) -> dict[str, str]:
    at = clock.now()
    try:
        signature = Webhook(SECRET).sign("msg_1", at, body.decode())
    except UnicodeDecodeError:
        signature = "none"
    return {
        "HTTP_WEBHOOK_ID": "msg_1",
        "HTTP_WEBHOOK_TIMESTAMP": str(int(at.timestamp())),
        "HTTP_WEBHOOK_SIGNATURE": signature,
    }


def _as_voice_provider(path: str, body: bytes) -> dict[str, str]:
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {"HTTP_X_TWILIO_SIGNATURE": signed(settings.current().api_url + path, fields)}
