"""Reminders of agreed calls: one text for each party, at its moment, once, and only while there is a call."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models import clock, graveyard, settings
from models.callrequests import CallRequest, RequestReminder, moving, reminding
from models.database import transaction
from models.deliveries import Text
from models.ledger import LedgerRow
from models.people import User
from models.people.accounts import Account
from tests.callrequests.agreeing import (
    AT,
    QUARTER,
    SECOND,
    Jump,
    agreed,
    be,
    cancelled,
    number,
    offered,
    planned,
    states,
    texts,
)
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import run_due
from workers.actors import RUNNERS

MINUTE = timedelta(minutes=1)
DIAL = "Join by dialing +13125550100."


def remind() -> None:
    """Do what is due of reminding; no carrier is asked for the texts."""
    owed = LedgerRow.select().where((LedgerRow.name == "remind_party") & (LedgerRow.due_at <= clock.now()))
    for row in owed.order_by(LedgerRow.id):
        for _ in range(2):  # hints may be doubled, whatever the backend
            RUNNERS["remind_party"](row.id, row.attempt)


@holds("§7 one for each party, 15 minutes before", "§7 to +1 and the digits", "§7 what the text says")
@holds("default: reminders 15 minutes before", "agreed-time: a text is scheduled 15 minutes before for both")
def test_both_are_reminded_a_quarter_of_an_hour_before_and_not_a_second_sooner(
    members: Members, jump: Jump
) -> None:
    planned(members, jump)

    be(jump, AT - QUARTER - 10 * SECOND)
    remind()
    early = texts()
    be(jump, AT - QUARTER)
    remind()

    assert early == []
    assert texts() == [
        (number(members.rita), f"Your call with Tom Brady starts in 15 minutes. {DIAL}"),
        (number(members.tom), f"Your call with Rita Requester starts in 15 minutes. {DIAL}"),
    ]
    assert states() == ["handed", "handed"]
    assert {text.reference for text in Text.select()} == {one.reference for one in RequestReminder.select()}


@holds("default: the conference number comes from the settings")
def test_when_reminders_come_and_the_number_to_dial_are_the_operators_to_say(
    members: Members, jump: Jump
) -> None:
    settings.use(
        replace(settings.current(), reminder_lead=timedelta(minutes=60), conference_number="+14155550199")
    )
    planned(members, jump)

    be(jump, AT - timedelta(minutes=60))
    remind()

    assert [body for _, body in texts()] == [
        "Your call with Tom Brady starts in 60 minutes. Join by dialing +14155550199.",
        "Your call with Rita Requester starts in 60 minutes. Join by dialing +14155550199.",
    ]


@holds("§7 what the text says")
def test_no_text_has_anybodys_own_number_and_all_fit_the_phones_own_letters(
    members: Members, jump: Jump
) -> None:
    planned(members, jump)
    be(jump, AT - QUARTER)
    remind()

    for _, body in texts():
        assert body.isascii()
        for digits in (number(members.rita), number(members.tom)):
            assert digits[2:] not in body


@holds("§7 what the text says")
def test_a_name_that_would_break_the_text_is_written_on_one_line(members: Members, jump: Jump) -> None:
    User.update(first_name="Tom\r\nBcc: x\u202e", last_name=" Brady\t ").where(
        User.id == members.tom.account.user_id
    ).execute()
    request = planned(members, jump)

    said = reminding.wording(request, members.rita.account.id, AT - QUARTER)

    assert said == f"Your call with Tom Bcc: x Brady starts in 15 minutes. {DIAL}"


@pytest.mark.parametrize(
    ("left", "minutes"),
    [(timedelta(minutes=15), 15), (timedelta(minutes=14, seconds=59), 15), (timedelta(minutes=14, seconds=29), 14),
     (timedelta(minutes=1, seconds=30), 2), (timedelta(minutes=1, seconds=29), 1), (timedelta(seconds=1), 1)],
    ids=str,
)  # fmt: skip
@holds("§7 past due is sent at once with the true minutes")
def test_the_minutes_left_are_the_nearest_and_never_none(left: timedelta, minutes: int) -> None:
    assert reminding.minutes_left(left) == minutes


@pytest.mark.parametrize(
    ("before", "words"),
    [(timedelta(minutes=14), "14 minutes"), (timedelta(minutes=8), "8 minutes"), (timedelta(minutes=1), "1 minute")],
    ids=str,
)  # fmt: skip
@holds("§7 past due is sent at once with the true minutes", "§5.7 less than 30 minutes ahead is fine")
def test_a_time_agreed_after_that_moment_is_reminded_of_at_once_with_the_minutes_that_are_left(
    members: Members, jump: Jump, before: timedelta, words: str
) -> None:
    be(jump, AT - timedelta(hours=1))
    request = offered(members.rita, members.tom, AT)
    be(jump, AT - before)

    moving.agree(request.id, members.rita.account.id, AT)
    remind()

    assert [f"starts in {words}." in body for _, body in texts()] == [True, True]


@holds("§7 overdue: sent before the call, else expired", "D-24")
def test_after_an_outage_what_is_late_is_sent_while_it_is_of_use(members: Members, jump: Jump) -> None:
    planned(members, jump)

    be(jump, AT - 4 * MINUTE)
    remind()

    assert [body.split("starts ")[1].split(".")[0] for _, body in texts()] == ["in 4 minutes"] * 2


@holds("§7 overdue: sent before the call, else expired", "D-24")
@pytest.mark.parametrize("late", [timedelta(), SECOND, timedelta(days=2)], ids=str)
def test_from_the_agreed_time_on_a_reminder_has_expired(
    members: Members, jump: Jump, late: timedelta
) -> None:
    planned(members, jump)

    be(jump, AT + late)
    remind()

    assert (texts(), states()) == ([], ["expired", "expired"])
    assert not LedgerRow.select().where(LedgerRow.name == "remind_party").exists()


def test_a_text_is_of_no_use_after_the_agreed_time(members: Members, jump: Jump) -> None:
    planned(members, jump)
    be(jump, AT - QUARTER)
    remind()

    ends = {row.expires_at for row in LedgerRow.select().where(LedgerRow.name == "send_text")}

    assert ends == {AT}


@holds("§7 re-read under lock: status and time", "§7 cancel revokes", "§8 commands: cancel")
def test_a_cancelled_call_is_not_reminded_of(members: Members, jump: Jump) -> None:
    request = planned(members, jump)

    cancelled(request)

    assert states() == ["revoked", "revoked"]
    assert not LedgerRow.select().where(LedgerRow.name == "remind_party").exists()
    be(jump, AT - QUARTER)
    run_due()
    assert texts() == []


@holds("§7 re-read under lock: status and time")
@pytest.mark.parametrize(
    "change",
    [{"status": "c"}, {"status": "s"}, {"agreed_time": AT + QUARTER}, {"agreed_time": AT - QUARTER}],
    ids=str,
)
def test_a_reminder_that_is_due_looks_at_the_request_again(
    members: Members, jump: Jump, change: dict[str, Any]
) -> None:
    planned(members, jump)
    CallRequest.update(**change).execute()

    be(jump, AT - QUARTER)
    remind()

    assert (texts(), states()) == ([], ["revoked", "revoked"])


@holds("§7 cancel revokes")
def test_a_text_that_no_carrier_has_yet_is_called_off_with_the_call(members: Members, jump: Jump) -> None:
    request = planned(members, jump)
    be(jump, AT - QUARTER)
    remind()

    cancelled(request)

    assert [text.status for text in Text.select()] == ["expired", "expired"]
    assert states() == ["revoked", "revoked"]


@holds("§7 cancel revokes")
def test_a_text_that_a_carrier_may_have_is_not_called_off_and_its_fate_is_told(
    members: Members, jump: Jump
) -> None:
    request = planned(members, jump)
    be(jump, AT - QUARTER)
    remind()
    first = Text.select().order_by(Text.id).first()
    with transaction():
        asked = first.begin("simulator", 1)

    cancelled(request)
    under_way = [text.status for text in Text.select().order_by(Text.id)]
    with transaction():
        Text.locked(first.id).accepted(asked, "sms-1")

    assert under_way == ["unknown", "expired"]
    assert states() == ["sent", "revoked"]


@pytest.mark.parametrize(
    ("told", "state", "cause"),
    [
        (lambda text: text.accepted(text.begin("simulator", 1), "sms-1"), "sent", None),
        (lambda text: text.report(True), "sent", None),
        (lambda text: text.fail("no such number"), "failed", "no such number"),
        (lambda text: text.report(False, "handset off"), "failed", "handset off"),
        (lambda text: text.expire(), "expired", "its last useful moment passed"),
        (lambda text: text.begin("simulator", 1) and text.lose_sight("no answer"),
         "unknown", "no answer"),
        (lambda text: (text.expire(), text.report(True)), "sent", None),
        (lambda text: (text.report(False, "handset off"), text.report(True)), "sent", None),
        (lambda text: (text.report(True), text.report(False, "handset off")), "sent", None),
    ],
    ids=["taken", "arrived", "refused", "never arrived", "too late", "lost sight of", "late and arrived",
         "arrived after all", "arrived and said not to"],
)  # fmt: skip
def test_a_reminder_follows_the_life_of_its_text(
    members: Members, jump: Jump, told: Any, state: str, cause: str | None
) -> None:
    planned(members, jump)
    be(jump, AT - QUARTER)
    remind()

    with transaction():
        told(Text.locked(Text.select().order_by(Text.id).first().id))

    mine, other = RequestReminder.select().order_by(RequestReminder.id)
    assert (mine.state, mine.cause, other.state) == (state, cause, "handed")
    assert (mine.ended_at is None, other.ended_at) == (False, None)


@pytest.mark.parametrize(
    ("change", "cause"),
    [({"phone": None}, "no verified phone"), ({"phone_verified": False}, "no verified phone")],
    ids=["no phone", "not verified"],
)
@holds("§7 no phone: skipped", "§7 retries, and one party's failure is its own")
def test_who_has_no_verified_phone_is_skipped_and_the_other_is_reminded(
    members: Members, jump: Jump, change: dict[str, Any], cause: str
) -> None:
    planned(members, jump)
    Account.update(**change).where(Account.id == members.rita.account.id).execute()

    be(jump, AT - QUARTER)
    remind()

    assert [to for to, _ in texts()] == [number(members.tom)]
    assert states() == ["skipped", "handed"]
    assert RequestReminder.get(RequestReminder.state == "skipped").cause == cause


def test_when_an_account_was_closed_neither_is_reminded_of_what_cannot_be(
    members: Members, jump: Jump
) -> None:
    planned(members, jump)
    User.update(is_active=False).where(User.id == members.tom.account.user_id).execute()

    be(jump, AT - QUARTER)
    remind()

    assert (texts(), states()) == ([], ["skipped", "skipped"])
    causes = [reminder.cause for reminder in RequestReminder.select().order_by(RequestReminder.id)]
    assert causes == ["the other's account is closed", "the account is closed"]


def test_a_number_changed_meanwhile_is_the_one_that_is_written_to(members: Members, jump: Jump) -> None:
    planned(members, jump)
    Account.update(phone="+13125559876").where(Account.id == members.rita.account.id).execute()

    be(jump, AT - QUARTER)
    remind()

    assert [to for to, _ in texts()] == ["+13125559876", number(members.tom)]


@holds("§7 at most one text")
def test_a_reminder_replayed_by_a_person_sends_nothing_twice(members: Members, jump: Jump) -> None:
    planned(members, jump)
    be(jump, AT - QUARTER)
    remind()

    for reminder in RequestReminder.select():
        with transaction():
            reminding.remind(reminder.id)

    assert len(texts()) == 2


def test_a_buried_reminder_that_is_replayed_too_late_expires(members: Members, jump: Jump) -> None:
    planned(members, jump)
    LedgerRow.update(state="dead", error="a fault of ours").where(LedgerRow.name == "remind_party").execute()
    be(jump, AT + SECOND)

    graveyard.replay([row["id"] for row in graveyard.dead()])
    remind()

    assert (texts(), states()) == ([], ["expired", "expired"])


def test_the_same_two_may_have_other_calls_each_with_its_own_reminders(members: Members, jump: Jump) -> None:
    first = planned(members, jump)
    agreed(members.rita, members.tom, AT)
    agreed(members.heidi, members.tom, AT + timedelta(hours=1))
    cancelled(first)

    be(jump, AT - QUARTER)
    remind()

    assert states() == ["revoked"] * 2 + ["handed"] * 2 + ["pending"] * 2
