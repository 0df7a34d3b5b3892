"""What the routes of `/rest-api` take and give, read off the declarations of its resources."""

from collections.abc import Mapping
from copy import copy
from functools import cache
from typing import Any

from marshmallow import Schema, fields, missing, validate

from api.appointments import content
from api.appointments.audio import AUDIO_FILES
from api.appointments.compound import Several
from api.appointments.fields import To, When
from api.appointments.keyed import GONE
from api.appointments.links import BASE
from api.appointments.occurrences import UPDATED, StatusBody
from api.appointments.resources import Body, Resource
from api.appointments.responders import path_of
from api.appointments.routes import NAMES, RESOURCES
from api.appointments.surveys import SealedSurveyBody
from api.docs import survey_examples, surveys
from api.docs.members import meaning
from api.docs.rest_examples import ALARM_OF_EVENT, CHILD, CONTENT_TYPE, LOG
from api.docs.rest_examples import EXAMPLES as OTHER_EXAMPLES
from api.docs.shapes import Shape
from api.docs.told import Section, Shapes, Told
from api.paging import LARGEST_ID

EXAMPLES = {**OTHER_EXAMPLES, **survey_examples.EXAMPLES}

# With an offset, or as it was written without one: only in the answer to a write.
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?(Z|[+-][0-9]{2}:[0-9]{2})?$"

_DAY_AND_TIME = (
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
)


class RowShape(Shape):
    """A row as it is told: every key is there but those that are for who uses them."""

    def on_bind_field(self, _name: str, field: fields.Field[Any]) -> None:
        field.required = getattr(field, "unless", None) is None and not isinstance(field, Several)


def _told(field: Any) -> fields.Field[Any]:
    """A field as it is told, made of how it is taken."""
    if isinstance(field, When):
        said = meaning(field.metadata["description"], pattern=_MOMENT)
        return fields.String(allow_none=field.allow_none, metadata=said)
    told: fields.Field[Any] = copy(field)
    told.dump_only, told.load_default = False, missing
    told.allow_none = field.allow_none or field.secret
    return told


@cache
def shape(body: type[Body]) -> type[Schema]:
    """The shape of rows that are told by the fields of a body."""
    declared = {name: _told(field) for name, field in body().fields.items()}
    return RowShape.from_dict(declared, name=f"Rest{body.__name__.removesuffix('Body')}")


class Note(Shape):
    """A folded list without a row."""

    note = fields.String(metadata=meaning("That there is none."))


def folded(row: type[Schema]) -> Shapes:
    """What a folded list may be."""
    return (Note, row, row(many=True))


_FOLDED = "None is a note, one row is the bare object, more are an array."


def _query(field: Any) -> fields.Field[Any]:
    """A field as a query parameter: in the plainest of the forms that are taken."""
    if isinstance(field, To):
        return fields.Integer(
            validate=validate.Range(1, LARGEST_ID), metadata={"description": field.metadata["description"]}
        )
    if isinstance(field, When):
        return fields.String(metadata={**field.metadata, "pattern": _DAY_AND_TIME})
    return copy(field)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _shapes(resource: Resource) -> list[type[Schema]]:
    """Those of a row alone, in a list, and just written."""
    views = (resource.shown_as, resource.listed_as, resource.confirmed_as)
    by_view = {view: shape(view or resource.body) for view in views}
    return [by_view[view] for view in views]


def routes(resource: Resource) -> dict[str, dict[str, Told]]:
    """What is told of the two routes of a resource."""
    noun, of = resource.noun, EXAMPLES[resource.kind.name]
    row, in_list, _ = shapes = _shapes(resource)
    if resource.fold:
        listing = Told(gives=folded(in_list), shown=of.listed, says=f"List {noun}s", note=_FOLDED)
    else:
        queries = {filter_.name: _query(filter_.field) for filter_ in resource.filters}
        listing = Told(gives=in_list, many=True, shown=of.listed, queries=queries, says=f"List {noun}s")
    many = {"GET": listing}
    one = {"GET": Told(gives=row, shown=of.shown, says=f"Show {_a(noun)}")}
    if resource.writes:
        many |= {"POST": _made(resource, shapes[2])} if resource.adds else {}
        one |= _changed(resource, shapes[2])
    return {f"{path_of(resource)}/": many, f"{path_of(resource)}/{{row_id}}/": one}


def _made(resource: Resource, row: type[Schema]) -> Told:
    of = EXAMPLES[resource.kind.name]
    return Told(
        takes=resource.body, sent=of.sent, gives=row, shown=of.confirmed, status=201,
        says=f"Make {_a(resource.noun)}", who=_writers(resource), once=True, errors={404: GONE},
    )  # fmt: skip


def _changed(resource: Resource, row: type[Schema]) -> dict[str, Told]:
    of, noun = EXAMPLES[resource.kind.name], _a(resource.noun)
    held = {409: resource.under_way} if resource.under_way else {}
    return {
        "PUT": Told(
            takes=resource.body, sent=of.sent, gives=row, shown=of.confirmed,
            says=f"Change {noun}; all that is required must be sent", errors=held, who=_writers(resource),
        ),
        "PATCH": Told(
            takes=resource.body(partial=True), sent=of.part, gives=row, shown=of.confirmed,
            says=f"Change something of {noun}", errors=held, who=_writers(resource),
        ),
        "DELETE": Told(
            status=204, says=f"Delete {noun}", errors={409: resource.in_use} if resource.in_use else {},
            who=_writers(resource),
        ),
    }  # fmt: skip


def _writers(resource: Resource) -> str:
    """Who writes, where that is not who reads."""
    return "superusers" if resource.reserved else ""


class Child(Shape):
    """An occurrence in short."""

    url = fields.String(metadata=meaning("Its URL.", format="uri"))
    start = fields.String(metadata=meaning("When it begins, like `2013-12-17 16:26:07+00:00`."))
    end = fields.String(metadata=meaning("When it ends."))
    description = fields.String(allow_none=True, metadata=meaning("More about it."))
    title = fields.String(metadata=meaning("What it is."))


class AlarmOfEvent(Shape):
    """An alarm in short: all of it is text."""

    url = fields.String(metadata=meaning("Its URL.", format="uri"))
    title = fields.String(metadata=meaning("What the event is."))
    phonenumber = fields.String(
        allow_none=True,
        metadata=meaning("The number that is called or texted; `hidden` from who may not view alarms."),
    )
    daily_start = fields.String(metadata=meaning("From when on it may be made on a day."))
    daily_stop = fields.String(metadata=meaning("Until when."))
    advance_notice = fields.String(metadata=meaning("Seconds before its time that it may begin."))
    maxretry = fields.String(metadata=meaning("How often it is tried again."))
    retry_delay = fields.String(metadata=meaning("Seconds between two attempts."))
    num_attempt = fields.String(metadata=meaning("How often it was tried."))
    method = fields.String(metadata=meaning("1 call, 2 text, 3 mail."))
    status = fields.String(metadata=meaning("1 pending, 2 in process, 3 failure, 4 retry, 5 success."))
    result = fields.String(metadata=meaning("0 none, 1 confirmed, 2 cancelled, 3 rescheduled."))
    created_date = fields.String(metadata=meaning("When it was made."))


class ContentType(Shape):
    """A kind of row."""

    url = fields.String(metadata=meaning("Its URL.", format="uri"))
    name = fields.String(metadata=meaning("What it is called."))
    app_label = fields.String(metadata=meaning("To which part it belongs."))
    model = fields.String(metadata=meaning("What other programs call it."))


class Updated(Shape):
    """That it was done."""

    status = fields.String(metadata=meaning("That it was done."))


_EVENT = f"{BASE}event/{{row_id}}/"
MORE: Mapping[str, Mapping[str, Mapping[str, Told]]] = {
    "event": {
        f"{_EVENT}get_list_child/": {"GET": Told(gives=folded(Child), shown=CHILD)},
        f"{_EVENT}update_last_child_status/": {
            "PATCH": Told(takes=StatusBody, sent={"status": 3}, gives=Updated, shown=UPDATED)
        },
        f"{_EVENT}get_list_alarm/": {"GET": Told(gives=folded(AlarmOfEvent), shown=ALARM_OF_EVENT)},
    },
    "alarm-request": {
        f"{BASE}alarm-request/{{row_id}}/get_nested_alarm_request/": {
            "GET": Told(shown=LOG, note="What is no id of an event that one may see is told as `error`.")
        },
    },
    "users": {
        f"{content.PATH}/": {"GET": Told(gives=ContentType, many=True, shown=CONTENT_TYPE)},
        f"{content.PATH}/{{row_id}}/": {"GET": Told(gives=ContentType, shown=CONTENT_TYPE)},
    },
    **surveys.more(shape(SealedSurveyBody), routes(AUDIO_FILES)),
}
SECTIONS = (
    Section(
        "Appointments",
        "Calendars of calendar users, whom a manager looks after; their events, which may recur; and alarms, which "
        "tell somebody of an event by call, text or mail. Rows refer to each other by URL; wherever a URL is taken, "
        "a path or an id is taken as well. A moment without an offset is UTC. You are known by HTTP Basic, by a token "
        "(`trunkline user token` gives one) in `Authorization: Token …`, or by the session of the pages (log in at "
        "`/api-auth/login/`), which writes with its token in `X-CSRFToken`. `?page=last` is the last page of a list. "
        "Forms are taken as JSON is. An alarm is made `advance_notice` seconds before its `date_start_notice`, or when "
        "its daily window and the quiet hours of who is told allow it next; one that could not be made within an hour "
        "of that has failed.",
        {BASE: {"GET": Told(shown={name: f"http://localhost:8000{BASE}{name}/" for name in NAMES})}},
    ),
    *(
        Section(
            f"Appointments: {resource.noun}s",
            resource.text,
            {**routes(resource), **MORE.get(resource.kind.name, {})},
        )
        for resource in RESOURCES
    ),
)  # fmt: skip
