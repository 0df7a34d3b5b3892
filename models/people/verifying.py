"""Verifying: an address or a number is somebody's once he shows the token that was sent there."""

from typing import Any

from peewee import IntegrityError

from models import clock, donotcall, flow
from models.database import on_postgres, transaction
from models.numbers import Erased, PhoneNumber
from models.people import one_time_tokens, token_deliveries
from models.people.accounts import Account
from models.people.changing import Taken
from models.people.one_time_tokens import EMAIL, PASSWORD, PHONE
from models.people.users import User

NO_TEXTS = "Whose phone this is asked us for no more calls and texts. A text of the word START from it takes that back."


class NoSuchToken(LookupError):
    """There is no such token, or no more: used up, replaced, or expired."""


def with_user(account_id: int) -> Account:
    """An account with its user, in one query."""
    account: Account = Account.select(Account, User).join(User).where(Account.id == account_id).get()
    return account


def locked(account_id: int) -> Account:
    """The same, nobody else changing the account until the transaction ends.

    Whoever touches an account and its tokens locks the account first, so that two never wait for each other.

    Raises:
      Erased: its owner was, meanwhile.
    """
    if on_postgres():
        query: Any = Account.select(Account.id).where(Account.id == account_id)
        query.for_update("FOR NO KEY UPDATE").execute()
    account = with_user(account_id)
    if account.erased:
        raise Erased
    return account


def unproven_email(account: Account, address: str) -> bool:
    """Whether an address is still to be shown to be the account's. One that is verified already stays so."""
    return address != account.email or not account.email_verified


def unproven_phone(account: Account, number: PhoneNumber) -> bool:
    """Likewise for a number.

    Raises:
      models.pipelines.NoRoute: it is, and nobody carries texts to it.
      models.donotcall.Unwanted: it is, and its owner wants none.
    """
    if number == account.phone and account.phone_verified:
        return False
    flow.current().route("texts", number.e164())
    if donotcall.refused(number):
        raise donotcall.Unwanted(NO_TEXTS)
    return True


def begin_email(account: Account, address: str) -> None:
    """Mail a token to an address that is to be the account's, in the transaction that locked it.

    Whether it is somebody else's, nobody is told before he shows the token.
    """
    made = one_time_tokens.renew(EMAIL, account.id, address)
    token_deliveries.mail(EMAIL, account, address, made)


def begin_phone(account: Account, number: PhoneNumber) -> None:
    """Text a token to a number that is to be the account's; as `begin_email`."""
    token_deliveries.text(number, one_time_tokens.renew(PHONE, account.id, number.e164()))


def verify(kind: str, account_id: int, token: str) -> Account:
    """Make the address or number that this token was sent to the account's own, in place of the old one.

    Raises:
      NoSuchToken: there is none such for this account; it may have changed its mind meanwhile.
      Taken: somebody else has it meanwhile.
    """
    try:
        with transaction():
            locked(account_id)
            used = one_time_tokens.use(kind, token, str(account_id))
            if used is None:
                raise NoSuchToken
            if kind == PHONE:
                free(used.target)
            else:  # who reads the old address is not to choose a password
                one_time_tokens.void(PASSWORD, account_id)
            changes = {kind: used.target, f"{kind}_verified": True, "updated_at": clock.now()}
            Account.update(changes).where(Account.id == account_id).execute()
            return with_user(account_id)
    except IntegrityError:
        raise Taken(kind) from None


def free(number: str) -> None:
    """Take a number from who never showed that it is his, for who has shown it now. Part of his transaction."""
    here = (Account.phone == number) & ~Account.phone_verified
    Account.update(phone=None, updated_at=clock.now()).where(here).execute()
