"""Reminders and carriers: what the carrier in the box took is what people got, whatever became of asking it."""

import pytest

from models.callrequests import CallRequest, RequestReminder
from models.ledger import LedgerRow
from tests.callrequests.agreeing import AT, QUARTER, SECOND, Jump, be, cancelled, number, planned, states
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Carrier, House, hurry, reroute, run_due, run_until_settled, wait_for


@pytest.fixture
def request_(members: Members, jump: Jump, carrier: Carrier) -> CallRequest:
    """Rita and tom have agreed on `AT`, and it is time to be reminded; workers try again in fractions of a second."""
    request = planned(members, jump)
    LedgerRow.delete().where(LedgerRow.name != "remind_party").execute()  # letters have tests of their own
    hurry()
    be(jump, AT - QUARTER)
    return request


def heard(carrier: Carrier) -> list[str]:
    """The numbers that were texted."""
    return sorted(entry["to"] for entry in carrier.log("text"))


@holds("§7 at most one text")
def test_each_party_gets_one_text(members: Members, request_: CallRequest, carrier: Carrier) -> None:
    run_due()

    assert heard(carrier) == sorted([number(members.rita), number(members.tom)])
    assert states() == ["sent", "sent"]
    assert {entry["reference"] for entry in carrier.log("text")} == {
        one.reference for one in RequestReminder.select()
    }


@holds("§7 retries, and one party's failure is its own")
def test_a_carrier_that_is_away_for_a_while_is_asked_again(
    members: Members, request_: CallRequest, carrier: Carrier
) -> None:
    carrier.fault("error", "text", times=2)

    run_until_settled()

    assert heard(carrier) == sorted([number(members.rita), number(members.tom)])
    assert states() == ["sent", "sent"]


@holds("§7 retries, and one party's failure is its own")
def test_a_refusal_is_final_recorded_and_the_others_own_business(
    members: Members, request_: CallRequest, carrier: Carrier
) -> None:
    carrier.phone(number(members.rita), text="refused")

    run_until_settled()

    assert heard(carrier) == [number(members.tom)]
    assert states() == ["failed", "sent"]
    assert RequestReminder.get(RequestReminder.state == "failed").cause


@holds("§7 retries, and one party's failure is its own")
def test_a_carrier_that_stays_away_uses_up_the_patience_and_no_more(
    request_: CallRequest, carrier: Carrier
) -> None:
    carrier.fault("error", "text")

    run_until_settled()

    assert (heard(carrier), states()) == ([], ["failed", "failed"])


@holds("§7 at most one text")
def test_a_carrier_that_hangs_after_taking_the_texts_has_sent_each_once(
    members: Members, request_: CallRequest, carrier: Carrier
) -> None:
    carrier.fault("timeout_after_accept", "text", seconds=1)

    run_until_settled()

    assert heard(carrier) == sorted([number(members.rita), number(members.tom)])
    assert states() == ["sent", "sent"]


def test_a_carrier_that_cannot_be_asked_leaves_it_unknown_and_is_not_asked_twice(
    request_: CallRequest, carrier: Carrier
) -> None:
    reroute("texts", "oniondev")
    carrier.fault("timeout_after_accept", "text", seconds=1)

    run_until_settled()

    assert len(carrier.log("text")) == 2
    assert states() == ["unknown", "unknown"]


def test_a_carrier_that_is_back_only_after_the_agreed_time_sends_nothing(
    jump: Jump, request_: CallRequest, carrier: Carrier
) -> None:
    carrier.fault("error", "text")
    run_due()
    carrier.heal()

    be(jump, AT + SECOND)
    run_due()

    assert (heard(carrier), states()) == ([], ["expired", "expired"])


def test_cancelled_between_two_attempts_no_further_one_is_made(
    jump: Jump, request_: CallRequest, carrier: Carrier
) -> None:
    carrier.fault("error", "text")
    run_due()
    cancelled(request_)
    carrier.heal()

    be(jump, AT - QUARTER + 10 * SECOND)
    run_due()

    assert (heard(carrier), states()) == ([], ["revoked", "revoked"])


@pytest.mark.parametrize("report", ["failed", "never"])
def test_what_the_carrier_reports_later_is_followed(
    members: Members, jump: Jump, carrier: Carrier, house: House, report: str
) -> None:
    carrier.phone(number(members.rita), text=report)
    planned(members, jump)

    be(jump, AT - QUARTER)

    wait_for(lambda: states() == ["failed" if report == "failed" else "sent", "sent"])
    house.drain()
    assert len(carrier.log("text")) == 2
