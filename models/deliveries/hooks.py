"""Hooks: one signed request to an address that a customer named, telling his system what happened."""

from typing import ClassVar

from peewee import BigIntegerField, BooleanField, TextField

from models.deliveries.life import Delivery


class Hook(Delivery):
    """One request: `body` is JSON, POSTed to `url` and signed for the customer `user_id`.

    His system may hear it twice, under the same id, rather than not at all.
    """

    channel: ClassVar[str] = "hook"
    route: ClassVar[str] = "hooks"
    word: ClassVar[str] = "hook"

    url = TextField()
    body = TextField()
    user_id = BigIntegerField()
    at_least_once = BooleanField(default=True)

    class Meta:
        table_name = "delivery_hook"

    @property
    def address(self) -> str:
        """Where it goes."""
        return str(self.url)

    @property
    def may_be_doubled(self) -> bool:
        """As the one who asked for it chose."""
        return bool(self.at_least_once)
