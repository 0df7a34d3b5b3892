"""Forms made of a resource's fields: each as what is typed, chosen or ticked, and back into a body as REST takes it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import missing, validate

from api.appointments import fields as rest
from api.appointments.callers import RestCaller
from api.appointments.clocks import Zone
from api.appointments.resources import CROSS, Wrong
from api.errors import FieldErrors
from api.pages.forms import Form
from api.pages.local_times import read, typed
from api.pages.module.choices import choices
from api.pages.module.values import MINUTE, lasting
from models.people.accounts import zones

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Input:
    """One field of a form, or one fact of a page.

    Parameters:
      name: of the resource's field.
      label, hint: what people read; the hint in one sentence.
      rows: of a text of several lines.
      empty: what is chosen when nothing is, where a choice may be left.
      narrowed: which rows are offered, of those that one may refer to: a condition.
      begins: what stands in an empty form, when that is not the field's default.
      required: also where REST asks for it only of some, or takes something for granted.
      group: the heading that it and those after it stand under.
      words: what codes and numbers are called here, where that is plainer than REST's own words.
      seconds: whether it counts them; what that is in minutes or hours is said beside it.
    """

    name: str
    label: str
    hint: str = ""
    rows: int = 0
    empty: str = "none"
    narrowed: Callable[[], Any] | None = None
    begins: Any = None
    required: bool = False
    group: str = ""
    words: Mapping[int, str] = field(default_factory=dict)
    seconds: bool = False


@dataclass(frozen=True)
class Entry:
    """One field as a form shows it: `more` are attributes of its element, `group` is the heading it stands under."""

    name: str
    label: str
    hint: str
    type: str
    required: bool
    options: Sequence[tuple[str, str]] = ()
    rows: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""


_TYPES: tuple[tuple[type[rest.Field], str], ...] = (
    (rest.Mail, "email"), (rest.Site, "url"), (rest.Code, "choice"), (rest.Whole, "number"), (rest.Flag, "check"),
    (rest.When, "datetime-local"), (rest.TimeOfDay, "time"), (rest.To, "choice"), (rest.Json, "area"), (Zone, "choice"),
)  # fmt: skip


def entries(
    inputs: Sequence[Input],
    fields: Fields,
    caller: RestCaller,
    form: Form,
    *,
    standing: bool = False,
    narrows: bool = False,
) -> list[Entry]:
    """A form's fields, with what there is to choose from.

    Parameters:
      standing: whether it is the form of a row that there is, whose password stays when none is typed.
      narrows: whether it narrows a list: nothing has to be chosen, and of rows all that the caller sees may be.
    """
    return [
        Entry(one.name, one.label, *_PASSWORD[standing], more={"maxlength": 128})
        if one.name == PASSWORD
        else _entry(one, fields[one.name], _options(one, fields[one.name], caller, form, narrows), form)
        for one in inputs
    ]


PASSWORD = "password"  # noqa: S105  # the name of the one field that is never shown again
_PASSWORD = {  # hint, type, and whether one must be typed, by whether there is one
    True: ("Leave it empty to keep the one there is. A new one logs out everywhere.", PASSWORD, False),
    False: ("Tell it in private; it is never shown again.", PASSWORD, True),
}


def _entry(one: Input, field_: rest.Field, options: Sequence[tuple[str, str]], form: Form) -> Entry:
    kind = next((name for type_, name in _TYPES if isinstance(field_, type_)), "text")
    more = _limits(field_)
    if kind == "time":
        more["step"] = 1
    shape = "area" if one.rows else kind
    required = one.required or bool(field_.required)
    hint = f"{one.hint} {_beside(form.get(one.name))}".strip() if one.seconds else one.hint
    return Entry(one.name, one.label, hint, shape, required, options, one.rows or 4, more, one.group)


def _beside(typed: Any) -> str:
    """What a number of seconds is that stands in a form, where people count otherwise."""
    count = int(typed) if str(typed).isascii() and str(typed).isdigit() and len(str(typed)) < 10 else 0
    return f"{count} s are {lasting(count)}." if count >= MINUTE else ""


def _options(
    one: Input, field_: rest.Field, caller: RestCaller, form: Form, narrows: bool
) -> list[tuple[str, str]]:
    if isinstance(field_, rest.Code):
        codes = [(str(code), one.words.get(code, text)) for code, text in field_.meanings.items()]
        return [("", one.empty), *codes] if narrows else codes
    if isinstance(field_, Zone):
        return [
            *([("", one.empty)] if field_.allow_none else []),
            *((name, name) for name in sorted(zones())),
        ]
    if not isinstance(field_, rest.To):
        return []
    narrowed = one.narrowed() if one.narrowed else None
    found = choices(field_.kind, caller, narrowed, str(form.get(one.name)), seen=narrows)
    must = field_.required or one.required
    return [("", "choose" if must else one.empty), *found]


def _limits(field_: rest.Field) -> dict[str, Any]:
    """What browsers hold by themselves of what REST asks."""
    limits: dict[str, Any] = {}
    for rule in field_.validators:
        if isinstance(rule, validate.Length) and rule.max:
            limits["maxlength"] = rule.max
        elif isinstance(rule, validate.Range):
            limits |= {"min": rule.min, "max": rule.max}
    return limits


def empty(inputs: Sequence[Input], fields: Fields, given: Mapping[str, str]) -> dict[str, Any]:
    """What stands in a form before anything was typed: what the address gives, else what REST takes for granted."""
    values: dict[str, Any] = {}
    for one in inputs:
        default = one.begins if one.begins is not None else fields[one.name].load_default
        plain = default is not missing and not callable(default)
        values[one.name] = given.get(one.name, default if plain else "")
    return values


def standing(inputs: Sequence[Input], fields: Fields, row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """What stands in the form of a row: times on the clock of its zone."""
    values: dict[str, Any] = {}
    for one in inputs:
        field_ = fields[one.name]
        value: Any = "" if one.name == PASSWORD else getattr(row, field_.column)
        if isinstance(field_, rest.When) and value is not None:
            value = typed(value, zone)
        elif isinstance(field_, rest.Json) and value is not None:
            value = json.dumps(json.loads(value), indent=2, ensure_ascii=False)
        values[one.name] = value
    return values


def body(
    inputs: Sequence[Input], fields: Fields, form: Form, zone: ZoneInfo, row: Any = None
) -> tuple[dict[str, Any], list[str]]:
    """What was sent as a body for REST, and sentences about times that could mean two.

    What is left empty is null where that may be; a password, or a time that must be, that is left empty is not sent.

    Parameters:
      zone: on whose wall clock times are typed.
      row: what is changed; a time that is typed as it stood is that very moment.

    Raises:
      FieldErrors: a time is none.
    """
    sent: dict[str, Any] = {}
    said: list[str] = []
    wrong: Wrong = {}
    for one in inputs:
        field_, text = fields[one.name], form.values.get(one.name)
        if isinstance(field_, rest.Flag):
            sent[one.name] = text == "true"
        elif text is None or (text == "" and one.name == PASSWORD):
            continue
        elif text == "" and field_.allow_none:
            sent[one.name] = None
        elif isinstance(field_, rest.When):
            try:
                _read_moment(one.name, text, zone, row, sent, said)
            except FieldErrors as error:
                wrong |= error.fields
        else:
            sent[one.name] = text
    if wrong:
        raise FieldErrors(wrong)
    return sent, said


def _read_moment(
    name: str, text: str, zone: ZoneInfo, row: Any, sent: dict[str, Any], said: list[str]
) -> None:
    if text:
        moment, about = read(name, text, getattr(row, name, None), zone)
        sent[name] = moment.isoformat()
        said += [about] if about else []


def in_words(inputs: Sequence[Input], errors: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What REST finds wrong, by fields of the form; what is of none of them is said of the whole."""
    shown = {one.name for one in inputs}
    told: dict[str, list[str]] = {}
    for name, texts in errors.items():
        if name in shown:
            told[name] = list(texts)
        else:
            prefix = "" if name in (CROSS, "") else f"{name.replace('_', ' ').capitalize()}: "
            told.setdefault("", []).extend(prefix + text for text in texts)
    return told
