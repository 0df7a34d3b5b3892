"""Registering: first a phone's token, then an account."""

from dataclasses import replace
from typing import Any

import pytest

from models import flow
from models.deliveries import Mail, Text
from models.people import User
from models.people.accounts import Account
from models.people.one_time_tokens import OneTimeToken
from models.pipelines import Route
from tests.api.looking import rows
from tests.callrequests.entering import GOOD, OTHER_PHONE, PHONE, PROFILE, TOM, WRONG, Door, mailed, texted
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Client
from tests.pages.reader import Reader

DAY = 86_400.0


@holds("POST /api/v1/accounts/phone-token", "§10.1 the tokens' lengths and letters")
def test_a_phone_is_texted_six_letters_and_digits_which_the_answer_does_not_show(door: Door) -> None:
    answer = door.post("phone-token/", {"phone": PHONE})

    assert (answer.status_code, answer.json) == (201, {})
    assert len(texted(PHONE)) == 6
    assert set(texted(PHONE)) <= set("abcdefghijklmnopqrstuvwxyz0123456789")
    sent = Text.get()
    assert (sent.to.e164(), sent.origin, sent.at_least_once) == ("+1" + PHONE, "token", True)
    assert rows()["command"] == 1


NO_NUMBERS = (
    None,
    "",
    " ",
    "312555019",
    "31255501900",
    "+13125550190",
    "312-555-0190",
    "٣١٢٥٥٥٠١٩٠",
    3125550190,
    True,
    {},
)


@pytest.mark.parametrize("phone", NO_NUMBERS)
def test_a_number_is_ten_digits(door: Door, phone: Any) -> None:
    answers = [door.post("phone-token/", body) for body in ({"phone": phone}, {})]

    assert [(answer.status_code, list(answer.json)) for answer in answers] == [(400, ["phone"])] * 2
    assert rows()["one_time_token"] == rows()["delivery_text"] == 0


@holds("§10.1 phone-token: 400 taken or unexpired, 424 no text can be sent")
def test_no_second_token_while_one_is_out(door: Door, jump: Any) -> None:
    door.post("phone-token/", {"phone": PHONE})

    refused = door.post("phone-token/", {"phone": PHONE})
    jump(7 * DAY + 1)
    again = door.post("phone-token/", {"phone": PHONE})

    assert (refused.status_code, list(refused.json)) == (400, ["phone"])
    assert again.status_code == 201
    assert rows()["one_time_token"] == 1
    assert rows()["delivery_text"] == 2


@holds("§10.1 phone-token: 400 taken or unexpired, 424 no text can be sent")
def test_no_token_for_a_number_that_somebody_has_shown_to_be_his(door: Door, members: Members) -> None:
    Account.update(phone="+1" + PHONE).where(Account.id == members.eve.account.id).execute()

    taken = door.post("phone-token/", {"phone": PHONE})
    Account.update(phone_verified=False).where(Account.id == members.eve.account.id).execute()
    free = door.post("phone-token/", {"phone": PHONE})

    assert (taken.status_code, list(taken.json), free.status_code) == (400, ["phone"], 201)


@holds("§10.1 phone-token: 400 taken or unexpired, 424 no text can be sent")
def test_where_nobody_carries_texts_none_is_promised(door: Door) -> None:
    elsewhere = {"texts": (Route("texts", "+91", ("simulator",), shown="+15550100"),)}
    flow.use(replace(flow.current(), routes={**flow.current().routes, **elsewhere}))

    answer = door.post("phone-token/", {"phone": PHONE})

    assert (answer.status_code, list(answer.json)) == (424, ["detail"])
    assert rows()["one_time_token"] == 0


@holds("POST /api/v1/accounts/register", "§10.1 the own profile's keys")
def test_who_registers_gets_his_profile_and_a_token(door: Door) -> None:
    answer = door.post("register/", door.newcomer(email="Tom@Example.COM", first_name="  Tom "))

    assert answer.status_code == 201
    assert answer.json.keys() == PROFILE | {"token"}
    told = {key: answer.json[key] for key in PROFILE - {"id", "created", "updated"}}
    assert told == {
        "first_name": "Tom", "last_name": "Brady", "email": "tom@example.com", "email_pending": None,
        "email_verified": False, "email_notifications": True, "phone": PHONE, "phone_pending": None,
        "phone_verified": True, "payment_verified": False, "profile_image": None, "timezone": "America/New_York",
        "is_active": True, "call_me": False,
    }  # fmt: skip
    assert len(answer.json["token"]) == 32
    assert door.profile(answer.json["token"]).json["id"] == answer.json["id"]


@holds("§10.1 the tokens' lengths and letters")
def test_his_address_is_mailed_ten_letters_and_digits(door: Door) -> None:
    door.registered()

    assert len(mailed("tom@example.com")) == 10
    assert (Mail.get().to, Mail.get().at_least_once) == ("tom@example.com", True)


def test_the_password_is_kept_as_a_slow_hash(door: Door) -> None:
    user = User.get(User.username == f"account:{door.registered()['id']}")

    assert user.password.startswith("$argon2id$")


BAD: list[tuple[str, Any]] = [
    *[(name, value) for name in ("first_name", "last_name") for value in (None, "", "  ", "x" * 51, 7, True, [])],
    *[("email", value) for value in (None, "", "tom", "tom@", "@e.com", "a b@e.com", "x" * 250 + "@e.com", 7)],
    *[("password", value) for value in (None, "", "short 1", "no digit here", "1" * 1001, 12345678, ["touchdown 12"])],
    *[("phone", value) for value in (None, "", "312555019", 3125550190)],
    *[("phone_token", value) for value in (None, "", "abc", "abcdefg", "abcde!", 123456, "ábcdef")],
    *[("timezone", value) for value in (None, "", "Nowhere/Else", "america/chicago", "+02:00", 1, "../UTC")],
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), BAD)
@holds("§10.1 the password's rule", "§10.1 register: 400 bad token or zone, 409 mail in use")
def test_a_bad_field_is_named_and_nothing_is_made(door: Door, field: str, value: Any) -> None:
    whole = door.newcomer()
    before = rows()

    bad = door.post("register/", {**whole, field: value})
    missing = door.post("register/", {name: fact for name, fact in whole.items() if name != field})

    assert [(answer.status_code, list(answer.json)) for answer in (bad, missing)] == [(400, [field])] * 2
    assert rows() == before


def test_all_bad_fields_are_named_at_once(door: Door) -> None:
    assert set(door.post("register/", {}).json) == {*TOM, "phone_token"}


@pytest.mark.parametrize(
    ("field", "value"), [("first_name", "x" * 50), ("password", "1" * 8), ("password", "ü1" * 500)]
)
def test_what_is_just_so_long_is_taken(door: Door, field: str, value: str) -> None:
    assert door.post("register/", door.newcomer(**{field: value})).status_code == 201


@holds("§10.1 register: 400 bad token or zone, 409 mail in use")
def test_a_wrong_code_registers_nobody_and_the_right_one_stays_good(door: Door) -> None:
    whole = door.newcomer()
    others = door.newcomer(OTHER_PHONE)

    wrong = [
        door.post("register/", {**whole, "phone_token": token})
        for token in (WRONG["phone"], others["phone_token"])
    ]

    assert [(answer.status_code, list(answer.json)) for answer in wrong] == [(400, ["phone_token"])] * 2
    assert rows()["account"] == rows()["person"] == 0
    assert (
        door.post("register/", {**whole, "phone_token": f" {whole['phone_token'].upper()} "}).status_code
        == 201
    )


@holds("default: verification tokens live 7 days")
def test_a_code_is_good_once_and_for_a_week(door: Door, jump: Any) -> None:
    whole, late = door.newcomer(), door.newcomer(OTHER_PHONE, email="late@example.com")

    first = door.post("register/", whole)
    second = door.post("register/", {**whole, "email": "else@example.com"})
    jump(7 * DAY + 1)
    expired = door.post("register/", late)

    assert (first.status_code, second.status_code, expired.status_code) == (201, 400, 400)
    assert list(second.json) == list(expired.json) == ["phone_token"]


@holds("§10.1 register: 400 bad token or zone, 409 mail in use")
def test_an_address_in_use_is_409_and_the_phones_code_stays_good(door: Door) -> None:
    door.registered()
    whole = door.newcomer(OTHER_PHONE, email="TOM@example.com")
    before = rows()

    taken = door.post("register/", whole)

    assert (taken.status_code, list(taken.json)) == (409, ["detail"])
    assert {**rows(), "allowance": 0} == {**before, "allowance": 0}
    assert door.post("register/", {**whole, "email": "other@example.com"}).status_code == 201


def test_a_number_that_somebody_has_meanwhile_is_refused(door: Door, members: Members) -> None:
    whole = door.newcomer()
    Account.update(phone="+1" + PHONE).where(Account.id == members.eve.account.id).execute()

    answer = door.post("register/", whole)

    assert (answer.status_code, list(answer.json)) == (400, ["phone"])
    assert OneTimeToken.select().count() == 1


def test_a_number_leaves_who_never_showed_that_it_was_his(door: Door, members: Members) -> None:
    here = Account.id == members.eve.account.id
    Account.update(phone="+1" + PHONE, phone_verified=False).where(here).execute()

    assert door.registered()["phone"] == PHONE
    assert members.eve.fresh.phone is None


def test_who_registers_is_nobody_to_http_basic_and_to_the_mentors_pages(door: Door, client: Client) -> None:
    name = f"account:{door.registered()['id']}"

    answers = [client.get(path, user=name, password=GOOD) for path in ("/mentor/call/", "/comms/call/")]
    page = Reader().log_in(name, GOOD)

    assert [answer.status_code for answer in answers] == [401, 401]
    assert (page.status_code, rows()["web_session"]) == (403, 0)
