"""All that is held about somebody besides himself: called off, cancelled, and wiped, chunk by chunk."""

import json
from collections.abc import Callable, Mapping

from peewee import SQL

from models import clock
from models.callrequests import CallRequest
from models.callrequests.leaving import leave, tell_other
from models.callrequests.requests import SUCCESSFUL
from models.database import Sql, transaction
from models.deliveries import Bridge, Delivery, Hook, Mail, Push, Ring, Text
from models.deliveries.life import QUEUED, SENDING
from models.ledger import LedgerRow
from models.mentoring import ScheduledCall, reminding
from models.numbers import ERASED
from models.people.accounts import Account
from models.privacy import addressed
from models.privacy.persons import Person
from models.privacy.place import Place
from models.privacy.places import OWNED, PLACES, RECEIPTS

CHUNK = 500  # rows a transaction


def wipe(person: Person, after: int = 0) -> dict[str, int]:
    """All of it, over and over until nothing changes any more. Returns how many rows of each kind were changed.

    Parameters:
      after: only receipts of a higher id.
    """
    done: dict[str, int] = {"cancelled": leave(person.ids["account"])}
    done["called_off"] = _untold(person) + _call_off(person)
    done["errors"] = _errors(person)
    done["schedule"] = _schedule(person)
    done["receipts"] = addressed.receipts(RECEIPTS.format(**person.ids), after)
    for place in PLACES:
        done[place.section] = done.get(place.section, 0) + until_none(place, person)
    return done


def until_none(place: Place, person: Person) -> int:
    """Wipe his rows in one place, a few in each transaction. Returns how many."""
    step = _step(place, person)
    total = 0
    while step is not None:
        with transaction("erase"):
            count = step()
        total += count
        if count == 0:
            break
    return total


def _step(place: Place, person: Person) -> Callable[[], int] | None:
    """The statement that wipes the next few of his rows in one place."""
    table = place.table._meta.table_name
    his = place.his.format(**person.ids)
    if place.removed:
        here = f"SELECT t.id FROM {table} AS t WHERE ({his}) LIMIT {CHUNK}"
        return Sql(f"DELETE FROM {table} WHERE id IN ({here})").count
    if not place.left:
        return None
    left = {
        name: value.format(**person.ids) if "{account}" in value else value
        for name, value in place.left.items()
    }
    differs = " OR ".join(f't."{name}" IS DISTINCT FROM {value}' for name, value in left.items())
    sets = ", ".join(f'"{name}" = {value}' for name, value in left.items())
    here = f"SELECT t.id FROM {table} AS t WHERE ({his}) AND ({differs}) LIMIT {CHUNK}"
    return Sql(
        f"UPDATE {table} AS t SET {sets} WHERE t.id IN ({here})",
        sqlite={"IS DISTINCT FROM": "IS NOT"},
    ).count


def _untold(person: Person) -> int:
    """The other party of a request, who was to read of what he did last, reads that it is over."""
    me, count = person.ids["account"], 0
    his = SQL(f"id IN ({OWNED['mail_id'].format(**person.ids)})") & (Mail.origin == "callrequest")
    for mail in list(Mail.select().where(his & Mail.status.in_((QUEUED, SENDING)))):
        with transaction("erase"):
            request = CallRequest.get_by_id(mail.origin_id)
            to_other = mail.to == Account.get_by_id(request.other(me)).email
            if addressed.called_off(mail) and to_other and request.status != SUCCESSFUL:
                tell_other(request, me)
                count += 1
    return count


def _call_off(person: Person) -> int:
    tables: dict[type[Delivery], str] = {
        Bridge: "bridge_id",
        Ring: "ring_id",
        Text: "text_id",
        Push: "push_id",
        Mail: "mail_id",
        Hook: "hook_id",
    }
    his = {table: SQL(f"id IN ({OWNED[name].format(**person.ids)})") for table, name in tables.items()}
    return sum(addressed.call_off(table, here) for table, here in his.items())


def _schedule(person: Person) -> int:
    """What is to come is cancelled without a word, and nobody is reminded of it."""
    his = (ScheduledCall.caller == person.ids["me"]) | (ScheduledCall.callee == person.ids["me"])
    ahead = his & ScheduledCall.cancelled_at.is_null() & (ScheduledCall.call_time > clock.now())
    count = 0
    for scheduled in list(ScheduledCall.select().where(ahead)):
        with transaction("erase"):
            reminding.drop(scheduled)
            here = (ScheduledCall.id == scheduled.id) & ScheduledCall.cancelled_at.is_null()
            count += ScheduledCall.update(cancelled_at=clock.now()).where(here).execute()
    return count


def _errors(person: Person) -> int:
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


def _about(person: Person, args: Mapping[int, Mapping[str, int]]) -> set[int]:
    """Which commands, by id, are about him."""
    found: set[int] = set()
    for name, his in OWNED.items():
        ids = {command: int(given[name]) for command, given in args.items() if name in given}
        if ids:
            wanted = ", ".join(map(str, set(ids.values())))
            sql = f"SELECT o.id FROM ({his.format(**person.ids)}) AS o WHERE o.id IN ({wanted})"
            owned = {row[0] for row in Sql(sql).all()}
            found |= {command for command, value in ids.items() if value in owned}
    return found
