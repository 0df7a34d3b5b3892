"""`/docs/`: every route of the application is described, for programs and for people, and the two agree."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.app import create
from api.docs.routes import verbs
from tests.api.paper import document, follow, operations, wrong_with
from tests.conformance import holds
from tests.house import Client

NAMES = [f"{verb} {path}" for path, verb, _ in operations()]
each_operation = pytest.mark.parametrize(("path", "verb", "told"), operations(), ids=NAMES)


def test_the_document_is_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_it_is_given_to_everyone_as_json(client: Client) -> None:
    answers = [client.get(path, user=None) for path in ("/docs/openapi.json", "/docs/openapi.json/")]

    assert [answer.json for answer in answers] == [document(), document()]
    assert answers[0].headers["content-type"] == "application/json"


def test_no_route_is_undocumented_and_none_is_made_up() -> None:
    routes = {(verb.path, verb.verb) for verb in verbs(create())}

    assert {(path, verb) for path, verb, _ in operations()} == routes
    assert len({told["operationId"] for _, _, told in operations()}) == len(routes)


@each_operation
def test_every_verb_says_what_it_does_for_whom_and_how_it_can_end(
    path: str, verb: str, told: dict[str, Any]
) -> None:
    good = [status for status in told["responses"] if status < "300"]

    assert re.fullmatch(r"[A-Z].+[^.]", told["summary"])
    assert told["x-who"]
    assert good
    assert set(re.findall(r"\{(\w+)\}", path)) == {
        parameter["name"] for parameter in map(follow, told["parameters"]) if parameter["in"] == "path"
    }
    if told["security"] == [{"basic": []}]:
        assert {"401", "429"} <= told["responses"].keys()
    if "429" in told["responses"]:
        assert "Retry-After" in follow(told["responses"]["429"])["headers"]
    assert ("requestBody" in told) == ("413" in told["responses"])


@each_operation
def test_every_verb_has_an_example_of_what_it_takes_and_gives(
    path: str, verb: str, told: dict[str, Any]
) -> None:
    bodies = [told["requestBody"]] if "requestBody" in told else []
    answers = [follow(answer) for answer in told["responses"].values()]
    contents = [content for part in bodies + answers for content in part.get("content", {}).values()]

    for content in contents:
        if not path.startswith("/docs/"):
            assert "example" in content
            assert wrong_with(content["example"], content["schema"]) == []
    for parameter in map(follow, told["parameters"]):
        if "example" in parameter:
            assert wrong_with(parameter["example"], parameter["schema"]) == []


def schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema and part of one inside a value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from schemas(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from schemas(inner)


def test_every_key_says_what_it_means() -> None:
    silent = {
        f"{name}.{key}"
        for name, schema in document()["components"]["schemas"].items()
        for key, field in schema.get("properties", {}).items()
        if "description" not in field and "description" not in follow(field)
    }

    assert silent == set()


def test_its_patterns_are_of_the_kind_that_every_language_knows() -> None:
    patterns = {part["pattern"] for part in schemas(document()) if isinstance(part.get("pattern"), str)}

    assert {pattern for pattern in patterns if re.search(r"\(\?|\\[AZ]", pattern)} == set()


class Reader(HTMLParser):
    """What a page holds: its texts, its tags, the ids, and what it refers to."""

    VOID = ("meta", "link")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), "a script"
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action", "srcset", "data", "poster"):
                self.references.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def page(client: Client) -> Reader:
    return Reader(client.get("/docs/", user=None).text)


@holds("/docs/ has the current documentation")
def test_the_page_is_for_everyone_and_whole(client: Client, page: Reader) -> None:
    answer = client.get("/docs/", user=None)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert client.get("/docs", user=None).text == answer.text
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_the_page_needs_no_script_and_asks_nobody_for_anything(client: Client, page: Reader) -> None:
    policy = client.get("/docs/", user=None).headers["content-security-policy"]
    style = client.get("/docs/", user=None).text.partition("<style>")[2].partition("</style>")[0]

    assert policy.startswith("default-src 'none'")
    assert "script" not in page.tags
    assert {reference for reference in page.references if not reference.startswith("#")} == {
        "openapi.json", "data:,"
    }  # fmt: skip
    assert "url(" not in style
    assert "@import" not in style


def test_the_contents_lead_to_every_route(page: Reader) -> None:
    anchors = {reference[1:] for reference in page.references if reference.startswith("#")}

    assert anchors <= set(page.ids)
    assert {told["operationId"] for _, _, told in operations()} <= anchors


@each_operation
def test_the_page_shows_what_the_document_says(
    client: Client, path: str, verb: str, told: dict[str, Any]
) -> None:
    whole = client.get("/docs/", user=None).text
    article = whole.partition(f'<article id="{told["operationId"]}">')[2].partition("</article>")[0]
    text = " ".join(Reader(article).text.split())

    assert f"{verb} {path}" in text
    assert told["summary"].replace("`", "") in text
    assert all(status in text for status in told["responses"])
    if "requestBody" in told:
        (body,) = told["requestBody"]["content"].values()
        assert all(f'"{key}"' in text for key in body["example"])
