"""Texts: short messages to one phone each."""

from typing import ClassVar

from peewee import BigIntegerField, BooleanField, TextField

from models.deliveries.life import Delivery
from models.numbers import PhoneNumber
from models.people import NumberField

OPT_OUT = "opt_out"  # the origin of what confirms that somebody is left alone


class Text(Delivery):
    """One short message. `at_least_once` is for alarms, which are better heard twice than not at all.

    `sender` is the number that is asked to be shown; empty for the route's. `gateway_id` names the SMS gateway it is
    to go through; without one it takes its route.
    """

    channel: ClassVar[str] = "text"
    route: ClassVar[str] = "texts"
    word: ClassVar[str] = "text"

    to = NumberField()
    body = TextField()
    at_least_once = BooleanField(default=False)
    sender = TextField(default="")
    gateway_id = BigIntegerField(null=True)

    class Meta:
        table_name = "delivery_text"

    @property
    def address(self) -> str:
        """The receiver's number."""
        number: PhoneNumber = self.to
        return number.e164()

    @property
    def numbers(self) -> list[PhoneNumber]:
        """The receiver's; nobody's for the one text that says that he gets none any more."""
        return [] if self.origin == OPT_OUT else [self.to]

    @property
    def may_be_doubled(self) -> bool:
        """As the one who asked for it chose."""
        return bool(self.at_least_once)
