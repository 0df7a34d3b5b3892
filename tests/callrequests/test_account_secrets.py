"""Tokens and passwords: seen by whom they are sent to, and in no table once a carrier has them."""

from collections.abc import Callable
from typing import Any

import pytest

from models import database, keeping
from models.deliveries import Mail, Text
from models.people.one_time_tokens import OneTimeToken
from tests.api.looking import rows
from tests.callrequests.entering import BETTER, GOOD, OTHER_PHONE, PHONE, Door, mailed, texted
from tests.house import Carrier, run_due, run_until_settled

HOUR, DAY = 3600.0, 86_400.0
LOST = [("refuse", "failed"), ("error", "expired")]  # what the carrier does, and what becomes of the text


def everything() -> str:
    """All that stands in all tables."""
    tables = [name for name in database.db.obj.get_tables() if name != "schema_migration"]
    found = [database.db.obj.execute_sql(f'SELECT * FROM "{name}"').fetchall() for name in tables]
    return "\n".join(str(value) for table in found for row in table for value in row)


def test_no_table_keeps_a_token_or_a_password(door: Door, carrier: Carrier) -> None:
    newcomer = door.newcomer()
    run_due()
    me = door.post("register/", newcomer).json
    secrets = [newcomer["phone_token"], me["token"], GOOD, BETTER, mailed("tom@example.com")]
    run_due()
    door.patch({"email": "new@example.com", "phone": OTHER_PHONE}, me["token"])
    secrets += [mailed("new@example.com"), texted(OTHER_PHONE)]
    assert all(secret in everything() for secret in secrets[-2:])  # before a carrier has them, they must
    run_due()
    secrets += [door.forgetful("tom@example.com"), door.log_in("tom@example.com").json["token"]]
    run_due()
    change = {"old_password": GOOD, "new_password": BETTER}
    assert door.post("change-password/", change, me["token"]).status_code == 200

    left = everything()

    assert [secret for secret in secrets if secret in left] == []
    assert len(carrier.log("text")) == 2
    assert len(carrier.log("mail")) == 3
    assert {row.status for table in (Text, Mail) for row in table.select()} <= {"sent", "delivered"}
    for sent in carrier.log("text"):
        assert sent["body"][:6] in secrets


def test_what_was_sent_still_works_after_it_was_wiped(door: Door, carrier: Carrier) -> None:
    newcomer = door.newcomer()
    run_due()
    me = door.post("register/", newcomer).json
    token = mailed("tom@example.com")
    run_due()

    assert (Text.get().body, Mail.get().text, Mail.get().html) == ("", "", "")
    assert door.post("verify-email/", {"token": token}, me["token"]).status_code == 200


def test_one_that_is_still_to_be_sent_is_not_wiped_with_another(door: Door, carrier: Carrier) -> None:
    me = door.registered()
    door.patch({"email": "new@example.com"}, me["token"])
    first, second = Mail.select().order_by(Mail.id)

    first.fail("refused")

    assert [bool(mail.text) for mail in Mail.select().order_by(Mail.id)] == [False, True]
    assert len(mailed("new@example.com")) == 10
    assert second.html


@pytest.mark.parametrize(("fault", "end"), LOST)
def test_a_text_that_reaches_nobody_leaves_the_number_free(
    door: Door, carrier: Carrier, jump: Callable[[float], None], fault: str, end: str
) -> None:
    carrier.fault(fault, "text")
    door.post("phone-token/", {"phone": PHONE})
    run_due()
    jump(5 * HOUR)
    run_due()
    carrier.heal()

    assert (Text.get().status, Text.get().body) == (end, "")
    assert rows()["one_time_token"] == 0
    assert door.post("phone-token/", {"phone": PHONE}).status_code == 201
    assert door.post("register/", {**door.newcomer(OTHER_PHONE)}).status_code == 201


def test_a_text_that_is_lost_voids_no_code_of_an_account(door: Door, carrier: Carrier) -> None:
    me = door.registered()
    door.patch({"phone": OTHER_PHONE}, me["token"])
    token = texted(OTHER_PHONE)

    Text.get(Text.to == f"+1{OTHER_PHONE}").fail("refused")

    assert door.post("verify-phone/", {"token": token}, me["token"]).status_code == 200


def test_a_code_may_come_twice_and_is_sent_again_when_nobody_knows(door: Door, carrier: Carrier) -> None:
    carrier.fault("timeout_after_accept", "text", times=1)
    door.post("phone-token/", {"phone": PHONE})

    run_until_settled()

    assert Text.get().status in ("sent", "delivered")
    assert Text.get().body == ""


def test_what_nobody_knows_the_fate_of_is_wiped_when_no_code_is_good_any_more(
    door: Door, jump: Callable[[float], None]
) -> None:
    door.registered()
    for table in (Text, Mail):
        table.update(status="unknown").execute()

    jump(6 * DAY)
    early = keeping.prune()
    jump(7 * DAY + 60)
    late = keeping.prune()

    assert (early["tokens_sent"], late["tokens_sent"]) == (0, 2)
    assert (Text.get().body, Mail.get().text, Mail.get().html) == ("", "", "")


def test_what_is_over_is_pruned(door: Door, jump: Callable[[float], None]) -> None:
    door.registered()
    door.post("phone-token/", {"phone": OTHER_PHONE})
    door.post("request-password/", {"email": "nobody@example.com"})
    door.log_in("tom@example.com", "wrong")
    tables = ("one_time_token", "auth_token", "password_request", "allowance")
    before = {name: rows()[name] for name in tables}

    jump(7 * DAY + 60)
    pruned = keeping.prune()

    assert before == {"one_time_token": 2, "auth_token": 1, "password_request": 1, "allowance": 8}
    assert {name: pruned[f"{name}s"] for name in tables} == before
    assert {name: rows()[name] for name in tables} == dict.fromkeys(tables, 0)


def test_a_code_is_kept_as_a_hash_that_needs_the_key(door: Door) -> None:
    door.post("phone-token/", {"phone": PHONE})

    token: Any = OneTimeToken.get()
    assert len(token.token_hash) == 64
    assert token.id > 2**40  # drawn by lot: none is given twice
