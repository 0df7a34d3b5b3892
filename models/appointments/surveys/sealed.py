"""Sealed surveys: immutable copies; what is played and counted is always one of these."""

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.appointments.surveys.sections import Section
from models.database import Row, UtcField
from models.people.users import User


class SealedSurvey(Row):
    """A survey as it was when it was sealed."""

    id = BigAutoField()
    name = TextField()
    user = ForeignKeyField(User, backref="sealed_surveys", on_delete="RESTRICT")
    tts_language = TextField(default="en")
    description = TextField(default="")
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    user_id: int

    class Meta:
        table_name = "sealed_survey"


class SealedSection(Section):
    """One of its nodes."""

    survey = ForeignKeyField(SealedSurvey, backref="sections", on_delete="CASCADE")

    class Meta:
        table_name = "sealed_section"


class SealedBranching(Row):
    """Where it goes from a node on these keys."""

    id = BigAutoField()
    keys = TextField()
    section = ForeignKeyField(SealedSection, backref="branches", on_delete="CASCADE")
    goto = ForeignKeyField(SealedSection, null=True, on_delete="CASCADE")

    class Meta:
        table_name = "sealed_branching"
