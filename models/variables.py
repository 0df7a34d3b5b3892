"""How the text of an environment variable becomes a setting's value; each says what would be right."""

import base64
import re
from datetime import timedelta
from zoneinfo import available_timezones

from models.numbers import PhoneNumber


def flag(text: str) -> bool:
    """1 or 0."""
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    if text.lower() not in words:
        raise ValueError("write 1 or 0")
    return words[text.lower()]


def minutes(text: str) -> timedelta:
    """A span in minutes."""
    if not 0 < float(text) < 1_000_000:
        raise ValueError("write minutes, more than 0")
    return timedelta(minutes=float(text))


def count(text: str) -> int:
    """A whole number, 0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError("write a whole number, 0 or more")
    return int(text)


def some(text: str) -> int:
    """A whole number, 1 or more."""
    if not 1 <= count(text) <= 1_000_000:
        raise ValueError("write a whole number, 1 to 1000000")
    return int(text)


def threads(text: str) -> int:
    """A number of threads or processes."""
    if not 1 <= count(text) <= 1000:
        raise ValueError("write a number from 1 to 1000")
    return int(text)


def port(text: str) -> int:
    """A port."""
    if count(text) > 65535:
        raise ValueError("write a port, 0 to 65535")
    return int(text)


def seconds(text: str) -> float:
    """Seconds, up to a day."""
    if not 0 <= float(text) <= 86_400:
        raise ValueError("write seconds, 0 to 86400")
    return float(text)


def url(text: str) -> str:
    """An address for HTTP."""
    if not re.match(r"https?://[^\s/]", text):
        raise ValueError("write a URL like http://127.0.0.1:8000")
    return text.rstrip("/")


def writes(text: str) -> str:
    """Who may post what providers report."""
    if text not in ("any_user", "service_only"):
        raise ValueError("write any_user or service_only")
    return text


def zone(text: str) -> str:
    """A zone of the tz database."""
    if text not in available_timezones():
        raise ValueError("write a zone of the tz database, like Asia/Kolkata")
    return text


def level(text: str) -> str:
    """How much is logged."""
    levels = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    if text.upper() not in levels:
        raise ValueError(f"write {', '.join(levels[:-1])} or {levels[-1]}")
    return text.upper()


def secret(text: str) -> str:
    """As Standard Webhooks writes them; read in earnest, so that a bad one shows at the start, not at a report."""
    encoded = text.removeprefix("whsec_")
    try:
        base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        raise ValueError("write whsec_ and then base64") from None
    return text


def number(text: str) -> str:
    """A phone number, in E.164."""
    return PhoneNumber.parse(text).e164()


def mailbox(text: str) -> str:
    """A sender of mails: an address, with or without a name before it."""
    if not re.fullmatch(r"[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+", text):
        raise ValueError("write an address like Trunkline <calls@example.com>")
    return text


def smtp(text: str) -> str:
    """Where mails are handed in."""
    if not re.match(r"smtps?://[^\s/]", text):
        raise ValueError("write a URL like smtp://user:password@mail.example.com:587, or smtps://")
    return text
