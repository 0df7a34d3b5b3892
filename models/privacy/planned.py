"""Where appointments hold something about a calendar user or a manager, and about those whom his alarms told."""

from models.appointments.alarms import FAILURE, IN_PROCESS, PENDING, RETRY, Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import ABORT, AlarmCall
from models.appointments.callrequests import PENDING as TO_CALL
from models.appointments.callrequests import RETRY as TO_CALL_AGAIN
from models.appointments.cdr import CallDetailRecord
from models.appointments.events import PAUSED, Event
from models.appointments.events import PENDING as TO_COME
from models.appointments.gateways import GatewayUser
from models.appointments.surveys import (
    AudioFile,
    SealedSection,
    SealedSurvey,
    SectionTemplate,
    SurveyResult,
    SurveyTemplate,
)
from models.appointments.users import CalendarUserProfile
from models.deliveries import Hook, Mail, Ring, Text
from models.numbers import ERASED
from models.people.permissions import Permission
from models.people.rest_tokens import RestToken
from models.privacy.place import CAUSE, EMPTY, GONE, NOTHING, Place, attempts

CALENDARS = "SELECT c.id FROM calendar AS c WHERE c.user_id = {user}"
# Of several ways in which something is his, each is looked up by its own index.
EVENTS = (
    "SELECT e.id FROM appointment_event AS e WHERE e.creator_id = {user} "
    f"UNION SELECT e.id FROM appointment_event AS e WHERE e.calendar_id IN ({CALENDARS})"
)
ALARMS = f"SELECT a.id FROM alarm AS a WHERE a.event_id IN ({EVENTS})"
REQUESTS = f"SELECT r.id FROM alarm_request AS r WHERE r.alarm_id IN ({ALARMS})"
CALLS = (
    "SELECT q.id FROM callrequest AS q WHERE q.user_id = {user} "
    f"UNION SELECT q.id FROM callrequest AS q WHERE q.alarm_request_id IN ({REQUESTS}) "
    f"UNION SELECT r.callrequest_id FROM alarm_request AS r "
    f"WHERE r.alarm_id IN ({ALARMS}) AND r.callrequest_id IS NOT NULL"
)
RINGS = (  # those of alarms that have been deleted are known by their callrequests
    "SELECT d.id FROM delivery_ring AS d WHERE d.origin = 'alarm_request' AND d.origin_id IN ("
    f"{REQUESTS} UNION SELECT q.alarm_request_id FROM callrequest AS q WHERE q.user_id = {{user}})"
)
TEXTS = (
    f"SELECT d.id FROM delivery_text AS d WHERE d.origin = 'survey' AND d.origin_id IN ({RINGS}) "
    f"UNION SELECT d.id FROM delivery_text AS d WHERE d.origin = 'alarm' AND d.origin_id IN ({ALARMS}) "
    f"UNION SELECT d.id FROM delivery_text AS d WHERE d.origin = 'alarm_failure' AND d.origin_id IN ({REQUESTS})"
)
MAILS = f"SELECT d.id FROM delivery_mail AS d WHERE d.origin = 'alarm' AND d.origin_id IN ({ALARMS})"
HOOKS = (
    "SELECT d.id FROM delivery_hook AS d WHERE d.user_id = {user} "
    f"UNION SELECT d.id FROM delivery_hook AS d WHERE d.origin = 'alarm' AND d.origin_id IN ({ALARMS})"
)

_UNENDED = f"t.status IN ({PENDING}, {IN_PROCESS}, {RETRY})"
_STOPPED = {"status": f"CASE WHEN {_UNENDED} THEN {FAILURE} ELSE t.status END"}
_SAID = ("question", "script", "phonenumber", "confirm_script", "confirm_key", "conference", "sms_text")
_SECTION = dict.fromkeys((*_SAID, *(f"key_{digit}" for digit in range(10))), EMPTY)
_REACHED = (
    "alarm_phonenumber", "alarm_email", "phonenumber_transfer", "phonenumber_sms_failure", "url_cancel",
    "url_confirm",
)  # fmt: skip


def _survey(word: str) -> str:
    return f"t.survey_id IN (SELECT s.id FROM {word} AS s WHERE s.user_id = {{user}})"


# By these he may do something: first of all they go.
HIMSELF = (
    Place("rest_tokens", RestToken, "t.user_id = {user}", removed=True, others=("token_hash",)),
    Place("permissions", Permission, "t.user_id = {user}", removed=True),
    Place("gateways", GatewayUser, "t.user_id = {user}", removed=True),
)

PLACES = (
    *HIMSELF,
    Place(
        "calendar_user_profile", CalendarUserProfile, "t.user_id = {user}",
        {
            "country": EMPTY, "accountcode": NOTHING,
            **dict.fromkeys(
                (
                    "address", "city", "state", "zip_code", "phone_no", "fax", "company_name", "company_website",
                    "language", "note",
                ),
                NOTHING,
            ),
        },
    ),
    Place(
        "calendar_settings", CalendarSetting, "t.user_id = {user}",
        {"label": GONE, "callerid": NOTHING, "caller_name": EMPTY},
    ),
    Place("calendars", Calendar, "t.user_id = {user}", {"name": GONE}),
    Place(
        "appointments", Event, f"t.id IN ({EVENTS})",
        {
            "title": GONE, "description": NOTHING, "data": NOTHING,
            "status": f"CASE WHEN t.status = {TO_COME} THEN {PAUSED} ELSE t.status END",  # nothing follows it
        },
    ),
    Place(
        "alarms", Alarm, f"t.id IN ({ALARMS})",
        {
            **dict.fromkeys((*_REACHED, "recipient_timezone", "due_at"), NOTHING), **_STOPPED,
            "cause": f"CASE WHEN t.cause IS NULL AND NOT ({_UNENDED}) THEN NULL ELSE '{ERASED}' END",
        },
        others=_REACHED,
    ),
    Place("alarm_requests", AlarmRequest, f"t.id IN ({REQUESTS})", _STOPPED),
    Place(
        "callrequests", AlarmCall, f"t.id IN ({CALLS})",
        {
            "phone_number": GONE, "status": (
                f"CASE WHEN t.status IN ({TO_CALL}, {TO_CALL_AGAIN}) THEN {ABORT} ELSE t.status END"
            ),
            **dict.fromkeys(
                ("callerid", "caller_name", "extra_dial_string", "extra_data", "result", "hangup_cause"), EMPTY
            ),
        },
        others=("phone_number",),
    ),
    Place(
        "survey_results", SurveyResult, f"t.callrequest_id IN ({CALLS})",
        {"response": EMPTY, "record_file": EMPTY},
    ),
    Place(
        "rings", Ring, f"t.id IN ({RINGS})",
        {"to": GONE, **dict.fromkeys(("dialled", "callerid", "caller_name"), EMPTY), "said": "'[]'", **CAUSE},
        others=("to", "dialled"),
    ),
    Place(
        "call_detail_records", CallDetailRecord, f"t.user_id = {{user}} OR t.callrequest_id IN ({CALLS})",
        {"phone_number": GONE, "callerid": EMPTY}, others=("phone_number",),
    ),
    Place(
        "texts", Text, f"t.id IN ({TEXTS})", {"to": GONE, "body": EMPTY, "sender": EMPTY, **CAUSE},
        others=("to",),
    ),
    Place(
        "mails", Mail, f"t.id IN ({MAILS})",
        {"to": GONE, "subject": EMPTY, "text": EMPTY, "html": EMPTY, "sender": EMPTY, **CAUSE}, others=("to",),
    ),
    Place("hooks", Hook, f"t.id IN ({HOOKS})", {"url": GONE, "body": EMPTY, **CAUSE}, others=("url",)),
    attempts("ring", RINGS),
    attempts("text", TEXTS),
    attempts("mail", MAILS),
    attempts("hook", HOOKS),
    # A file that no row names is swept: the voice in it goes with the name.
    Place(
        "audio_files", AudioFile, "t.user_id = {user}", {"name": GONE, "audio_file": EMPTY, "digest": EMPTY}
    ),
    *(
        Place(section, table, "t.user_id = {user}", {"name": GONE, "description": EMPTY})
        for section, table in (("survey_templates", SurveyTemplate), ("sealed_surveys", SealedSurvey))
    ),
    Place("section_templates", SectionTemplate, _survey("survey_template"), _SECTION),
    Place("sealed_sections", SealedSection, _survey("sealed_survey"), _SECTION),
)  # fmt: skip

# Carriers' reports about these calls and texts, and what was written back.
RECEIPTS = (
    f"t.about IN (SELECT g.reference FROM delivery_ring AS g WHERE g.id IN ({RINGS}) "
    f"UNION SELECT g.reference FROM delivery_text AS g WHERE g.id IN ({TEXTS}))"
)

# Whose is what a command is about, by the name of the id it carries.
OWNED = {"ring_id": RINGS, "text_id": TEXTS, "mail_id": MAILS, "hook_id": HOOKS, "event_id": EVENTS}
