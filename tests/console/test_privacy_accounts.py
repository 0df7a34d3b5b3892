"""`trunkline person` for who has an account: told all that is held about him, and erased, whatever is under way."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models import clock, events, keeping, settings
from models.callrequests import (
    CallRequest,
    CanceledCallRequestLog,
    Conference,
    ConferenceCall,
    ConferenceLog,
    RequestReminder,
    Step,
)
from models.database import transaction
from models.deliveries import Bridge, Mail, Text
from models.ledger import LedgerRow
from models.numbers import PhoneNumber
from models.people import User
from models.people.accounts import Account
from models.people.heroes import Hero
from models.people.one_time_tokens import OneTimeToken
from models.people.tokens import AuthToken
from models.privacy import erasing
from models.privacy.persons import Person
from models.receipts import UNMATCHED, Receipt
from tests.api.test_at_once import at_once
from tests.callrequests.dealing import MIDNIGHT, agreed, asked, good, one, path, three
from tests.callrequests.members import Member, Members
from tests.conformance import holds
from tests.console.conftest import Type
from tests.console.test_privacy import dump
from tests.house import Carrier, Client, Staff, run_due, run_until_settled

Jump = Callable[[float], None]


class Facts:
    """What is unmistakably of one person, wherever it stands."""

    def __init__(self, mark: str, number: int) -> None:
        self.first, self.last = f"Zebu{mark}", f"Quux{mark}"
        self.mail, self.new_mail = f"zebu.{mark}@quux.example".lower(), f"new.{mark}@quux.example".lower()
        self.phone, self.new_phone = f"312555{number}", f"312556{number}"
        self.words, self.image = f"the purple {mark} sings", f"https://pictures.example/{mark}.png"
        self.slug = f"{self.first}-{self.last}".lower()

    @property
    def all(self) -> tuple[str, ...]:
        return (
            self.first, self.last, self.mail, self.new_mail, self.phone, self.new_phone, self.words, self.image,
            self.slug,
        )  # fmt: skip

    def left(self) -> list[str]:
        """Where in the database something of him still stands."""
        return [
            line[:300] for line in dump().splitlines()
            if any(word.lower() in (line + _opened(line)).lower() for word in self.all)
        ]  # fmt: skip


def _opened(line: str) -> str:
    """What is attached, readable."""
    return "".join(
        base64.b64decode(part + "===").decode("utf-8", "replace")
        for part in line.split('"')
        if part.startswith("QkVHSU4")
    )


RITA, TOM = Facts("Walrus", 7101), Facts("Heron", 7202)


@pytest.fixture(autouse=True)
def key(home: settings.Settings) -> None:
    settings.use(replace(settings.current(), secret_key="a key of the tests"))


@pytest.fixture
def members(client: Client) -> Members:
    people = Members(client)
    for member, facts in ((people.rita, RITA), (people.tom, TOM)):
        User.update(first_name=facts.first, last_name=facts.last).where(
            User.id == member.account.user_id
        ).execute()
        Account.update(
            email=facts.mail, phone=PhoneNumber(f"+1{facts.phone}"), profile_image=facts.image
        ).where(Account.id == member.account.id).execute()
    Hero.update(
        slug=TOM.slug, title=TOM.words, description=TOM.words, position=TOM.words[:25], company=TOM.words[:25],
        short_bio=TOM.words, linkedin_url=TOM.image,
    ).where(Hero.account == people.tom.account.id).execute()  # fmt: skip
    return people


def _of(members: Members, facts: Facts) -> tuple[Member, Member]:
    """Him, and the other one."""
    return (members.rita, members.tom) if facts is RITA else (members.tom, members.rita)


def _request(members: Members, **more: Any) -> int:
    body = {"message": RITA.words, "estimated_length": 30, "hero_id": members.tom.hero_id}
    request = int(good(members.rita.post("call-requests/", {**body, **more}))["id"])
    good(members.tom.patch(path(request, "accept"), three()))
    return request


def _life(members: Members, jump: Jump) -> int:
    """Both as they may have been: asked, declined, called off, agreed, reminded, met, and something still open.

    Returns: the request that has a time, ten minutes ahead.
    """
    rita, tom = members.rita, members.tom
    good(tom.patch(path(_asked(members), "decline"), {"reason": TOM.words}))
    good(tom.patch(path(_asked(members), "cancel"), {"reason": TOM.words}))
    good(rita.patch(path(_asked(members), "cancel"), {"reason": RITA.words}))
    with transaction():
        events.emit("hero.applied", hero_id=tom.hero_id)
    for member, facts in ((rita, RITA), (tom, TOM)):
        assert (
            member.patch("accounts/profile/", {"email": facts.new_mail, "phone": facts.new_phone}).status_code
            == 200
        )
        assert member.post("accounts/request-password/", {"email": facts.mail}).status_code == 200
    request = _request(members)
    good(rita.patch(path(request, "agreed-time"), one()))
    run_due()
    _met(request, members)
    jump((MIDNIGHT - clock.now()).total_seconds() - 600)
    run_due()
    for facts in (RITA, TOM):
        with transaction():
            receipt = Receipt.keep(
                "twilio.join", f"Caller=%2B1{facts.phone}&CallSid=CA{facts.phone[:4]}".encode()
            )
            receipt.settle(UNMATCHED)
            last = Receipt.keep(
                "twilio.join", f"CallSid=CA{facts.phone[::-1]}&Caller=%2B1{facts.phone}".encode()
            )
            last.settle("done", about=f"callrequest:{request}")
    return request


def _asked(members: Members) -> int:
    body = {"message": RITA.words, "estimated_length": 30, "hero_id": members.tom.hero_id}
    return int(good(members.rita.post("call-requests/", body))["id"])


def _met(request: int, members: Members) -> None:
    """They have rung, and have been in a room."""
    room = Conference.create(sid="CF1", friendly_name=TOM.slug, call_request=request)
    Conference.create(sid="CF2", friendly_name=TOM.slug)
    for number, member in enumerate((members.rita, members.tom)):
        ConferenceCall.create(sid=f"CA{number}", account=member.account, call_request=request)
        ConferenceLog.create(
            conference=room, event="participant-join", call_sid=f"CA{number}", account=member.account
        )
    Bridge.create(
        reference=f"callrequest:{request}", origin="callrequest", origin_id=request, status="failed",
        cause=f"{RITA.phone} and {TOM.phone} were busy", a_number=f"+1{TOM.phone}", b_number=f"+1{RITA.phone}",
    )  # fmt: skip
    LedgerRow.create(
        name="mail_request", queue="mail", args=json.dumps({"call_request_id": request}), state="dead",
        error=f"could not mail {RITA.words} to {TOM.first}", due_at=clock.now(),
    )  # fmt: skip


@holds("an account is exported and erased")
@pytest.mark.parametrize("facts", [RITA, TOM], ids=["requester", "hero"])
def test_nothing_of_somebody_erased_is_left_in_any_table_but_that_it_happened(
    door: Type, members: Members, carrier: Carrier, jump: Jump, facts: Facts
) -> None:
    request = _life(members, jump)
    him, _ = _of(members, facts)
    counts = [
        table.select().count() for table in (CallRequest, Step, CanceledCallRequestLog, ConferenceLog, Text)
    ]
    assert {fact for fact in facts.all if any(fact.lower() in line.lower() for line in facts.left())}

    done = door("person", "erase", facts.mail, "--yes")

    assert done.exit_code == 0, done.output
    assert facts.left() == []
    assert not any(fact in done.output for fact in facts.all)
    assert CallRequest.get_by_id(request).status == "c"
    after = [
        table.select().count() for table in (CallRequest, Step, CanceledCallRequestLog, ConferenceLog, Text)
    ]
    assert after == [counts[0], counts[1] + 1, counts[2] + 1, counts[3], counts[4]]
    assert AuthToken.select().where(AuthToken.account == him.account.id).count() == 0
    assert OneTimeToken.select().where(OneTimeToken.account == him.account.id).count() == 0
    theirs = TOM if facts is RITA else RITA
    assert all(
        any(fact in line for line in dump().splitlines())
        for fact in (theirs.phone, theirs.mail, theirs.words)
    )


@pytest.mark.parametrize("facts", [RITA, TOM], ids=["requester", "hero"])
@pytest.mark.parametrize("name", ["mail", "uuid"])
def test_he_is_found_by_his_address_and_by_the_id_of_his_account(
    door: Type, members: Members, facts: Facts, name: str
) -> None:
    him, _ = _of(members, facts)
    called = facts.mail.upper() if name == "mail" else him.id

    told = json.loads(door("person", "export", called).stdout)
    done = door("person", "erase", called, "--yes")

    assert told["account"][0]["uuid"] == him.id
    assert done.exit_code == 0
    assert facts.left() == []


def test_nobody_is_erased_for_somebody_unknown(door: Type, members: Members) -> None:
    before = dump()

    for name in (
        "nobody@example.com",
        "00000000-0000-0000-0000-000000000000",
        "no such one",
        "",
        "%",
        "9" * 30,
    ):
        answer = door("person", "erase", name, "--yes")
        assert (answer.exit_code, "there is no" in answer.stderr) == (1, True), name
    assert dump() == before


@pytest.mark.parametrize("facts", [RITA, TOM], ids=["requester", "hero"])
def test_who_waits_for_the_call_hears_that_it_is_off_and_by_whom_is_not_said(
    door: Type, members: Members, carrier: Carrier, facts: Facts
) -> None:
    request = agreed(members.rita, members.tom)
    run_due()
    _, other = _of(members, facts)
    before = len(carrier.log("mail"))

    door("person", "erase", facts.mail, "--yes")
    door("person", "erase", _of(members, facts)[0].id, "--yes")
    run_due()

    (letter,) = carrier.log("mail")[before:]
    assert (letter["to"], letter["subject"]) == (other.fresh.email, "Your call is off")
    assert not any(fact in json.dumps(letter) + _opened(json.dumps(letter)) for fact in facts.all)
    (file,) = letter["attachments"]
    assert "METHOD:CANCEL" in base64.b64decode(file["content"]).decode()
    assert RequestReminder.select().where(RequestReminder.state != "revoked").count() == 0
    assert CallRequest.get_by_id(request).status == "c"
    assert Mail.get(Mail.reference == f"callrequest-over:{request}").text  # his to keep


def test_who_wants_no_mails_gets_none_of_this_either(door: Type, members: Members, carrier: Carrier) -> None:
    Account.update(email_notifications=False).where(Account.id == members.rita.account.id).execute()
    agreed(members.rita, members.tom)
    run_due()
    before = len(carrier.log("mail"))

    door("person", "erase", TOM.mail, "--yes")
    run_due()

    assert len(carrier.log("mail")) == before


def test_what_was_still_to_be_mailed_of_him_is_replaced_and_never_blank(
    door: Type, members: Members, carrier: Carrier
) -> None:
    """He declines, and is erased before the letter has gone out, or has even been written."""
    written, unwritten = asked(members.rita, members.tom), None
    good(members.tom.patch(path(written, "decline"), {"reason": TOM.words}))
    carrier.fault("error", "mail")
    run_due()
    unwritten = asked(members.rita, members.tom)
    good(members.tom.patch(path(unwritten, "cancel"), {"reason": TOM.words}))

    door("person", "erase", TOM.mail, "--yes")
    carrier.heal()
    run_due()

    letters = carrier.log("mail")
    assert {letter["reference"] for letter in letters} == {
        f"callrequest-over:{one}" for one in (written, unwritten)
    }
    assert all(letter["to"] == RITA.mail and letter["text"] for letter in letters)
    assert TOM.left() == []


def test_his_requests_are_over_and_he_can_do_nothing_more(
    door: Type, members: Members, client: Client
) -> None:
    request, other = agreed(members.rita, members.tom), asked(members.rita, members.heidi)

    door("person", "erase", RITA.mail, "--yes")

    assert members.rita.get("accounts/profile/").status_code == 403
    login = {"email": RITA.mail, "password": "erased"}
    assert client.ask("POST", "/api/v1/accounts/login/", login, user=None).status_code == 403
    shown = members.tom.get(path(request)).json
    assert (shown["status"], shown["message"], shown["reason"]) == ("c", "", "")
    assert members.heidi.get(path(other)).json["status"] == "c"
    assert members.heidi.patch(path(other, "accept"), three()).status_code == 400
    assert not any(fact in json.dumps(members.tom.get("call-requests/").json) for fact in RITA.all)


def test_a_hero_who_was_erased_is_shown_to_nobody_and_cannot_be_asked(
    door: Type, members: Members, client: Client
) -> None:
    hero = members.tom.hero_id
    door("person", "erase", TOM.mail, "--yes")

    assert client.get(f"/api/v1/heroes/{hero}", user=None).status_code == 404
    assert members.sam.post("heroes/accept/", {"hero_id": hero}).status_code == 409
    assert client.get(f"/api/v1/heroes/{hero}", user=None).status_code == 404
    assert (
        members.rita.post(
            "call-requests/", {"hero_id": hero, "message": "x", "estimated_length": 15}
        ).status_code
        == 400
    )
    assert TOM.left() == []


def test_a_call_that_has_begun_ends_as_calls_do(door: Type, members: Members, jump: Jump) -> None:
    request = agreed(members.rita, members.tom)
    jump((MIDNIGHT - clock.now()).total_seconds() + 60)

    door("person", "erase", TOM.mail, "--yes")

    assert CallRequest.get_by_id(request).status == "a"


def test_late_reports_of_his_calls_keep_nothing_of_him(door: Type, members: Members) -> None:
    request = agreed(members.rita, members.tom)
    door("person", "erase", TOM.mail, "--yes")

    for about in ({"about": f"callrequest:{request}", "outcome": "done"}, {"outcome": UNMATCHED}):
        body = f"Caller=%2B1{TOM.phone}&CallSid=CA{len(about)}".encode()
        with transaction():
            Receipt.keep("twilio.join", body).settle(about.pop("outcome"), **about)

    assert Receipt.select().count() == 2
    assert TOM.left() == []


def test_his_address_and_number_may_be_somebody_elses_afterwards(door: Type, members: Members) -> None:
    door("person", "erase", TOM.mail, "--yes")

    Account.update(email=TOM.mail, phone=PhoneNumber(f"+1{TOM.phone}")).where(
        Account.id == members.eve.account.id
    ).execute()

    told = json.loads(door("person", "export", TOM.mail).stdout)
    assert told["account"][0]["uuid"] == members.eve.id


def test_a_token_that_is_still_to_be_texted_or_mailed_goes_nowhere(
    door: Type, members: Members, carrier: Carrier
) -> None:
    """To an address and a number that were not his yet."""
    changes = {"email": TOM.new_mail, "phone": TOM.new_phone}
    assert members.tom.patch("accounts/profile/", changes).status_code == 200

    door("person", "erase", TOM.mail, "--yes")
    run_due()

    assert carrier.log() == []
    assert TOM.left() == []


@holds("an account is exported and erased")
@pytest.mark.parametrize("facts", [RITA, TOM], ids=["requester", "hero"])
def test_all_that_is_held_is_told_and_of_the_other_only_what_he_told_him(
    door: Type, members: Members, carrier: Carrier, jump: Jump, facts: Facts
) -> None:
    _life(members, jump)
    theirs = TOM if facts is RITA else RITA

    printed = door("person", "export", facts.mail).stdout

    told = json.loads(printed)
    assert (told["account"][0]["email"], told["account"][0]["phone"]) == (facts.mail, f"+1{facts.phone}")
    assert told["user"][0]["first_name"] == facts.first
    assert {row["target"] for row in told["one_time_tokens"]} >= {facts.new_mail, f"+1{facts.new_phone}"}
    assert len(told["call_requests"]) == CallRequest.select().count()
    assert len(told["suggestions"]) == 1
    assert len(told["steps"]) == Step.select().count()
    assert len(told["cancellations"]) == CanceledCallRequestLog.select().count()
    assert len(told["request_reminders"]) == 2
    assert len(told["conferences"]) == 1
    assert (len(told["conference_calls"]), len(told["conference_logs"])) == (1, 2)
    assert len(told["heroes"]) == (facts is TOM)
    assert any(facts.phone in row["body"] for row in told["receipts"])
    assert {mail["to"] for mail in told["mails"]} == {facts.mail, facts.new_mail, "hidden"}
    for secret in (theirs.phone, theirs.new_phone, theirs.mail, theirs.new_mail, "argon2"):
        assert secret not in printed + _opened(printed), secret
    for row in [*told["auth_tokens"], *told["one_time_tokens"]]:
        assert row["token_hash"] == "hidden"


def test_who_is_mentor_and_hero_is_told_and_erased_as_both(
    door: Type, client: Client, staff: Staff, members: Members
) -> None:
    Account.update(user=staff.mentor.user_id).where(Account.id == members.eve.account.id).execute()
    number = staff.mentor.contact_number.msisdn

    told = json.loads(door("person", "export", staff.mentor.id).stdout)
    done = door("person", "erase", members.eve.fresh.email, "--yes")

    assert told["account"][0]["uuid"] == members.eve.id
    assert done.exit_code == 0, done.output
    assert number not in dump()
    assert members.eve.fresh.email.startswith("erased:")


def test_erasing_twice_changes_nothing_more(
    door: Type, members: Members, jump: Jump, carrier: Carrier
) -> None:
    _life(members, jump)
    door("person", "erase", TOM.mail, "--yes")
    run_due()
    once = dump()

    again = door("person", "erase", members.tom.id, "--yes")

    assert "nothing more" in again.stdout
    assert dump() == once


@pytest.mark.parametrize("facts", [RITA, TOM], ids=["requester", "hero"])
@pytest.mark.parametrize("turn", range(4))
def test_nothing_of_him_is_left_whoever_was_quicker(
    members: Members, carrier: Carrier, facts: Facts, turn: int
) -> None:
    rita, tom = members.rita, members.tom
    request, other = _request(members), _asked(members)
    him, _ = _of(members, facts)
    rita.get("call-requests/")
    changes = {
        "first_name": facts.first,
        "email": facts.new_mail,
        "phone": facts.new_phone,
        "profile_image": facts.image,
    }

    _, *answers = at_once(
        lambda: erasing.erase(Person.called(facts.mail)),
        lambda: rita.patch(path(request, "agreed-time"), one()),
        lambda: tom.patch(path(other, "decline"), {"reason": TOM.words}),
        lambda: rita.patch(path(other, "cancel"), {"reason": RITA.words}),
        lambda: him.patch("accounts/profile/", changes),
        lambda: him.post("accounts/request-password/", {"email": facts.mail}),
        run_due,
    )
    run_until_settled()
    keeping.prune()

    assert {answer.status_code for answer in answers[:-1]} <= {200, 400, 403, 409}
    assert facts.left() == []
    assert LedgerRow.select().where(LedgerRow.state == "dead").count() == 0
    assert CallRequest.select().where(CallRequest.status.in_(("o", "a"))).count() == 0
