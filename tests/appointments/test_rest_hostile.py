"""Whatever is sent to whichever field: never our fault, refused by its name, and nothing else is written."""

from typing import Any

import pytest

from api.appointments.resources import Resource
from api.appointments.routes import RESOURCES
from tests.api.looking import rows
from tests.appointments.owned import Owned
from tests.appointments.planned import Planned

WRITTEN = [resource for resource in RESOURCES if resource.writes]
ADDED = [resource for resource in WRITTEN if resource.adds]
JUNK: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e300, 2**31, 2**63, 2**64, 10**400, -(10**400), "", " ", "\n", "\x7f", "\u202e",
    "0", "-1", "1e9", "0x1", "\u0661", "9" * 400, "NaN", "null", "true", "[]", "{}", "'; DROP TABLE event; --",
    "<script>", "%s%n", "{0.__class__}", "../../etc/passwd", "file:///etc/passwd", "http://[", "\ufeff",
    "2030-02-30T10:00:00Z", "99:99:99", "x" * 25_000, "\U0001f600" * 300, [], [[]], [1], [None],
    {}, {"a": {}}, {"$gt": ""}, {"__proto__": 1},
    "/rest-api/rule/1/", "/rest-api/users/1/", "http://evil.example/rest-api/event/99999/",
]  # fmt: skip
LOST = ("alarm-request", "alarm")  # an attempt of no alarm is nobody's: null hides it from who wrote it
written = pytest.mark.parametrize("resource", WRITTEN, ids=[one.kind.name for one in WRITTEN])
added = pytest.mark.parametrize("resource", ADDED, ids=[one.kind.name for one in ADDED])


def who(resource: Resource) -> str:
    return "root" if resource.reserved else "mona"


@written
def test_no_value_of_any_field_breaks_anything(planned: Planned, resource: Resource) -> None:
    owned, name = Owned(planned, planned.mine), resource.kind.name
    path, before = f"{name}/{owned.id_of(name)}/", rows()

    for value in JUNK:
        left = {field for field in resource.fields if value not in (None, "") or (name, field) != LOST}
        for _ in ("all at once", "what was taken of it"):
            answer = planned.patch(path, dict.fromkeys(left, value), user=who(resource))
            assert answer.status_code in (200, 400), f"{str(value)[:60]!r} {answer.text}"
            if answer.status_code == 400:
                assert all(isinstance(texts, list) and texts for texts in answer.json.values())
                assert len(answer.text) < 300 * len(left), "an error does not repeat what was sent"
                left -= answer.json.keys()
        assert planned.get(path, user=who(resource)).status_code == 200, str(value)[:60]
    assert rows() == before
    assert planned.get(f"{name}/", user=who(resource)).status_code == 200


@added
def test_what_is_refused_writes_nothing_and_names_its_field(planned: Planned, resource: Resource) -> None:
    owned, name = Owned(planned, planned.mine), resource.kind.name
    right, before = owned.new(name), rows()

    for field in (field for field in right if (name, field) != ("event", "data")):
        for value in ([[]], {"a": [1]}, True if isinstance(right[field], str | dict | list) else "x"):
            answer = planned.post(f"{name}/", {**right, field: value}, user=who(resource))
            assert (answer.status_code, field in answer.json) == (400, True), f"{field} {value} {answer.text}"
    assert rows() == before


@written
def test_what_is_not_for_the_caller_to_say_is_not_taken_from_him(
    planned: Planned, resource: Resource
) -> None:
    owned, name = Owned(planned, planned.mine), resource.kind.name
    path, table = f"{name}/{owned.id_of(name)}/", resource.kind.rows
    told = {field for field, how in resource.fields.items() if not how.dump_only}
    closed: dict[str, Any] = {"is_superuser": True, "groups": [1], "__class__": "x"}
    for column in table._meta.sorted_fields:
        if not {column.name, column.column_name} & told:
            closed |= dict.fromkeys((column.name, column.column_name), _other(column))

    def as_it_is() -> dict[str, Any]:
        found = table.get(resource.kind.id == owned.id_of(name))
        return {key: value for key, value in found.__data__.items() if key != "updated_date"}

    before = as_it_is()
    for verb in ("PATCH", "PUT"):
        assert planned.ask(verb, path, closed, user=who(resource)).status_code in (200, 400)
        assert as_it_is() == before


@pytest.mark.parametrize("data", ['"\\ud800"', '{"a": ["\\udc00"]}', '{"\\ud800": 1}'])
def test_json_in_a_text_holds_nothing_that_no_answer_could_tell(planned: Planned, data: str) -> None:
    """Who stored half a surrogate pair would take the lists of his manager and of every superuser away."""
    answer = planned.post("event/", {**Owned(planned, planned.mine).new("event"), "data": data})
    assert (answer.status_code, list(answer.json)) == (400, ["data"])


def _other(column: Any) -> Any:
    """A value that a column does not hold."""
    return {"TEXT": "other", "BOOL": True, "DATETIME": "2031-01-01T00:00:00Z"}.get(column.field_type, 987654)
