"""The do-not-call list: numbers that no surface calls or texts any more, and all that was ever said about it.

It is obeyed where it holds whatever happened before: the statement that opens an attempt at a carrier opens none to a
number that stands here (`models/deliveries/life.py`). Where somebody would wait in vain, he is told so early.
"""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from peewee import BigAutoField, TextField

from models import clock
from models.database import Row, UtcField, transaction
from models.numbers import ERASED, PhoneNumber

ADDED, LIFTED = "added", "lifted"
CAUSE = "on the do-not-call list"  # why a delivery to such a number fails


class Unwanted(Exception):
    """Who would be called or written to does not want it."""


class DoNotCall(Row):
    """One number, by its digits, as it stands now. `source` says where it came from, `proof` holds what was said.

    One that was lifted stays, with when.
    """

    id = BigAutoField()
    msisdn = TextField(unique=True)
    source = TextField()
    proof = TextField(default="")
    language = TextField(default="")
    added_at = UtcField(default=clock.now)
    lifted_at = UtcField(null=True)

    class Meta:
        table_name = "do_not_call"


class DoNotCallEntry(Row):
    """One thing that was said about a number: `done` is `added` or `lifted`. Written once, never changed."""

    id = BigAutoField()
    msisdn = TextField(index=True)
    done = TextField()
    source = TextField()
    proof = TextField(default="")
    language = TextField(default="")
    at = UtcField(default=clock.now)

    class Meta:
        table_name = "do_not_call_entry"


def digits(number: str | PhoneNumber) -> str:
    """A number as the list has it: its digits (MSISDN), however it is spelled. Empty when it has none.

    `+91 98765 43210`, `0091-98765-43210` and `+919876543210w12` (keys to be sent after the answer) are one number.
    Digits of any script count.
    """
    given = number.reveal() if isinstance(number, PhoneNumber) else number
    if given == ERASED:
        return ""
    spelled = given.lower().partition("w")[0]
    found = "".join(str(unicodedata.decimal(sign)) for sign in spelled if sign.isdecimal())
    return found.removeprefix("00")


def refused(number: str | PhoneNumber) -> bool:
    """Whether nobody may call or text this number."""
    return bool(refused_of([number]))


def refused_of(numbers: Iterable[str | PhoneNumber]) -> set[str]:
    """Which of these nobody may call or text, by their digits; one statement, however many they are."""
    wanted = {digits(number) for number in numbers} - {""}
    if not wanted:
        return set()
    here: Any = DoNotCall.msisdn.in_(wanted) & DoNotCall.lifted_at.is_null()
    return {row.msisdn for row in DoNotCall.select(DoNotCall.msisdn).where(here)}


def add(number: str | PhoneNumber, source: str, proof: str = "", language: str = "") -> bool:
    """Put a number on the list, and keep what was said. As it stands if it is there already, anew if it was lifted.

    Parameters:
      source: where it comes from: `text`, `survey`, `operator` …
      proof: who said what, when and where, as far as it can be shown again.
      language: what it was said in (ISO 639-1), where that is known.

    Returns:
      Whether it was not there before.
    """
    msisdn = digits(number)
    if not msisdn:
        return False
    now = clock.now()
    said = {"source": source, "proof": proof, "language": language}
    row = {**said, "added_at": now, "lifted_at": None}
    with transaction():
        changed = (
            DoNotCall.insert(msisdn=msisdn, **row)
            .on_conflict(
                conflict_target=[DoNotCall.msisdn], update=row, where=DoNotCall.lifted_at.is_null(False)
            )
            .as_rowcount()
            .execute()
        )
        DoNotCallEntry.create(msisdn=msisdn, done=ADDED, at=now, **said)
    return bool(changed)


def lift(number: str | PhoneNumber, source: str, proof: str = "", language: str = "") -> bool:
    """Take a number off the list, and keep what was said; parameters as for `add`. False when it is not on it."""
    msisdn = digits(number)
    now = clock.now()
    with transaction():
        here: Any = (DoNotCall.msisdn == msisdn) & DoNotCall.lifted_at.is_null()
        if not DoNotCall.update(lifted_at=now).where(here).execute():
            return False
        said = {"source": source, "proof": proof, "language": language}
        DoNotCallEntry.create(msisdn=msisdn, done=LIFTED, at=now, **said)
    return True


def history(numbers: Collection[str | PhoneNumber]) -> Any:
    """All that was ever said about these numbers, oldest first, as a query."""
    here: Any = DoNotCallEntry.msisdn.in_([digits(number) for number in numbers])
    return DoNotCallEntry.select().where(here).order_by(DoNotCallEntry.id)
