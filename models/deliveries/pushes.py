"""Pushes: notifications to one device each."""

import json
from typing import ClassVar

from peewee import TextField

from models.deliveries.life import Delivery


class Push(Delivery):
    """One notification. Without a token it is written down as `skipped` and goes nowhere. `data` is JSON."""

    channel: ClassVar[str] = "push"
    route: ClassVar[str] = "pushes"
    word: ClassVar[str] = "push"

    token = TextField(default="")
    title = TextField()
    body = TextField()
    data = TextField(default="{}")

    class Meta:
        table_name = "delivery_push"

    @property
    def address(self) -> str:
        """The device's token."""
        return str(self.token)

    def facts(self) -> dict[str, str]:
        """The data, read."""
        return {str(name): str(value) for name, value in json.loads(str(self.data)).items()}
