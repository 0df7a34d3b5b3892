"""The shape of the rehearsal: what would be done by alarms in a time to come."""

from marshmallow import fields, validate

from api.appointments.alarms import METHODS
from api.appointments.rehearsal import PATH
from api.docs.members import meaning
from api.docs.shapes import Shape
from api.docs.told import Section, Told
from models.appointments.awaiting import EXISTING, FUTURE, POSTED
from models.appointments.rehearsing import DAILY, QUIET

_HERE = "http://localhost:8000/rest-api"
_ONE = {
    "at": "2027-03-29T07:00:00Z", "local": "2027-03-29T09:00:00+02:00", "timezone": "Europe/Berlin",
    "recipient_local": "2027-03-29T12:30:00+05:30", "recipient_timezone": "Asia/Calcutta",
    "due": "2027-03-29T02:15:00Z", "waits_for": [DAILY, QUIET], "alarm": f"{_HERE}/alarm/23/",
    "event": f"{_HERE}/event/3/", "title": "Check-up", "start": "2027-03-29T08:15:00Z", "kind": EXISTING,
    "again": False, "method": 1, "to": "+919876543210", "why_not": None,
}  # fmt: skip
_SHOWN = {
    "from": "2027-03-29T00:00:00Z",
    "to": "2027-03-30T00:00:00Z",
    "count": 1,
    "more": False,
    "results": [_ONE],
}
_A_DAY_LATER = "A year later at most; a day after `from`, if nothing is said."


class Foreseen(Shape):
    """One alarm that would be made, or would not."""

    at = fields.String(metadata=meaning("When.", format="date-time"))
    local = fields.String(metadata=meaning("The same, on the clock of the setting.", format="date-time"))
    timezone = fields.String(metadata=meaning("The zone of that clock."))
    recipient_local = fields.String(
        metadata=meaning("The same, on the clock of who is told.", format="date-time")
    )
    recipient_timezone = fields.String(metadata=meaning("The zone of that clock."))
    due = fields.String(metadata=meaning("From when on it may be made.", format="date-time"))
    waits_for = fields.List(
        fields.String(validate=validate.OneOf([DAILY, QUIET])),
        metadata=meaning("What puts it off until `at`."),
    )
    alarm = fields.String(
        metadata=meaning(
            "The alarm; of an occurrence that is not there yet, the one it is copied from.", format="uri"
        )
    )
    event = fields.String(metadata=meaning("Its event.", format="uri"))
    title = fields.String(metadata=meaning("What the event is."))
    start = fields.String(metadata=meaning("When the event or the occurrence begins.", format="date-time"))
    kind = fields.String(
        validate=validate.OneOf([EXISTING, FUTURE, POSTED]),
        metadata=meaning("An alarm, one of a future occurrence, or an attempt that somebody posted."),
    )
    again = fields.Boolean(metadata=meaning("Whether it is tried again."))
    method = fields.Integer(
        validate=validate.OneOf(list(METHODS)), metadata=meaning("1 call, 2 text, 3 mail.")
    )
    to = fields.String(metadata=meaning("To whom; `hidden` for who may not view alarms."))
    why_not = fields.String(allow_none=True, metadata=meaning("Why nobody would be told; null: he would."))


Rehearsal = Shape.from_dict(
    {
        "from": fields.String(metadata=meaning("From when on.", format="date-time")),
        "to": fields.String(metadata=meaning("Until before when.", format="date-time")),
        "count": fields.Integer(metadata=meaning("How many alarms are listed.", minimum=0)),
        "more": fields.Boolean(metadata=meaning("Whether there are more: ask for a shorter time.")),
        "results": fields.List(fields.Nested(Foreseen), metadata=meaning("The alarms, in order of time.")),
    },
    name="Rehearsal",
)
_QUERIES = {
    "from": fields.String(
        metadata=meaning("A date and a time; now, if nothing is said.", format="date-time")
    ),
    "to": fields.String(metadata=meaning(_A_DAY_LATER, format="date-time")),
}
SECTION = Section(
    "Appointments: rehearsal",
    "What would ring between two moments, and why something would not: a dry run of the dispatchers, by their own "
    "rules, that changes nothing. It supposes that nothing is changed meanwhile, that calls find room in their "
    "calendars, and that nobody is busy: what would then be tried again is not foreseen.",
    {f"{PATH}/": {"GET": Told(gives=Rehearsal, shown=_SHOWN, queries=_QUERIES)}},
)
