"""The routes of `/rest-api`: every resource on one screen."""

from typing import Any

from api.appointments import occurrences
from api.appointments.calendars import CALENDARS, SETTINGS
from api.appointments.events import EVENTS
from api.appointments.links import BASE
from api.appointments.resources import Resource
from api.appointments.responders import Root, path_of
from api.appointments.responders import add as add_routes

RESOURCES: tuple[Resource, ...] = (SETTINGS, CALENDARS, EVENTS)


def add(app: Any) -> None:
    """Add them to the application."""
    app.add_route(BASE.rstrip("/"), Root(tuple(resource.kind.name for resource in RESOURCES)))
    add_routes(app, *RESOURCES)
    one_event = f"{path_of(EVENTS)}/{{row_id}}"
    app.add_route(f"{one_event}/get_list_child", occurrences.Children(EVENTS))
    app.add_route(f"{one_event}/update_last_child_status", occurrences.LastChild(EVENTS))
    app.add_route(f"{one_event}/get_list_alarm", occurrences.Alarms(EVENTS))
