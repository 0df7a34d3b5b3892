"""What of an account waits to be verified: an address and a number that are not his yet."""

from typing import NamedTuple

from models import clock
from models.database import Sql
from models.people.accounts import COUNTRY

_PENDING = Sql(
    """
    SELECT kind, target FROM one_time_token
    WHERE account_id = %s AND kind IN ('email', 'phone') AND expires_at > %s
    """
)


class Pending(NamedTuple):
    """A mail address and ten digits; None where nothing waits."""

    email: str | None
    phone: str | None


def pending_of(account_id: int) -> Pending:
    """What the account's owner was sent a token for that he has not shown yet. One query."""
    found = dict(_PENDING.all(account_id, clock.now()))
    phone = found.get("phone")
    return Pending(found.get("email"), phone and phone.removeprefix(COUNTRY))
