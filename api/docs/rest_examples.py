"""Examples of what is sent to and told by `/rest-api`, by resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Example = Mapping[str, Any]


@dataclass(frozen=True)
class Of:
    """One row of a resource: as it is shown, sent, changed in part, listed and confirmed."""

    shown: Example
    sent: Example
    part: Example
    listed: Example
    confirmed: Example


def _of(
    shown: Example,
    *sent: str,
    part: str = "",
    listed: Example | None = None,
    confirmed: Example | None = None,
) -> Of:
    """Examples, of which those sent are made of the row as it is shown.

    Parameters:
      sent: the fields that are sent to make it.
      part: those that are sent to change it.
    """
    taken = {name: shown[name] for name in sent}
    return Of(shown, taken, {part: shown[part]} if part else {}, listed or shown, confirmed or shown)


_HERE = "http://localhost:8000/rest-api"
_CALENDAR_SETTING: Example = {
    "url": f"{_HERE}/calendar-setting/3/", "user": "manager", "label": "cal_setting",
    "callerid": "123456", "caller_name": "xyz", "call_timeout": 60,
    "survey": f"{_HERE}/sealed-survey/1/",
    "aleg_gateway": f"{_HERE}/gateway/1/",
    "sms_gateway": f"{_HERE}/sms-gateway/1/",
    "voicemail": False, "amd_behavior": 1, "voicemail_audiofile": None,
    "created_date": "2013-12-16T11:19:29.994Z", "updated_date": "2013-12-16T11:19:29.994Z",
}  # fmt: skip
_CALENDAR: Example = {
    "url": f"{_HERE}/calendar/4/", "name": "mynewcalendar",
    "user": f"{_HERE}/calendar-user/6/", "max_concurrent": 1,
    "created_date": "2013-12-16T11:25:01.378Z",
}  # fmt: skip
_EVENT: Example = {
    "url": f"{_HERE}/event/3/", "title": "event_with_new_title", "description": None,
    "start": "2013-12-10T12:34:43Z", "end": "2013-12-15T14:43:32Z",
    "creator": f"{_HERE}/calendar-user/6/", "created_on": "2013-12-16T11:26:56.056Z",
    "end_recurring_period": "2013-12-27T12:23:34Z", "rule": None,
    "calendar": f"{_HERE}/calendar/4/", "notify_count": 0, "status": 1, "data": None,
    "parent_event": None, "occ_count": 0,
}  # fmt: skip
CHILD: Example = {
    "url": f"{_HERE}/event/11/", "start": "2013-12-17 16:26:07+00:00", "end": "2013-12-17 17:26:07+00:00",
    "description": "", "title": "EventTitle",
}  # fmt: skip
ALARM_OF_EVENT: Example = {
    "url": f"{_HERE}/alarm/23/", "title": "EventTitle", "phonenumber": "+15550100", "daily_start": "00:00:00",
    "daily_stop": "23:59:59", "advance_notice": "0", "maxretry": "2", "retry_delay": "300", "num_attempt": "0",
    "method": "1", "status": "1", "result": "0", "created_date": "2013-12-16 11:29:52.210000+00:00",
}  # fmt: skip

EXAMPLES: Mapping[str, Of] = {
    "calendar-setting": _of(
        _CALENDAR_SETTING,
        "label",
        "callerid",
        "caller_name",
        "survey",
        "aleg_gateway",
        "sms_gateway",
        part="label",
    ),
    "calendar": _of(_CALENDAR, "name", "max_concurrent", "user", part="name"),
    "event": _of(
        _EVENT,
        "title",
        "start",
        "end",
        "creator",
        "end_recurring_period",
        "calendar",
        "status",
        part="status",
    ),
}
