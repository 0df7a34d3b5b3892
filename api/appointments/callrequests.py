"""Callrequests: the calls of alarms as they were dialled, and those that somebody wrote down himself."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields
from peewee import IntegrityError, fn

from api.appointments import content, kinds
from api.appointments.callers import RestCaller
from api.appointments.fields import Code, Field, Flag, Name, Text, To, Url, When, Whole
from api.appointments.links import Links, row_id
from api.appointments.narrowing import between
from api.appointments.resources import Body, Filter, Resource, Wrong
from api.paging import LARGEST_ID
from models import clock
from models.appointments import callrequests
from models.appointments.alarms import IN_PROCESS, AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.people.users import User

STATUSES = {
    callrequests.PENDING: "pending", callrequests.FAILURE: "failure", callrequests.RETRY: "retry",
    callrequests.SUCCESS: "success", callrequests.ABORT: "abort", callrequests.PAUSE: "pause",
    callrequests.CALLING: "calling",
}  # fmt: skip
TYPES = {
    callrequests.ALLOW_RETRY: "may be tried again", callrequests.CANNOT_RETRY: "may not be tried again",
    callrequests.RETRY_DONE: "was tried again",
}  # fmt: skip
PLAYED = {"survey_template": kinds.SURVEY_TEMPLATE, "survey": kinds.SEALED_SURVEY}  # by content type's model
NO_ROW = "There is no such row."


class ContentType(Field, fields.String):
    """A content type: read as URL, path or id, shown as its URL."""

    extra: Mapping[str, Any] = {"format": "uri"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        try:
            return content.model_of(row_id(content.NAME, value))
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def shown(self, row: Any, links: Links) -> str:
        return links.one(content.NAME, content.number_of(row.content_type))


class CallrequestBody(Body):
    """One call."""

    url = Url(kinds.CALLREQUEST)
    user = Name("Whose it is, by username: always who made it.", read_only=True)
    request_uuid = Text(120, "Its own id, which is made with it.", read_only=True)
    aleg_uuid = Text(120, "The carrier's id of it.", default="")
    call_time = When("When it is to be made; now, if nothing is said.", default=lambda: clock.now())
    call_type = Code(TYPES, "Whether it:", null=True, default=callrequests.ALLOW_RETRY)
    status = Code(STATUSES, "How it stands:", null=True, default=callrequests.PENDING)
    callerid = Text(80, "The number that is shown.", default="")
    caller_name = Text(80, "The name that is shown.", default="")
    phone_number = Text(80, "The number that is called.", blank=False, required=True)
    timeout = Whole("Seconds that it rings.", least=0, default=30)
    timelimit = Whole("Seconds that it lasts at most.", least=0, default=3600)
    extra_dial_string = Text(500, "Kept for a switch.", default="")
    subscriber = Whole(
        "A number of somebody else's; kept.", least=0, most=LARGEST_ID, null=True, default=None
    )
    campaign = Whole("A number of somebody else's; kept.", least=0, most=LARGEST_ID, null=True, default=None)
    aleg_gateway = To(
        kinds.GATEWAY, "Through which it goes; one that is assigned to the caller.", null=True, default=None
    )
    content_type = ContentType(
        "What is played: the content type of survey templates. That of an alarm's call is that of sealed surveys.",
        required=True,
    )
    object_id = Whole(
        "Which one, by its id: one of the caller's own.", least=1, most=LARGEST_ID, required=True
    )
    completed = Flag("Whether it was heard to its end.", default=False)
    extra_data = Text(120, "Whatever else there is to say.", default="")
    num_attempt = Whole("How often it was tried.", least=0, default=0)
    last_attempt_time = When("When it was tried last.", null=True, default=None)
    result = Text(180, "What came of it.", default="")
    hangup_cause = Text(80, "Why it ended.", default="")
    parent_callrequest = To(kinds.CALLREQUEST, "Which one it follows.", null=True, default=None)
    alarm_request_id = Whole(
        "The id of the alarm request that it is for; 0 or null: of none.", least=0, most=LARGEST_ID, null=True,
        default=None,
    )  # fmt: skip
    created_date = When("When it was written down.", read_only=True)
    updated_date = When("When it was changed last.", read_only=True)


class Callrequests(Resource):
    """Calls. Those of alarms are made by them; one that somebody posts is written down, and nobody is called."""

    kind = kinds.CALLREQUEST
    body = CallrequestBody
    noun = "callrequest"
    text = (
        "The calls of alarms, as they were dialled. One can be written down here as well: that calls nobody; post an "
        "alarm request for a call."
    )
    filters = (
        Filter("status", Code(STATUSES, "Those that stand so:"), lambda value: AlarmCall.status == value),
        *between(AlarmCall.call_time, "Calls that are made"),
    )
    in_use = "This call is under way."

    def query(self) -> Any:
        return AlarmCall.select(AlarmCall, User).join(User)

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        wrong: Wrong = {}
        model, number = (values.get(name, getattr(row, name, None)) for name in ("content_type", "object_id"))
        if "content_type" in values and (model not in PLAYED or (row is None and model != "survey_template")):
            wrong["content_type"] = ["Name the content type of survey templates."]
        elif values.keys() & {"content_type", "object_id"} and not _there(
            caller, PLAYED.get(str(model)), number
        ):
            wrong["object_id"] = [NO_ROW]
        request = values.get("alarm_request_id")
        if request and not _there(caller, kinds.ALARM_REQUEST, request):
            wrong["alarm_request_id"] = [NO_ROW]
        if row is not None and values.get("parent_callrequest") == row.id:
            wrong["parent_callrequest"] = ["A callrequest does not follow itself."]
        return wrong

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        row = super().make(caller, {**values, "user": caller.user_id})
        row.user = User(id=caller.user_id, username=caller.username)
        return row

    def remove(self, row: Any) -> None:
        """Not while somebody is on the phone: what he says would have nowhere to be written down."""
        under_way = AlarmRequest.select(AlarmRequest.id).where(
            (AlarmRequest.callrequest == row.id) & (AlarmRequest.status == IN_PROCESS)
        )
        over = AlarmCall.status.is_null() | (AlarmCall.status != callrequests.CALLING)
        if not AlarmCall.delete().where((AlarmCall.id == row.id) & over & ~fn.EXISTS(under_way)).execute():
            raise IntegrityError


def _there(caller: RestCaller, kind: Any, number: Any) -> bool:
    """Whether the caller may refer to a row; to one that nothing is known of he may, it is told wrong elsewhere."""
    return kind is None or bool(kind.is_mine(caller, number))


CALLREQUESTS = Callrequests()
