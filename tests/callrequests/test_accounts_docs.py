"""What the document promises of accounts comes true: every status of every verb, in the promised shape."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.docs.accounts import SECTIONS
from models import database, flow, settings
from models.people import User
from models.people.accounts import Account
from models.pipelines import Route
from tests.api.paper import operations
from tests.callrequests.entering import OTHER_PHONE, PHONE, WRONG, Door, mailed, texted
from tests.callrequests.members import Member, Members
from tests.house import PASSWORD

PATHS = {path for section in SECTIONS for path in section.routes}
PROMISED = [  # what the client of these tests holds each answer against
    (verb, path.removeprefix("/api/v1/accounts/"), status)
    for path, verb, told in operations()
    if path in PATHS
    for status in told["responses"]
]
LARGE = b'{"email": "' + b"x" * 1024 * 1024 + b'"}'
NEW = "interception 13"


class Asking:
    """The right request for each verb, and what makes it wrong."""

    def __init__(self, door: Door, me: Member, other: Member) -> None:
        self.door, self.me, self.other, self.email = door, me, other, str(me.account.email)

    def right(self, verb: str, path: str) -> Any:
        """What is right to send."""
        made: dict[str, Callable[[], Any]] = {
            "phone-token/": lambda: {"phone": PHONE},
            "register/": lambda: self.door.newcomer(),
            "login/": lambda: {"email": self.email, "password": PASSWORD},
            "profile/": lambda: {"phone": PHONE, "first_name": "Thomas"} if verb == "PATCH" else None,
            "verify-email/": lambda: {"token": self._pending({"email": "new@example.com"})},
            "verify-phone/": lambda: {"token": self._pending({"phone": OTHER_PHONE})},
            "change-password/": lambda: {"old_password": PASSWORD, "new_password": NEW},
            "request-password/": lambda: {"email": self.email},
            "reset-password/": lambda: {"token": self.door.forgetful(self.email), "new_password": NEW},
            "get-time/": lambda: {"user_id": self.me.id, "utc_datetime": "2017-12-25T06:00:00Z"},
        }
        return made.get(path, lambda: None)()

    def _pending(self, change: dict[str, str]) -> str:
        self.me.patch("accounts/profile/", change)
        return mailed(change["email"]) if "email" in change else texted(change["phone"])

    def ask(self, verb: str, path: str, body: Any, **more: Any) -> Any:
        return self.door.ask(verb, path, body, more.pop("token", self.me.token), **more)

    def nobody_texts(self) -> None:
        """No route takes texts to these numbers any more."""
        elsewhere = (Route("texts", "+91", ("simulator",), shown="+15550100"),)
        flow.use(replace(flow.current(), routes={**flow.current().routes, "texts": elsewhere}))

    def refused(self, verb: str, path: str, body: Any) -> Any:
        """By a wrong password or token."""
        if path in ("login/", "reset-password/"):
            User.update(is_active=False).execute()
            return self.ask(verb, path, body)
        return self.ask(verb, path, body, token="")

    def taken(self, verb: str, path: str, body: Any) -> Any:
        """What somebody else has."""
        if path == "register/":
            return self.ask(verb, path, {**body, "email": self.email})
        others = {"email": "new@example.com"} if path == "verify-email/" else {"phone": f"+1{OTHER_PHONE}"}
        Account.update(others).where(Account.id == self.other.account.id).execute()
        return self.ask(verb, path, body)

    def tired(self, verb: str, path: str, body: Any) -> Any:
        """Once too often."""
        few = {f"{what}_per_{whose}": 1 for what in ("failures", "codes") for whose in ("account", "address")}
        settings.use(replace(settings.current(), **few))
        wrong = {
            "login/": {"password": "wrong"}, "register/": {"phone_token": WRONG["phone"]},
            "verify-email/": {"token": WRONG["email"]}, "verify-phone/": {"token": WRONG["phone"]},
            "change-password/": {"old_password": "wrong"}, "reset-password/": {"token": WRONG["password"]},
            "profile/": {"phone": OTHER_PHONE},
        }  # fmt: skip
        self.ask(verb, path, {**body, **wrong.get(path, {})})
        return self.ask(verb, path, body)

    def answered(self, status: str, verb: str, path: str, body: Any) -> Any:
        """A request that is answered so."""
        match status:
            case "400":
                return self.ask(verb, path, None, raw=b"[]")
            case "403":
                return self.refused(verb, path, body)
            case "404":
                kind = {"verify-email/": "email", "verify-phone/": "phone"}.get(path, "password")
                return self.ask(verb, path, {**body, "token": WRONG[kind]})
            case "409":
                return self.taken(verb, path, body)
            case "413":
                return self.ask(verb, path, None, raw=LARGE)
            case "415":
                return self.ask(verb, path, body, headers={"Content-Type": "text/plain"})
            case "424":
                self.nobody_texts()
            case "429":
                return self.tired(verb, path, body)
        return self.ask(verb, path, body)


@pytest.mark.parametrize(("verb", "path", "status"), PROMISED, ids=" ".join)
def test_every_promised_status_comes_in_its_promised_shape(
    door: Door, members: Members, tmp_path: Path, verb: str, path: str, status: str
) -> None:
    asking = Asking(door, members.tom, members.eve)
    body = asking.right(verb, path)
    if status == "503":
        database.close()
        database.bind(f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")

    answer = asking.answered(status, verb, path, body)

    assert str(answer.status_code) == status, answer.text
    assert (answer.headers.get("retry-after", "0") != "0") == (status in ("429", "503"))
