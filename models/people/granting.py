"""Accounts that operators give, to somebody new or to a user there is already: people are one.

An operator vouches: the address and the number he types are verified.
"""

from peewee import IntegrityError

from models.database import transaction
from models.numbers import PhoneNumber
from models.people.accounts import ZONE, Account
from models.people.changing import Taken
from models.people.passwords import hashed
from models.people.users import User
from models.people.verifying import free


class HasAccount(Exception):
    """This user has one."""


def add_member(username: str, password: str, email: str, *, staff: bool = False) -> Account:
    """Somebody new, who logs in by his name or by his address.

    Parameters:
      email: checked, in lower case.

    Raises:
      Taken: the username, or the address.
    """
    secret = hashed(password)  # before the transaction: 50 ms of work must not hold a lock
    try:
        with transaction():
            user = User.create(username=username, password=secret, email=email, is_staff=staff)
            return _given(user, email, None, ZONE)
    except IntegrityError:
        here = User.username == username
        raise Taken("username" if User.select().where(here).exists() else "email") from None


def give_account(user: User, email: str, phone: PhoneNumber | None = None, zone: str = ZONE) -> Account:
    """Give a user an account. Who has no name yet is called by his username.

    Parameters:
      email: checked, in lower case.
      zone: by its tz database name.

    Raises:
      HasAccount
      Taken: the address, or the number.
    """
    try:
        with transaction():
            return _given(user, email, phone, zone)
    except IntegrityError:
        if Account.select().where(Account.user == user).exists():
            raise HasAccount from None
        raise Taken("email" if Account.select().where(Account.email == email).exists() else "phone") from None


def _given(user: User, email: str, phone: PhoneNumber | None, zone: str) -> Account:
    if not (user.first_name or user.last_name):
        User.update(first_name=user.username).where(User.id == user.id).execute()
    if phone is not None:
        free(phone.e164())
    account: Account = Account.create(
        user=user, email=email, email_verified=True, phone=phone, phone_verified=phone is not None, timezone=zone
    )  # fmt: skip
    return account
