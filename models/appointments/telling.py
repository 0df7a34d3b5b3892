"""What an alarm says by text or mail, in the words of its template, or why it cannot say it."""

from collections.abc import Mapping
from typing import Any

from models.appointments.placeholders import filled, known
from models.appointments.taking import Due
from models.numbers import PhoneNumber

ORIGIN = "alarm"


class Untellable(ValueError):
    """Something lacks; the message says what, and no number or address."""


def reference(alarm_id: int, number: int) -> str:
    """What the carrier is to call the alarm's text or mail of this number."""
    return f"alarm:{alarm_id}:{number}"


def text(due: Due, number: int) -> Mapping[str, Any]:
    """The row of an alarm's text.

    Parameters:
      number: counts its texts.

    Raises:
      Untellable: there is no number, template or gateway, or it would be empty.
    """
    if due.sms_text is None:
        raise Untellable("there is no template of a text")
    if due.sms_gateway_id is None:
        raise Untellable("the setting has no gateway for texts")
    try:
        to = PhoneNumber.parse(due.alarm_phonenumber or "")
    except ValueError:
        raise Untellable("there is no number to text") from None
    body = filled(due.sms_text, known(due.alarm_phonenumber, due.data))
    if not body.strip():
        raise Untellable("the text says nothing")
    return {
        "reference": reference(due.id, number),
        "origin": ORIGIN,
        "origin_id": due.id,
        "to": to,
        "body": body,
        "at_least_once": True,
        "sender": due.callerid or "",
        "gateway_id": due.sms_gateway_id,
    }


def mail(due: Due, number: int) -> Mapping[str, Any]:
    """The row of an alarm's mail; parameters as for `text`.

    Raises:
      Untellable: there is no address or template.
    """
    if due.subject is None:
        raise Untellable("there is no template of a mail")
    if not (due.alarm_email or "").strip():
        raise Untellable("there is no address to mail")
    values = known(due.alarm_phonenumber, due.data)
    return {
        "reference": reference(due.id, number),
        "origin": ORIGIN,
        "origin_id": due.id,
        "to": str(due.alarm_email).strip(),
        "subject": " ".join(filled(due.subject, values).split()),
        "text": filled(due.message_plaintext, values),
        "html": filled(due.message_html, values, html=True),
        "at_least_once": True,
        "sender": _sender(due.from_name, due.from_email),
    }


def _sender(name: str, address: str) -> str:
    """Whom it is from, as `Name <address>`; empty when the template does not say."""
    if not address:
        return ""
    plain = " ".join("".join(sign for sign in name if sign not in '<>"').split())
    return f"{plain} <{address}>" if plain else address
