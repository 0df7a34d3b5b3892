"""Accounts at voice carriers that administrators keep in the database instead of the environment."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from peewee import BigAutoField, BooleanField, IntegrityError, TextField

from models import clock, settings
from models.database import Row, Sql, UtcField, transaction

# A carrier's name in pipelines.yaml, and how the specification spells it.
SPELLINGS = {"onion_dev": "oniondev"}
# Every carrier of calls, and the addresses without which it cannot be reached.
ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "example": (),
    "oniondev": ("call_url", "message_url"),
    "simulator": ("call_url",),
}


class NotUsable(Exception):
    """An account cannot be kept or used as it is; `field` is what is wrong, the text what would be right."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class VoiceApi(Row):
    """One account: `kind` is the carrier's name in pipelines.yaml. The password is kept sealed [M-13].

    At most one account of a kind is active: the one whose addresses and credentials are used.
    """

    id = BigAutoField()
    kind = TextField()
    call_url = TextField(default="")
    message_url = TextField(default="")
    username = TextField(default="")
    sealed_password = TextField(default="")
    active = BooleanField(default=True)
    created_at = UtcField(default=clock.now)

    class Meta:
        table_name = "voice_api"


@dataclass(frozen=True)
class Account:
    """What an active account says; comparable, so that a change is seen."""

    kind: str
    call_url: str
    message_url: str
    username: str
    sealed_password: str = field(repr=False)

    def password(self) -> str:
        """The password, opened.

        Raises:
          NotUsable: it was sealed under another SECRET_KEY, or there is none now.
        """
        if not self.sealed_password:
            return ""
        try:
            return _seal().decrypt(self.sealed_password.encode()).decode()
        except InvalidToken:
            told = (
                f"the password of the {self.kind} account was sealed under another SECRET_KEY: enter it again"
            )
            raise NotUsable("password", told) from None


def kind_named(word: str) -> str:
    """A kind as pipelines.yaml spells it.

    Raises:
      NotUsable: there is no such voice carrier.
    """
    kind = SPELLINGS.get(word, word)
    if kind not in ADDRESSES:
        raise NotUsable("kind", f"Choose one of {', '.join(ADDRESSES)}.")
    return kind


def checked_url(text: str) -> str:
    """An address in the form that carriers have; whether somebody answers there is not asked.

    Raises:
      ValueError: it is not http(s) with a host, or holds what belongs elsewhere.
    """
    parts = urlsplit(text)
    try:
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
    except ValueError:  # a port that is no number
        wrong = True
    if wrong or len(text) > 2000 or not text.isprintable() or " " in text:
        raise ValueError("write an address like https://voice.example.org/call")
    if "@" in parts.netloc:
        raise ValueError("write user name and password into their own fields, where they are sealed")
    return text


def save(facts: Mapping[str, Any], account: VoiceApi | None = None) -> VoiceApi:
    """Add an account, or change one. Making one active puts the former active one of its kind to rest.

    Parameters:
      facts: `kind`, `call_url`, `message_url`, `username`, `active`, and `password`: an empty one leaves what is
        stored. With `forget_password` it is removed.
      account: the one to change.

    Raises:
      NotUsable: naming the field.
    """
    row = account or VoiceApi()
    row.kind = kind_named(str(facts["kind"]))
    for name in ("call_url", "message_url"):
        try:
            setattr(row, name, checked_url(facts[name]) if facts[name] else "")
        except ValueError as error:
            raise NotUsable(name, f"{str(error).capitalize()}.") from None
    row.username, row.active = facts["username"], bool(facts["active"])
    for name in ADDRESSES[row.kind]:
        if not getattr(row, name):
            raise NotUsable(name, f"Without this address {row.kind} cannot be reached.")
    if facts.get("password"):
        row.sealed_password = _seal().encrypt(facts["password"].encode()).decode()
    elif facts.get("forget_password"):
        row.sealed_password = ""
    try:
        with transaction():
            if row.active:
                others = (VoiceApi.kind == row.kind) & VoiceApi.active
                VoiceApi.update(active=False).where(others & (VoiceApi.id != (row.id or 0))).execute()
            row.save(only=row.dirty_fields)  # what another changes meanwhile stays
    except IntegrityError:
        raise NotUsable("active", "Somebody just made another account of this kind active.") from None
    return row


_ACTIVE = Sql("SELECT kind, call_url, message_url, username, sealed_password FROM voice_api WHERE active")
_KINDS = Sql("SELECT DISTINCT kind FROM voice_api")


def active() -> dict[str, Account]:
    """The active accounts, by kind."""
    return {row[0]: Account(*row) for row in _ACTIVE.all()}


def kinds() -> set[str]:
    """The kinds that have an account, be it active or not."""
    return {kind for (kind,) in _KINDS.all()}


def _seal() -> Fernet:
    secret = settings.current().secret_key
    if not secret:
        told = "SECRET_KEY is not set, under which passwords are sealed: set it, everywhere the same, and restart"
        raise NotUsable("password", told)
    key = HKDF(SHA256(), length=32, salt=None, info=b"trunkline voice_api password").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
