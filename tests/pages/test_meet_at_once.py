"""Both parties press at the same moment, on their pages or in the app: one wins, the other is told what happened."""

from collections.abc import Callable
from typing import Any

import falcon.testing
import pytest

from models.callrequests import RequestReminder, Step
from models.ledger import LedgerRow
from tests.api.test_at_once import at_once
from tests.callrequests.members import Member
from tests.pages.meeting import Pair, times, walls
from tests.pages.reader import Reader

repeatedly = pytest.mark.parametrize("turn", range(4))
Press = Callable[[], falcon.testing.Result]


def press(pair: Pair, who: Member, deed: str, **fields: str) -> Press:
    """A button that is pressed later, with what its page shows now."""
    path, form = pair.page(who), {"do": deed, "seen": str(last(pair)), **fields}
    return lambda: Reader().post(path, form)


def last(pair: Pair) -> int:
    found = pair.now.steps.order_by(Step.id.desc()).first()
    return found.id if found else 0


def both(pair: Pair, *jobs: Press) -> tuple[falcon.testing.Result, falcon.testing.Result]:
    """Their answers, the winner's first; there is one winner."""
    answers = sorted(at_once(*jobs), key=lambda answer: answer.status_code)
    won, lost = answers
    assert won.status_code in (200, 303)
    assert lost.status_code in (400, 409)
    return won, lost


def steps(pair: Pair) -> list[str]:
    return [step.step for step in pair.now.steps.order_by(Step.id)]


def owed() -> list[str]:
    return sorted(row.name for row in LedgerRow.select())


@repeatedly
@pytest.mark.parametrize("by", ["page", "app"])
def test_of_acceptance_and_cancellation_one_wins(pair: Pair, turn: int, by: str):
    moments = times()
    body = {f"time_{name}": m.isoformat() for name, m in zip(("one", "two", "three"), moments, strict=True)}
    accept: Any = press(pair, pair.tom, "accept", **walls(pair.tom, *moments))
    if by == "app":
        accept = lambda: pair.tom.patch(f"call-requests/{pair.id}/accept/", body)  # noqa: E731  # one of two jobs
    answers = at_once(accept, press(pair, pair.rita, "cancel", reason="No more"))
    assert pair.now.status == "c", "whoever accepts first is cancelled after"
    codes = [answer.status_code for answer in answers]
    assert codes[1] == 303
    if codes[0] == 400:
        assert steps(pair) == ["canceled"]
        assert by == "app" or "Rita cancelled meanwhile." in answers[0].text
    else:
        assert steps(pair) == ["accepted", "canceled"]


@repeatedly
@pytest.mark.parametrize("by", ["page", "app"])
def test_of_acceptance_and_declining_one_wins(pair: Pair, turn: int, by: str):
    decline: Any = press(pair, pair.tom, "decline", reason="No time")
    if by == "app":
        decline = lambda: pair.tom.patch(f"call-requests/{pair.id}/decline/", {"reason": "No time"})  # noqa: E731  # one of two jobs
    _, lost = both(pair, press(pair, pair.tom, "accept", **walls(pair.tom, *times())), decline)
    (step,) = steps(pair)
    assert {"accepted": "a", "declined": "d"}[step] == pair.now.status
    if "role=" in lost.text:
        assert f"You {step}" in lost.text


@repeatedly
@pytest.mark.parametrize("by", ["page", "app"])
def test_of_agreement_and_other_times_one_wins(pair: Pair, turn: int, by: str):
    pair.accepted()
    chosen = times()[0].isoformat()
    agree: Any = press(pair, pair.rita, "agree", agreed_time=chosen)
    if by == "app":
        agree = lambda: pair.rita.patch(f"call-requests/{pair.id}/agreed-time/", {"agreed_time": chosen})  # noqa: E731  # one of two jobs
    _, lost = both(pair, agree, press(pair, pair.tom, "propose", **walls(pair.tom, *times(6))))
    if pair.now.agreed_time:
        assert steps(pair) == ["accepted", "agreed"]
        assert "Rita agreed to" in lost.text
    else:
        assert steps(pair) == ["accepted", "new_times"]
        assert by == "app" or "Tom proposed other times." in lost.text


@repeatedly
def test_two_agreements_to_two_times_are_one(pair: Pair, turn: int):
    pair.accepted()
    one, two, _ = times()
    _, lost = both(
        pair,
        press(pair, pair.rita, "agree", agreed_time=one.isoformat()),
        press(pair, pair.rita, "agree", agreed_time=two.isoformat()),
    )
    assert "You agreed to" in lost.text
    assert steps(pair) == ["accepted", "agreed"]
    assert RequestReminder.select().count() == 2


@repeatedly
def test_the_same_button_pressed_three_times_at_once_is_one_deed(pair: Pair, turn: int):
    accept = press(pair, pair.tom, "accept", **walls(pair.tom, *times()))
    assert [answer.status_code for answer in at_once(accept, accept, accept)] == [303] * 3
    agree = press(pair, pair.rita, "agree", agreed_time=times()[0].isoformat())
    assert [answer.status_code for answer in at_once(agree, agree, agree)] == [303] * 3
    assert steps(pair) == ["accepted", "agreed"]
    before = owed()
    cancel = press(pair, pair.tom, "cancel", reason="Ill")
    assert [answer.status_code for answer in at_once(cancel, cancel, cancel)] == [303] * 3
    assert steps(pair) == ["accepted", "agreed", "canceled"]
    assert len(owed()) < len(before) + 3, "the letters about it are owed once"


@repeatedly
def test_both_cancel_and_one_was_first(pair: Pair, turn: int):
    pair.agreed()
    _, lost = both(
        pair,
        press(pair, pair.rita, "cancel", reason="Rita is ill"),
        press(pair, pair.tom, "cancel", reason="Tom is ill"),
    )
    first = pair.now.cancellations.get()
    name = "Rita" if first.account_id == pair.rita.account.id else "Tom"
    assert f"{name} cancelled meanwhile." in lost.text
    assert f"{name} is ill" in lost.text
    assert "You had written" in lost.text
