"""Texts: short messages to one phone each."""

from typing import ClassVar

from peewee import BooleanField, TextField

from models.deliveries.life import Delivery
from models.numbers import PhoneNumber
from models.people import NumberField


class Text(Delivery):
    """One short message. `at_least_once` is for alarms, which are better heard twice than not at all."""

    channel: ClassVar[str] = "text"
    route: ClassVar[str] = "texts"
    word: ClassVar[str] = "text"

    to = NumberField()
    body = TextField()
    at_least_once = BooleanField(default=False)

    class Meta:
        table_name = "delivery_text"

    @property
    def address(self) -> str:
        """The receiver's number."""
        number: PhoneNumber = self.to
        return number.e164()

    @property
    def may_be_doubled(self) -> bool:
        """As the one who asked for it chose."""
        return bool(self.at_least_once)
