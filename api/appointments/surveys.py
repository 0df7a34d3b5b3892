"""Surveys: what calls say and ask, written section by section, and the sealed copies that are played."""

from typing import Any

import falcon
from marshmallow import validate
from peewee import DoesNotExist, IntegrityError

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.fields import Code, Flag, Name, Text, To, Url, When, Whole
from api.appointments.resources import Body, Resource, Wrong
from models.appointments.surveys import SectionTemplate, SurveyTemplate, sections, writing
from models.people.users import User

TYPES = {
    sections.PLAY_MESSAGE: "play a message", sections.MULTI_CHOICE: "ask for a choice",
    sections.RATING: "ask for a rating", sections.CAPTURE_DIGITS: "ask for digits", sections.RECORD: "record",
    sections.CALL_TRANSFER: "transfer the call", sections.HANGUP: "hang up",
    sections.CONFERENCE: "join a conference", sections.DNC: "add to the do-not-call list",
    sections.SMS: "send a text",
}  # fmt: skip
LONGEST_TEXT = 20_000
BIGGEST = 2**63 - 1
_KEYS = r"^([0-9]+|timeout|invalid|any)$"
_ELSEWHERE = "It leads into another survey."


class SurveyTemplateBody(Body):
    """A survey that can be edited."""

    url = Url(kinds.SURVEY_TEMPLATE)
    user = Name("Whose it is, by username: always who made it.", read_only=True)
    name = Text(90, "What it is called.", blank=False, required=True)
    tts_language = Text(
        2, "The language that it speaks, by two letters of ISO 639-1.", default="en",
        also=[validate.Regexp(r"^[A-Za-z]{2}$", error="Write two letters, like en.")],
    )  # fmt: skip
    description = Text(LONGEST_TEXT, "What it is for.", default="")
    created_date = When("When it was made.", read_only=True)
    updated_date = When("When it was changed last.", read_only=True)


class SurveyTemplates(Resource):
    """Surveys as they are written; calls play sealed copies of them."""

    kind = kinds.SURVEY_TEMPLATE
    body = SurveyTemplateBody
    noun = "survey template"
    text = (
        "What calls say and ask, while it is written: sections in order, and branches between them. "
        "Calls play sealed copies, which no later edit changes."
    )

    def query(self) -> Any:
        return SurveyTemplate.select(SurveyTemplate, User).join(User)

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        row = super().make(caller, {**values, "user": caller.user_id})
        row.user = User(id=caller.user_id, username=caller.username)
        return row

    def change(self, row: Any, values: dict[str, Any]) -> None:
        writing.held(row.id)
        super().change(row, values)

    def remove(self, row: Any) -> None:
        """Its sections and branches go with it."""
        writing.held(row.id)
        super().remove(row)


class SectionTemplateBody(Body):
    """One section of a survey."""

    url = Url(kinds.SECTION_TEMPLATE)
    survey = To(kinds.SURVEY_TEMPLATE, "Of which survey; it stays in that.", required=True)
    type = Code(TYPES, "What it does:", default=sections.PLAY_MESSAGE)
    question = Text(500, "What it is about; said, when it is made.", blank=False, required=True)
    script = Text(1000, "What is said; a new section says its question.")
    order = Whole("Which of its survey it is, from 1 on; the last, if nothing is said.", least=1)
    audiofile = To(kinds.AUDIO_FILE, "What is played instead of the script.", null=True, default=None)
    invalid_audiofile = To(kinds.AUDIO_FILE, "What is played after a wrong entry.", null=True, default=None)
    retries = Whole("How often it asks again.", least=0, default=0)
    timeout = Whole("Seconds that an entry is waited for.", least=0, default=5)
    key_0 = Text(100, "What 0 means in a choice; empty: it is no choice.", default="")
    key_1 = Text(100, "What 1 means.", default="")
    key_2 = Text(100, "What 2 means.", default="")
    key_3 = Text(100, "What 3 means.", default="")
    key_4 = Text(100, "What 4 means.", default="")
    key_5 = Text(100, "What 5 means.", default="")
    key_6 = Text(100, "What 6 means.", default="")
    key_7 = Text(100, "What 7 means.", default="")
    key_8 = Text(100, "What 8 means.", default="")
    key_9 = Text(100, "What 9 means.", default="")
    rating_laps = Whole("The best rating; the worst is 1.", least=1, default=9)
    validate_number = Flag("Whether digits must be within the limits.", default=True)
    number_digits = Whole("How many digits are taken.", least=1, default=2)
    min_number = Whole("The least number that is taken.", least=-BIGGEST - 1, most=BIGGEST, default=0)
    max_number = Whole("The greatest number that is taken.", least=-BIGGEST - 1, most=BIGGEST, default=99)
    phonenumber = Text(50, "To whom a call is transferred.", default="")
    confirm_script = Text(1000, "What whoever is transferred to hears first.", default="")
    confirm_key = Text(1, "Which key he must press to be connected.", default="")
    conference = Text(50, "Which conference is joined.", default="")
    sms_text = Text(200, "What is texted.", default="")
    completed = Flag("Whether a call that came here is a complete one.", default=False)
    created_date = When("When it was made.", read_only=True)
    updated_date = When("When it was changed last.", read_only=True)


class SectionTemplates(Resource):
    """Sections, in order; a new one comes with the branch that its type begins with."""

    kind = kinds.SECTION_TEMPLATE
    body = SectionTemplateBody
    noun = "section template"
    text = "Sections of surveys: what is played, asked or done. A new one has the branch that its type begins with."

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        moves = row is not None and values.get("survey", row.survey_id) != row.survey_id
        return {"survey": ["A section stays in its survey."]} if moves else {}

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        columns = dict(values)
        survey_id, place = columns.pop("survey"), columns.pop("order", None)
        try:
            row = writing.add_section(survey_id, **columns)
        except DoesNotExist:
            raise IntegrityError from None
        if place is not None:
            row.order = writing.arrange(survey_id, row.id, place)
        return row

    def change(self, row: Any, values: dict[str, Any]) -> None:
        columns = dict(values)
        place = columns.pop("order", None)
        writing.held(row.survey_id)
        super().change(row, columns)
        if place is not None:
            row.order = writing.arrange(row.survey_id, row.id, place)

    def remove(self, row: Any) -> None:
        """Its branches go with it, and branches to it hang up; those after it move up."""
        writing.held(row.survey_id)
        super().remove(row)
        writing.arrange(row.survey_id)


class BranchingTemplateBody(Body):
    """Where a survey goes on from a section."""

    url = Url(kinds.BRANCHING_TEMPLATE)
    keys = Text(
        150, "On which entry: digits, `timeout`, `invalid` or `any`; `0` where nothing is asked.", required=True,
        also=[validate.Regexp(_KEYS, error="Write digits, or one of timeout, invalid, any.")],
    )  # fmt: skip
    section = To(kinds.SECTION_TEMPLATE, "From which section.", required=True)
    goto = To(
        kinds.SECTION_TEMPLATE, "To which section of the same survey; null: hang up.", null=True, default=None
    )
    created_date = When("When it was made.", read_only=True)
    updated_date = When("When it was changed last.", read_only=True)


class BranchingTemplates(Resource):
    """Branches between the sections of one survey."""

    kind = kinds.BRANCHING_TEMPLATE
    body = BranchingTemplateBody
    noun = "branching template"
    text = "Where a survey goes on from a section. What leads nowhere hangs up."
    clash = "These keys lead somewhere from this section already, or a section has gone meanwhile."

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        ends = [values.get(name, getattr(row, f"{name}_id", None)) for name in ("section", "goto")]
        rows = SectionTemplate.select(SectionTemplate.survey).where(SectionTemplate.id.in_(ends)).distinct()
        return {"goto": [_ELSEWHERE]} if None not in ends and len(rows) > 1 else {}

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        writing.hold_those_of([values["section"]])
        return super().make(caller, values)

    def change(self, row: Any, values: dict[str, Any]) -> None:
        """`row` is on its new section already; the survey of the one it leaves is held as well."""
        before = self.kind.rows.select(self.kind.rows.section).where(self.kind.rows.id == row.id).first()
        if before is None:
            raise falcon.HTTPNotFound(description=f"There is no such {self.noun}.")
        writing.hold_those_of([before.section_id, row.section_id])
        super().change(row, values)

    def remove(self, row: Any) -> None:
        writing.hold_those_of([row.section_id])
        super().remove(row)


class Campaign(Whole):
    """What other programs ask for, and we have none of."""

    def shown(self, _row: Any, _links: Any) -> None:
        return None


class SealedSurveyBody(Body):
    """A survey as it was when it was sealed."""

    url = Url(kinds.SEALED_SURVEY)
    name = Text(90, "What it is called.", read_only=True)
    tts_language = Text(2, "The language that it speaks, by two letters of ISO 639-1.", read_only=True)
    description = Text(LONGEST_TEXT, "What it is for.", read_only=True)
    user = To(kinds.USERS, "Whose it is.", read_only=True)
    campaign = Campaign("Always null.", null=True, read_only=True)
    created_date = When("When it was sealed.", read_only=True)
    updated_date = When("When it was sealed.", read_only=True)


class SealedSurveys(Resource):
    """Sealed surveys: what is played and counted. Nobody changes them."""

    kind = kinds.SEALED_SURVEY
    body = SealedSurveyBody
    noun = "sealed survey"
    text = "Copies of surveys that nobody changes any more: what calls play, and what answers are counted of."
    writes = False


SURVEYS, SECTIONS, BRANCHES, SEALED = (
    SurveyTemplates(), SectionTemplates(), BranchingTemplates(), SealedSurveys()
)  # fmt: skip
