"""What call requests keep, and what they do not wait for: rules of the specification that no single route shows."""

from datetime import UTC, datetime, timedelta, timezone

import peewee
import pytest

from models.callrequests import CallRequest, CanceledCallRequestLog, RequestReminder
from models.deliveries import Mail
from models.people.accounts import Account
from tests.callrequests import dealing
from tests.callrequests.dealing import WHY, agreed, good, one, path, quarter, three
from tests.callrequests.entering import PHONE, Door, mailed
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Carrier, run_due

KOLKATA = timedelta(hours=5, minutes=30)


@holds("§6 a failure never fails the request")
def test_mails_that_nobody_carries_hold_no_deed_up(members: Members, carrier: Carrier) -> None:
    carrier.fault("error", "mail", times=100)

    request = dealing.asked(members.rita, members.tom)
    run_due()
    good(members.tom.patch(path(request, "accept"), three()))
    run_due()
    good(members.rita.patch(path(request, "agreed-time"), one()))
    run_due()
    good(members.tom.patch(path(request, "cancel"), WHY))
    run_due()

    assert [carried["reference"] for carried in carrier.log("mail")] == []
    assert Mail.select().count() == 5
    assert members.rita.get(f"call-requests/{request}").json["status"] == "c"


@holds("§6 a failure never fails the request")
def test_a_mail_that_was_refused_for_good_takes_nothing_back(members: Members, carrier: Carrier) -> None:
    carrier.fault("refuse", "mail", times=100)

    request = agreed(members.rita, members.tom)
    run_due()

    assert {mail.status for mail in Mail.select()} == {"failed"}
    assert members.rita.get(f"call-requests/{request}").json["agreed_time"] is not None


@holds("§11 one cancellation of a request")
def test_a_request_has_one_cancellation(members: Members) -> None:
    request = dealing.cancelled(members.rita, members.tom)

    with pytest.raises(peewee.IntegrityError):
        CanceledCallRequestLog.create(
            call_request=request, account=members.tom.account, reason="Me too", was_accepted=False
        )


@holds("§11 one reminder for a request, a party and a time")
def test_a_party_is_reminded_of_a_time_by_one_row(members: Members) -> None:
    agreed(members.rita, members.tom)
    first = RequestReminder.get().__data__

    with pytest.raises(peewee.IntegrityError):
        RequestReminder.create(**{name: value for name, value in first.items() if name != "id"})


@holds("§11 datetimes in UTC with microseconds")
def test_moments_are_kept_in_utc_to_the_microsecond(members: Members) -> None:
    elsewhere = {
        name: datetime.fromisoformat(at).astimezone(timezone(KOLKATA)).isoformat()
        for name, at in three().items()
    }
    request = dealing.asked(members.rita, members.tom)
    good(members.tom.patch(path(request, "accept"), elsewhere))
    moment = datetime(2027, 1, 4, 18, 0, 0, 123456, tzinfo=UTC)
    CallRequest.update(updated_at=moment).execute()

    row = CallRequest.get_by_id(request)

    assert [at.utcoffset() for at in row.suggestions.get().times] == [timedelta(0)] * 3
    assert row.suggestions.get().times == tuple(quarter(number) for number in range(3))
    assert row.updated_at == moment
    assert members.rita.get(f"call-requests/{request}").json["updated"] == "2027-01-04T18:00:00.123456Z"


@holds("§10.1 an account's defaults")
def test_what_nobody_said_of_an_account_is_the_default(door: Door) -> None:
    told = door.registered()

    names = ("email_notifications", "payment_verified", "profile_image", "is_active", "call_me")
    assert [told[name] for name in names] == [True, False, None, True, False]
    assert Account().timezone == "America/Chicago"


@holds("§10.1 mail addresses and numbers are unique, addresses in lower case")
@pytest.mark.parametrize("column", ["email", "phone"])
def test_two_accounts_share_neither_address_nor_number(members: Members, column: str) -> None:
    theirs = getattr(members.tom.account, column)

    with pytest.raises(peewee.IntegrityError):
        Account.update({column: theirs}).where(Account.id == members.rita.account.id).execute()


@holds("§10.1 mail addresses and numbers are unique, addresses in lower case")
def test_an_address_is_one_however_it_is_written(door: Door) -> None:
    door.registered(email="Tom@Example.COM")

    assert mailed("tom@example.com")
    assert door.log_in("TOM@EXAMPLE.com").status_code == 200
    again = door.post("register/", door.newcomer("3125550198", email="tOm@example.com"))
    assert (again.status_code, list(again.json)) == (409, ["detail"])
    assert Account.get(Account.email == "tom@example.com").phone.e164() == f"+1{PHONE}"
