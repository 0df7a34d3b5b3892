"""Registering: a number is shown to be somebody's first; then he has an account, and a user to log in as."""

from typing import NamedTuple
from uuid import uuid4

from peewee import IntegrityError

from models import donotcall, flow
from models.database import transaction
from models.numbers import PhoneNumber
from models.people import one_time_tokens, token_deliveries, verifying
from models.people.accounts import Account
from models.people.changing import Taken
from models.people.one_time_tokens import PHONE
from models.people.passwords import hashed
from models.people.tokens import AuthToken
from models.people.users import User
from models.people.verifying import NO_TEXTS, NoSuchToken


class TokenIsOut(Exception):
    """A token was sent to this number already, and is still good."""


class Person(NamedTuple):
    """Who registers, checked. `phone_token` is what was sent to his phone; his address is verified later."""

    first_name: str
    last_name: str
    email: str
    password: str
    phone: PhoneNumber
    phone_token: str
    timezone: str


def send_phone_token(number: PhoneNumber) -> None:
    """Have a token sent to a number that would register. Of two at once, one is sent.

    Raises:
      models.pipelines.NoRoute: nobody carries texts to it.
      models.donotcall.Unwanted: its owner wants none.
      Taken: somebody has shown that it is his.
      TokenIsOut
    """
    flow.current().route("texts", number.e164())
    with transaction():
        if _somebodys(number):
            raise Taken("phone")
        if donotcall.refused(number):
            raise donotcall.Unwanted(NO_TEXTS)
        made = one_time_tokens.for_number(number.e164())
        if made is None:
            raise TokenIsOut
        token_deliveries.text(number, made)


def register(person: Person) -> tuple[Account, str]:
    """Make an account and the user he logs in as, mail a token to his address, and log him in.

    His username has a colon, which ends a name in HTTP Basic: he cannot log in by that, nor on the mentors' pages.

    Returns: the account, and the token of his app.

    Raises:
      NoSuchToken: the phone's token is not right, or not any more.
      Taken: the mail address or the number; the token stays good.
    """
    number = person.phone.e164()
    if not one_time_tokens.good(PHONE, person.phone_token, number):
        raise NoSuchToken
    password = hashed(person.password)  # before the transaction: 50 ms of work must not hold a lock
    try:
        with transaction():
            if one_time_tokens.use(PHONE, person.phone_token, number) is None:
                raise NoSuchToken
            verifying.free(number)
            account = _made(person, password)
            verifying.begin_email(account, person.email)
            return account, AuthToken.open(account)
    except IntegrityError:
        raise Taken("phone" if _somebodys(person.phone) else "email") from None


def _made(person: Person, password: str) -> Account:
    uuid = str(uuid4())
    user = User.create(
        username=f"account:{uuid}",
        first_name=person.first_name,
        last_name=person.last_name,
        password=password,
    )
    account: Account = Account.create(
        user=user,
        uuid=uuid,
        email=person.email,
        phone=person.phone,
        phone_verified=True,
        timezone=person.timezone,
    )
    return account


def _somebodys(number: PhoneNumber) -> bool:
    """Whether somebody has shown that it is his."""
    return bool(Account.select().where((Account.phone == number) & Account.phone_verified).exists())
