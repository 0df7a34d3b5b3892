"""Mails: one letter to one address each."""

import json
from typing import ClassVar

from peewee import BooleanField, TextField

from models.deliveries.life import Delivery


class Mail(Delivery):
    """One letter. `attachments` is JSON: a list of [file name, media type, content as base64].

    `unsubscribe` is the address at which the receiver ends letters of this kind, if he may. `at_least_once` is for
    what is better read twice than not at all; its Message-ID is the same both times. `sender` is whom it is from, as
    `Name <address>`; empty for the carrier's own.
    """

    channel: ClassVar[str] = "mail"
    route: ClassVar[str] = "mails"
    word: ClassVar[str] = "mail"

    to = TextField()
    subject = TextField()
    text = TextField()
    html = TextField(default="")
    attachments = TextField(default="[]")
    unsubscribe = TextField(default="")
    at_least_once = BooleanField(default=False)
    sender = TextField(default="")

    class Meta:
        table_name = "delivery_mail"

    @property
    def address(self) -> str:
        """The receiver's mail address."""
        return str(self.to)

    @property
    def may_be_doubled(self) -> bool:
        """As the one who asked for it chose."""
        return bool(self.at_least_once)

    def files(self) -> list[tuple[str, str, str]]:
        """The attachments, read."""
        return [(name, media, content) for name, media, content in json.loads(str(self.attachments))]
