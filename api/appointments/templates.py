"""Templates: what the texts and mails of alarms say. Superusers write them, everybody may use them."""

import re

from marshmallow import ValidationError

from api.appointments import kinds
from api.appointments.fields import Mail, Text, Url, When
from api.appointments.resources import Body, Resource

_PLACEHOLDERS = "placeholders like `{contact}` are filled in from the event's `data`"
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
LONGEST_MESSAGE = 100_000


def _in_one_line(text: str) -> str:
    if _BREAKS.search(text):
        raise ValidationError("Write it in one line.")
    return text


class SmsTemplateBody(Body):
    """A text."""

    url = Url(kinds.SMS_TEMPLATE)
    label = Text(75, "What it is called.", blank=False, required=True)
    template_key = Text(30, "Its key; no two have the same.", blank=False, required=True)
    sender_phonenumber = Text(75, "Kept: texts show the number of the calendar setting.", default="")
    sms_text = Text(500, f"What the text says; {_PLACEHOLDERS}.", blank=False, required=True)
    created_date = When("When it was made.", read_only=True)


class SmsTemplates(Resource):
    """Templates of texts."""

    kind = kinds.SMS_TEMPLATE
    body = SmsTemplateBody
    noun = "SMS template"
    text = "What the texts of alarms say. Superusers write these templates."
    reserved = True
    in_use = "Alarms refer to this template: give them another one first."
    clashing, clash = "template_key", "Another template has this key."


class MailTemplateBody(Body):
    """A mail."""

    url = Url(kinds.MAIL_TEMPLATE)
    label = Text(75, "What it is called.", blank=False, required=True)
    template_key = Text(30, "Its key; no two have the same.", blank=False, required=True)
    from_email = Mail("Whom it is from; empty: this installation.", default="")
    from_name = Text(75, "The name of whom it is from.", default="", also=[_in_one_line])
    subject = Text(200, f"Its subject; {_PLACEHOLDERS}.", blank=False, required=True, also=[_in_one_line])
    message_plaintext = Text(LONGEST_MESSAGE, f"What it says as plain text; {_PLACEHOLDERS}.", default="")
    message_html = Text(LONGEST_MESSAGE, "What it says as HTML, likewise; empty: it has none.", default="")
    created_date = When("When it was made.", read_only=True)


class MailTemplates(Resource):
    """Templates of mails."""

    kind = kinds.MAIL_TEMPLATE
    body = MailTemplateBody
    noun = "mail template"
    text = "What the mails of alarms say, and whom they are from. Superusers write these templates."
    reserved = True
    in_use = "Alarms refer to this template: give them another one first."
    clashing, clash = "template_key", "Another template has this key."


SMS_TEMPLATES, MAIL_TEMPLATES = SmsTemplates(), MailTemplates()
