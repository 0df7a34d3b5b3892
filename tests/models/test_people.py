"""People: accounts made and changed as a whole or not at all."""

from typing import Any

import pytest

from models.numbers import PhoneNumber
from models.people import Contact, User
from models.people.changing import Taken, add_contact, add_user, change_contact, is_mentee
from models.settings import Settings
from tests.house import MENTOR, NUMBERS, Staff

FACTS: dict[str, Any] = {"username": "new", "first_name": "New", "password": "battery staple",
                         "contact_number": PhoneNumber("+49 (151) 00000")}  # fmt: skip


def test_a_contact_is_found_by_his_number_however_it_is_written(home: Settings, staff: Staff) -> None:
    for text in ("+27987654321", "27987654321", "+27 (98) 765-4321"):
        assert Contact.by_number(text) == staff.mentor
    for text in ("", "x", "987654321", "+27987654322", "0027987654321"):
        assert Contact.by_number(text) is None


def test_a_number_prints_masked_also_out_of_the_database(home: Settings, staff: Staff) -> None:
    number = Contact.get_by_id(staff.mentor.id).contact_number

    assert (str(number), number.reveal()) == ("hidden", NUMBERS[MENTOR])
    assert NUMBERS[MENTOR] not in repr(Contact.get_by_id(staff.mentor.id).__data__)


def test_a_new_contact_is_a_user_and_a_number(home: Settings, staff: Staff) -> None:
    made = add_contact("mentee", FACTS)

    assert (made.user.username, made.msisdn, made.contact_number.reveal()) == (
        "new",
        "4915100000",
        "+49 (151) 00000",
    )
    assert (is_mentee(made.id), is_mentee(staff.mentor.id), is_mentee(999)) == (True, False, False)


@pytest.mark.parametrize(
    ("field", "value"), [("username", MENTOR), ("contact_number", PhoneNumber(NUMBERS[MENTOR]))]
)
def test_what_somebody_has_is_refused_and_nothing_is_left_behind(
    home: Settings, staff: Staff, field: str, value: Any
) -> None:
    with pytest.raises(Taken) as made:
        add_contact("mentee", {**FACTS, field: value})
    with pytest.raises(Taken) as changed:
        change_contact(staff.mentee, {**FACTS, field: value, "password": ""})

    assert (made.value.field, changed.value.field) == (field, field)
    assert User.get_or_none(User.username == "new") is None
    assert (User.select().count(), Contact.select().count()) == (6, 4)


def test_a_contact_may_keep_what_is_his(home: Settings, staff: Staff) -> None:
    facts = {
        "username": MENTOR,
        "first_name": "A",
        "contact_number": PhoneNumber("27 98 765 4321"),
        "mentee": staff.mentee.id,
    }

    change_contact(staff.mentor, facts)

    changed = Contact.get_by_id(staff.mentor.id)
    assert (changed.user.first_name, changed.contact_number.reveal()) == ("A", "27 98 765 4321")
    assert changed.user.password == staff.user(MENTOR).password


@pytest.mark.parametrize(
    ("rights", "expected"),
    [({}, (False, False)), ({"staff": True}, (True, False)), ({"service": True}, (False, True))],
)
def test_a_user_need_not_be_a_contact(
    home: Settings, rights: dict[str, bool], expected: tuple[bool, bool]
) -> None:
    user = add_user("robot", "battery staple", **rights)

    assert (user.is_staff, user.is_service, user.is_active) == (*expected, True)
    with pytest.raises(Taken):
        add_user("robot", "battery staple")
