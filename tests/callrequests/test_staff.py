"""What staff do on `/api/v1`: accept and decline heroes, and vouch for people; and what nobody else may."""

from typing import Any

import pytest

from models.people import User, one_time_tokens
from models.people.heroes import Hero, HeroAcceptAction
from models.people.one_time_tokens import EMAIL
from models.privacy.erasing import erase
from models.privacy.persons import Person
from tests.api.looking import rows, statements
from tests.callrequests.members import PROFILE, Member, Members, member
from tests.conformance import holds
from tests.house import Carrier, Client, run_due


@pytest.fixture
def eve(members: Members) -> Member:
    """Eve, who has applied."""
    assert members.eve.post("heroes/apply", PROFILE).status_code == 201
    return members.eve


def mailed(carrier: Carrier) -> list[str]:
    """Whom mails were carried to, all that is due done."""
    run_due()
    return [entry["to"] for entry in carrier.log("mail")]


@holds("§10.3 apply: 403 unverified, 409 twice, mail to staff")
def test_every_one_of_the_staff_is_mailed_of_an_application_once(
    client: Client, members: Members, carrier: Carrier
) -> None:
    other = member(client, "Sue", "Staff", staff=True)

    members.eve.post("heroes/apply", PROFILE)
    members.eve.post("heroes/apply", PROFILE)

    assert sorted(mailed(carrier)) == sorted([members.sam.account.email, other.account.email])


@holds("POST /api/v1/heroes/accept", "§10.3 accept, decline: 400 if already so, mail to the hero")
def test_an_accepted_hero_is_shown_and_told(members: Members, eve: Member, carrier: Carrier) -> None:
    mailed(carrier)
    answer = members.sam.post("heroes/accept", {"hero_id": eve.hero_id})

    assert answer.status_code == 200
    assert answer.json.keys() == {"user", "hero", "accepted", "timestamp"}
    assert (answer.json["user"], answer.json["hero"], answer.json["accepted"]) == (
        members.sam.id,
        eve.hero_id,
        True,
    )
    assert members.rita.get(f"heroes/{eve.hero_id}").json["accepted"] is True
    assert mailed(carrier).count(eve.account.email) == 1
    (action,) = HeroAcceptAction.select()
    assert (action.user_id, action.hero_id, action.accepted) == (
        members.sam.account.user_id,
        eve.hero_id,
        True,
    )


@holds("POST /api/v1/heroes/decline", "§10.3 only accepted and active ones are shown")
def test_a_declined_hero_is_shown_no_more_and_can_be_accepted_again(
    members: Members, carrier: Carrier
) -> None:
    tom = members.tom
    declined = members.sam.post("heroes/decline/", {"hero_id": tom.hero_id})

    assert (declined.status_code, declined.json["accepted"]) == (200, False)
    assert members.rita.get(f"heroes/{tom.hero_id}").status_code == 404
    assert tom.get("heroes/profile").json["accepted"] is False
    assert mailed(carrier) == []
    assert members.sam.post("heroes/accept", {"hero_id": tom.hero_id}).status_code == 200
    assert [action.accepted for action in HeroAcceptAction.select().order_by(HeroAcceptAction.id)] == [
        False,
        True,
    ]


@holds("§10.3 accept, decline: 400 if already so, mail to the hero")
def test_what_is_so_already_is_400_and_changes_nothing(
    members: Members, eve: Member, carrier: Carrier
) -> None:
    members.sam.post("heroes/decline", {"hero_id": members.heidi.hero_id})
    mailed(carrier)
    before = rows()

    answers = [
        members.sam.post("heroes/accept", {"hero_id": members.tom.hero_id}),
        members.sam.post("heroes/decline", {"hero_id": members.heidi.hero_id}),
        members.sam.post("heroes/decline", {"hero_id": eve.hero_id}),  # nobody ever accepted her
    ]

    assert [(answer.status_code, *answer.json) for answer in answers] == [(400, "detail")] * 3
    assert rows() == before


@pytest.mark.parametrize(
    "value",
    [None, True, "1", "", 0, -1, 1.5, 999, 2**63, 10**40, [1], "b2c1a7de-30a5-4bb4-8a3c-0a3c0b8e7d11"],
)
@pytest.mark.parametrize("deed", ["accept", "decline"])
def test_who_is_no_hero_is_400_on_the_field(members: Members, deed: str, value: Any) -> None:
    before = rows()
    answers = [members.sam.post(f"heroes/{deed}", {"hero_id": value}), members.sam.post(f"heroes/{deed}", {})]

    assert [(answer.status_code, *answer.json) for answer in answers] == [(400, "hero_id")] * 2
    assert rows() == before


@holds("PATCH /api/v1/accounts/users/:uuid/verification")
@pytest.mark.parametrize("flag", ["email_verified", "phone_verified", "payment_verified"])
def test_staff_vouch_and_take_it_back_one_flag_at_a_time(members: Members, flag: str) -> None:
    was = members.rita.get("accounts/profile").json
    place = f"accounts/users/{members.rita.id}/verification"

    off = members.sam.patch(place, {flag: False})
    on = members.sam.patch(f"{place}/", {flag: True})

    assert (off.status_code, on.status_code) == (200, 200)
    assert off.json == {**was, flag: False, "updated": off.json["updated"]}
    assert on.json == {**was, "updated": on.json["updated"]}
    assert was["updated"] < off.json["updated"] < on.json["updated"]
    assert members.rita.get("accounts/profile").json == on.json


@pytest.mark.parametrize("flag", ["email_verified", "phone_verified", "payment_verified"])
@pytest.mark.parametrize("value", [None, 1, 0, "true", "", [], {}])
def test_only_true_and_false_are_flags(members: Members, flag: str, value: Any) -> None:
    answer = members.sam.patch(f"accounts/users/{members.rita.id}/verification", {flag: value})

    assert (answer.status_code, list(answer.json)) == (400, [flag])


def test_an_empty_object_and_other_keys_change_nothing(members: Members) -> None:
    place, was = f"accounts/users/{members.rita.id}/verification", members.rita.get("accounts/profile").json

    assert members.sam.patch(place, {}).json == was
    assert members.sam.patch(place, {"is_staff": True, "email": "evil@example.com"}).json == was
    assert members.sam.patch(place, {"email_verified": 1, "payment_verified": 0}).json.keys() == {
        "email_verified", "payment_verified"
    }  # fmt: skip


def test_nobody_vouches_for_a_phone_that_is_not_there(client: Client, members: Members) -> None:
    bare = member(client, "Bo", "Bare", phone=None, phone_verified=False, payment_verified=False)
    place = f"accounts/users/{bare.id}/verification"

    refused = members.sam.patch(place, {"phone_verified": True, "payment_verified": True})

    assert (refused.status_code, list(refused.json)) == (400, ["phone_verified"])
    assert bare.fresh.payment_verified is False
    assert members.sam.patch(place, {"phone_verified": False}).status_code == 200


def test_what_would_have_shown_the_same_is_void_and_nothing_else(members: Members) -> None:
    rita, place = members.rita, f"accounts/users/{members.rita.id}/verification"
    one_time_tokens.renew(EMAIL, rita.account.id, rita.account.email)
    one_time_tokens.renew(EMAIL, members.tom.account.id, "other@example.com")

    assert members.sam.patch(place, {"email_verified": True}).json["email_pending"] is None
    members.sam.patch(f"accounts/users/{members.tom.id}/verification", {"email_verified": True})
    assert members.tom.get("accounts/profile").json["email_pending"] == "other@example.com"


@pytest.mark.parametrize(
    "user",
    [
        "1",
        "x",
        "5f2b8c1d-e0a9-4b7f-8a3c-0a3c0b8e7d11",
        "00000000-0000-0000-0000-000000000000",
        "' OR 1=1",
        "%00",
        "é",
    ],
)
def test_nobody_is_404(members: Members, user: str) -> None:
    assert (
        members.sam.patch(f"accounts/users/{user}/verification", {"payment_verified": True}).status_code
        == 404
    )


def _asked(hero_id: int, rita: str) -> dict[str, tuple[str, str, Any]]:
    return {
        "list": ("GET", "heroes/", None),
        "show": ("GET", f"heroes/{hero_id}", None),
        "apply": ("POST", "heroes/apply", PROFILE),
        "see own": ("GET", "heroes/profile", None),
        "change own": ("PATCH", "heroes/profile", {}),
        "accept": ("POST", "heroes/accept", {"hero_id": hero_id}),
        "decline": ("POST", "heroes/decline", {"hero_id": hero_id}),
        "pay": ("POST", "accounts/payment-method", {"token": "!"}),
        "vouch": ("PATCH", f"accounts/users/{rita}/verification", {}),
    }


MAY = {
    "nobody": {"list": 200, "show": 200},
    "stranger": {"list": 200, "show": 200, "apply": 201, "pay": 400},
    "hero": {"list": 200, "show": 200, "apply": 409, "see own": 200, "change own": 200, "pay": 400},
    "staff": {
        "list": 200,
        "show": 200,
        "apply": 201,
        "accept": 400,
        "decline": 200,
        "pay": 400,
        "vouch": 200,
    },
    "suspended": {"list": 200, "show": 200},
}


@holds(
    "§10.2 verification: 403 unless staff",
    "§10.3 profile: 403 unless a hero",
    "§10.3 accept, decline: 403 unless staff",
)
@pytest.mark.parametrize("actor", MAY)
@pytest.mark.parametrize("deed", _asked(0, ""))
def test_each_may_do_what_is_his_and_is_refused_the_rest_with_403(
    client: Client, members: Members, actor: str, deed: str
) -> None:
    sold = member(client, "Sol", "Suspended", staff=True)
    User.update(is_active=False).where(User.id == sold.account.user_id).execute()
    who = {"stranger": members.eve, "hero": members.tom, "staff": members.sam, "suspended": sold}.get(actor)
    verb, path, body = _asked(members.tom.hero_id, members.rita.id)[deed]
    before = rows()

    answer = who.ask(verb, path, body) if who else client.ask(verb, f"/api/v1/{path}", body, user=None)

    assert answer.status_code == MAY[actor].get(deed, 403)
    assert "www-authenticate" not in answer.headers
    if answer.status_code >= 400:
        assert rows() == before


def test_a_decision_and_a_voucher_take_as_many_statements_whoever_it_is(
    client: Client, members: Members
) -> None:
    counted = []
    for _ in range(3):
        new = member(client, "Nils", "New", hero=True)
        with statements() as run:
            members.sam.post("heroes/decline", {"hero_id": new.hero_id})
            members.sam.post("heroes/accept", {"hero_id": new.hero_id})
            members.sam.patch(f"accounts/users/{new.id}/verification", {"payment_verified": False})
        counted.append(len(run))

    assert len(set(counted)) == 1


def test_to_apply_takes_as_many_statements_however_many_namesakes_there_are(
    client: Client, home: Any
) -> None:
    counted = []
    for _ in range(5):
        new = member(client, "Ann", "Lee")
        with statements() as run:
            new.post("heroes/apply", PROFILE)
        counted.append(len(run))

    assert len(set(counted)) == 1
    assert Hero.select().count() == 5


@holds("§10.3 declined later: requests made stay usable")
@pytest.mark.parametrize("how", ["declined", "not active"])
def test_what_was_asked_of_a_hero_who_is_one_no_more_goes_on_and_nothing_new_is_asked(
    members: Members, how: str
) -> None:
    ask = {"hero_id": members.tom.hero_id, "message": "May I?", "estimated_length": 30}
    made = members.rita.post("call-requests", ask).json["id"]

    if how == "declined":
        members.sam.post("heroes/decline", {"hero_id": members.tom.hero_id})
    else:
        members.tom.patch("heroes/profile", {"active": False})

    refused = members.eve.post("call-requests", ask)
    assert (refused.status_code, list(refused.json)) == (400, ["hero_id"])
    assert members.tom.patch(f"call-requests/{made}/decline", {"reason": "Busy"}).json["status"] == "d"
    assert members.tom.get("heroes/profile").status_code == 200


def test_who_was_erased_is_neither_accepted_nor_vouched_for(members: Members) -> None:
    tom, hero_id = members.tom, members.tom.hero_id
    erase(Person.of(tom.account.user_id))
    before = rows()

    answers = [
        members.sam.post("heroes/accept", {"hero_id": hero_id}),
        members.sam.post("heroes/decline", {"hero_id": hero_id}),
        members.sam.patch(f"accounts/users/{tom.id}/verification", {"email_verified": True}),
    ]

    assert [(answer.status_code, *answer.json) for answer in answers] == [(409, "detail")] * 3
    assert members.rita.get(f"heroes/{hero_id}").status_code == 404
    assert tom.get("heroes/profile").status_code == 403
    assert rows() == before


def test_nobody_has_the_slug_of_one_who_may_be_erased(client: Client, members: Members) -> None:
    sly = member(client, "Erased", str(members.tom.hero_id))

    assert sly.post("heroes/apply", PROFILE).status_code == 201
    erase(Person.of(members.tom.account.user_id))
    assert sly.get("heroes/profile").status_code == 200


def test_whose_address_only_begins_like_that_of_the_erased_is_nobody_special(
    client: Client, members: Members, carrier: Carrier
) -> None:
    named = member(client, "Emma", "Rased", email="erased@example.com")
    ask = {"hero_id": members.tom.hero_id, "message": "May I?", "estimated_length": 30}

    assert named.post("call-requests", ask).status_code == 200
    assert named.post("heroes/apply", PROFILE).status_code == 201
    assert (
        members.sam.patch(f"accounts/users/{named.id}/verification", {"email_verified": True}).status_code
        == 200
    )
    assert members.tom.account.email in mailed(carrier)
