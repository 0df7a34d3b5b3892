"""Amending: what somebody changes of his own account; a new address or number waits to be verified."""

from collections.abc import Mapping
from typing import Any

from models import clock
from models.database import transaction
from models.people import verifying
from models.people.accounts import Account
from models.people.users import User

NAMES = ("first_name", "last_name")
COLUMNS = ("timezone", "profile_image", "email_notifications", "active", "call_me")


def codes_for(account_id: int, facts: Mapping[str, Any]) -> list[str]:
    """The number and the mail address that these changes have tokens sent to; none, for most.

    Raises:
      models.pipelines.NoRoute: nobody carries texts to the new number.
    """
    if "email" not in facts and "phone" not in facts:
        return []
    account, receivers = verifying.with_user(account_id), []
    if "phone" in facts and verifying.unproven_phone(account, facts["phone"]):
        receivers.append(facts["phone"].e164())
    if "email" in facts and verifying.unproven_email(account, facts["email"]):
        receivers.append(facts["email"])
    return receivers


def amend(account_id: int, facts: Mapping[str, Any]) -> Account:
    """Change an account, and have tokens sent to a new address and a new number: the old ones stay until these are
    shown. One that is sent again unverified gets another token; the last one counts.

    Parameters:
      facts: checked, by column; `phone` is a `PhoneNumber`.

    Raises:
      models.pipelines.NoRoute: as `codes_for` does.
      Erased: the account's owner was.
    """
    with transaction():
        account = verifying.locked(account_id)
        if names := _picked(facts, NAMES):
            User.update(names).where(User.id == account.user_id).execute()
        columns = _picked(facts, COLUMNS)
        if names or columns:
            Account.update(**columns, updated_at=clock.now()).where(Account.id == account_id).execute()
        if "email" in facts and verifying.unproven_email(account, facts["email"]):
            verifying.begin_email(account, facts["email"])
        if "phone" in facts and verifying.unproven_phone(account, facts["phone"]):
            verifying.begin_phone(account, facts["phone"])
        return verifying.with_user(account_id)


def _picked(facts: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: facts[name] for name in names if name in facts}
