"""How the chaos's practice plans alarms: nobody's number is another's, and no answer means that it looks."""

import pytest

from chaos import patients
from chaos.asking import Heard
from chaos.planning import Planning
from chaos.wishes import Wish

ROW = {"url": "http://127.0.0.1/rest-api/alarm/7/"}


def errand(number: int = 3) -> Planning:
    return Planning(Wish("wish-1", "alarm", "", pair=number))


def test_no_two_patients_share_a_number_or_an_event() -> None:
    every = range(patients.EVENTS)

    assert (
        len({patients.phone(n) for n in every} | {patients.family(n) for n in every}) == 2 * patients.EVENTS
    )
    assert len({patients.event(n) for n in every}) == patients.EVENTS
    with pytest.raises(ValueError, match="add events"):
        patients.event(patients.EVENTS)


@pytest.mark.parametrize("number", range(len(patients.MANNERS)))
def test_an_alarm_is_asked_for_as_its_manner_has_it(number: int) -> None:
    manner, asking = patients.manner(number), errand(number).asking()

    assert (asking.verb, asking.body["event"]) == ("POST", number + 1)
    assert asking.body["method"] == manner.method
    assert asking.body.get("maxretry", 0) == max(0, manner.rings - 1)
    assert ("alarm_email" in asking.body) == (manner.method == patients.MAIL)


def test_who_has_no_answer_looks_and_asks_again_only_when_it_is_not_there() -> None:
    asking = errand().asking()

    assert [asking.heard(status, 1) for status in (201, 599, 503, 400)] == [
        Heard.DONE, Heard.LOOK, Heard.LOOK, Heard.NEVER,
    ]  # fmt: skip
    assert asking.took_effect({"count": 1, "results": [ROW]})
    assert not asking.took_effect({"count": 0, "results": []})
    assert asking.otherwise is Heard.AGAIN


@pytest.mark.parametrize("answer", [ROW, {"count": 1, "results": [ROW]}])
def test_what_was_written_down_or_found_is_promised_once_its_event_is_moved(
    answer: dict[str, object],
) -> None:
    plan = errand()
    plan.acknowledge(plan.asking(), answer)
    moving = plan.asking()

    assert (moving.verb, moving.path) == ("PATCH", "/rest-api/event/4/")
    assert moving.heard(599, 1) is Heard.AGAIN
    plan.acknowledge(moving, {})
    assert plan.step is None
    assert plan.promise().reference == "alarm:7"
