"""Erasing somebody: who he was goes, that something happened stays. Safe to be killed in, and to be done again.

First his receipts, while his number is known; then he himself, in one transaction: from then on nobody can log in as
him, and reports, requests and workers see that he was erased. Then all that is held elsewhere, in short transactions.
What was under way meanwhile may still write a line of his: the hourly pruning goes over him again for a day.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from peewee import fn

from models import clock, events
from models.database import Sql, db, on_postgres, transaction
from models.deliveries import Bridge, Delivery, Mail, Push, Text
from models.deliveries.life import QUEUED, SENDING
from models.ledger import LedgerRow
from models.mentoring import ScheduledCall, reminding
from models.numbers import ERASED
from models.people import MENTEE, Contact, User
from models.people.sessions import WebSession
from models.privacy import late
from models.privacy.late import Erasure
from models.privacy.places import OWNED, PLACES, RECEIPTS, Place, mentioning, reports
from models.receipts import Receipt

CHUNK = 500  # rows a transaction
AGAIN = timedelta(days=1)  # for how long what was under way is looked for
NO_PASSWORD = "!"  # noqa: S105  # no hash is this, so no password fits


class NoSuchContact(LookupError):
    """There is nobody with this contact id."""


class StillNeeded(Exception):
    """He is the mentee of mentors who are here; `mentors` are their contact ids."""

    def __init__(self, mentors: list[int]) -> None:
        super().__init__(f"mentors {mentors} have this mentee")
        self.mentors = mentors


def contact(contact_id: int) -> Contact:
    """The contact.

    Raises:
      NoSuchContact: there is none.
    """
    found: Contact | None = Contact.get_or_none(Contact.id == contact_id)
    if found is None:
        raise NoSuchContact(contact_id)
    return found


def erase(contact_id: int, *, force: bool = False) -> dict[str, int]:
    """Erase somebody. Returns how many rows of each kind were changed: of one who was erased before, mostly none.

    Parameters:
      force: also a mentee whom mentors have: their calls and texts to him are refused from now on.

    Raises:
      NoSuchContact, StillNeeded: nothing is changed.
    """
    person = contact(contact_id)
    mentors = [
        row.id for row in Contact.select(Contact.id).where(Contact.mentee == person).order_by(Contact.id)
    ]
    if mentors and not (force or person.erased):
        raise StillNeeded(mentors)
    if not on_postgres():
        db.obj.execute_sql("PRAGMA secure_delete = ON")  # else a file keeps in its gaps what no table holds
    done: dict[str, int] = {}
    if not person.erased:
        done["receipts"] = _receipts_that_mention(person.msisdn) + _mails_to(person.user.email)
        last = Receipt.select(fn.MAX(Receipt.id)).scalar() or 0
        _himself(person)
        done["receipts"] += _receipts_that_mention(person.msisdn, after=last)
    for section, count in _elsewhere(person).items():
        done[section] = done.get(section, 0) + count
    if not on_postgres():
        db.obj.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return done


def again() -> int:
    """Go over those erased lately again, as part of the caller's transaction. Returns how many rows that changed."""
    lately = Erasure.select().where(Erasure.erased_at > clock.now() - AGAIN)
    return sum(sum(_elsewhere(contact(row.contact_id), _before(row.erased_at)).values()) for row in lately)


def _before(moment: datetime) -> int:
    """The id of the last receipt of well before a moment."""
    of_then = Receipt.received_at > moment - timedelta(hours=1)
    first: int | None = Receipt.select(fn.MIN(Receipt.id)).where(of_then).scalar()
    return (first or Receipt.select(fn.MAX(Receipt.id)).scalar() or 1) - 1


def _himself(person: Contact) -> None:
    with transaction("erase"):
        mark = late.mark(person.msisdn)
        Erasure.insert(contact_id=person.id, number_mark=mark).on_conflict_ignore().execute()
        # Changing the number waits for every transaction that refers to him: what they wrote is seen below.
        Contact.update(
            contact_number=ERASED, msisdn=f"{ERASED}:{person.id}", external_id=None, device_token="", profile_pic="",
            job_title="", motivation="", inspiration="",
            mentee=person.mentee_id if person.kind == MENTEE else None,
        ).where(Contact.id == person.id).execute()  # fmt: skip
        User.update(
            username=f"{ERASED}:{person.id}", password=NO_PASSWORD, first_name=ERASED, last_name="", email="",
            is_active=False, is_staff=False, is_service=False,
        ).where(User.id == person.user_id).execute()  # fmt: skip
        WebSession.end_all(person.user_id)


def _elsewhere(person: Contact, after: int = 0) -> dict[str, int]:
    """All but himself, chunk by chunk, each over and over until nothing changes any more.

    Parameters:
      after: only receipts of a higher id.
    """
    done: dict[str, int] = {"called_off": _call_off(person), "errors": _errors(person)}
    done["schedule"] = _schedule(person)
    done["receipts"] = _receipts(RECEIPTS.format(me=person.id), after)
    for place in PLACES:
        step = _step(place, person)
        if step is not None:
            done[place.section] = done.get(place.section, 0) + _until_none(step.count)
    return done


def _step(place: Place, person: Contact) -> Sql | None:
    """The statement that wipes the next few of his rows in one place."""
    table = place.table._meta.table_name
    his = place.his.format(me=person.id, user=person.user_id)
    if place.removed:
        here = f"SELECT t.id FROM {table} AS t WHERE ({his}) LIMIT {CHUNK}"
        return Sql(f"DELETE FROM {table} WHERE id IN ({here})")
    if not place.left:
        return None
    differs = " OR ".join(f't."{name}" IS DISTINCT FROM {left}' for name, left in place.left.items())
    sets = ", ".join(f'"{name}" = {left}' for name, left in place.left.items())
    here = f"SELECT t.id FROM {table} AS t WHERE ({his}) AND ({differs}) LIMIT {CHUNK}"
    return Sql(
        f"UPDATE {table} AS t SET {sets} WHERE t.id IN ({here})",
        sqlite={"IS DISTINCT FROM": "IS NOT"},
    )


def _until_none(step: Callable[[], int]) -> int:
    total = 0
    while True:
        with transaction("erase"):
            count = step()
        total += count
        if count == 0:
            return total


def _call_off(person: Contact) -> int:
    """What no carrier has yet is wanted no more; its surface hears so, as of anything that was not carried."""
    count = 0
    tables: dict[type[Delivery], str] = {Bridge: "bridge_id", Text: "text_id", Push: "push_id"}
    for table, name in tables.items():
        sql = f"id IN ({OWNED[name].format(me=person.id)}) AND status IN ('{QUEUED}', '{SENDING}')"
        for reference, origin, origin_id in Sql(
            f"SELECT reference, origin, origin_id FROM {table._meta.table_name} WHERE {sql}"
        ).all():
            with transaction("erase"):
                if table.call_off(reference):
                    events.tell(f"{table.word}.expired", origin, origin_id, cause=ERASED)
                    count += 1
    return count


def _schedule(person: Contact) -> int:
    """What is to come is cancelled without a word, and nobody is reminded of it."""
    his = (ScheduledCall.caller == person) | (ScheduledCall.callee == person)
    ahead = his & ScheduledCall.cancelled_at.is_null() & (ScheduledCall.call_time > clock.now())
    count = 0
    for scheduled in list(ScheduledCall.select().where(ahead)):
        with transaction("erase"):
            reminding.drop(scheduled)
            here = (ScheduledCall.id == scheduled.id) & ScheduledCall.cancelled_at.is_null()
            count += ScheduledCall.update(cancelled_at=clock.now()).where(here).execute()
    return count


def _errors(person: Contact) -> int:
    """What went wrong with a command that is about him may quote what it was about."""
    failed = LedgerRow.error.is_null(False) & (LedgerRow.error != ERASED)
    mine: list[int] = []
    last = 0
    while rows := list(
        LedgerRow.select(LedgerRow.id, LedgerRow.args)
        .where(failed & (LedgerRow.id > last))
        .order_by(LedgerRow.id)
        .limit(CHUNK)
    ):
        last = rows[-1].id
        mine += _about(person, {row.id: json.loads(row.args) for row in rows})
    return sum(LedgerRow.update(error=ERASED).where(failed & (LedgerRow.id == one)).execute() for one in mine)


def _about(person: Contact, args: Mapping[int, Mapping[str, int]]) -> set[int]:
    """Which commands, by id, are about him."""
    found: set[int] = set()
    for name, his in OWNED.items():
        ids = {command: int(given[name]) for command, given in args.items() if name in given}
        if ids:
            wanted = ", ".join(map(str, set(ids.values())))
            sql = f"SELECT o.id FROM ({his.format(me=person.id)}) AS o WHERE o.id IN ({wanted})"
            owned = {row[0] for row in Sql(sql).all()}
            found |= {command for command, value in ids.items() if value in owned}
    return found


def _mails_to(address: str) -> int:
    if not address:
        return 0
    gone = {"to": ERASED, "subject": "", "text": "", "html": "", "attachments": "[]"}
    return int(Mail.update(gone).where(fn.LOWER(Mail.to) == address.lower()).execute())


def _receipts_that_mention(msisdn: str, after: int = 0) -> int:
    return _receipts(mentioning(msisdn), after)


def _receipts(here: str, after: int = 0) -> int:
    """Leave of these reports' bodies what is nobody's."""
    count = 0
    for rows in reports(f"({here}) AND t.body <> ''", ("id", "source", "body"), after):
        with transaction("erase"):
            for receipt_id, source, body in rows:
                bare = late.redacted(source, body)
                if bare != body:
                    count += Receipt.update(body=bare).where(Receipt.id == receipt_id).execute()
    return count
