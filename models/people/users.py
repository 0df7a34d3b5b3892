"""Users who may log in, and the contact that a mentor or a mentee is."""

from peewee import BigAutoField, BooleanField, ForeignKeyField, TextField

from models import clock
from models.database import Row, UtcField
from models.numbers import ERASED, Erased, PhoneNumber

MENTEE, MENTOR = "mentee", "mentor"


class NumberField(TextField):
    """A phone number in the database as it was given; a `PhoneNumber`, which prints masked, in Python."""

    def db_value(self, value: PhoneNumber | str | None) -> str | None:
        """What is stored.

        Raises:
          Erased: the number's owner was: whoever would have something carried to him is refused here.
        """
        if isinstance(value, PhoneNumber):
            if value.erased:
                raise Erased
            return value.reveal()
        return value

    def python_value(self, value: str | None) -> PhoneNumber | None:
        """What is handed out."""
        return None if value is None else PhoneNumber(value)


class User(Row):
    """Somebody, or some program, that may log in."""

    id = BigAutoField()
    username = TextField(unique=True)
    password = TextField()
    first_name = TextField(default="")
    last_name = TextField(default="")
    email = TextField(default="")
    is_active = BooleanField(default=True)
    is_staff = BooleanField(default=False)
    is_service = BooleanField(default=False)
    is_manager = BooleanField(default=False)
    created_at = UtcField(default=clock.now)

    class Meta:
        table_name = "person"


class Contact(Row):
    """Somebody who can be called: a mentee, or a mentor with his mentee. Its id is the one id space of the API.

    `msisdn` is the number's digits, unique over all contacts, for matching what carriers send.
    """

    id = BigAutoField()
    user = ForeignKeyField(User, unique=True, backref="contacts", on_delete="RESTRICT")
    kind = TextField()
    contact_number = NumberField()
    msisdn = TextField(unique=True)
    external_id = TextField(null=True)
    mentee = ForeignKeyField("self", null=True, backref="mentors", on_delete="RESTRICT")
    profile_pic = TextField(default="")
    job_title = TextField(default="")
    motivation = TextField(default="")
    inspiration = TextField(default="")
    device_token = TextField(default="")

    user_id: int
    mentee_id: int | None

    class Meta:
        table_name = "contact"

    @classmethod
    def by_number(cls, text: str) -> "Contact | None":
        """The contact whose number this is, with or without `+`; None when nobody's, or when it is no number."""
        try:
            msisdn = PhoneNumber.parse(text).msisdn
        except ValueError:
            return None
        return cls.get_or_none(cls.msisdn == msisdn)

    @property
    def erased(self) -> bool:
        """Whether he was erased on request: his row stays, nothing in it tells who he was."""
        return str(self.msisdn).startswith(ERASED)

    @property
    def is_mentor(self) -> bool:
        """Whether this is a mentor; otherwise a mentee."""
        return bool(self.kind == MENTOR)
