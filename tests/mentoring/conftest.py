"""The people of the reference document, with the ids and numbers that they have there."""

from datetime import datetime
from typing import NamedTuple

import pytest

from models.mentoring import Call
from models.numbers import PhoneNumber
from models.people import Contact, User
from models.settings import Settings
from tests.house import ADMIN, SERVICE, password_hash

ADAM, TONY = "+27987654321", "+27123456789"


class Cast(NamedTuple):
    """Mentor adam, whose id is 1, and mentee tony, whose id is 2."""

    adam: Contact
    tony: Contact

    def number(self, adam: str, tony: str) -> None:
        """Give them other numbers: the document's examples do not agree on one."""
        for contact, text in ((self.adam, adam), (self.tony, tony)):
            number = PhoneNumber.parse(text)
            here = Contact.id == contact.id
            Contact.update(contact_number=number, msisdn=number.msisdn).where(here).execute()


@pytest.fixture
def cast(home: Settings) -> Cast:
    """Adam and tony as the document has them, an administrator and a service account."""
    _user(ADMIN, is_staff=True)
    _user(SERVICE, is_service=True)
    tony = _contact(2, "mentee", "tony", TONY)
    return Cast(_contact(1, "mentor", "adam", ADAM, tony), tony)


def _user(name: str, **rights: bool) -> User:
    return User.create(username=name, first_name=name, password=password_hash(), **rights)  # type: ignore[no-any-return]  # Peewee is untyped


def _contact(id: int, kind: str, name: str, text: str, mentee: Contact | None = None) -> Contact:
    number = PhoneNumber.parse(text)
    facts = {"id": id, "kind": kind, "contact_number": number, "msisdn": number.msisdn, "mentee": mentee}
    return Contact.create(user=_user(name), **facts)  # type: ignore[no-any-return]  # Peewee is untyped


@pytest.fixture
def call(cast: Cast) -> Call:
    """The call of the document's examples."""
    return Call.create(  # type: ignore[no-any-return]  # Peewee is untyped
        caller=cast.adam, receiver=cast.tony, standing="successful",
        start_time=datetime.fromisoformat("2016-01-14T08:56:59.152335Z"),
        end_time=datetime.fromisoformat("2016-01-14T08:57:01.749749Z"),
    )  # fmt: skip
