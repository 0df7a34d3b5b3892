"""Templates: what the texts and mails of alarms say, with placeholders."""

from peewee import BigAutoField, TextField

from models import clock
from models.database import Row, UtcField


class SmsTemplate(Row):
    """What a text says."""

    id = BigAutoField()
    label = TextField()
    template_key = TextField(unique=True)
    sender_phonenumber = TextField(default="")
    sms_text = TextField()
    created_date = UtcField(default=clock.now)

    class Meta:
        table_name = "sms_template"


class MailTemplate(Row):
    """What a mail says, and whom it is from."""

    id = BigAutoField()
    label = TextField()
    template_key = TextField(unique=True)
    from_email = TextField(default="")
    from_name = TextField(default="")
    subject = TextField()
    message_plaintext = TextField(default="")
    message_html = TextField(default="")
    created_date = UtcField(default=clock.now)

    class Meta:
        table_name = "mail_template"
