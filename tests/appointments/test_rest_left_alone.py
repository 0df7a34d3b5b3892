"""`/rest-api/do-not-call/` and `/rest-api/segments/`: who is left alone, and what a text is like before it is sent."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.docs.texts import SECTIONS
from models import donotcall, flow
from models.donotcall import DoNotCallEntry
from models.pipelines import Price, Route
from tests.api.looking import statements
from tests.appointments.planned import Planned
from tests.conformance import holds

NUMBER = "+919876543210"
SAID = {"number": "0091 (98765) 43210", "proof": "asked at the desk", "language": "en"}


@holds("left alone: superusers and managers over REST")
@pytest.mark.parametrize("user", ["mona", "root"])
def test_managers_and_superusers_add_a_number(planned: Planned, user: str):
    answer = planned.post("do-not-call/", SAID, user=user)

    assert answer.status_code == 201
    assert (answer.json["number"], answer.json["source"][:4]) == (NUMBER, "user")
    assert donotcall.refused(NUMBER)
    kept = DoNotCallEntry.get()
    assert (kept.done, kept.proof, kept.language) == ("added", "asked at the desk", "en")
    assert kept.source == f"user:{planned.mine.manager.id if user == 'mona' else planned.root.id}"


def test_only_superusers_see_numbers_and_what_was_said(planned: Planned):
    donotcall.add(NUMBER, "text", "receipt 1: STOP", "en")
    donotcall.add("+15550100", "text", "receipt 2: STOP", "en")
    donotcall.lift("+15550100", "text", "receipt 3: START", "en")

    (seen,) = planned.get("do-not-call/", user="root").json["results"]
    (masked,) = planned.get("do-not-call/").json["results"]

    assert (seen["number"], seen["proof"]) == (NUMBER, "receipt 1: STOP")
    assert masked == {**seen, "number": "hidden", "proof": "hidden"}
    assert planned.get("do-not-call/", user="eve").status_code == 403


def test_a_manager_learns_of_a_number_that_was_there_only_that_it_is(planned: Planned):
    donotcall.add(NUMBER, "text", "receipt 1: STOP PLEASE", "en")
    answer = planned.post("do-not-call/", SAID)
    assert (answer.status_code, answer.json["number"], answer.json["proof"]) == (201, NUMBER, "hidden")
    assert [row.proof for row in donotcall.history([NUMBER])] == [
        "receipt 1: STOP PLEASE",
        "asked at the desk",
    ]


@pytest.mark.parametrize("spelled", [NUMBER, "919876543210", "+91 98765-43210", "00919876543210"])
def test_a_number_is_checked_however_it_is_spelled(planned: Planned, spelled: str):
    assert planned.post("do-not-call/check/", {"number": spelled}).json == {"refused": False}
    donotcall.add(NUMBER, "text")
    assert planned.post("do-not-call/check/", {"number": spelled}).json == {"refused": True}


def test_only_superusers_lift(planned: Planned):
    donotcall.add(NUMBER, "text")
    assert planned.post("do-not-call/lift/", SAID).status_code == 403
    assert donotcall.refused(NUMBER)
    assert planned.post("do-not-call/lift/", SAID, user="root").json == {"lifted": True}
    assert planned.post("do-not-call/lift/", SAID, user="root").json == {"lifted": False}
    assert not donotcall.refused(NUMBER)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"number", "proof"}),
        ({"number": "nobody", "proof": "x"}, {"number"}),
        ({"number": "12", "proof": "x"}, {"number"}),
        ({"number": "9" * 51, "proof": "x"}, {"number"}),
        ({"number": NUMBER, "proof": " "}, {"proof"}),
        ({"number": NUMBER, "proof": "x" * 1001}, {"proof"}),
        ({"number": NUMBER, "proof": "x", "language": "x" * 9}, {"language"}),
        ({"number": None, "proof": ["x"]}, {"number", "proof"}),
    ],
)
@pytest.mark.parametrize("path", ["do-not-call/", "do-not-call/lift/"])
def test_what_is_wrong_is_said_of_each_field(planned: Planned, path: str, body: Any, wrong: set[str]):
    answer = planned.post(path, body, user="root")
    assert (answer.status_code, set(answer.json)) == (400, wrong)
    assert DoNotCallEntry.select().count() == 0


def test_a_long_list_is_paged_in_as_many_statements_as_a_short_one(planned: Planned):
    planned.get("")
    donotcall.add(NUMBER, "text")
    with statements() as short:
        planned.get("do-not-call/", user="root")
    for place in range(25):
        donotcall.add(f"+1555010{place:04}", "text")
    with statements() as long:
        first = planned.get("do-not-call/", user="root").json
    assert (first["count"], len(first["results"]), len(long)) == (26, 10, len(short))


# Segments.


def priced(**prices: str) -> None:
    """Have texts cost something: by prefix, without its plus; `other` for everybody else."""
    now = flow.current()
    routes = tuple(
        Route("texts", "" if prefix == "other" else f"+{prefix.lstrip('p')}", ("simulator",), shown="+15550100",
              price=Price(Decimal(price), "USD"))
        for prefix, price in prices.items()
    )  # fmt: skip
    flow.use(replace(now, routes={**now.routes, "texts": routes}))


@holds("segments: previewed over REST")
def test_a_text_is_counted_as_it_would_be_sent(planned: Planned):
    told = planned.post("segments/", {
        "text": "Hi {name} ({contact}){nothing}", "number": NUMBER, "data": {"name": "Ann"},
    }).json  # fmt: skip
    assert told == {
        "text": f"Hi Ann ({NUMBER})", "encoding": "GSM-7", "segments": 1, "units": 22, "left": 138, "because": None,
        "price": None,
    }  # fmt: skip


def test_the_documents_example_is_true(planned: Planned):
    priced(other="0.0079")
    told = next(section for section in SECTIONS if "segments" in section.title)
    (route,) = told.routes.values()
    assert planned.post("segments/", route["POST"].sent).json == route["POST"].shown


@holds("segments: cost by the route's price")
def test_the_price_is_that_of_the_route_that_the_text_would_take(planned: Planned):
    priced(p91="0.10", p9="1", other="0.0079")

    def costs(text: str, number: str | None) -> Any:
        return planned.post("segments/", {"text": text, "number": number}).json["price"]

    assert costs("a" * 161, "+91 98765 43210") == {"each": "0.10", "total": "0.20", "currency": "USD"}
    assert costs("a" * 160, "0098765432100") == {"each": "1", "total": "1", "currency": "USD"}
    assert costs("€" * 400, None) == {"each": "0.0079", "total": "0.0474", "currency": "USD"}
    assert costs("", None) == {"each": "0.0079", "total": "0.0000", "currency": "USD"}

    priced(p91="0.10")
    assert costs("a", "+15550100") is None
    assert costs("a", None) is None


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "text"), ({"text": "x" * 10_001}, "text"), ({"text": "x", "number": "nobody"}, "number"),
     ({"text": "x", "data": "{"}, "data"), ({"text": ["x"]}, "text")],
)  # fmt: skip
def test_what_cannot_be_counted_is_said(planned: Planned, body: Any, field: str):
    answer = planned.post("segments/", body)
    assert (answer.status_code, list(answer.json)) == (400, [field])


def test_what_is_no_object_fills_nothing(planned: Planned):
    for data in ([1], "5", "null", 7, {"name": {"deep": 1}}):
        assert planned.post("segments/", {"text": "a{name}b", "data": data}).json["text"] == "ab"
