"""The accounts that the reference has somebody make first, and what may never be unmade."""

import pytest
from peewee import IntegrityError

from models.mentoring import Call, Message
from models.people import Contact, User
from models.people.changing import add_user
from providers.base import Askable, Bridge, Receipt, Sms
from providers.example import Example
from tests.api.test_people import TONY
from tests.conformance import holds
from tests.house import ADMIN, PASSWORD, Client, Staff, reroute, run_due
from workers import carriers


@holds("a superuser is created first", "a mentee is a user with a first name",
       "a mentor is a user with a first name, linked to his mentee")  # fmt: skip
def test_on_an_empty_database_an_administrator_makes_a_mentee_and_then_his_mentor(
    home: object, client: Client
) -> None:
    add_user("boss", PASSWORD, staff=True)
    nameless = client.post("/mentor/mentee", {**TONY, "first_name": ""}, user="boss")

    mentee = client.post("/mentor/mentee", TONY, user="boss")
    alone = client.post(
        "/mentor/mentor", {**TONY, "username": "adam2", "contact_number": "+27987654320"}, user="boss"
    )
    adam = {**TONY, "username": "adam2", "first_name": "adam", "contact_number": "+27987654320"}
    mentor = client.post("/mentor/mentor", {**adam, "mentee": mentee.json["id"]}, user="boss")

    assert (nameless.status_code, list(nameless.json)) == (400, ["first_name"])
    assert (alone.status_code, list(alone.json)) == (400, ["mentee"])
    assert (mentee.status_code, mentor.status_code) == (201, 201)
    made = client.post("/mentor/call/", user="adam2", password=TONY["password"]).json
    assert (str(made["caller"]), str(made["receiver"])) == (mentor.json["id"], mentee.json["id"])


class Pigeon(Example):
    """A new provider: all that is its own."""

    name = "pigeon"

    def dial(self, bridge: Bridge, *, reference: str, timeout: float) -> Receipt:
        return Receipt(f"feather-{reference}")

    def send(self, text: Sms, *, reference: str, timeout: float) -> Receipt:
        return Receipt(f"note-{len(text.body)}")


@holds("a new provider is added by extending a base", "M-13")
def test_a_new_provider_carries_calls_and_texts_once_it_has_a_name(
    client: Client, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(carriers.MAKERS, "pigeon", lambda _ours, _account: Pigeon())
    for channel in ("voice", "texts"):
        reroute(channel, "pigeon")

    client.post("/mentor/call/")
    client.post("/mentor/message/", {"content": "hi"})
    run_due()

    assert not isinstance(Pigeon(), Askable)
    assert (Call.get().status, Call.get().call_id) == ("inprogress", "feather-call:1")
    assert Message.get().state == "sent"


@holds("people with a history cannot be deleted")
def test_who_has_a_history_is_not_deleted(client: Client, staff: Staff) -> None:
    client.post("/mentor/call/")
    client.post("/mentor/message/", {"content": "hi"})

    for contact in (staff.mentor, staff.mentee):
        with pytest.raises(IntegrityError):
            Contact.delete().where(Contact.id == contact.id).execute()
        with pytest.raises(IntegrityError):
            User.delete().where(User.id == contact.user_id).execute()

    assert (Contact.select().count(), Call.select().count()) == (4, 1)
    assert client.get("/mentor/mentee", user=ADMIN).json["count"] == 2
