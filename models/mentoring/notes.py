"""Call notes: what a mentor writes down after a call, in two versions of the form."""

from peewee import BigAutoField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.database import Row, UtcField
from models.mentoring.calls import Call
from models.people import Contact


class CallNote(Row):
    """One note, of either version; at most one per call [M-21]."""

    id = BigAutoField()
    version = IntegerField()
    mentor = ForeignKeyField(Contact, backref="call_notes", on_delete="RESTRICT")
    call = ForeignKeyField(Call, unique=True, backref="notes", on_delete="RESTRICT")
    created_at = UtcField(default=clock.now)
    mentee_state = TextField(null=True)
    discussion = TextField(default="")
    follow_up = TextField(default="")
    rating = IntegerField(null=True)
    call_quality = TextField(null=True)

    mentor_id: int
    call_id: int

    class Meta:
        table_name = "call_note"
