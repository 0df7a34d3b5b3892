"""One row of everything that `/rest-api` knows, as one manager has it; so that no route is about nothing."""

import io
import wave
from typing import Any

from models.appointments.callrequests import AlarmCall
from models.appointments.events import Rule
from models.appointments.gateways import Gateway
from models.appointments.recurrence import predefined
from models.appointments.surveys import AudioFile, BranchingTemplate, SectionTemplate, SurveyTemplate, files
from models.appointments.surveys.sounds import media_of
from models.appointments.templates import MailTemplate, SmsTemplate
from tests.appointments.planned import Planned, Side

OWN_RULE = 1001  # none that every installation has
SURVEY = 8  # a content type


def sound() -> bytes:
    """A tenth of a second of silence."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return held.getvalue()


class Owned:
    """All that a manager has, by the names of the resources; what nobody owns is the same for all."""

    def __init__(self, planned: Planned, side: Side) -> None:
        self.side = side
        predefined.seed()  # as every installation is
        content = sound()
        AudioFile.update(
            audio_file=files.keep(content, media_of(content)), media=media_of(content), size=len(content),
            digest=files.digest_of(content),
        ).where(AudioFile.id == side.audio.id).execute()  # fmt: skip
        template = SurveyTemplate.create(name="Visit", user=side.manager)
        section = SectionTemplate.create(survey=template, question="Do you come?", order=1)
        branch = BranchingTemplate.create(keys="0", section=section)
        call = AlarmCall.create(
            user=side.manager, phone_number="+15550100", content_type="survey", object_id=side.survey.id
        )
        unassigned = Gateway.create(name=f"{side.manager.username}'s")
        self._rows: dict[str, Any] = {
            "calendar-setting": side.setting, "calendar-user": side.user, "calendar-user-profile": side.user,
            "calendar": side.calendar, "event": side.event, "alarm": side.alarm, "alarm-request": side.request,
            "gateway": side.setting.aleg_gateway, "sms-gateway": planned.sms, "users": side.manager,
            "survey-template": template, "section-template": section, "branching-template": branch,
            "sealed-survey": side.survey, "surveyaggregate": side.survey, "audio-files": side.audio,
            "callrequest": call,
            "unassigned gateway": unassigned,
            "rule": _one(Rule, {"id": OWN_RULE}, name="Often", frequency="DAILY"),
            "sms-template": _one(SmsTemplate, {"template_key": "t"}, label="T", sms_text="x"),
            "mail-template": _one(MailTemplate, {"template_key": "t"}, label="T", subject="x"),
        }  # fmt: skip

    def id_of(self, name: str) -> int:
        """The id of its row, as it stands in paths."""
        if name == "content-type":
            return SURVEY
        assert name in self._rows, f"say in {__name__} what somebody has of {name}"
        return int(self._rows[name].id)

    def new(self, name: str) -> dict[str, Any]:
        """What is right to send for one more."""
        bodies = self._bodies()
        assert name in bodies, f"say in {__name__} what to send to {name}"
        return bodies[name]

    @property
    def written(self) -> frozenset[str]:
        """What can be written, by name."""
        return frozenset(self._bodies())

    def _bodies(self) -> dict[str, dict[str, Any]]:
        return self._of_calendars() | self._of_calls() | self._of_surveys()

    def _of_calendars(self) -> dict[str, dict[str, Any]]:
        side, row = self.side, self.id_of
        return {
            "calendar-setting": {
                "label": "New", "survey": side.survey.id, "aleg_gateway": row("gateway"),
                "voicemail_audiofile": side.audio.id,
            },
            "calendar-user": {"username": "new", "password": "battery staple", "email": "new@example.com"},
            "calendar-user-profile": {"calendar_setting": side.setting.id, "city": "Pune", "accountcode": 1},
            "calendar": {"name": "New", "user": side.user.id, "max_concurrent": 2},
            "rule": {"name": "New", "frequency": "WEEKLY", "params": "byweekday:MO"},
            "event": {
                "title": "New", "creator": side.user.id, "calendar": side.calendar.id, "rule": OWN_RULE,
                "start": "2030-01-01T10:00:00Z", "end": "2030-01-01T11:00:00Z", "data": {"time": "10"},
                "parent_event": side.event.id,
            },
            "alarm": {
                "event": side.event.id, "method": 2, "sms_template": row("sms-template"),
                "mail_template": row("mail-template"), "alarm_phonenumber": "+15550101", "daily_start": "08:00",
                "date_start_notice": "2030-01-01T10:00:00Z", "survey": side.survey.id,
            },
            "alarm-request": {
                "alarm": side.alarm.id, "date": "2030-01-01T10:00:00Z", "callrequest": row("callrequest")
            },
        }  # fmt: skip

    def _of_calls(self) -> dict[str, dict[str, Any]]:
        side, row = self.side, self.id_of
        return {
            "callrequest": {
                "phone_number": "+15550100", "content_type": 7, "object_id": row("survey-template"),
                "aleg_gateway": row("gateway"), "alarm_request_id": side.request.id,
            },
            "gateway": {"name": "New", "addprefix": "00", "failover": row("gateway"), "managers": [side.manager.id]},
            "sms-gateway": {
                "name": "New", "base_url": "https://sms.example.com/", "settings": {"key": "secret"},
                "recipient_keyword": "to", "content_keyword": "text", "status_mapping": {"0": "Sent"},
            },
            "sms-template": {"label": "New", "template_key": "new", "sms_text": "Hello"},
            "mail-template": {"label": "New", "template_key": "new", "subject": "Hello"},
        }  # fmt: skip

    def _of_surveys(self) -> dict[str, dict[str, Any]]:
        side, row = self.side, self.id_of
        return {
            "survey-template": {"name": "New", "tts_language": "en"},
            "section-template": {
                "survey": row("survey-template"), "question": "New?", "type": 2, "audiofile": side.audio.id
            },
            "branching-template": {"section": row("section-template"), "keys": "1", "goto": row("section-template")},
            "audio-files": {"name": "New"},
        }  # fmt: skip


def _one(table: Any, key: dict[str, Any], **more: Any) -> Any:
    """The row of this key, which is made when there is none."""
    return table.get_or_create(**key, defaults=more)[0]
