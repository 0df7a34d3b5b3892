"""Dialling in: whose number it is, and which of his agreed calls he means."""

import re
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from models import clock
from models.callrequests.conferences import ConferenceCall
from models.database import Sql, utc
from models.people import User
from models.people.accounts import COUNTRY, Account
from models.receipts import DONE, KEPT, Receipt

# How early and how late one may dial in, by the agreed time.
AHEAD, AGO = timedelta(minutes=15), timedelta(minutes=120)

_NUMBER = re.compile(rf"{re.escape(COUNTRY)}[0-9]{{10}}", re.ASCII)

# Each half is found by its own partial index.
FITTING = Sql(
    " UNION ALL ".join(
        f"SELECT id, agreed_time FROM call_request WHERE {party} = %s AND status = 'a' "
        "AND agreed_time BETWEEN %s AND %s"
        for party in ("requester_id", "hero_account_id")
    )
)


class Refusal(Enum):
    """Why somebody who dials in is not let in."""

    STRANGER = "nobody's verified number"
    NOTHING_NOW = "nothing agreed for now"


def take(caller: str, call_sid: str, receipt: Receipt) -> ConferenceCall | Refusal:
    """Let somebody in to the agreed call that is nearest, or say why not.

    Parameters:
      caller: his number, as the provider has it.
      call_sid: what the provider calls his call.
      receipt: of its question, to be settled.
    """
    account = _owner(caller)
    request_id = None if account is None else nearest(account.id, clock.now())
    if account is None or request_id is None:
        refusal = Refusal.STRANGER if account is None else Refusal.NOTHING_NOW
        receipt.settle(KEPT, note=refusal.value)
        return refusal
    row = {"sid": call_sid, "account": account.id, "call_request": request_id}
    ConferenceCall.insert(row).on_conflict_ignore().execute()
    receipt.settle(DONE, about=f"callrequest:{request_id}")
    return let_in(call_sid)


def let_in(call_sid: str) -> ConferenceCall:
    """The call of somebody who was let in, with his account."""
    query = ConferenceCall.select(ConferenceCall, Account, User).join(Account).join(User)
    call: ConferenceCall = query.where(ConferenceCall.sid == call_sid).get()
    return call


def _owner(caller: str) -> Account | None:
    """Who has shown that this number is his, and is not suspended."""
    if not _NUMBER.fullmatch(caller):
        return None
    here: Any = (Account.phone == caller) & Account.phone_verified & User.is_active
    account: Account | None = Account.select().join(User).where(here).first()
    return account


def nearest(account_id: int, now: datetime) -> int | None:
    """His agreed call nearest to now; of two as near the past one, of two at one time the older request [D-25]."""
    window = account_id, now - AGO, now + AHEAD
    found = [(utc(time) or now, request_id) for request_id, time in FITTING.all(*window, *window)]
    best = min(found, key=lambda one: (abs(one[0] - now), one[0] > now, one[1]), default=None)
    return None if best is None else best[1]
