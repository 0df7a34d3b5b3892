"""Results: what was answered in each call, and how often each answer was given."""

from peewee import BigAutoField, BigIntegerField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.appointments.callrequests import AlarmCall
from models.appointments.surveys.sealed import SealedSection, SealedSurvey
from models.database import Row, UtcField


class SurveyResult(Row):
    """What one call answered at one node: at most one row for the two. A recording's length is in seconds."""

    id = BigAutoField()
    callrequest = ForeignKeyField(AlarmCall, backref="results", on_delete="CASCADE")
    section = ForeignKeyField(SealedSection, on_delete="CASCADE")
    response = TextField()
    record_file = TextField(default="")
    recording_duration = IntegerField(null=True)
    created_date = UtcField(default=clock.now)

    class Meta:
        table_name = "survey_result"


class SurveyAggregate(Row):
    """How often one answer was given at one node of a survey."""

    id = BigAutoField()
    survey = ForeignKeyField(SealedSurvey, backref="aggregates", on_delete="CASCADE")
    section = ForeignKeyField(SealedSection, on_delete="CASCADE")
    response = TextField()
    count = BigIntegerField(default=0)

    class Meta:
        table_name = "survey_aggregate"
