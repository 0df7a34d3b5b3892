"""Audio files: what is played instead of spoken text."""

from peewee import BigAutoField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.database import Row, UtcField
from models.people.users import User


class AudioFile(Row):
    """One uploaded file, kept under its content's digest; `media` is its type, `size` in bytes."""

    id = BigAutoField()
    name = TextField()
    user = ForeignKeyField(User, backref="audio_files", on_delete="RESTRICT")
    media = TextField(default="")
    size = IntegerField(default=0)
    digest = TextField(default="")
    audio_file = TextField(default="")
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    user_id: int

    class Meta:
        table_name = "audio_file"
