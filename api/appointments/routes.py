"""The routes of `/rest-api`: every resource on one screen."""

from typing import Any

from api.appointments import attempts, content, left_alone, occurrences, rehearsal, sealing, segments
from api.appointments.alarms import ALARMS, REQUESTS
from api.appointments.audio import AUDIO_FILES, File
from api.appointments.calendars import CALENDARS, SETTINGS
from api.appointments.callrequests import CALLREQUESTS
from api.appointments.events import EVENTS
from api.appointments.gateways import GATEWAYS
from api.appointments.links import BASE
from api.appointments.people import CALENDAR_USERS, USERS
from api.appointments.profiles import PROFILES
from api.appointments.resources import Resource
from api.appointments.responders import Root, path_of
from api.appointments.responders import add as add_routes
from api.appointments.rules import RULES
from api.appointments.sms_gateways import SMS_GATEWAYS
from api.appointments.surveys import BRANCHES, SEALED, SECTIONS, SURVEYS
from api.appointments.templates import MAIL_TEMPLATES, SMS_TEMPLATES

RESOURCES: tuple[Resource, ...] = (
    SETTINGS, CALENDAR_USERS, PROFILES, CALENDARS, RULES, EVENTS, ALARMS, REQUESTS, CALLREQUESTS, GATEWAYS,
    SMS_GATEWAYS, SMS_TEMPLATES, MAIL_TEMPLATES, USERS,
    SURVEYS, SECTIONS, BRANCHES, SEALED, AUDIO_FILES,
)  # fmt: skip
NAMES = (
    *(resource.kind.name for resource in RESOURCES), content.NAME, sealing.AGGREGATE, rehearsal.NAME, left_alone.NAME,
    segments.NAME,
)  # fmt: skip


def add(app: Any) -> None:
    """Add them to the application."""
    app.add_route(BASE.rstrip("/"), Root(NAMES))
    add_routes(app, *RESOURCES)
    one_event = f"{path_of(EVENTS)}/{{row_id}}"
    app.add_route(f"{one_event}/get_list_child", occurrences.Children(EVENTS))
    app.add_route(f"{one_event}/update_last_child_status", occurrences.LastChild(EVENTS))
    app.add_route(f"{one_event}/get_list_alarm", occurrences.Alarms(EVENTS))
    app.add_route(f"{path_of(REQUESTS)}/{{row_id}}/get_nested_alarm_request", attempts.Log(REQUESTS))
    app.add_route(content.PATH, content.ContentTypes())
    app.add_route(f"{content.PATH}/{{row_id}}", content.OneContentType())
    app.add_route(f"{path_of(SURVEYS)}/{{row_id}}/seal", sealing.Sealing(SEALED))
    app.add_route(f"{path_of(AUDIO_FILES)}/{{row_id}}/file", File(AUDIO_FILES))
    app.add_route(sealing.PATH, sealing.NoAggregate())
    app.add_route(f"{sealing.PATH}/{{row_id}}", sealing.Aggregate())
    app.add_route(rehearsal.PATH, rehearsal.Rehearsed())
    app.add_route(left_alone.PATH, left_alone.Numbers())
    app.add_route(f"{left_alone.PATH}/check", left_alone.Check())
    app.add_route(f"{left_alone.PATH}/lift", left_alone.Lift())
    app.add_route(segments.PATH, segments.Preview())
