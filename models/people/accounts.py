"""Accounts: somebody as call requests know him, with a verified address and number, and his own time zone."""

from datetime import datetime
from functools import cache
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from peewee import BigAutoField, BooleanField, ForeignKeyField, TextField

from models import clock
from models.database import Row, UtcField
from models.numbers import ERASED, PhoneNumber
from models.people.users import NumberField, User

COUNTRY = "+1"  # numbers of accounts are ten digits of the North American plan
ZONE = "America/Chicago"


class Account(Row):
    """One user's account. His name and password are the user's; what he may do follows from what is verified here.

    `email` is lower-cased and unique; `phone` is in E.164, and unique. `active` is what he says of himself and has no
    effect on logging in: whom an operator has disabled is not active as a `User`. `call_me`: at an agreed time he
    would rather be rung than dial in.
    """

    id = BigAutoField()
    user = ForeignKeyField(User, unique=True, backref="accounts", on_delete="RESTRICT")
    uuid = TextField(unique=True, default=lambda: str(uuid4()))
    email = TextField(unique=True)
    email_verified = BooleanField(default=False)
    email_notifications = BooleanField(default=True)
    phone = NumberField(null=True, unique=True)
    phone_verified = BooleanField(default=False)
    payment_verified = BooleanField(default=False)
    profile_image = TextField(null=True)
    timezone = TextField(default=ZONE)
    active = BooleanField(default=True)
    call_me = BooleanField(default=False)
    created_at = UtcField(default=clock.now)
    updated_at = UtcField(default=clock.now)

    user_id: int

    class Meta:
        table_name = "account"

    @property
    def full_name(self) -> str:
        """As others are told it."""
        return f"{self.user.first_name} {self.user.last_name}".strip()

    @property
    def erased(self) -> bool:
        """Whether its owner was erased on request: the row stays, nothing in it tells who he was."""
        return str(self.email).startswith(f"{ERASED}:")

    @property
    def zone(self) -> ZoneInfo:
        """The zone he reads times in."""
        return ZoneInfo(str(self.timezone))

    def local(self, moment: datetime) -> datetime:
        """A moment by his wall clock, by the zone's rules for that date."""
        return moment.astimezone(self.zone)


def number_of(ten_digits: str) -> PhoneNumber:
    """The number that ten digits are.

    Raises:
      ValueError: they are no number of the plan.
    """
    if not (ten_digits.isascii() and ten_digits.isdigit() and len(ten_digits) == 10):
        raise ValueError("write ten digits, like 3125550123")
    return PhoneNumber.parse(COUNTRY + ten_digits)


def ten_digits(number: PhoneNumber) -> str:
    """A number as its owner writes it. For nobody else's eyes."""
    return number.e164().removeprefix(COUNTRY)


@cache
def zones() -> frozenset[str]:
    """The names of the tz database, but for those of no place: `localtime` is another time on another machine."""
    return frozenset(available_timezones() - {"localtime", "Factory"})
