"""What the routes around the calls take and give: schedule, tasks, call notes, activities, the mentor's device."""

from marshmallow import EXCLUDE, fields, validate

from api.docs import examples as of
from api.docs import shapes
from api.docs.told import Section, Told
from api.errors import ERASED
from api.mentoring.activities import NewActivity
from api.mentoring.devices import Device
from api.mentoring.notes import NoteV1, NoteV2
from api.mentoring.schedule import MovedCall, NewScheduledCall
from api.mentoring.tasks import Status


class NewNoteV1(NoteV1):
    """A note of the older form."""

    version = fields.Integer(required=True, validate=validate.Equal(1))


class NewNoteV2(NoteV2):
    """A note of today's form, which is meant when nothing is said."""

    version = fields.Integer(validate=validate.Equal(2))


_PART_OF_A_MOVE = MovedCall(partial=True, unknown=EXCLUDE)
_PART_OF_A_STATUS = Status(partial=True, unknown=EXCLUDE)
_MOVE = {"call_time": of.SCHEDULED["call_time"]}

SCHEDULE = Section(
    "Schedule",
    "Calls that a mentor means to make. His mentee is told by a text, in the tool's local zone; his device reminds him "
    "a day, an hour and a quarter of an hour before, and at the time. He starts the call himself.",
    {
        "/mentor/schedule/": {
            "GET": Told(gives=shapes.ScheduledCall, many=True, shown=of.SCHEDULED),
            "POST": Told(
                takes=NewScheduledCall, sent=_MOVE, status=201, gives=shapes.ScheduledCall, shown=of.SCHEDULED,
                once=True, errors={409: ERASED},
            ),
        },
        "/mentor/schedule/{scheduled_call_id}/": {
            "GET": Told(gives=shapes.ScheduledCall, shown=of.SCHEDULED),
            "PUT": Told(takes=MovedCall, sent=_MOVE, gives=shapes.ScheduledCall, shown=of.SCHEDULED),
            "PATCH": Told(takes=_PART_OF_A_MOVE, sent=_MOVE, gives=shapes.ScheduledCall, shown=of.SCHEDULED),
            "DELETE": Told(status=204),
        },
    },
)  # fmt: skip

TASKS = Section(
    "Tasks",
    "The mentor's to-do list. A call that took place leaves a task to give feedback on it.",
    {
        "/mentor/task/": {"GET": Told(gives=shapes.Task, many=True, shown=of.TASK_DONE)},
        "/mentor/task/{task_id}/": {
            "GET": Told(gives=shapes.Task, shown=of.TASK),
            "PUT": Told(takes=Status, sent={"status": "pending"}, gives=shapes.Task, shown=of.TASK),
            "PATCH": Told(
                takes=_PART_OF_A_STATUS, sent={"status": "pending"}, gives=shapes.Task, shown=of.TASK
            ),
        },
    },
)

_NOTES = (shapes.CallNoteV1, shapes.CallNoteV2)

NOTES = Section(
    "Call notes",
    "What the mentor notes down after a call, once per call, in one of two versions of the form.",
    {
        "/mentor/callnote/": {
            "GET": Told(gives=_NOTES, many=True, shown=of.NOTE),
            "POST": Told(
                takes=(NewNoteV1, NewNoteV2), sent=of.NEW_NOTE, status=201, gives=_NOTES, shown=of.NOTE,
                errors={404: "You have no such call.", 409: "This call has its note, or its mentee was erased."},
                note="Version 1 asks for `mentee_state` and `discussion`, version 2 for `rating` and `call_quality`; "
                "without `version` it is 2.",
            ),
        },
        "/mentor/callnote/{note_id}/": {"GET": Told(gives=_NOTES, shown=of.NOTE)},
    },
)  # fmt: skip

_BOTH = "mentors, who see those on offer, and for administrators, who see all"
_NEITHER = {403: "Only mentors and administrators may use this."}
_ADMINS = {403: "Only administrators may change activities."}

ACTIVITIES = Section(
    "Activities",
    "What calls can be about. Administrators keep the list; mentors choose from it when they schedule a call.",
    {
        "/mentor/activity/": {
            "GET": Told(gives=shapes.Activity, many=True, shown=of.ACTIVITY, who=_BOTH, errors=_NEITHER),
            "POST": Told(
                takes=NewActivity, sent=of.NEW_ACTIVITY, status=201, gives=shapes.Activity, shown=of.ACTIVITY,
                who="administrators", errors=_ADMINS,
            ),
        },
        "/mentor/activity/{activity_id}/": {
            "GET": Told(gives=shapes.Activity, shown=of.ACTIVITY, who=_BOTH, errors=_NEITHER),
            "PUT": Told(
                takes=NewActivity, sent=of.NEW_ACTIVITY, gives=shapes.Activity, shown=of.ACTIVITY,
                who="administrators", errors=_ADMINS,
            ),
        },
    },
)  # fmt: skip

_KNOWN = {"registered": True}

DEVICE = Section(
    "Device",
    "Where a mentor's notices are pushed to. Without a device they are recorded as skipped.",
    {
        "/mentor/device/": {
            "GET": Told(gives=shapes.Registered, shown=_KNOWN),
            "PUT": Told(takes=Device, sent={"token": "fcm:d1e2f3"}, gives=shapes.Registered, shown=_KNOWN),
            "DELETE": Told(status=204),
        },
    },
)

SECTIONS = (SCHEDULE, TASKS, NOTES, ACTIVITIES, DEVICE)
