"""`/mentor/mentee` and `/mentor/mentor`: administrators manage people."""

from typing import Any

import falcon
from falcon import Request, Response
from marshmallow import Schema, ValidationError, fields, validate

from api import shown
from api.bodies import fields_of, json_object
from api.errors import refuse
from api.paging import LARGEST_ID, id_in_path, page
from models import settings
from models.mentoring.lists import PEOPLE
from models.numbers import PhoneNumber
from models.people import MENTEE, MENTOR, Contact, User
from models.people.changing import USERNAME, USERNAME_RULE, Taken, add_contact, change_contact, is_mentee

LONG = validate.Length(max=2000, error="Write at most 2000 characters.")


class Number(fields.Field[PhoneNumber]):
    """A phone number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> PhoneNumber:
        try:
            return PhoneNumber.parse(value)
        except ValueError as error:
            raise ValidationError(str(error)[0].upper() + str(error)[1:] + ".") from None


class ContactId(fields.Field[int]):
    """The id of a contact, as a number or as its digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 19 and int(digits) <= LARGEST_ID):
            raise ValidationError("Send the id of a mentee, like 2.")
        return int(digits)


def _username(value: str) -> None:
    if not USERNAME.fullmatch(value):
        raise ValidationError(USERNAME_RULE)


def _password(value: str) -> None:
    least = settings.current().password_min_length
    if not least <= len(value) <= 1000:
        raise ValidationError(f"Use {least} to 1000 characters.")


def _mail_address(value: str) -> None:
    """An empty one is none; it need not look like one."""
    if value:
        validate.Email(error="Write a mail address like tony@example.org, or nothing.")(value)
        validate.Length(max=254, error="A mail address has at most 254 characters.")(value)


def _filled(value: str) -> None:
    if not value.strip() or len(value) > 150:
        raise ValidationError("Write 1 to 150 characters, not only blanks.")


class NewMentee(Schema):
    """A mentee as administrators send it."""

    username = fields.String(required=True, validate=_username)
    first_name = fields.String(required=True, validate=_filled)
    last_name = fields.String(validate=validate.Length(max=150, error="Write at most 150 characters."))
    email = fields.String(validate=_mail_address)
    password = fields.String(required=True, validate=_password)
    contact_number = Number(required=True)
    external_id = fields.String(allow_none=True, validate=LONG)


class NewMentor(NewMentee):
    """A mentor: a mentee's fields, his own mentee, and what his profile shows."""

    mentee = ContactId(required=True)
    profile_pic = fields.String(validate=LONG)
    job_title = fields.String(validate=LONG)
    motivation = fields.String(validate=LONG)
    inspiration = fields.String(validate=LONG)


SCHEMAS: dict[str, type[NewMentee]] = {MENTEE: NewMentee, MENTOR: NewMentor}
_NEW = {kind: schema() for kind, schema in SCHEMAS.items()}
_CHANGED = {kind: schema(partial=("password",)) for kind, schema in SCHEMAS.items()}


def add(kind: str, body: dict[str, Any]) -> Contact:
    """Add a mentee or mentor: a user and a contact, both or neither.

    Parameters:
      kind: `mentee` or `mentor`.
      body: as administrators send it, unchecked.

    Raises:
      FieldErrors: naming each wrong field.
    """
    facts = _checked(body, _NEW[kind])
    try:
        return add_contact(kind, {"last_name": "", "email": "", **facts})
    except Taken as error:
        raise _taken(error) from None


def change(contact: Contact, body: dict[str, Any]) -> None:
    """Change a mentee or mentor. A missing, null or empty password leaves the stored one [M-8]; raises as `add`."""
    if body.get("password") in (None, ""):
        body = {name: value for name, value in body.items() if name != "password"}
    facts = _checked(body, _CHANGED[contact.kind])
    try:
        change_contact(contact, facts)
    except Taken as error:
        raise _taken(error) from None


class People:
    """All mentees, or all mentors."""

    for_ = "admins"

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def on_get(self, req: Request, resp: Response) -> None:
        """List the mentees, or the mentors."""
        resp.media = page(req, PEOPLE.of(self._kind, _all(self._kind)), shown.person)

    def on_post(self, req: Request, resp: Response) -> None:
        """Add a mentee, or a mentor."""
        made = add(self._kind, json_object(req))
        resp.status = falcon.HTTP_201
        resp.media = shown.person(_all(self._kind).where(Contact.id == made.id).get())


class OnePerson:
    """One mentee, or one mentor. A mentee's id is no mentor's."""

    for_ = "admins"

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def on_get(self, _req: Request, resp: Response, contact_id: str) -> None:
        """Show the person."""
        resp.media = shown.person(self._person(contact_id))

    def on_put(self, req: Request, resp: Response, contact_id: str) -> None:
        """Change the person."""
        change(self._person(contact_id), json_object(req))
        resp.media = shown.person(self._person(contact_id))

    def _person(self, contact_id: str) -> Contact:
        found: Contact | None = _all(self._kind).where(Contact.id == id_in_path(contact_id)).first()
        if found is None:
            raise falcon.HTTPNotFound(description=f"There is no {self._kind} with this id.")
        return found


def _all(kind: str) -> Any:
    return Contact.select(Contact, User).join(User).where(Contact.kind == kind)


def _checked(body: dict[str, Any], schema: Schema) -> dict[str, Any]:
    facts = fields_of(body, schema)
    if "mentee" in facts and not is_mentee(facts["mentee"]):
        raise refuse("mentee", "There is no mentee with this id.")
    return facts


def _taken(error: Taken) -> Exception:
    return refuse(error.field, "Somebody else has it already.")
