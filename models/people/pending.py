"""What of an account waits to be verified: an address and a number that are not his yet."""

from typing import NamedTuple

from models import clock
from models.database import Sql
from models.people.accounts import COUNTRY

_PENDING = Sql(
    """
    SELECT t.kind, t.target FROM one_time_token AS t JOIN account AS a ON a.id = t.account_id
    WHERE t.account_id = %s AND t.kind IN ('email', 'phone') AND t.expires_at > %s
        AND t.target NOT IN (a.email, COALESCE(a.phone, ''))
    """
)


class Pending(NamedTuple):
    """A mail address and ten digits; None where nothing waits."""

    email: str | None
    phone: str | None


def pending_of(account_id: int) -> Pending:
    """What is to take the place of an account's address and number, once the tokens sent there are shown. One query."""
    found = dict(_PENDING.all(account_id, clock.now()))
    phone = found.get("phone")
    return Pending(found.get("email"), phone and phone.removeprefix(COUNTRY))
