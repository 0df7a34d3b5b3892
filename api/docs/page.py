"""The documentation page: the OpenAPI document as HTML that needs no script and asks nobody for anything."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.docs.about import ABOUT

_HERE = Path(__file__).parent / "templates"
_CODE = re.compile(r"`([^`]+)`")
STYLE = (_HERE / "style.css").read_text(encoding="utf-8")
# The style stands in the page, so that a saved copy is whole; nothing else may be loaded or run.
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src data:; "
    f"style-src 'sha256-{_DIGEST}'"
)


def written(document: dict[str, Any]) -> str:
    """The page of a document."""
    house = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    schemas = _Schemas(document)
    house.filters |= {"prose": _prose, "pretty": _pretty, "kind": schemas.kind, "follow": schemas.follow}
    facts = {"document": document, "about": ABOUT, "sections": list(_sections(document)), "schemas": schemas}
    return house.get_template("page.html").render(**facts, style=STYLE)


def _sections(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The tags in order, each with its operations, references followed."""
    for tag in document["tags"]:
        operations = [
            {**operation, "path": path, "verb": verb.upper(), "responses": _followed(document, operation)}
            for path, verbs in document["paths"].items()
            for verb, operation in verbs.items()
            if tag["name"] in operation["tags"]
        ]
        if operations:
            surface = next(
                name for start, name in _SURFACES.items() if operations[0]["path"].startswith(start)
            )
            anchor = tag["name"].lower().translate(_PLAIN)
            yield {**tag, "anchor": anchor, "operations": operations, "surface": surface}


# What the contents are headed with, by how paths begin.
_SURFACES = {
    "/mentor/": "Mentors and mentees", "/comms/": "Back office and OnionDev", "/api/v1/": "Accounts and call requests",
    "/": "Carriers and operators",
}  # fmt: skip
_PLAIN = str.maketrans({" ": "-", "'": None})


def _followed(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    return {status: follow(document, answer) for status, answer in operation["responses"].items()}


def follow(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """What a reference refers to; anything else as it is."""
    while "$ref" in value:
        place: Any = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            place = place[name]
        value = place
    return value


class _Schemas:
    """Schemas as people read them."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def follow(self, value: dict[str, Any]) -> dict[str, Any]:
        """What a reference refers to."""
        return follow(self._document, value)

    def rows(self, schema: dict[str, Any], within: str = "") -> list[dict[str, Any]]:
        """The fields of an object and of what is inside it: name, kind, rules, and whether it must be there."""
        schema = self._richest(schema)
        found = []
        for name, field in schema.get("properties", {}).items():
            field = {**self.follow(field), **field}
            found.append(
                {"name": within + name, "field": field, "required": name in schema.get("required", ()),
                 "rules": _rules(field)}
            )  # fmt: skip
            for key, mark in _INSIDE.items():
                inside = self._richest(_part(field, key))
                if "properties" in inside:
                    found += self.rows(inside, f"{within}{name}{mark}.")
        return found

    def kind(self, schema: dict[str, Any]) -> str:
        """What a value is, in a word or three."""
        schema = self.follow(schema)
        if "anyOf" in schema:
            return " or ".join(dict.fromkeys(self.kind(one) for one in schema["anyOf"]))
        if "type" not in schema:
            return "one of" if "enum" in schema else "anything"
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return " or ".join(self._one(kind, schema) for kind in kinds)

    def _one(self, kind: str, schema: dict[str, Any]) -> str:
        if kind == "array":
            return f"list of {self.kind(schema['items'])}s"
        if kind == "string" and schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        return _KINDS[kind]

    def _richest(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Of several shapes the one with most keys: the others have fewer of the same."""
        schema = self.follow(schema)
        choices = [self.follow(one) for one in schema.get("anyOf", [schema])]
        return max(choices, key=lambda one: len(one.get("properties", {})))


_INSIDE = {
    "": "",
    "items": "[]",
    "additionalProperties": ".*",
}  # where an object can be, and how it is written
_FORMATS = {"date-time": "time", "uri": "URL"}
_KINDS = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "object": "object",
    "null": "null",
}  # fmt: skip


def _part(field: dict[str, Any], key: str) -> dict[str, Any]:
    part = field.get(key) if key else field
    return part if isinstance(part, dict) else {}


def _rules(field: dict[str, Any]) -> str:
    """What else a value must be."""
    least, most = field.get("minLength", field.get("minimum")), field.get("maxLength", field.get("maximum"))
    if "enum" in field:
        return ", ".join(
            json.dumps(value, ensure_ascii=False) for value in field["enum"] if value is not None
        )
    if least is not None and most is not None:
        return f"{least} to {most}"
    return f"at least {least}" if least is not None else f"at most {most}" if most is not None else ""


def _prose(text: str) -> Markup:
    """Text with `code` in it."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  # what was said is escaped first; only our own <code> is added


def _pretty(example: Any) -> str:
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
