"""Passwords of accounts: changed by who knows the old one, or by who reads the account's mail."""

from typing import NamedTuple

from peewee import BigAutoField, TextField

from models import clock
from models.database import Row, UtcField, transaction
from models.events import emit
from models.numbers import Erased
from models.people import one_time_tokens, token_deliveries
from models.people.accounts import Account
from models.people.one_time_tokens import PASSWORD
from models.people.passwords import hashed
from models.people.sessions import WebSession
from models.people.tokens import AuthToken
from models.people.users import User
from models.people.verifying import NoSuchToken, locked


class PasswordRequest(Row):
    """Somebody asks for a new password for an address, which may be nobody's: a worker looks, not who answers him."""

    id = BigAutoField()
    email = TextField()
    created_at = UtcField(default=clock.now)

    class Meta:
        table_name = "password_request"


class Suspended(Exception):
    """An operator has shut this user out."""


class Stored(NamedTuple):
    """An account and the hash of its password, as they were read together."""

    account: Account
    password: str


def of_address(email: str) -> Stored | None:
    """Whose address it is; None when nobody's."""
    here = Account.email == email
    account: Account | None = Account.select(Account, User).join(User).where(here).first()
    return None if account is None else Stored(account, str(account.user.password))


def change_password(stored: Stored, password: str, token: str) -> bool:
    """Give an account's user a new password. He stays logged in here, and nowhere else: not by other tokens, not on
    the pages, and a token for a new password that is out is void.

    Parameters:
      stored: with the hash that the old password was checked against.
      token: by which he is logged in here.

    Returns: False when the password was changed meanwhile: then nothing is.
    """
    account, new = stored.account, hashed(password)  # before the transaction
    with transaction():
        one_time_tokens.void(PASSWORD, account.id)
        same = (User.id == account.user_id) & (User.password == stored.password)
        if not User.update(password=new).where(same).execute():
            return False
        AuthToken.end_all(account.id, but=token)
        WebSession.end_all(account.user_id)
        return True


def request_password(email: str) -> None:
    """Have a token for a new password mailed to an address, if it is an account's: the same work whether or not."""
    with transaction():
        request = PasswordRequest.create(email=email)
        emit("password.requested", password_request_id=request.id)


def answer(password_request_id: int) -> None:
    """Do what was requested, in the caller's transaction; the request is gone then."""
    request = PasswordRequest.get_or_none(PasswordRequest.id == password_request_id)
    if request is None:
        return
    request.delete_instance()
    found = of_address(request.email)
    if found is not None and found.account.user.is_active:
        account = locked(found.account.id)
        made = one_time_tokens.renew(PASSWORD, account.id)
        token_deliveries.mail(PASSWORD, account, account.email, made)


def reset_password(token: str, password: str) -> tuple[Account, str]:
    """Give whose token it is a new password. He is logged out everywhere, and in here.

    Returns: the account, and the token of his app.

    Raises:
      NoSuchToken: there is none such, or no more.
      Suspended: his user is; the token stays good.
    """
    account_id = one_time_tokens.holder(PASSWORD, token)
    if account_id is None:
        raise NoSuchToken
    new = hashed(password)  # before the transaction
    with transaction():
        account = _locked(account_id)
        if one_time_tokens.use(PASSWORD, token) is None:
            raise NoSuchToken
        changed = User.update(password=new).where((User.id == account.user_id) & User.is_active)
        if not changed.execute():
            raise Suspended
        AuthToken.end_all(account.id)
        WebSession.end_all(account.user_id)
        return account, AuthToken.open(account)


def _locked(account_id: int) -> Account:
    """Whose token it was; who was erased meanwhile has none any more."""
    try:
        return locked(account_id)
    except Erased:
        raise NoSuchToken from None
