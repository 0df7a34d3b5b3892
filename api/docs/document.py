"""The OpenAPI 3.1 document, made of the routes, of what is told of them, and of the schemas that read their bodies."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import falcon
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin, resolver
from marshmallow import EXCLUDE, fields

from api import once
from api.bodies import Flag
from api.callrequests.auth import TOKENS
from api.docs import (
    about,
    accounts,
    answers,
    appointments,
    callrequests,
    comms,
    conferences,
    heroes,
    mentor,
    payments,
    planning,
    rehearsal,
    texts,
    trunk,
)
from api.docs.routes import Verb, verbs
from api.docs.told import JSON, Section, Shapes, Told
from api.docs.words import WORDS
from api.mentoring.people import ContactId, Number

SECTIONS: tuple[Section, ...] = (
    *mentor.SECTIONS,
    *planning.SECTIONS,
    *comms.SECTIONS,
    *accounts.SECTIONS,
    *payments.SECTIONS,
    *heroes.SECTIONS,
    *callrequests.SECTIONS,
    *conferences.SECTIONS,
    *appointments.SECTIONS,
    rehearsal.SECTION,
    *texts.SECTIONS,
    *trunk.SECTIONS,
)
TOLD: dict[tuple[str, str], tuple[Told, str]] = {
    (path, verb): (told, section.title)
    for section in SECTIONS
    for path, by_verb in section.routes.items()
    for verb, told in by_verb.items()
}


def made_of(app: falcon.App[Any, Any]) -> dict[str, Any]:
    """The document of an application's API."""
    plugin: Any = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        "Trunkline", version("trunkline"), "3.1.0", plugins=[plugin],
        info={"description": about.as_markdown(), "summary": "Calls and texts between people who never see each "
              "other's numbers."},
        servers=[{"url": "/", "description": "Here"}],
    )  # fmt: skip
    plugin.converter.add_attribute_function(_described)
    plugin.map_to_openapi_type(Number, "string", None)
    plugin.map_to_openapi_type(Flag, "boolean", None)
    plugin.map_to_openapi_type(ContactId, "integer", "int64")
    answers.install(spec)
    for section in SECTIONS:
        spec.tag({"name": section.title, "description": section.text})
    _Writer(spec, plugin.converter).write(verbs(app))
    return spec.to_dict()


class _Writer:
    """Writes operations into a document."""

    def __init__(self, spec: APISpec, converter: Any) -> None:
        self._spec = spec
        self._converter = converter
        self._lists: set[str] = set()

    def write(self, all_: Iterable[Verb]) -> None:
        """Write every verb that something is told of, in the order of the telling."""
        known = {(verb.path, verb.verb): verb for verb in all_}
        for (path, name), (told, tag) in TOLD.items():
            if verb := known.get((path, name)):
                self._spec.path(path, operations={name.lower(): self._operation(verb, told, tag)})

    def _operation(self, verb: Verb, told: Told, tag: str) -> dict[str, Any]:
        first, rest = verb.told
        operation: dict[str, Any] = {
            "operationId": f"{verb.verb.lower()}{verb.path.rstrip('/').replace('/', '_')}".translate(_PLAIN),
            "tags": [tag],
            "summary": told.says or first,
            "description": " ".join(part for part in (rest, told.note) if part),
            "x-who": told.who or answers.who(verb),
            "security": _security(verb, told),
            "parameters": [*_parameters(verb, told), *self._queries(told)],
            "responses": answers.of(verb, told, self._content(told)),
        }
        if told.takes is not None:
            body = {"schema": self._either(_lenient(told.takes)), "example": told.sent}
            operation["requestBody"] = {"required": True, "content": {told.sends: body}}
        return operation

    def _content(self, told: Told) -> dict[str, Any]:
        """The answer's body, by media type."""
        if told.status == falcon.http_status_to_code(falcon.HTTP_204):
            return {}
        if told.gives is None:
            content: dict[str, Any] = {"schema": {"type": "object" if told.media == JSON else "string"}}
        elif told.many:
            content = {"schema": self._list(told.gives)}
        else:
            content = {"schema": self._either(told.gives)}
        if told.shown is not None:
            content["example"] = _one_page(told.shown) if told.many else told.shown
        return {told.media: content}

    def _queries(self, told: Told) -> Iterable[dict[str, Any]]:
        """The parameters that narrow a list."""
        for name, field in told.queries.items():
            schema = self._converter.field2property(field)
            yield {"name": name, "in": "query", "description": schema.pop("description"), "schema": schema}

    def _list(self, gives: Shapes) -> dict[str, Any]:
        """The component that is a page of these."""
        rows = gives if isinstance(gives, tuple) else (gives,)
        name = f"{_name(rows[-1])}List"
        if name not in self._lists:
            self._lists.add(name)
            self._spec.components.schema(name, answers.page_of(self._either(gives)))
        return {"$ref": f"#/components/schemas/{name}"}

    def _either(self, gives: Shapes) -> Any:
        """A reference to a shape, or to any of several."""
        if isinstance(gives, tuple):
            return {"anyOf": [self._either(one) for one in gives]}
        return self._converter.resolve_nested_schema(gives)


_PLAIN = str.maketrans({"{": None, "}": None, ".": "_"})


def _parameters(verb: Verb, told: Told) -> Iterable[dict[str, Any] | str]:
    example = told.shown.get("id", 1) if isinstance(told.shown, dict) else 1
    for name in verb.ids:
        yield answers.id_parameter(name, example)
    if told.many:
        yield "page"
    if told.once:
        yield once.HEADER


def _security(verb: Verb, told: Told) -> list[dict[str, list[str]]]:
    if told.security:
        return [{told.security: []}]
    if verb.for_ in TOKENS:
        return [{"token": []}]
    return [] if verb.for_ == "everyone" else [{"basic": []}]


def _lenient(takes: Shapes) -> Shapes:
    """A body's schemas as `api.bodies` uses them: what they do not know is ignored."""
    if isinstance(takes, tuple):
        return tuple(_lenient(one) for one in takes)
    return takes(unknown=EXCLUDE) if isinstance(takes, type) else takes


def _one_page(row: Any) -> dict[str, Any]:
    return {"count": 1, "next": None, "previous": None, "results": [row]}


def _name(schema: Any) -> str:
    """A schema's name in the document: its class's, and `Changed…` or `Partial…` where things may be left out."""
    return _spoken(resolver(schema), schema)


def _spoken(name: str, schema: Any) -> str:
    if not getattr(schema, "partial", None):
        return name
    return name.replace("New", "Changed") if name.startswith("New") else f"Partial{name}"


def _described(_converter: Any, field: fields.Field[Any], **more: Any) -> dict[str, Any]:
    """What a field means: as it says itself, or by its name; a word for one schema's field goes before that for all."""
    if "description" in field.metadata:
        return {}
    name = field.data_key or field.name
    owners = [kind.__name__ for kind in type(field.parent).__mro__]
    places = [
        *(f"{_spoken(owner, field.parent)}.{name}" for owner in owners),
        *(f"{o}.{name}" for o in owners),
        name,
    ]
    said = next((WORDS[place] for place in places if place in WORDS), {})
    return {"description": said} if isinstance(said, str) else dict(said)
