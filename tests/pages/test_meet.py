"""The page of one party: what it offers in each state, and that its buttons do what the API does, and no more."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from models import settings
from models.callrequests import CallRequest, CanceledCallRequestLog, Step, TimeSuggestion, moving, ringing
from models.deliveries import Mail
from models.ledger import LedgerRow
from models.people import User
from models.privacy.erasing import erase
from models.privacy.persons import Person
from tests.api.looking import statements
from tests.callrequests.members import Member
from tests.conformance import holds
from tests.house import run_due
from tests.pages.meeting import Pair, deeds_of, times, typed, walls

DAY = 86400.0


def opened(_pair: Pair) -> None:
    """Nobody has answered."""


def countered(pair: Pair) -> None:
    pair.accepted()
    moving.suggest(pair.id, pair.rita.account.id, times(5))


def declined(pair: Pair) -> None:
    moving.decline(pair.id, pair.tom.account.id, "On holiday")


def cancelled(pair: Pair) -> None:
    pair.agreed()
    moving.cancel(pair.id, pair.rita.account.id, "Ill")


def held(pair: Pair) -> None:
    pair.agreed()
    moving.hold(pair.id)


# In each state: what Rita can do, what Tom can do.
STATES: dict[str, tuple[Callable[[Pair], Any], set[str], set[str]]] = {
    "open": (opened, {"cancel"}, {"accept", "decline"}),
    "accepted": (Pair.accepted, {"agree", "propose", "cancel"}, {"propose", "cancel"}),
    "countered": (countered, {"propose", "cancel"}, {"agree", "propose", "cancel"}),
    "agreed": (Pair.agreed, {"cancel"}, {"cancel"}),
    "declined": (declined, set(), set()),
    "cancelled": (cancelled, set(), set()),
    "held": (held, set(), set()),
}
PATHS = {
    "accept": "accept", "decline": "decline", "agree": "agreed-time", "propose": "new-times", "cancel": "cancel",
}  # fmt: skip


@holds("a public page: agree, propose, accept, decline, cancel")
@pytest.mark.parametrize("state", STATES)
def test_each_party_is_offered_what_he_can_do(pair: Pair, state: str):
    reach, ritas, toms = STATES[state]
    reach(pair)
    assert set(deeds_of(pair.look(pair.rita))) == ritas
    assert set(deeds_of(pair.look(pair.tom))) == toms


def fields_and_body(pair: Pair, who: Member, deed: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The same deed as the page sends it, and as the app does."""
    if deed in ("accept", "propose"):
        moments = times(9)
        body = {
            f"time_{name}": m.isoformat() for name, m in zip(("one", "two", "three"), moments, strict=True)
        }
        return walls(who, *moments), body
    if deed == "agree":
        latest = pair.now.suggestions.order_by(TimeSuggestion.id.desc()).first()
        moment = (latest.datetime_two if latest else times()[1]).isoformat()
        return {"agreed_time": moment}, {"agreed_time": moment}
    return {"reason": "Something came up"}, {"reason": "Something came up"}


def left(request_id: int) -> dict[str, Any]:
    """All that a deed leaves behind, but for ids and when."""
    request = CallRequest.get_by_id(request_id)
    here = {"suggestions": TimeSuggestion, "cancellations": CanceledCallRequestLog, "steps": Step}
    return {
        "request": (request.status, request.reason, request.agreed_time, request.way),
        **{
            name: [row.account_id for row in getattr(request, name).order_by(kind.id)]
            for name, kind in here.items()
        },
        "owed": sorted(row.name for row in LedgerRow.select()),
    }


@holds("a public page: agree, propose, accept, decline, cancel")
@pytest.mark.parametrize("deed", PATHS)
@pytest.mark.parametrize("name", ["rita", "tom"])
@pytest.mark.parametrize("state", STATES)
def test_a_button_does_what_the_api_does_in_every_state(pair: Pair, state: str, name: str, deed: str):
    """Whatever the page offers: here it is pressed all the same."""
    after = []
    for by_page in (True, False):
        pair.request = pair.ask() if not by_page else pair.request
        STATES[state][0](pair)
        LedgerRow.delete().execute()
        who = getattr(pair, name)
        fields, body = fields_and_body(pair, who, deed)
        if by_page:
            answer = pair.press(who, deed, **fields)
            done = answer.status_code == 303
            assert done or (answer.status_code == 400 and 'role="alert"' in answer.text)
        else:
            answer = who.patch(f"call-requests/{pair.id}/{PATHS[deed]}/", body)
            done = answer.status_code == 200
            assert done or answer.status_code in (400, 403, 409)
        after.append((done, left(pair.id)))
        if pair.now.status == "o":
            moving.cancel(pair.id, pair.rita.account.id, "Room for another request")
    assert after[0] == after[1]


def test_the_hero_accepts_and_the_other_agrees_from_the_links_in_their_mails(pair: Pair):
    moments = times()
    answer = pair.do(pair.tom, "accept", **walls(pair.tom, *moments))
    assert answer.status_code == 303
    assert "Now it is up to Rita." in pair.reader.get(answer.headers["location"]).text
    assert pair.now.suggestions.get().times == moments

    answer = pair.do(pair.rita, "agree", agreed_time=moments[1].isoformat())
    page = pair.reader.get(answer.headers["location"]).text
    assert "It is settled." in page
    assert "+1 312 555 0100" in page
    assert pair.now.agreed_time == moments[1]
    run_due()
    mails = {mail.reference: mail.to for mail in Mail.select()}
    assert f"N7:{pair.id}" in mails
    assert "dial" in pair.look(pair.tom)


def test_what_stands_in_the_page_is_for_its_reader(pair: Pair):
    assert "Rita Requester would like to talk to you" in pair.look(pair.tom)
    assert "Your call with Tom Brady" in pair.look(pair.rita)
    for page in (pair.look(pair.tom), pair.look(pair.rita)):
        assert "&lt;b&gt;nobody&lt;/b&gt;" in page
        assert "30 minutes" in page


def test_reasons_are_read_by_the_other_one(pair: Pair):
    pair.do(pair.tom, "decline", reason="Never on <Mondays>")
    assert "Never on &lt;Mondays&gt;" in pair.look(pair.rita)
    assert "Tom declined." in pair.look(pair.rita)

    pair.request = pair.ask()
    pair.agreed()
    pair.do(pair.rita, "cancel", reason="Found it myself")
    page = pair.look(pair.tom)
    assert "Rita cancelled." in page
    assert "Found it myself" in page


@holds("a public page: no number, no address")
def test_nobodys_number_or_address_is_on_a_page(pair: Pair):
    for name, (reach, *_) in STATES.items():
        if name != "open":
            pair.request = pair.ask()
        reach(pair)
        for who in (pair.rita, pair.tom):
            page = pair.look(who)
            for account in (pair.rita.account, pair.tom.account):
                assert account.email not in page
                assert account.phone.msisdn[1:] not in page
        if name == "open":
            declined(pair)


@pytest.mark.parametrize(
    ("deed", "fields", "says"),
    [
        ("accept", {}, "Choose a day."),
        ("accept", typed("2036-01-07 10:00", "2036-01-07 ", "2036-01-07 12:00"), "Choose a time of that day."),
        ("accept", typed("2036-01-07 10:00", "2036-01-07 10:00", "2036-01-07 12:00"), "three different times"),
        ("accept", typed("2036-01-07 10:00", "2036-01-07 10:07", "2036-01-07 12:00"), "quarter hour"),
        ("accept", typed("2020-01-07 10:00", "2036-01-07 10:00", "2036-01-07 12:00"), "at least 30 minutes from now"),
        ("accept", typed("hello there", "2036-02-31 10:00", "9999-12-31 10:00"), "Write a date and a time"),
        ("decline", {"reason": " \n "}, "1 to 500 characters"),
        ("decline", {"reason": "x" * 501}, "1 to 500 characters"),
    ],
)  # fmt: skip
def test_a_wrong_form_is_shown_again_with_what_is_wrong(
    pair: Pair, deed: str, fields: dict[str, str], says: str
):
    answer = pair.do(pair.tom, deed, **fields)
    assert answer.status_code == 400
    assert says in answer.text
    assert 'role="alert"' in answer.text
    again = deeds_of(answer.text)[deed]
    for name, value in fields.items():
        if value in ("hello", "there", "10:07"):  # what no field of the page would hold
            continue
        assert again[name] == value, "what was typed is lost"
    assert pair.now.status == "o"


def test_a_choice_is_asked_for(pair: Pair):
    pair.accepted()
    for fields in ({}, {"agreed_time": "x"}, {"agreed_time": times(7)[0].isoformat()}):
        answer = pair.press(pair.rita, "agree", **fields)
        assert answer.status_code == 400
        assert "Choose one of the" in answer.text
    assert pair.now.agreed_time is None


def test_times_proposed_before_are_refused_in_a_sentence(pair: Pair):
    pair.accepted()
    fields = walls(pair.rita, *times())
    answer = pair.do(pair.rita, "propose", **fields)
    assert answer.status_code == 400
    assert "was proposed before" in answer.text
    assert fields.items() <= deeds_of(answer.text)["propose"].items()


def test_a_button_pressed_twice_is_one_deed_and_no_complaint(pair: Pair):
    fields = walls(pair.tom, *times())
    assert [pair.press(pair.tom, "accept", seen="0", **fields).status_code for _ in range(2)] == [303, 303]
    assert pair.now.suggestions.count() == 1
    chosen = {"agreed_time": times()[0].isoformat()}
    assert [pair.press(pair.rita, "agree", **chosen).status_code for _ in range(2)] == [303, 303]
    assert [pair.press(pair.rita, "cancel", reason="Ill").status_code for _ in range(2)] == [303, 303]
    assert [step.step for step in pair.now.steps.order_by(Step.id)] == ["accepted", "agreed", "canceled"]
    assert pair.press(pair.rita, "cancel", reason="Another").status_code == 400


def test_who_comes_too_late_is_told_what_happened_and_keeps_his_words(pair: Pair):
    form = {**deeds_of(pair.look(pair.tom))["decline"], "reason": "Sorry, I am <full>"}
    moving.cancel(pair.id, pair.rita.account.id, "Found somebody")
    answer = pair.press(pair.tom, **{"deed": form.pop("do"), **form})
    assert answer.status_code == 400
    assert "Rita cancelled meanwhile." in answer.text
    assert "You had written" in answer.text
    assert "Sorry, I am &lt;full&gt;" in answer.text
    assert deeds_of(answer.text) == {}


def test_a_choice_that_was_overtaken_by_new_times_shows_these(pair: Pair):
    pair.accepted()
    form = deeds_of(pair.look(pair.rita))["agree"]
    moving.suggest(pair.id, pair.tom.account.id, times(5))
    answer = pair.reader.post(pair.page(pair.rita), {**form, "agreed_time": times()[0].isoformat()})
    assert "Tom proposed other times." in answer.text
    assert "agree" in deeds_of(answer.text)
    assert pair.now.agreed_time is None


def test_cancelling_too_often_is_warned_of_and_needs_a_tick(pair: Pair):
    for _ in range(settings.current().free_cancellations):
        pair.accepted()
        assert "have cancelled" not in pair.look(pair.rita)
        assert pair.do(pair.rita, "cancel", reason="Again").status_code == 303
        pair.request = pair.ask()
    assert "have cancelled" not in pair.look(pair.rita), "an open request is withdrawn freely"
    pair.accepted()
    assert "You have cancelled 3 calls already." in pair.look(pair.rita)
    answer = pair.do(pair.rita, "cancel", reason="And again")
    assert answer.status_code == 400
    assert "Tick this" in answer.text
    assert deeds_of(answer.text)["cancel"]["reason"] == "And again"
    assert pair.now.status == "a"
    assert pair.do(pair.rita, "cancel", reason="And again", force="true").status_code == 303
    assert pair.now.status == "c"


def test_a_call_that_is_over_can_only_be_read(pair: Pair, jump: Callable[[float], None]):
    pair.agreed()
    jump(3 * DAY + 14 * 3600)
    page = pair.look(pair.rita)
    assert "The time of this call is over." in page
    assert deeds_of(page) == {}
    assert "dial" not in page


def test_a_party_whom_an_operator_disabled_can_only_be_left(pair: Pair):
    User.update(is_active=False).where(User.id == pair.rita.account.user_id).execute()
    page = pair.look(pair.tom)
    assert "Rita cannot be reached any more." in page
    assert set(deeds_of(page)) == {"decline"}
    answer = pair.press(pair.tom, "accept", **walls(pair.tom, *times()))
    assert answer.status_code == 400
    assert pair.now.status == "o"
    assert pair.do(pair.tom, "decline", reason="So be it").status_code == 303


def test_who_was_erased_has_no_name_and_no_page(pair: Pair):
    pair.accepted()
    path = pair.page(pair.rita)
    erase(Person.of(pair.rita.account.user_id))
    assert pair.reader.get(path).status_code == 404
    page = pair.look(pair.tom)
    assert "Rita" not in page
    assert "Somebody cancelled." in page
    assert "erased" not in page.partition("<blockquote")[0]
    assert deeds_of(page) == {}


def test_the_number_stands_there_as_long_as_anybody_is_let_in(pair: Pair, jump: Callable[[float], None]):
    agreed = pair.agreed()
    for minutes, said in ((119, True), (121, False)):
        jump((agreed - datetime.now(UTC)).total_seconds() + 60 * minutes)
        assert ("+1 312 555 0100" in pair.look(pair.rita)) is said


def test_who_was_rung_in_vain_is_told_what_to_dial(pair: Pair):
    pair.agreed()
    CallRequest.update(way="dial_out").execute()
    Step.create(call_request=pair.request, step=ringing.NOT_CONNECTED)
    assert "We rang you both, but could not connect you. Dial" in pair.look(pair.rita)


def test_who_is_rung_is_told_so(pair: Pair):
    type(pair.tom.account).update(call_me=True).where(
        type(pair.tom.account).id == pair.tom.account.id
    ).execute()
    pair.agreed()
    assert "your phone rings" in pair.look(pair.rita)
    assert "your phone rings" in pair.look(pair.tom)


def test_the_agreed_call_goes_into_a_calendar(pair: Pair):
    path = pair.page(pair.rita) + "/calendar.ics"
    assert pair.reader.get(path).status_code == 404
    agreed = pair.agreed()
    assert f'href="{pair.page(pair.rita)}/calendar.ics"' in pair.look(pair.rita)
    answer = pair.reader.get(pair.page(pair.rita) + "/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "call.ics" in answer.headers["content-disposition"]
    assert f"DTSTART:{agreed:%Y%m%dT%H%M%SZ}" in answer.text
    assert "Tom Brady" in answer.text
    assert pair.tom.account.email not in answer.text
    moving.cancel(pair.id, pair.tom.account.id, "Ill")
    assert "METHOD:CANCEL" in pair.reader.get(pair.page(pair.rita) + "/calendar.ics").text


def test_a_page_takes_as_many_statements_whatever_was_said_before(pair: Pair):
    pair.accepted()
    counted = []
    for days in (None, 5, 6, 7, 8):
        if days:
            moving.suggest(pair.id, pair.tom.account.id, times(days))
        path = pair.page(pair.rita)
        with statements() as taken:
            assert pair.reader.get(path).status_code == 200
        counted.append(len(taken))
    assert len(set(counted)) == 1
    assert counted[0] <= 5
