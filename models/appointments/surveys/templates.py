"""Survey templates: surveys that can still be edited."""

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.appointments.surveys.sections import Section
from models.database import Row, UtcField
from models.people.users import User


class SurveyTemplate(Row):
    """A survey that is being written. `tts_language` is an ISO 639-1 code."""

    id = BigAutoField()
    name = TextField()
    user = ForeignKeyField(User, backref="survey_templates", on_delete="RESTRICT")
    tts_language = TextField(default="en")
    description = TextField(default="")
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    user_id: int

    class Meta:
        table_name = "survey_template"


class SectionTemplate(Section):
    """One of its nodes."""

    survey = ForeignKeyField(SurveyTemplate, backref="sections", on_delete="CASCADE")
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    class Meta:
        table_name = "section_template"


class BranchingTemplate(Row):
    """Where it goes from a node on these keys; without `goto` the call ends."""

    id = BigAutoField()
    keys = TextField()
    section = ForeignKeyField(SectionTemplate, backref="branches", on_delete="CASCADE")
    goto = ForeignKeyField(SectionTemplate, null=True, on_delete="SET NULL")
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    class Meta:
        table_name = "branching_template"
