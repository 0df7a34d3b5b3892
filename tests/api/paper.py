"""The API as its OpenAPI document promises it: what it really answers is held against that."""

import re
from functools import cache
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker

from api.app import create
from api.docs.document import made_of
from tests.house import Client


@cache
def document() -> dict[str, Any]:
    """The document of the application as it is; it needs no database."""
    return made_of(create())


def follow(value: dict[str, Any]) -> dict[str, Any]:
    """What a reference in the document refers to."""
    while "$ref" in value:
        place: Any = document()
        for name in value["$ref"].removeprefix("#/").split("/"):
            place = place[name]
        value = place
    return value


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Path, verb and description of all that the document promises."""
    paths: dict[str, dict[str, Any]] = document()["paths"]
    return [(path, verb.upper(), told) for path, verbs in paths.items() for verb, told in verbs.items()]


def promises(path: str) -> dict[str, dict[str, Any]]:
    """What is promised of a path, by verb; nothing of the web's pages and of what is no route.

    A path that is a route as it stands is not another one's id.
    """
    bare = path.partition("?")[0].removesuffix("/")
    exact = {verb: told for template, verb, told in operations() if template.removesuffix("/") == bare}
    return exact or {
        verb: told
        for template, verb, told in operations()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template.removesuffix("/")), bare)
    }


def wrong_with(value: Any, schema: dict[str, Any]) -> list[str]:
    """In what a value breaks a schema of the document."""
    whole = {**schema, "components": document()["components"]}
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def broken_promises(verb: str, path: str, answer: Any) -> list[str]:
    """In what an answer is not as the document says."""
    verbs = promises(path)
    told = verbs.get(verb)
    if told is None:
        return ["it answers"] if verbs and answer.status_code not in (401, 403, 404, 405) else []
    if str(answer.status_code) not in told["responses"]:
        return [f"{answer.status_code} is not in the document"]
    promised = follow(told["responses"][str(answer.status_code)])
    broken = [
        f"the header {name} {fault}"
        for name, header in promised.get("headers", {}).items()
        if name.lower() in answer.headers
        for fault in wrong_with(answer.headers[name.lower()], header["schema"])
    ]
    media = answer.headers.get("content-type", "").partition(";")[0]
    content = {name.partition(";")[0]: body for name, body in promised.get("content", {}).items()}
    if media not in content:
        return broken if not content and not answer.content else [*broken, f"{media} is not in the document"]
    value = answer.json if media == "application/json" else answer.text
    return broken + wrong_with(value, content[media]["schema"])


class HeldClient(Client):
    """The API without a network, its every answer held against the document; but not faults, which tests arrange."""

    def ask(self, verb: str, path: str, *rest: Any, **more: Any) -> Any:
        answer = super().ask(verb, path, *rest, **more)
        broken = broken_promises(verb, path, answer) if answer.status_code != 500 else []
        assert broken == [], f"{verb} {path} {answer.status_code}"
        return answer
