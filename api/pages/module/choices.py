"""Rows to choose from: those that somebody may refer to, each by what it is called."""

from collections.abc import Callable
from functools import partial
from typing import Any

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.kinds import Kind
from api.pages.module import zones
from api.pages.render import local
from models.appointments.events import Event
from models.people.users import User

MOST = 300  # rows that a list to choose from shows; what stands in the field is always among them
_NAMES = ("label", "name", "title", "question", "keys")


def called(user: User) -> str:
    """What a user is called: by his full name and his username, which tells him from others."""
    name = f"{user.first_name} {user.last_name}".strip()
    return f"{name} ({user.username})" if name else str(user.username)


def _event(event: Event) -> str:
    """By its title and its start, on the clock of its calendar user."""
    return f"{event.title}, {local(event.start, zones.of_row(event) or zones.of_user(event.creator_id))}"


# Where the pages of rows are that others refer to.
PAGES = {
    kinds.CALENDAR: "/module/calendar", kinds.CALENDAR_USER: "/module/calendar_user", kinds.EVENT: "/module/event",
    kinds.CALENDAR_SETTING: "/module/calendar_setting", kinds.SEALED_SURVEY: "/module/survey/sealed",
    kinds.AUDIO_FILE: "/module/survey/audio",
}  # fmt: skip
LABELS: dict[Kind, Callable[[Any], str]] = {kinds.CALENDAR_USER: called, kinds.EVENT: _event}


def _rows(kind: Kind) -> Any:
    """The rows of a kind, with what they are called by."""
    if kind is kinds.EVENT:
        return zones.joined(Event.select(Event, zones.ZONE_NAME), Event.creator)
    return kind.rows.select()


def label(kind: Kind, row: Any) -> str:
    """What a row is called where it is chosen or referred to."""
    if kind in LABELS:
        return LABELS[kind](row)
    return str(next((getattr(row, name) for name in _NAMES if hasattr(row, name)), row.id))


def _labels(kind: Kind, caller: RestCaller) -> Callable[[Any], str]:
    """What rows are called among their like: copies of one survey often share a name, and are told apart by their time.

    It is on the clock of who looks.
    """
    if kind is not kinds.SEALED_SURVEY:
        return partial(label, kind)
    zone = zones.of_caller(caller.user_id)
    return lambda survey: f"{survey.name}, sealed {local(survey.created_date, zone)}"


def choices(
    kind: Kind, caller: RestCaller, narrowed: Any, chosen: str, *, seen: bool = False
) -> list[tuple[str, str]]:
    """Id and name of the rows that the caller may refer to, the newest first, and of the one that is chosen.

    Parameters:
      narrowed: a condition on what is offered, or None.
      seen: whether it is enough that he sees them.
    """
    mine, standing = kind.visible(caller) if seen else kind.mine(caller), zones.typed_id(chosen)
    offered = mine if narrowed is None else mine & narrowed
    found = list(_rows(kind).where(offered).order_by(kind.rows.id.desc()).limit(MOST))
    if standing and all(kind.id_of(row) != standing for row in found):
        found = [*_rows(kind).where(mine & (kind.id == standing)), *found]
    say = _labels(kind, caller)
    named = [(str(kind.id_of(row)), say(row)) for row in found]
    return named if kind is kinds.EVENT else sorted(named, key=lambda pair: pair[1].casefold())


def referred(kind: Kind, caller: RestCaller, row_id: int) -> tuple[str, str]:
    """What a row is called that another refers to, and where its page is; its number, where he does not see it."""
    row = _rows(kind).where((kind.id == row_id) & kind.visible(caller)).first()
    if row is None:
        return f"number {row_id}", ""
    page = PAGES.get(kind, "") if caller.may(kind.word("view")) else ""
    return _labels(kind, caller)(row), page and f"{page}/{row_id}"
