"""Sections: the nodes of a survey, as templates and as sealed copies have them alike."""

from peewee import BigAutoField, BigIntegerField, BooleanField, ForeignKeyField, IntegerField, TextField

from models.appointments.surveys.audio import AudioFile
from models.database import Row

PLAY_MESSAGE, MULTI_CHOICE, RATING, CAPTURE_DIGITS, RECORD = 1, 2, 3, 4, 5
CALL_TRANSFER, HANGUP, CONFERENCE, DNC, SMS = 6, 7, 8, 9, 10


class Section(Row):
    """One node: what is played, what is asked, how long (`timeout`, seconds) and how often it is waited for."""

    id = BigAutoField()
    type = IntegerField(default=PLAY_MESSAGE)
    question = TextField()
    script = TextField(default="")
    order = IntegerField(default=1)
    audiofile = ForeignKeyField(AudioFile, null=True, on_delete="RESTRICT")
    invalid_audiofile = ForeignKeyField(AudioFile, null=True, on_delete="RESTRICT")
    retries = IntegerField(default=0)
    timeout = IntegerField(default=5)
    key_0 = TextField(default="")
    key_1 = TextField(default="")
    key_2 = TextField(default="")
    key_3 = TextField(default="")
    key_4 = TextField(default="")
    key_5 = TextField(default="")
    key_6 = TextField(default="")
    key_7 = TextField(default="")
    key_8 = TextField(default="")
    key_9 = TextField(default="")
    rating_laps = IntegerField(default=9)
    validate_number = BooleanField(default=True)
    number_digits = IntegerField(default=2)
    min_number = BigIntegerField(default=0)
    max_number = BigIntegerField(default=99)
    phonenumber = TextField(default="")
    confirm_script = TextField(default="")
    confirm_key = TextField(default="")
    conference = TextField(default="")
    sms_text = TextField(default="")
    completed = BooleanField(default=False)
