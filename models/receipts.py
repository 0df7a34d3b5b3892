"""Receipts: every webhook's raw body, kept once, so that a replay has no second effect and a person can look."""

import hashlib
from collections.abc import Callable
from typing import Any

from peewee import BigAutoField, IntegrityError, TextField

from models import clock, tracing
from models.database import Row, UtcField, on_postgres, transaction
from models.privacy import late

WAITING, DONE, UNMATCHED, INVALID, KEPT = "waiting", "done", "unmatched", "invalid", "kept"


class Receipt(Row):
    """One report as it came. `outcome` says what became of it; `about` is the reference it turned out to be about."""

    id = BigAutoField()
    source = TextField()
    hash = TextField()
    body = TextField()
    outcome = TextField(default=WAITING)
    about = TextField(default="", index=True)
    note = TextField(default="")
    trace = TextField(default="")
    received_at = UtcField(default=clock.now, index=True)

    class Meta:
        table_name = "receipt"
        indexes = ((("source", "hash"), True),)

    @classmethod
    def keep(cls, source: str, body: bytes, *, once_by: str | None = None) -> "Receipt":
        """Keep a report; the same one again gives the row that is there already.

        Parameters:
          source: who reports, and what.
          once_by: what makes two reports the same; their whole body by default.
        """
        key = body if once_by is None else once_by.encode()
        row = {
            "source": source,
            "hash": hashlib.sha256(key).hexdigest(),
            "body": body.decode("utf-8", "replace").replace("\0", "\ufffd"),
            "trace": tracing.current(),
        }
        cls.insert(row).on_conflict_ignore().execute()
        return cls._locked((cls.source == source) & (cls.hash == row["hash"]))

    @classmethod
    def take(
        cls, source: str, body: bytes, effects: Callable[["Receipt"], Any], *, once_by: str | None = None
    ) -> Any:
        """Keep a report and take its effects, in one transaction. None when that has been done before.

        Two reports at once may give one id to two rows. The database refuses the second, which then looks again at
        what is there now.

        Parameters:
          effects: has them, settles the receipt, and says what came of it.
          once_by: what makes two reports the same; their whole body by default.
        """
        return _once(lambda: cls.keep(source, body, once_by=once_by), effects)

    @classmethod
    def take_again(cls, receipt_id: int, effects: Callable[["Receipt"], Any]) -> Any:
        """Take the effects of a report that is kept, as `take` does. None when they have been taken."""
        return _once(lambda: cls._locked(cls.id == receipt_id), effects)

    @classmethod
    def _locked(cls, here: Any) -> "Receipt":
        """One receipt, for nobody else until the transaction ends: the same report again waits, and then sees this."""
        query = cls.select().where(here)
        return (query.for_update() if on_postgres() else query).get()

    @classmethod
    def unsettled(cls, limit: int) -> list["Receipt"]:
        """The latest reports that fitted nothing or could not be read, without their bodies."""
        what = (cls.id, cls.source, cls.outcome, cls.about, cls.note, cls.received_at)
        here = cls.outcome.in_((UNMATCHED, INVALID))
        return list(cls.select(*what).where(here).order_by(cls.id.desc()).limit(limit))

    def settle(self, outcome: str, **facts: Any) -> None:
        """Note what became of it. What it tells of somebody who was erased is not kept."""
        about = facts.get("about")
        if late.about_erased(about) if about else outcome != DONE and late.mentions_erased(self.body):
            facts["body"] = late.redacted(self.source, self.body)
        type(self).update(outcome=outcome, **facts).where(type(self).id == self.id).execute()
        self.outcome = outcome


def _once(found: Callable[[], Receipt], effects: Callable[[Receipt], Any]) -> Any:
    def attempt() -> Any:
        with transaction("webhook"):
            receipt = found()
            return None if receipt.outcome == DONE else effects(receipt)

    try:
        return attempt()
    except IntegrityError:
        return attempt()
