"""Activities: what a call is about."""

from peewee import BigAutoField, BooleanField, TextField

from models.database import Row


class Activity(Row):
    """Something that mentor and mentee do together in a call [M-12]. Only active ones are offered."""

    id = BigAutoField()
    title = TextField()
    description = TextField(default="")
    link = TextField(default="")
    active = BooleanField(default=True)

    class Meta:
        table_name = "activity"
