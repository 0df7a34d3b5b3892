"""One row of everything that `/rest-api` knows, as one manager has it; so that no route is about nothing."""

import io
import wave
from typing import Any

from models.appointments.callrequests import AlarmCall
from models.appointments.events import Rule
from models.appointments.gateways import Gateway
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


def _one(table: Any, key: dict[str, Any], **more: Any) -> Any:
    """The row of this key, which is made when there is none."""
    return table.get_or_create(**key, defaults=more)[0]
