"""Vouching: staff say what of somebody's account is verified, in place of tokens and the payment provider."""

from collections.abc import Mapping

from models import clock
from models.database import transaction
from models.people.accounts import Account
from models.people.one_time_tokens import EMAIL, PHONE, OneTimeToken
from models.people.verifying import locked


class NoPhone(Exception):
    """There is no number that could be verified."""


def vouch(account_id: int, facts: Mapping[str, bool]) -> None:
    """Set what is verified of an account. A token that was to show just that is void.

    Parameters:
      facts: any of `email_verified`, `phone_verified`, `payment_verified`.

    Raises:
      NoPhone
      Erased: its owner was.
    """
    if not facts:
        return
    with transaction():
        account = locked(account_id)
        if facts.get("phone_verified") and account.phone is None:
            raise NoPhone
        shown = {EMAIL: account.email, PHONE: account.phone and account.phone.e164()}
        for kind, target in shown.items():
            if facts.get(f"{kind}_verified"):
                here = (OneTimeToken.account == account_id) & (OneTimeToken.kind == kind)
                OneTimeToken.delete().where(here & (OneTimeToken.target == target)).execute()
        Account.update(**facts, updated_at=clock.now()).where(Account.id == account_id).execute()
