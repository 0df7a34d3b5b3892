"""What is held about somebody: every row there is, section by section, read in chunks."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from peewee import SQL, fn

from models import donotcall
from models.database import utc
from models.deliveries import Mail
from models.numbers import HIDDEN, masked
from models.privacy.elsewhere import CHUNK
from models.privacy.persons import Person
from models.privacy.place import Place
from models.privacy.places import PLACES, RECEIPTS, mentioning, reports

Section = tuple[str, Iterator[dict[str, Any]]]


def held(person: Person) -> Iterator[Section]:
    """The sections, each with its rows. His own numbers are `PhoneNumber`s; those of others are hidden."""
    yield "contact", iter([_row(person.contact.__data__)] if person.contact else [])
    yield "user", iter([_row(person.user.__data__ | {"password": "a hash of it is kept"})])
    for section in dict.fromkeys(place.section for place in PLACES):
        yield section, _mails(person) if section == "mails" else _section(section, person)
    yield "receipts", _receipts(person)
    yield "do_not_call", _opt_outs(person)


def _opt_outs(person: Person) -> Iterator[dict[str, Any]]:
    """What was said of calling his numbers no more: kept for as long as there are calls, whoever is erased."""
    for row in donotcall.history(person.numbers).dicts():
        yield _row(row)


def _section(section: str, person: Person) -> Iterator[dict[str, Any]]:
    for place in PLACES:
        if place.section == section:
            yield from _rows(place, person)


def _rows(place: Place, person: Person) -> Iterator[dict[str, Any]]:
    t: Any = place.table.alias("t")
    his = SQL(f"({place.his.format(**person.ids)})")
    last = 0
    while rows := list(t.select().where(his & (t.id > last)).order_by(t.id).limit(CHUNK).dicts()):
        last = rows[-1]["id"]
        for row in rows:
            if row.get("cause"):
                row["cause"] = masked(row["cause"], but=person.numbers)
            yield _row({name: HIDDEN if name in place.others else value for name, value in row.items()})


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def _plain(body: str) -> str:
    """A report as it is read: of a form, without the `%2B` in which a number's plus hides."""
    return body if body.startswith("{") else unquote_plus(body)


def _mails(person: Person) -> Iterator[dict[str, Any]]:
    """Those that are about him, and whatever else went to his addresses."""
    told = set()
    for row in _section("mails", person):
        told.add(row["id"])
        yield row
    his: Any = Mail.select().where(fn.LOWER(Mail.to).in_(person.addresses))
    for mail in his.order_by(Mail.id).dicts().iterator():
        if mail["id"] not in told:
            yield _row(mail)


def _receipts(person: Person) -> Iterator[dict[str, Any]]:
    """What carriers reported of him, other people's numbers hidden."""
    mention = " OR ".join(map(mentioning, person.numbers)) or "FALSE"
    columns = ("id", "source", "outcome", "about", "received_at", "body")
    for rows in reports(f"{RECEIPTS.format(**person.ids)} OR {mention}", columns):
        for row in rows:
            facts = dict(zip(columns, row, strict=True))
            at, body = utc(facts["received_at"]), masked(_plain(facts["body"]), but=person.numbers)
            yield _row({**facts, "received_at": at, "body": body})
