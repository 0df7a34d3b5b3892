"""What the document promises of heroes, payment, call requests and conferences comes true: every status of every verb.

Each by a request made up for it. Accounts have such a test of their own.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.docs.accounts import SECTIONS
from models import database, settings
from models.callrequests.meeting import JOINED
from models.privacy.erasing import erase
from models.privacy.persons import Person
from providers.exchange import Exchange
from tests.api.paper import operations
from tests.callrequests import dealing, dialling
from tests.callrequests.agreeing import Jump
from tests.callrequests.members import PROFILE, Member, Members, member
from tests.house import Client

ACCOUNTS = {path for section in SECTIONS for path in section.routes}
PROMISED = [
    (verb, path.removeprefix("/api/v1/"), status)
    for path, verb, told in operations()
    if path.startswith("/api/v1/") and path not in ACCOUNTS
    for status in told["responses"]
]
LARGE = "x" * 1024 * 1024


class Asking:
    """The right request for a verb of a path, and what makes it wrong."""

    def __init__(self, client: Client, members: Members, jump: Jump, verb: str, path: str) -> None:
        self.client, self.members, self.verb, self.path = client, members, verb, path
        self._jump = jump
        self.sender, self.place, self.body = self._right()

    def _right(self) -> tuple[Member, str, Any]:
        """Who may ask, where, and what is right to send."""
        path, rita, tom, sam = self.path, self.members.rita, self.members.tom, self.members.sam
        if path.startswith("conferences/") and "webhook" not in path:
            return rita, path.format(sid=self._conference()), None
        if "{call_request_id}" in path:
            action = path.split("/")[2]
            made = {
                "new-times": dealing.accepted, "agreed-time": dealing.accepted, "cancel": dealing.agreed,
            }.get(action, dealing.asked)  # fmt: skip
            by = tom if action in ("accept", "decline") else rita
            body = dealing.fitting(action) if action else None
            return by, path.format(call_request_id=made(rita, tom)), body
        who, body = {
            "accounts/payment-method/": (rita, {"token": "tok_visa"}),
            "accounts/users/{user_id}/verification/": (sam, {"payment_verified": True}),
            "heroes/apply/": (rita, PROFILE),
            "heroes/profile/": (tom, {"rate_in_cents": 300}),
            "heroes/accept/": (sam, {"hero_id": self._applicant() if "accept" in path else 0}),
            "heroes/decline/": (sam, {"hero_id": tom.hero_id}),
            "call-requests/": (rita, {**dealing.ASKED, "hero_id": tom.hero_id}),
            "conferences/webhook/join/": (rita, {"Caller": "+13125550123", "CallSid": "CA1"}),
            "conferences/webhook/event/": (rita, dict(self._event())),
        }.get(path, (rita, None))
        return who, path.format(hero_id=tom.hero_id, user_id=rita.id), body if self.verb != "GET" else None

    def _applicant(self) -> int:
        self.members.eve.post("heroes/apply/", PROFILE)
        return self.members.eve.hero_id

    @staticmethod
    def _event() -> dict[str, str]:
        return {
            "ConferenceSid": "CF1", "FriendlyName": "x", "StatusCallbackEvent": JOINED, "CallSid": "CA1",
        }  # fmt: skip

    def _conference(self) -> str:
        dialling.arranged(self.members, self._jump)
        dialling.inside(self.client, self.members)
        dialling.happens(self.client, JOINED, dialling.RITAS, 1)
        return dialling.ROOM

    def ask(self, **other: Any) -> Any:
        """The right request, but for what is to be other."""
        body = other.pop("body", self.body)
        if "webhook" in self.path:
            return dialling.post(self.client, f"/api/v1/{self.path}", body, **other)
        sender, place = other.pop("sender", self.sender), other.pop("place", self.place)
        return sender.ask(self.verb, place, None if "raw" in other else body, **other)

    def wrong(self) -> Any:
        """What cannot be read."""
        return self.ask(body={"Caller": ""}) if "webhook" in self.path else self.ask(raw=b"[]")

    def forbidden(self) -> Any:
        """Somebody who has no right to it."""
        if "webhook" in self.path:
            return self.ask(X_Twilio_Signature="bm9ib2R5J3M=")
        if self.path in ("heroes/apply/", "call-requests/") and self.verb == "POST":
            return self.ask(sender=member(self.client, "Una", "Verified", email_verified=False))
        if self.place.count("/") == 1 or "payment" in self.path:  # what everybody has for himself
            return self.ask(headers={"Authorization": "0" * 32})
        return self.ask(sender=self.members.eve)

    def nowhere(self) -> Any:
        """What is not there."""
        one = {"hero_id": 999, "call_request_id": 999, "sid": "CF999", "user_id": uuid4()}
        return self.ask(place=self.path.format(**one) if "{" in self.path else f"{self.path}?page=99")

    def in_the_way(self) -> Any:
        """What another one has, has used up, or was erased."""
        if self.path == "heroes/accept/":
            erase(Person.of(self.members.eve.account.user_id), force=True)
        elif self.path == "heroes/decline/":
            erase(Person.of(self.members.tom.account.user_id), force=True)
        elif "verification" in self.path:
            erase(Person.of(self.members.rita.account.user_id), force=True)
        elif "cancel" in self.path:
            settings.use(replace(settings.current(), free_cancellations=0))
        elif "new-times" in self.path:
            return self.ask(body=dealing.three())
        else:
            self.ask()
        return self.ask()

    def too_large(self) -> Any:
        body = {**self.body, "message": LARGE}
        return self.ask(body=body)

    def other_media(self) -> Any:
        if "webhook" in self.path:
            return self.ask(Content_Type="text/plain")
        return self.ask(headers={"Content-Type": "text/plain"})

    def other_body(self) -> Any:
        """A key that came with something else."""
        key = {"Idempotency-Key": "4d1f-77"}
        self.ask(headers=key)
        return self.ask(headers=key, body={**self.body, "message": "another one"})

    def tired(self) -> Any:
        """Once too often."""
        settings.use(replace(settings.current(), failures_per_account=1))
        self.ask(body={"token": "tok_chargeDeclined"})
        return self.ask()


WRONG: dict[str, Callable[[Asking], Any]] = {
    "400": Asking.wrong, "403": Asking.forbidden, "404": Asking.nowhere, "409": Asking.in_the_way,
    "413": Asking.too_large, "415": Asking.other_media, "422": Asking.other_body, "429": Asking.tired,
}  # fmt: skip


@pytest.mark.parametrize(("verb", "path", "status"), PROMISED, ids=" ".join)
def test_every_promised_status_comes_in_its_promised_shape(
    client: Client, members: Members, exchange: Exchange, jump: Jump, tmp_path: Path,
    verb: str, path: str, status: str,
) -> None:  # fmt: skip
    asking = Asking(client, members, jump, verb, path)
    if status == "503":
        database.close()
        database.bind(f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")
        settings.use(replace(settings.current(), secret_key="a secret that needs no database"))

    answer = WRONG.get(status, Asking.ask)(asking)

    assert str(answer.status_code) == status, answer.text
    assert (answer.headers.get("retry-after", "0") != "0") == (status in ("429", "503"))
