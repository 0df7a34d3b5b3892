"""How many statements a request takes: as many for one row as for many, on every route that there is."""

from datetime import timedelta
from typing import Any

import pytest

from api.app import create
from api.appointments.routes import RESOURCES
from api.docs.routes import verbs
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event, Rule
from models.appointments.gateways import Gateway, GatewayUser, SmsGateway
from models.appointments.surveys import (
    AudioFile,
    BranchingTemplate,
    SealedSurvey,
    SectionTemplate,
    SurveyTemplate,
)
from models.appointments.templates import MailTemplate, SmsTemplate
from models.appointments.users import CalendarUserProfile
from models.people.permissions import give
from tests.api.looking import statements
from tests.appointments.owned import Owned
from tests.appointments.planned import AT, Planned, Side, user

MOST_READ = 8  # statements that reading takes, who asks among them
UNIQUE = ("username", "template_key", "keys")
_BASE = "/rest-api/"
READ = sorted(
    {
        one.path.removeprefix(_BASE)
        for one in verbs(create())
        if one.path.startswith(_BASE) and one.verb == "GET"
    }
)
WRITTEN = [resource for resource in RESOURCES if resource.writes and resource.kind.name != "audio-files"]


@pytest.fixture
def owned(planned: Planned) -> Owned:
    """One of everything, of mona's; and passwords are known from here on."""
    for who in ("mona", "root"):
        planned.get("", user=who)
    return Owned(planned, planned.mine)


def more(owned: Owned, number: int = 8) -> None:
    """More of everything, for one manager."""
    side, gateway = owned.side, owned.side.setting.aleg_gateway
    for n in range(number):
        person = user(f"{side.manager.username}.s.{n}")
        CalendarUserProfile.create(user=person, manager=side.manager, calendar_setting=side.setting)
        CalendarSetting.create(user=side.manager, label=f"{n}", survey=side.survey, aleg_gateway=gateway)
        calendar = Calendar.create(name=f"{n}", user=person)
        _planned(side, calendar, n)
        new = Gateway.create(name=f"more {n}")
        GatewayUser.create(gateway=new, user=side.manager)
        GatewayUser.create(gateway=gateway, user=person)
        SmsGateway.create(name=f"{n}")
        Rule.create(name=f"{n}", frequency="DAILY")
        SmsTemplate.create(label=f"{n}", template_key=f"more {n}", sms_text="x")
        MailTemplate.create(label=f"{n}", template_key=f"more {n}", subject="x")
        AlarmCall.create(user=side.manager, phone_number="1", content_type="survey", object_id=side.survey.id)
    _surveys(owned, number)


def _planned(side: Side, calendar: Calendar, n: int) -> None:
    """An occurrence with an alarm, and one more attempt of another."""
    event = Event.create(
        title=f"{n}", start=AT, end=AT + timedelta(hours=1), calendar=calendar, creator=side.user,
        parent_event=side.event,
    )  # fmt: skip
    AlarmRequest.create(alarm=Alarm.create(event=event), date=AT)
    AlarmRequest.create(alarm=Alarm.create(event=side.event), date=AT)


def _surveys(owned: Owned, number: int) -> None:
    side, template = owned.side, owned.id_of("survey-template")
    for n in range(number):
        AudioFile.create(name=f"{n}", user=side.manager)
        SealedSurvey.create(name=f"{n}", user=side.manager)
        SurveyTemplate.create(name=f"{n}", user=side.manager)
        section = SectionTemplate.create(survey=template, question=f"{n}", order=n + 2)
        BranchingTemplate.create(section=section, keys="0")
        BranchingTemplate.create(section=owned.id_of("section-template"), keys=f"9{n}", goto=section)


def counted(planned: Planned, verb: str, path: str, body: Any = None, who: str = "mona") -> tuple[int, Any]:
    """How many statements a request takes that goes well, and its answer."""
    with statements() as asked:
        answer = planned.unheld(verb, path, body, user=who)
    assert answer.status_code < 300, answer.text
    return len(asked), answer


@pytest.mark.parametrize("path", READ)
def test_reading_takes_as_many_statements_of_much_as_of_little(
    planned: Planned, owned: Owned, path: str
) -> None:
    where = path.format(row_id=owned.id_of(path.split("/")[0])) if "{" in path else path

    def taken() -> list[int]:
        return [counted(planned, "GET", where, who=who)[0] for who in ("mona", "root")]

    little = taken()
    more(owned)

    assert taken() == little
    assert max(little) <= MOST_READ


def test_permissions_cost_no_more_statements(planned: Planned, owned: Owned) -> None:
    give(planned.mine.user.id, ["view_event"])
    planned.get("", user="doc")
    few, _ = counted(planned, "GET", "event/", who="doc")
    give(planned.mine.user.id, [f"view_{n}" for n in range(50)])

    assert counted(planned, "GET", "event/", who="doc")[0] == few


@pytest.mark.parametrize("resource", WRITTEN, ids=[one.kind.name for one in WRITTEN])
def test_writing_takes_as_many_statements_of_much_as_of_little(
    planned: Planned, owned: Owned, resource: Any
) -> None:
    name, who = resource.kind.name, "root" if resource.reserved else "mona"
    right = owned.new(name)

    def written(turn: int) -> list[tuple[str, int]]:
        own = {key: f"{turn}" for key in right if key in UNIQUE or (key == "name" and name == "gateway")}
        body, path, counts = right | own, f"{name}/{owned.id_of(name)}/", []
        if resource.adds:
            number, made = counted(planned, "POST", f"{name}/", body, who)
            path = made.headers["location"].partition("/rest-api/")[2]
            counts.append(("POST", number))
        for verb in ("PATCH", "PUT", *(["DELETE"] if resource.adds else [])):
            counts.append((verb, counted(planned, verb, path, None if verb == "DELETE" else body, who)[0]))
        return counts

    written(1)
    little = written(2)
    more(owned)

    assert written(3) == little


def test_sealing_takes_one_statement_for_each_section_and_no_more(planned: Planned, owned: Owned) -> None:
    path, sections = f"survey-template/{owned.id_of('survey-template')}/seal/", 8
    little, _ = counted(planned, "POST", path)
    more(owned, sections)

    assert counted(planned, "POST", path)[0] == little + sections


def test_deleting_takes_as_many_statements_for_all_that_goes_with_it(planned: Planned, owned: Owned) -> None:
    planned.get("", user="fred")
    _planned(planned.theirs, planned.theirs.calendar, 0)
    more(owned)

    def taken(side: Side) -> list[int]:
        rows = {"event": side.event, "calendar": side.calendar, "calendar-user": side.user}
        who = side.manager.username
        return [counted(planned, "DELETE", f"{name}/{row.id}/", who=who)[0] for name, row in rows.items()]

    assert taken(planned.mine) == taken(planned.theirs)
