"""A world of appointments: a manager with a calendar user and all that he needs, another manager, and others."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import falcon.testing

from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.events import Event, Rule
from models.appointments.gateways import Gateway, GatewayUser, SmsGateway
from models.appointments.surveys import AudioFile, SealedSurvey
from models.appointments.users import CalendarUserProfile
from models.people import User
from tests.house import Client, password_hash

HOST = "http://localhost:8000"
BASE = f"{HOST}/rest-api"
AT = datetime(2030, 5, 6, 10, 0, tzinfo=UTC)


def user(name: str, **rights: bool) -> User:
    return User.create(username=name, password=password_hash(), **rights)  # type: ignore[no-any-return]  # Peewee is untyped


class Side:
    """A manager and what is his: setting, calendar user, calendar, event, alarm and request."""

    def __init__(self, manager: str, calendar_user: str, gateway: Gateway, sms: SmsGateway) -> None:
        self.manager = user(manager, is_manager=True)
        GatewayUser.create(gateway=gateway, user=self.manager)
        self.survey = SealedSurvey.create(name="Reminder", user=self.manager)
        self.audio = AudioFile.create(name="Beep", user=self.manager)
        self.setting = CalendarSetting.create(
            user=self.manager, label="Practice", survey=self.survey, aleg_gateway=gateway, sms_gateway=sms
        )
        self.user = user(calendar_user)
        self.profile = CalendarUserProfile.create(
            user=self.user, manager=self.manager, calendar_setting=self.setting
        )
        self.calendar = Calendar.create(name="Work", user=self.user)
        self.event = Event.create(
            title="Check-up", start=AT, end=AT.replace(hour=11), creator=self.user, calendar=self.calendar
        )
        self.alarm = Alarm.create(event=self.event, alarm_phonenumber="+15550100", date_start_notice=AT)
        self.request = AlarmRequest.create(alarm=self.alarm, date=AT)


class Planned:
    """Manager `mona` with doctor `doc`, manager `fred` with `foe`, superuser `root`, stranger `eve`."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.root = user("root", is_staff=True)
        self.eve = user("eve")
        self.gateway = Gateway.create(name="out")
        self.sms = SmsGateway.create(name="texts")
        self.rule = Rule.create(name="Daily", frequency="DAILY")
        self.mine = Side("mona", "doc", self.gateway, self.sms)
        self.theirs = Side("fred", "foe", Gateway.create(name="other"), self.sms)

    def ask(
        self,
        verb: str,
        path: str,
        body: Any = None,
        *,
        user: str | None = "mona",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> falcon.testing.Result:
        """One request below `/rest-api/`, as it comes to localhost:8000."""
        sent = {"Host": "localhost:8000", **(headers or {})}
        undocumented = verb in ("HEAD", "OPTIONS")  # they tell what GET does
        client = Client() if undocumented else self.client
        return client.ask(verb, f"/rest-api/{path}", body, user=user, headers=sent, **more)

    def unheld(self, verb: str, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        """One request, whose answer is not held against the document."""
        return Client().ask(verb, f"/rest-api/{path}", body, **more)

    def get(self, path: str, **more: Any) -> falcon.testing.Result:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        return self.ask("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        return self.ask("PUT", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        return self.ask("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> falcon.testing.Result:
        return self.ask("DELETE", path, **more)

    @property
    def new_event(self) -> dict[str, Any]:
        """The least that an event needs."""
        return {"title": "Visit", "creator": self.mine.user.id, "calendar": self.mine.calendar.id}

    @property
    def new_setting(self) -> dict[str, Any]:
        """The least that a setting needs."""
        return {"label": "New", "survey": self.mine.survey.id, "aleg_gateway": self.gateway.id}
