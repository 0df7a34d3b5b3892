"""Posting: a letter becomes a mail of the trunk, at most once for each reference, in the caller's transaction."""

import json
from datetime import datetime
from typing import Any

from models import clock
from models.deliveries import Mail
from models.deliveries.life import SKIPPED
from models.events import emit
from models.letters.paper import Sheet
from models.people.accounts import Account


def post(sheet: Sheet, *, reference: str, until: datetime | None = None, **envelope: Any) -> None:
    """Have a letter carried, unless one of this reference was made before.

    Parameters:
      until: its last useful moment, if that is sooner than pipelines.yaml says of mails.
      envelope: the other columns of `Mail`.
    """
    words = {"subject": sheet.subject, "text": sheet.text, "html": sheet.html}
    if _kept(reference, attachments=json.dumps(sheet.files), **words, **envelope):
        emit("mail.requested", until=until, mail_id=Mail.get(Mail.reference == reference).id)


def withhold(reference: str, cause: str, **envelope: Any) -> None:
    """Write down that a letter is not to be sent; it is not kept itself."""
    empty = {"to": "", "subject": "", "text": ""}
    _kept(reference, status=SKIPPED, cause=cause, ended_at=clock.now(), **empty, **envelope)


def unwelcome(account: Account) -> str:
    """Why an account gets no mail at all, in words; empty for most."""
    return "" if account.user.is_active else "the account is closed"


def _kept(reference: str, **columns: Any) -> bool:
    """Whether this was the first of its reference; the database decides."""
    insert = Mail.insert(reference=reference, **columns).on_conflict_ignore()
    return bool(insert.as_rowcount().execute())
