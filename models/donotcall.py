"""The do-not-call list: numbers that no surface calls or texts any more, each with the proof of why."""

from peewee import BigAutoField, TextField

from models import clock
from models.database import Row, UtcField


class DoNotCall(Row):
    """One number, by its digits. `source` says where it came from, `proof` holds what was said; lifted ones stay."""

    id = BigAutoField()
    msisdn = TextField(unique=True)
    source = TextField()
    proof = TextField(default="")
    language = TextField(default="")
    added_at = UtcField(default=clock.now)
    lifted_at = UtcField(null=True)

    class Meta:
        table_name = "do_not_call"
