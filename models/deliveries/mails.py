"""Mails: one letter to one address each."""

import json
from typing import ClassVar

from peewee import TextField

from models.deliveries.life import Delivery


class Mail(Delivery):
    """One letter. `attachments` is JSON: a list of [file name, media type, content as base64]."""

    channel: ClassVar[str] = "mail"
    route: ClassVar[str] = "mails"
    word: ClassVar[str] = "mail"

    to = TextField()
    subject = TextField()
    text = TextField()
    html = TextField(default="")
    attachments = TextField(default="[]")

    class Meta:
        table_name = "delivery_mail"

    @property
    def address(self) -> str:
        """The receiver's mail address."""
        return str(self.to)

    def files(self) -> list[tuple[str, str, str]]:
        """The attachments, read."""
        return [(name, media, content) for name, media, content in json.loads(str(self.attachments))]
