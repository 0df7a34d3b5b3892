"""Showing that an address or a number is one's own."""

from typing import Any

import pytest

from models.people.accounts import Account
from tests.callrequests.entering import OTHER_PHONE, PHONE, PROFILE, WRONG, Door, mailed, texted
from tests.callrequests.members import Members
from tests.conformance import holds

WEEK = 7 * 86_400.0
KINDS = ("email", "phone")
NEW = {"email": "new@example.com", "phone": OTHER_PHONE}
both = pytest.mark.parametrize("kind", KINDS)


def sent(kind: str) -> str:
    """The code that was sent to the new address or number."""
    return mailed(NEW[kind]) if kind == "email" else texted(NEW[kind])


@both
@holds("POST /api/v1/accounts/verify-email", "POST /api/v1/accounts/verify-phone")
def test_the_code_makes_it_ones_own(members: Members, kind: str) -> None:
    members.tom.patch("accounts/profile/", {kind: NEW[kind]})

    answer = members.tom.post(f"accounts/verify-{kind}/", {"token": f" {sent(kind).upper()}"})

    assert answer.status_code == 200
    assert answer.json.keys() == PROFILE
    told = [answer.json[name] for name in (kind, f"{kind}_verified", f"{kind}_pending")]
    assert told == [NEW[kind], True, None]


@both
@holds("§10.1 verify: 404 unknown or expired, 409 taken meanwhile")
def test_a_code_that_is_unknown_used_or_anothers_is_404(members: Members, kind: str) -> None:
    members.tom.patch("accounts/profile/", {kind: NEW[kind]})
    path, code = f"accounts/verify-{kind}/", sent(kind)

    answers = [members.tom.post(path, {"token": WRONG[kind]}), members.eve.post(path, {"token": code})]
    assert members.tom.post(path, {"token": code}).status_code == 200
    answers.append(members.tom.post(path, {"token": code}))

    assert [(answer.status_code, list(answer.json)) for answer in answers] == [(404, ["detail"])] * 3


@holds(
    "default: verification tokens live 7 days", "§10.1 verify: 404 unknown or expired, 409 taken meanwhile"
)
@both
def test_a_code_that_has_expired_is_404(members: Members, door: Door, jump: Any, kind: str) -> None:
    members.tom.patch("accounts/profile/", {kind: NEW[kind]})
    jump(WEEK + 1)
    token = door.log_in(str(members.tom.account.email), "correct horse").json["token"]

    assert door.post(f"verify-{kind}/", {"token": sent(kind)}, token).status_code == 404
    assert getattr(members.tom.fresh, kind) == getattr(members.tom.account, kind)


@holds("§10.1 verify: 404 unknown or expired, 409 taken meanwhile")
@both
def test_what_somebody_else_has_meanwhile_is_409(members: Members, kind: str) -> None:
    for member in (members.tom, members.eve):
        member.patch("accounts/profile/", {kind: NEW[kind]})
    path, early = f"accounts/verify-{kind}/", sent(kind)
    members.tom.patch("accounts/profile/", {kind: NEW[kind]})
    late = sent(kind)

    first = members.eve.post(path, {"token": early})
    second = members.tom.post(path, {"token": late})

    assert first.status_code == 200
    assert (second.status_code, list(second.json)) == (409, ["detail"])
    assert getattr(members.tom.fresh, kind) == getattr(members.tom.account, kind)


@pytest.mark.parametrize(("kind", "length"), [("email", 10), ("phone", 6)])
def test_what_cannot_be_a_code_is_named(members: Members, kind: str, length: int) -> None:
    bad = (
        None,
        "",
        " ",
        "a" * (length - 1),
        "a" * (length + 1),
        "!" * length,
        "é" * length,
        10**length - 1,
        True,
        [],
    )

    answers = [members.tom.post(f"accounts/verify-{kind}/", {"token": token}) for token in bad]
    answers.append(members.tom.post(f"accounts/verify-{kind}/", {}))

    assert {(answer.status_code, *answer.json) for answer in answers} == {(400, "token")}


def test_an_address_whose_code_went_to_another_kind_is_not_verified(door: Door) -> None:
    me = door.registered()
    door.patch({"phone": OTHER_PHONE}, me["token"])

    assert door.post("verify-email/", {"token": texted(OTHER_PHONE) + "0000"}, me["token"]).status_code == 404
    assert (
        door.post(
            "reset-password/", {"token": texted(OTHER_PHONE) + "00", "new_password": "a new 1"}
        ).status_code
        == 400
    )
    assert door.profile(me["token"]).json["phone"] == PHONE


def test_a_number_leaves_who_never_showed_that_it_was_his(members: Members) -> None:
    here = Account.id == members.eve.account.id
    Account.update(phone="+1" + OTHER_PHONE, phone_verified=False).where(here).execute()
    members.tom.patch("accounts/profile/", {"phone": OTHER_PHONE})

    answer = members.tom.post("accounts/verify-phone/", {"token": texted(OTHER_PHONE)})

    assert (answer.status_code, answer.json["phone"]) == (200, OTHER_PHONE)
    assert members.eve.fresh.phone is None
