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
    "timezone": "Europe/Berlin", "quiet_start": "21:00:00", "quiet_stop": "08:00:00",
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
_WRITTEN_USER: Example = {
    "url": f"{_HERE}/calendar-user/6/", "username": "caluser3", "password": "********", "last_name": "",
    "first_name": "", "email": "caluser3@gmail.com", "groups": [],
}  # fmt: skip
_USER: Example = {
    "id": 6, "username": "caluser3", "last_name": "", "first_name": "", "email": "caluser3@gmail.com",
    "calendar": {"name": "mynewcalendar", "max_concurrent": 1},
}  # fmt: skip
_LISTED_USER: Example = {**_USER, "url": f"{_HERE}/calendar-user/6/"}
_PROFILE: Example = {
    "manager": "manager", "id": 4, "user": 6, "address": None, "city": None, "state": None, "country": "",
    "zip_code": None, "phone_no": None, "fax": None, "company_name": None, "company_website": None, "language": None,
    "note": None, "accountcode": 35365532, "created_date": "2013-12-16T11:20:33.456Z",
    "updated_date": "2013-12-16T11:23:44.342Z", "calendar_setting": 3,
}  # fmt: skip
_SHORT = (
    "id", "accountcode", "manager", "address", "city", "state", "zip_code", "phone_no", "fax", "company_name",
    "company_website",
)  # fmt: skip
_LISTED_PROFILE: Example = {
    "url": f"{_HERE}/calendar-user-profile/6/", "calendar_setting": f"{_HERE}/calendar-setting/3/",
    **{name: _PROFILE[name] for name in _SHORT},
}  # fmt: skip
_RULE: Example = {
    "url": f"{_HERE}/rule/4/", "name": "Weekly (Monday-Friday)", "description": "Every day from Monday to Friday",
    "frequency": "WEEKLY", "params": "byweekday:0,1,2,3,4",
}  # fmt: skip
_ALARM: Example = {
    "url": f"{_HERE}/alarm/23/", "event": f"{_HERE}/event/3/", "alarm_phonenumber": "+15550100", "alarm_email": None,
    "daily_start": "00:00:00", "daily_stop": "23:59:59", "advance_notice": 0, "maxretry": 2, "retry_delay": 300,
    "num_attempt": 0, "method": 1, "survey": f"{_HERE}/sealed-survey/1/", "mail_template": None, "sms_template": None,
    "date_start_notice": "2013-12-10T12:34:43Z", "status": 1, "result": 0, "url_cancel": None, "url_confirm": None,
    "phonenumber_transfer": None, "phonenumber_sms_failure": None, "recipient_timezone": "Asia/Kolkata",
    "created_date": "2013-12-16T11:29:52.210Z",
}  # fmt: skip
_REQUEST: Example = {
    "url": f"{_HERE}/alarm-request/48/", "alarm": f"{_HERE}/alarm/23/", "date": "2013-12-18T17:19:23.368Z", "status": 4,
    "callstatus": 17, "duration": 0, "callrequest": f"{_HERE}/callrequest/15731/",
    "created_date": "2013-12-18T17:19:23.370Z",
}  # fmt: skip
_CALLREQUEST: Example = {
    "url": f"{_HERE}/callrequest/15731/", "user": "manager", "request_uuid": "8f0d6b5e-3f3c-4b0e-9d61-2b8f6e1f7a10",
    "aleg_uuid": "", "call_time": "2013-12-18T17:19:23.368Z", "call_type": 1, "status": 4, "callerid": "123456",
    "caller_name": "xyz", "phone_number": "+15550100", "timeout": 60, "timelimit": 3600, "extra_dial_string": "",
    "subscriber": None, "campaign": None, "aleg_gateway": f"{_HERE}/gateway/1/",
    "content_type": f"{_HERE}/content-type/7/", "object_id": 1, "completed": True, "extra_data": "", "num_attempt": 1,
    "last_attempt_time": "2013-12-18T17:19:23.368Z", "result": "", "hangup_cause": "NORMAL_CLEARING",
    "parent_callrequest": None, "alarm_request_id": 48, "created_date": "2013-12-18T17:19:23.370Z",
    "updated_date": "2013-12-18T17:20:11.112Z",
}  # fmt: skip
_GATEWAY: Example = {
    "url": f"{_HERE}/gateway/1/", "name": "Out", "status": 1, "description": "", "addprefix": "00", "removeprefix": "+",
    "gateways": "sofia/gateway/p/", "gateway_codecs": "", "gateway_timeouts": "", "gateway_retries": "",
    "originate_dial_string": "", "secondused": None, "failover": None, "addparameter": "", "count_call": None,
    "count_in_use": None, "maximum_call": None, "created_date": "2013-12-16T11:19:29.994Z",
    "updated_date": "2013-12-16T11:19:29.994Z", "managers": [f"{_HERE}/users/2/"],
}  # fmt: skip
_SMS_GATEWAY: Example = {
    "url": f"{_HERE}/sms-gateway/1/", "name": "Texts", "base_url": "https://sms.example.com/send",
    "settings": {"username": "trunkline", "password": "secret"}, "recipient_keyword": "to",
    "content_keyword": "text", "uuid_keyword": "ref", "charge_keyword": "", "status_mapping": {"0": "Sent"},
    "status_msg_id": "", "status_status": "", "status_error_code": "", "status_date": "",
    "status_date_format": "%Y-%m-%d %H:%M:%S", "reply_content": "", "reply_sender": "", "reply_date": "",
    "reply_date_format": "%Y-%m-%d %H:%M:%S",
    "success_format": "(?P<status_code>[0-9]+) (?P<gateway_message_id>.+)",
}  # fmt: skip
_SMS_TEMPLATE: Example = {
    "url": f"{_HERE}/sms-template/1/", "label": "Reminder", "template_key": "reminder", "sender_phonenumber": "",
    "sms_text": "Your visit is at {time}.", "created_date": "2013-12-16T11:19:29.994Z",
}  # fmt: skip
_MAIL_TEMPLATE: Example = {
    "url": f"{_HERE}/mail-template/1/", "label": "Reminder", "template_key": "reminder",
    "from_email": "clinic@example.com", "from_name": "The clinic", "subject": "Your visit",
    "message_plaintext": "Your visit is at {time}.", "message_html": "<p>Your visit is at <b>{time}</b>.</p>",
    "created_date": "2013-12-16T11:19:29.994Z",
}  # fmt: skip
_PERSON: Example = {
    "url": f"{_HERE}/users/2/", "username": "manager", "last_name": "", "first_name": "", "email": "", "groups": [],
}  # fmt: skip
CONTENT_TYPE: Example = {
    "url": f"{_HERE}/content-type/8/", "name": "survey", "app_label": "survey", "model": "survey",
}  # fmt: skip
LOG: Example = {
    "event-url": f"{_HERE}/event/5/",
    "event-5": {
        "alarm-23": {
            "url": f"{_HERE}/alarm/23/",
            "alarm-request-48": {
                "url": f"{_HERE}/alarm-request/48/", "alarm-callrequest": f"{_HERE}/callrequest/15731/",
                "date": "2013-12-18 17:19:23.368534+00:00", "status": "4", "callstatus": "17", "duration": "0",
            },
        },
    },
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
        "timezone",
        "quiet_start",
        "quiet_stop",
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
    "calendar-user": Of(
        _USER, {"username": "caluser3", "password": "caluser3", "email": "caluser3@gmail.com"},
        {"email": "caluser3@gmail.com"}, _LISTED_USER, _WRITTEN_USER,
    ),
    "calendar-user-profile": _of(
        _PROFILE, "accountcode", "calendar_setting", part="accountcode", listed=_LISTED_PROFILE
    ),
    "rule": _of(_RULE, "name", "description", "frequency", "params", part="params"),
    "gateway": _of(_GATEWAY, "name", "addprefix", "removeprefix", "managers", part="status"),
    "sms-gateway": _of(
        _SMS_GATEWAY, "name", "base_url", "settings", "recipient_keyword", "content_keyword", "status_mapping",
        "success_format", part="name",
    ),
    "sms-template": _of(_SMS_TEMPLATE, "label", "template_key", "sms_text", part="sms_text"),
    "mail-template": _of(
        _MAIL_TEMPLATE, "label", "template_key", "from_email", "from_name", "subject", "message_plaintext",
        "message_html", part="subject",
    ),
    "callrequest": _of(
        _CALLREQUEST, "phone_number", "content_type", "object_id", "aleg_gateway", part="status"
    ),
    "alarm": _of(
        _ALARM, "event", "alarm_phonenumber", "recipient_timezone", "maxretry", "retry_delay", "method", "survey",
        "date_start_notice",
        part="status",
    ),
    "alarm-request": _of(_REQUEST, "alarm", "date", part="status"),
    "users": _of(_PERSON),
}  # fmt: skip
