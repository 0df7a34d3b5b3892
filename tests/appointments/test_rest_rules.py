"""Rules: superusers write them, and none is taken that says nothing sensible."""

from typing import Any

import pytest

from api.appointments.rules import PREDEFINED
from models.appointments.events import Rule
from models.appointments.recurrence import predefined
from tests.appointments.planned import BASE, Planned
from tests.conformance import holds


@pytest.fixture(autouse=True)
def _seeded(planned: Planned) -> None:
    """As every installation is."""
    Rule.delete().execute()
    predefined.seed()


def as_root(planned: Planned, verb: str, path: str, body: Any = None) -> Any:
    return planned.ask(verb, path, body, user="root")


@holds(
    "rule: url",
    "rule: name",
    "rule: description",
    "rule: frequency",
    "rule: params",
    "O-13",
    "codes: rule.frequency",
)
@pytest.mark.parametrize(
    "frequency", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
)
def test_a_superuser_writes_rules(planned: Planned, frequency: str) -> None:
    body = {
        "name": "Often",
        "description": "As often",
        "frequency": frequency,
        "params": "interval:2;byhour:9",
    }

    made = as_root(planned, "POST", "rule/", body)

    assert (made.status_code, made.json) == (201, {"url": made.json["url"], **body})
    path = made.json["url"].removeprefix(f"{BASE}/")
    assert planned.get(path).json == made.json
    assert (
        as_root(planned, "PUT", path, {"name": "Least", "frequency": frequency}).json["params"]
        == body["params"]
    )
    assert as_root(planned, "PATCH", path, {"params": None}).json["params"] is None
    assert as_root(planned, "DELETE", path).status_code == 204


@holds("rule: refused on write", "rule: the grammar of params", "O-13")
def test_a_rule_that_says_nothing_sensible_is_refused(planned: Planned) -> None:
    def refused(verb: str = "POST", path: str = "rule/", **body: Any) -> set[str]:
        answer = as_root(planned, verb, path, body)
        assert answer.status_code == 400, answer.text
        return set(answer.json)

    right = {"name": "Often", "frequency": "WEEKLY"}
    for params in (
        "colour:red", "byweekday:XX", "byweekday:8", "count:0", "interval:-1", "bymonth:13", "byhour:24", "bysetpos:1",
        "count:1,2", "count:1;count:2", "byweekday:__import__('os')", "byhour:1;" * 1000, "byweekday:MO(1)", [], {},
    ):  # fmt: skip
        assert refused(**right, params=params) == {"params"}, params
    for frequency in ("", "weekly", "FORTNIGHTLY", None, 1, [], "WEEKLY "):
        assert refused(name="x", frequency=frequency) == {"frequency"}, frequency
    assert refused() == {"name", "frequency"}
    assert refused(name="x" * 33, frequency="DAILY", params="x:1") == {"name", "params"}
    nth = as_root(
        planned, "POST", "rule/", {**right, "frequency": "MONTHLY", "params": "byweekday:MO(-1)"}
    ).json
    assert refused("PATCH", nth["url"].removeprefix(f"{BASE}/"), frequency="WEEKLY") == {"frequency"}
    assert as_root(planned, "POST", "rule/", {**right, "params": "1;{};bymonthday:-1"}).status_code == 201


def test_a_rule_in_use_stays(planned: Planned) -> None:
    made = as_root(planned, "POST", "rule/", {"name": "Often", "frequency": "DAILY"}).json["url"]
    planned.post("event/", {**planned.new_event, "rule": made})

    answer = as_root(planned, "DELETE", made.removeprefix(f"{BASE}/"))

    assert (answer.status_code, list(answer.json)) == (409, ["detail"])


@holds("rule: the predefined set")
def test_what_every_installation_has_cannot_be_deleted_and_what_changed_of_it_stays(planned: Planned) -> None:
    assert planned.get("rule/").json["count"] == len(predefined.RULES) == 6
    assert [row["url"] for row in planned.get("rule/").json["results"]] == [
        f"{BASE}/rule/{number}/" for number in (1, 2, 4, 5, 6, 7)
    ]

    for number in predefined.IDS:
        answer = as_root(planned, "DELETE", f"rule/{number}/")
        assert (answer.status_code, answer.json) == (409, {"detail": PREDEFINED})
    as_root(planned, "PATCH", "rule/6/", {"name": "Day by day"})
    predefined.seed()

    assert planned.get("rule/6/").json["name"] == "Day by day"
