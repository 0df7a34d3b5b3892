"""Call notes: what a mentor writes down after a call, in two versions of the form [M-21]."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from peewee import BigAutoField, ForeignKeyField, IntegerField, IntegrityError, TextField

from models import clock
from models.database import Row, UtcField, transaction
from models.mentoring.calls import RUNNING, Call
from models.mentoring.tasks import DONE
from models.numbers import Erased
from models.people import Contact
from models.privacy import late

STATES = ("happy", "neutral", "unhappy")
QUALITIES = ("good", "fair", "poor")
BEST_RATING = 5
LONGEST = 2000  # characters of a text


class NotEnded(Exception):
    """The call is still under way: there is nothing to write down yet."""


class AlreadyNoted(Exception):
    """The call has its note; there is at most one."""


class BaseCallNote(Row):
    """A note of whichever version. All live in one table, and what is read from it is of its version's class.

    `questions` names the columns that a version asks for; those of other versions stay empty.
    """

    questions: ClassVar[tuple[str, ...]] = ()

    id = BigAutoField()
    version = IntegerField()
    mentor = ForeignKeyField(Contact, backref="+", on_delete="RESTRICT")
    call = ForeignKeyField(Call, unique=True, backref="+", on_delete="RESTRICT")
    created_at = UtcField(default=clock.now)
    mentee_state = TextField(null=True)
    discussion = TextField(default="")
    follow_up = TextField(default="")
    rating = IntegerField(null=True)
    call_quality = TextField(null=True)

    mentor_id: int
    call_id: int

    class Meta:
        table_name = "call_note"

    def __new__(cls, *_args: Any, **values: Any) -> Self:
        """Of its version's class, when the version is told."""
        version = VERSIONS.get(values.get("version", 0), cls)
        return super().__new__(version if issubclass(version, cls) else cls)

    @classmethod
    def select(cls, *fields: Any) -> Any:
        """The notes of this version; those of any, when asked of the base."""
        query = super().select(*fields)
        versions = [number for number, version in VERSIONS.items() if issubclass(version, cls)]
        return query if len(versions) == len(VERSIONS) else query.where(cls.version.in_(versions))

    @classmethod
    def write(cls, call_id: int, mentor_id: int, answers: Mapping[str, Any]) -> "BaseCallNote | None":
        """Note a call down, and tick off the task to do so, in one transaction. None when the mentor has no such call.

        Parameters:
          answers: to this version's questions.

        Raises:
          NotEnded: the call is under way.
          AlreadyNoted: the call has a note.
          Erased: the mentee was; nothing new is written down about him.
        """
        try:
            with transaction():
                if not Call.select().where((Call.id == call_id) & (Call.caller == mentor_id)).exists():
                    return None
                call = Call.locked(call_id)
                if late.about_erased(f"call:{call_id}"):
                    raise Erased
                if call.status in RUNNING:
                    raise NotEnded
                note = cls.create(call=call_id, mentor=mentor_id, **answers)
                if call.feedback_task is not None:
                    call.feedback_task.move(DONE)
                return note
        except IntegrityError:
            raise AlreadyNoted from None


class CallNoteV1(BaseCallNote):
    """The note of older apps."""

    questions = ("mentee_state", "discussion", "follow_up")
    version = IntegerField(default=1)

    class Meta:
        table_name = "call_note"


class CallNoteV2(BaseCallNote):
    """The note of today's app."""

    questions = ("rating", "call_quality", "mentee_state", "discussion", "follow_up")
    version = IntegerField(default=2)

    class Meta:
        table_name = "call_note"


VERSIONS: Mapping[int, type[BaseCallNote]] = {1: CallNoteV1, 2: CallNoteV2}
CallNote = BaseCallNote  # what the rest of the product calls it
