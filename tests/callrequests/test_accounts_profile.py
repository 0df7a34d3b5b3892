"""One's own profile: what of it changes, and what waits to be verified first; and anybody's local time."""

from typing import Any

import pytest

from models.deliveries import Mail, Text
from tests.api.looking import rows
from tests.callrequests.entering import OTHER_PHONE, PHONE, PROFILE, Door, mailed, texted
from tests.callrequests.members import Members
from tests.conformance import holds

GOOD: dict[str, list[Any]] = {
    "first_name": ["Thomas", "Ümit", "x" * 50],
    "last_name": ["O'Neill"],
    "timezone": ["Asia/Kathmandu", "UTC"],
    "profile_image": ["https://example.com/tom.png", None],
    "email_notifications": [False],
    "is_active": [False],
    "call_me": [True],
}
BAD: dict[str, list[Any]] = {
    "first_name": [None, "", " ", "x" * 51, 7],
    "last_name": [None, "", " ", "x" * 51, []],
    "email": [None, "", "tom", "@", 7],
    "phone": [None, "", "12345", 3125550190],
    "timezone": [None, "", "Mars/Base", 5, "localtime", "Factory"],
    "profile_image": ["", "http://example.com/tom.png", "tom.png", "javascript:alert(1)", "https://", 7,
                      "https://example.com/" + "x" * 500],
    "email_notifications": [None, "yes", 1, "true"],
    "is_active": [None, "no", 0],
    "call_me": [None, "", 1],
}  # fmt: skip


@holds("GET /api/v1/accounts/profile", "§10.1 the own profile's keys")
def test_everybody_sees_his_own_profile_and_no_key_more(members: Members) -> None:
    profile = members.rita.get("accounts/profile/")

    assert profile.status_code == 200
    assert profile.json.keys() == PROFILE
    assert (profile.json["id"], profile.json["email"]) == (members.rita.id, members.rita.account.email)


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in GOOD.items() for value in values]
)
@holds("PATCH /api/v1/accounts/profile")
def test_a_change_is_shown_and_moves_updated(members: Members, field: str, value: Any) -> None:
    before = members.tom.get("accounts/profile/").json

    changed = members.tom.patch("accounts/profile/", {field: value})

    assert changed.status_code == 200
    assert changed.json == members.tom.get("accounts/profile/").json
    assert {**changed.json, "updated": ""} == {**before, field: value, "updated": ""}
    assert changed.json["updated"] > before["updated"]


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in BAD.items() for value in values]
)
def test_a_bad_change_is_named_and_changes_nothing(members: Members, field: str, value: Any) -> None:
    before = members.tom.get("accounts/profile/").json

    answer = members.tom.patch("accounts/profile/", {"first_name": "New", "last_name": "New", field: value})

    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert members.tom.get("accounts/profile/").json == before


def test_an_empty_change_and_one_of_unknown_keys_change_nothing(members: Members) -> None:
    before = members.tom.get("accounts/profile/").json
    theirs = {
        "id": "x",
        "email_verified": False,
        "payment_verified": False,
        "is_staff": True,
        "token": "x",
        "phone_pending": "1",
    }

    answers = [members.tom.patch("accounts/profile/", body) for body in ({}, theirs)]

    assert [(answer.status_code, answer.json) for answer in answers] == [(200, before)] * 2
    assert not members.tom.fresh.user.is_staff


@holds("§10.1 a changed address is pending until verified")
def test_a_new_address_is_pending_and_the_old_one_stays(door: Door) -> None:
    token = door.registered()["token"]
    door.post("verify-email/", {"token": mailed("tom@example.com")}, token)

    changed = door.patch({"email": "Brady@example.com"}, token).json

    shown = {name: changed[name] for name in ("email", "email_verified", "email_pending")}
    assert shown == {"email": "tom@example.com", "email_verified": True, "email_pending": "brady@example.com"}
    assert door.log_in("tom@example.com").status_code == 200
    assert door.log_in("brady@example.com").status_code == 403
    done = door.post("verify-email/", {"token": mailed("brady@example.com")}, token).json
    assert (done["email"], done["email_pending"]) == ("brady@example.com", None)
    assert door.log_in("brady@example.com").status_code == 200


@holds("§10.1 a changed address is pending until verified")
def test_a_new_number_is_pending_and_the_old_one_stays(door: Door) -> None:
    token = door.registered()["token"]

    changed = door.patch({"phone": OTHER_PHONE}, token).json
    done = door.post("verify-phone/", {"token": texted(OTHER_PHONE)}, token).json

    assert (changed["phone"], changed["phone_verified"], changed["phone_pending"]) == (
        PHONE,
        True,
        OTHER_PHONE,
    )
    assert (done["phone"], done["phone_verified"], done["phone_pending"]) == (OTHER_PHONE, True, None)


def test_of_several_changes_the_last_one_counts(door: Door) -> None:
    token = door.registered()["token"]
    for name in ("one", "two"):
        door.patch({"email": f"{name}@example.com"}, token)

    early = door.post("verify-email/", {"token": mailed("one@example.com")}, token)
    last = door.post("verify-email/", {"token": mailed("two@example.com")}, token)

    assert (early.status_code, last.status_code, last.json["email"]) == (404, 200, "two@example.com")


def test_a_pending_change_is_forgotten_after_a_week(door: Door, members: Members, jump: Any) -> None:
    members.tom.patch("accounts/profile/", {"email": "new@example.com", "phone": OTHER_PHONE})

    jump(7 * 86_400 - 60)
    pending = members.tom.get("accounts/profile/")
    jump(7 * 86_400 + 1)
    token = door.log_in(str(members.tom.account.email), "correct horse").json["token"]

    assert pending.status_code == 200
    assert (pending.json["email_pending"], pending.json["phone_pending"]) == ("new@example.com", OTHER_PHONE)
    later = door.profile(token).json
    assert (later["email_pending"], later["phone_pending"]) == (None, None)


def test_what_is_verified_already_is_not_asked_again(members: Members) -> None:
    me = members.tom.get("accounts/profile/").json

    whole = members.tom.patch("accounts/profile/", me)

    assert whole.status_code == 200
    assert rows()["one_time_token"] == rows()["delivery_mail"] == rows()["delivery_text"] == 0


def test_what_is_not_verified_yet_and_sent_again_gets_another_token(door: Door) -> None:
    me = door.registered()
    first = mailed("tom@example.com")

    door.patch({"email": "tom@example.com"}, me["token"])

    assert Mail.select().count() == 2
    assert door.post("verify-email/", {"token": first}, me["token"]).status_code == 404
    assert door.post("verify-email/", {"token": mailed("tom@example.com")}, me["token"]).status_code == 200


def test_nobody_is_told_that_a_pending_address_or_number_is_somebody_elses(members: Members) -> None:
    rita = members.rita.get("accounts/profile/").json

    answer = members.tom.patch("accounts/profile/", {"email": rita["email"], "phone": rita["phone"]})

    assert answer.status_code == 200
    assert (answer.json["email_pending"], answer.json["phone_pending"]) == (rita["email"], rita["phone"])
    assert (Mail.get().to, Text.get().to.e164()) == (rita["email"], "+1" + rita["phone"])


@holds("POST /api/v1/accounts/get-time")
def test_a_moment_is_told_by_anybodys_clock_with_its_offset(members: Members) -> None:
    def told(moment: str, user: str = members.heidi.id) -> Any:
        return members.eve.post("accounts/get-time/", {"user_id": user, "utc_datetime": moment}).json

    assert told("2017-12-25T06:00:00Z") == {"user_local_datetime": "2017-12-25T11:30:00.000000+05:30"}
    assert told("2017-12-25 06:00:00.5+01:00") == {"user_local_datetime": "2017-12-25T10:30:00.500000+05:30"}
    assert told("2017-07-01T00:00:00", members.tom.id) == {
        "user_local_datetime": "2017-06-30T19:00:00.000000-05:00"
    }
    assert told("2017-12-01T00:00:00", members.tom.id.upper()) == {
        "user_local_datetime": "2017-11-30T18:00:00.000000-06:00"
    }


@pytest.mark.parametrize("user", [None, "", 1, "tom", "00000000-0000-4000-8000-000000000000", True, []])
def test_whose_clock_is_named_when_there_is_none(members: Members, user: Any) -> None:
    answer = members.eve.post("accounts/get-time/", {"user_id": user, "utc_datetime": "2017-12-25T06:00:00Z"})

    assert (answer.status_code, list(answer.json)) == (400, ["user_id"])


@pytest.mark.parametrize(
    "moment", [None, "", "2017-12-25", 1514181600, True, "soon", "9999-12-31T23:59:59Z", "2017-13-01T00:00"]
)
def test_which_moment_is_named_when_it_is_none(members: Members, moment: Any) -> None:
    answer = members.eve.post("accounts/get-time/", {"user_id": members.tom.id, "utc_datetime": moment})

    assert (answer.status_code, list(answer.json)) == (400, ["utc_datetime"])
