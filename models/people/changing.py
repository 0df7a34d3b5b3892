"""Making and changing people: a user, and with a mentor or mentee his contact together."""

import re
from collections.abc import Mapping
from typing import Any

from peewee import IntegrityError

from models.database import transaction
from models.numbers import ERASED, Erased, PhoneNumber
from models.people.logins import forget_resets, sign_out
from models.people.passwords import hashed
from models.people.users import MENTEE, MENTOR, Contact, User

# What anybody may be called: no colon, which ends the name in HTTP Basic, and is in the names of those who were erased.
USERNAME = re.compile(r"[\w.@+-]{1,150}")
USERNAME_RULE = "Use 1 to 150 letters, digits and @.+-_ characters."

USER_FIELDS = ("username", "first_name", "last_name", "email")
CONTACT_FIELDS = ("external_id", "profile_pic", "job_title", "motivation", "inspiration")


class Taken(Exception):
    """Somebody else has it already; `field` says what."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is taken")
        self.field = field


def add_user(
    username: str,
    password: str,
    *,
    email: str = "",
    staff: bool = False,
    service: bool = False,
    manager: bool = False,
) -> User:
    """A user who is no contact: an administrator, a program, or a manager of calendar users.

    Raises:
      Taken: the username.
    """
    try:
        with transaction():
            return User.create(
                username=username, password=hashed(password), email=email, is_staff=staff, is_service=service,
                is_manager=manager,
            )  # fmt: skip
    except IntegrityError:
        raise Taken("username") from None


def add_contact(kind: str, facts: Mapping[str, Any]) -> Contact:
    """A mentee or mentor with the user he logs in as; both or neither.

    Parameters:
      kind: `mentee` or `mentor`.
      facts: checked fields as the API names them; `contact_number` is a `PhoneNumber`, `mentee` a contact id.

    Raises:
      Taken: the username or the contact number.
    """
    password = hashed(facts["password"])  # before the transaction: 50 ms of work must not hold a lock
    number: PhoneNumber = facts["contact_number"]
    try:
        with transaction():
            user = User.create(password=password, **_picked(facts, USER_FIELDS))
            return Contact.create(
                user=user, kind=kind, contact_number=number, msisdn=number.msisdn,
                mentee=facts["mentee"] if kind == MENTOR else None, **_picked(facts, CONTACT_FIELDS),
            )  # fmt: skip
    except IntegrityError:
        raise Taken(_what_is_taken(facts, None)) from None


def change_contact(contact: Contact, facts: Mapping[str, Any]) -> None:
    """Change a contact and his user. An empty or missing password leaves the stored one; a new one logs him out.

    Raises:
      Taken: the username or the contact number.
      Erased: he was; who comes back is somebody new.
    """
    number: PhoneNumber = facts["contact_number"]
    changes = _picked(facts, USER_FIELDS)
    if facts.get("password"):
        changes["password"] = hashed(facts["password"])
    more = _picked(facts, CONTACT_FIELDS)
    if contact.kind == MENTOR:
        more["mentee"] = facts["mentee"]
    try:
        with transaction():
            here = (Contact.id == contact.id) & (Contact.contact_number != ERASED)
            if not Contact.update(contact_number=number, msisdn=number.msisdn, **more).where(here).execute():
                raise Erased
            if "password" in changes:
                forget_resets(contact.user_id)
            User.update(**changes).where(User.id == contact.user_id).execute()
            if "password" in changes:
                sign_out(contact.user_id)
    except IntegrityError:
        raise Taken(_what_is_taken(facts, contact)) from None


def is_mentee(contact_id: int) -> bool:
    """Whether this is the id of a mentee who was not erased."""
    contact: Contact | None = Contact.get_or_none((Contact.id == contact_id) & (Contact.kind == MENTEE))
    return contact is not None and not contact.erased


def _picked(facts: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: facts[name] for name in names if name in facts}


def _what_is_taken(facts: Mapping[str, Any], mine: Contact | None) -> str:
    others = Contact.msisdn == facts["contact_number"].msisdn
    if mine is not None:
        others &= Contact.id != mine.id
    return "contact_number" if Contact.select().where(others).exists() else "username"
