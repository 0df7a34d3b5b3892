"""Events: what happens at a time, once or by a rule; of a series, each occurrence is a row of its own."""

from peewee import BigAutoField, BigIntegerField, BooleanField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.appointments.calendars import Calendar
from models.database import Row, UtcField
from models.people.users import User

PENDING, COMPLETED, PAUSED = 1, 2, 3


class Rule(Row):
    """How something recurs: a frequency and `params`, as the recurrence parser reads them."""

    id = BigAutoField()
    name = TextField()
    description = TextField(default="")
    frequency = TextField()
    params = TextField(null=True)

    class Meta:
        table_name = "rule"


class Event(Row):
    """One event or one occurrence of a series, whose root is `parent_event`.

    `produced` tells an occurrence that the dispatcher made from one that somebody posted: of a series, each place
    (`occ_count`) is produced once. `series_start` is the root's start: the phase of the rule. `data` is JSON.
    `held_in` is what alarms of it were put aside for: see `holding`.
    """

    id = BigAutoField()
    title = TextField()
    description = TextField(null=True)
    start = UtcField()
    end = UtcField()
    creator = ForeignKeyField(User, backref="created_events", on_delete="RESTRICT")
    created_on = UtcField(default=clock.now)
    end_recurring_period = UtcField(null=True)
    rule = ForeignKeyField(Rule, null=True, on_delete="RESTRICT")
    calendar = ForeignKeyField(Calendar, backref="events", on_delete="RESTRICT")
    notify_count = IntegerField(null=True, default=0)
    status = IntegerField(null=True, default=PENDING)
    data = TextField(null=True)
    parent_event = ForeignKeyField("self", null=True, backref="children", on_delete="CASCADE")
    occ_count = IntegerField(null=True, default=0)
    produced = BooleanField(default=False)
    series_start = UtcField(null=True)
    held_in = BigIntegerField(default=0)

    creator_id: int
    rule_id: int | None
    calendar_id: int
    parent_event_id: int | None

    class Meta:
        table_name = "appointment_event"
