"""Alarms of events, and the log of their attempts."""

from typing import Any

from marshmallow import ValidationError

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.clocks import Zone
from api.appointments.events import Events
from api.appointments.fields import Code, Mail, Text, TimeOfDay, To, Url, When, Whole
from api.appointments.narrowing import between, through
from api.appointments.resources import Body, Filter, Resource
from models import clock, settings, web_addresses
from models.appointments import alarms, due, removing, under_way
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.events import Event

METHODS = {alarms.CALL: "call", alarms.SMS: "text", alarms.EMAIL: "mail"}
STATUSES = {
    alarms.PENDING: "pending", alarms.IN_PROCESS: "in process", alarms.FAILURE: "failure", alarms.RETRY: "retry",
    alarms.SUCCESS: "success",
}  # fmt: skip
RESULTS = {
    alarms.NO_RESULT: "no result", alarms.CONFIRMED: "confirmed", alarms.CANCELLED: "cancelled",
    alarms.RESCHEDULED: "rescheduled",
}  # fmt: skip


_TOLD = "An https address on the public network that is told, by a signed POST, of"


def _tellable(text: str) -> str:
    """Whether this is an address that we would ever ask; the machine behind it is looked at when it is asked."""
    try:
        if text:
            web_addresses.read(text, private=settings.current().private_hooks)
    except web_addresses.Unfit as error:
        told = str(error)
        raise ValidationError(f"{told[0].upper()}{told[1:]}.") from None
    return text


class AlarmBody(Body):
    """How somebody is told of an event."""

    url = Url(kinds.ALARM)
    event = To(kinds.EVENT, "Of which event; one that the caller sees.", required=True)
    alarm_phonenumber = Text(50, "The number that is called or texted.", null=True, default=None)
    alarm_email = Mail("The address that is mailed.", null=True, default=None)
    daily_start = TimeOfDay("From when on it may be made on a day.", default="00:00:00")
    daily_stop = TimeOfDay("Until when; earlier than the start: over midnight.", default="23:59:59")
    advance_notice = Whole("Seconds before `date_start_notice` that it may begin.", least=0, default=0)
    maxretry = Whole("How often it is tried again after the first attempt.", least=0, default=0)
    retry_delay = Whole(
        "Seconds between two attempts; 0: at once. After more than five, at least a minute passes after each that rang "
        "nowhere, because no carrier took it.",
        least=0, default=0,
    )  # fmt: skip
    num_attempt = Whole("How often it was tried.", least=0, default=0)
    method = Code(METHODS, "How it is made:", default=alarms.CALL)
    survey = To(kinds.SEALED_SURVEY, "What is played; one of the caller's own.", null=True, default=None)
    mail_template = To(kinds.MAIL_TEMPLATE, "What the mail says.", null=True, default=None)
    sms_template = To(kinds.SMS_TEMPLATE, "What the text says.", null=True, default=None)
    date_start_notice = When("When it is made; now, if nothing is said.", default=lambda: clock.now())
    status = Code(STATUSES, "How it stands:", default=alarms.PENDING)
    result = Code(RESULTS, "What was answered:", null=True, default=alarms.NO_RESULT)
    url_cancel = Text(250, f"{_TOLD} a cancellation.", null=True, default=None, also=[_tellable])
    url_confirm = Text(250, f"{_TOLD} a confirmation.", null=True, default=None, also=[_tellable])
    phonenumber_transfer = Text(
        50, "Who wants another time is put through to it, if it is not on the do-not-call list.",
        null=True, default=None,
    )  # fmt: skip
    phonenumber_sms_failure = Text(
        50, "The number texted when every attempt failed.", null=True, default=None
    )
    recipient_timezone = Zone(
        "The zone of who is told, by its IANA name; null: his number's if that has one, else the setting's. It is told "
        "when it was said.",
        null=True, default=None,
    )  # fmt: skip
    created_date = When("When it was made.", read_only=True)


class Alarms(Resource):
    """Alarms. Nothing but the event is needed to write one down: what lacks then fails it when it is due [O-15]."""

    kind = kinds.ALARM
    body = AlarmBody
    noun = "alarm"
    text = (
        "Alarms tell somebody of an event, by call, text or mail. One that has ended is made once more when its status "
        "is set to 4, at once, or to 1, at its `date_start_notice`. What he answers is told to `url_confirm` (1) or "
        '`url_cancel` (2), where one is set, by a POST of `{"type": "alarm.confirmed"` or `"alarm.cancelled", '
        '"timestamp": …, "data": {"alarm": …, "event": …, "result": …}}`. It is signed as standardwebhooks.com says '
        "(`webhook-id`, `webhook-timestamp`, `webhook-signature`) with the manager's secret, which the page of his "
        "setting shows. Until it is answered with 2xx it is told again for a day, always under the same id; an answer "
        "of 410 ends that. No redirect is followed. Who changes his mind is told of under another id: the later "
        "`timestamp` counts."
    )
    filters = (
        Filter("event", To(kinds.EVENT, "Alarms of this event."), lambda value: Alarm.event == value),
        Filter("method", Code(METHODS, "Alarms made so:"), lambda value: Alarm.method == value),
        Filter("status", Code(STATUSES, "Alarms that stand so:"), lambda value: Alarm.status == value),
        *between(Alarm.date_start_notice, "Alarms that are made"),
        *through(Alarm.event, Event, Events.filters, "calendar", "creator"),
    )
    under_way = (
        "An attempt of this alarm is under way: begin it anew, by status 1 or 4, when that has ended and its status is "
        "not 2 any more."
    )

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        bearing = (values[name] for name in due.BEARING)
        return super().make(caller, values | {"due_at": due.due_at(*bearing)})

    def change(self, row: Any, values: dict[str, Any]) -> None:
        super().change(row, due.changed(row.id, values))

    def remove(self, row: Any) -> None:
        """What it has asked of carriers is called off."""
        removing.call_off([row.id])
        super().remove(row)


class RequestBody(Body):
    """One attempt of an alarm."""

    url = Url(kinds.ALARM_REQUEST)
    alarm = To(kinds.ALARM, "Of which alarm.", null=True, default=None)
    date = When("When it is due, or was made.", required=True)
    status = Code(STATUSES, "How it stands:", null=True, default=alarms.PENDING)
    callstatus = Whole("Why its call ended, by Q.850 number.", least=0, null=True, default=0)
    duration = Whole("Seconds that were spoken.", least=0, default=0)
    callrequest = To(kinds.CALLREQUEST, "Its call.", null=True, default=None)
    created_date = When("When it was written down.", read_only=True)


class Requests(Resource):
    """The attempts; a pending one that somebody posts is made like any other."""

    kind = kinds.ALARM_REQUEST
    body = RequestBody
    noun = "alarm request"
    text = "The log of alarms: every attempt is a row."
    filters = (
        Filter(
            "alarm", To(kinds.ALARM, "Attempts of this alarm."), lambda value: AlarmRequest.alarm == value
        ),
        Filter("status", Code(STATUSES, "Those that stand so:"), lambda value: AlarmRequest.status == value),
        *between(AlarmRequest.date, "Attempts that are made"),
        *through(AlarmRequest.alarm, Alarm, Alarms.filters, "event", "method", "calendar", "creator"),
    )
    under_way = (
        "The call of this attempt is under way: how that ends is its status. Wait for it, or delete the attempt, which "
        "calls off a call that no carrier has yet."
    )

    def change(self, row: Any, values: dict[str, Any]) -> None:
        under_way.request_changes(row.id, values)
        super().change(row, values)

    def remove(self, row: Any) -> None:
        """Its call is called off."""
        removing.call_off_request(row.id)
        super().remove(row)


ALARMS, REQUESTS = Alarms(), Requests()
