"""Pages and forms at the same moment: the database decides who won."""

from typing import Any

import pytest

from models.mentoring import Call, Message, ScheduledCall
from models.numbers import PhoneNumber
from models.people import User
from models.people.changing import change_contact
from models.people.sessions import WebSession
from tests.api.test_at_once import at_once
from tests.house import MENTOR, NUMBERS, PASSWORD, Staff
from tests.pages.reader import Reader

repeatedly = pytest.mark.parametrize("turn", range(5))


@repeatedly
@pytest.mark.parametrize("path", ["/calls", "/messages", "/schedule"])
def test_one_form_sent_three_times_at_once_has_one_effect(mentor: Reader, path: str, turn: int):
    page = "/schedule" if path == "/schedule" else "/"
    form = {**mentor.form(page, path), "content": "Once", "call_time": "2040-05-06T17:30"}
    token = dict(mentor.cookies)

    def send() -> Any:
        other = Reader()
        other.cookies = dict(token)
        return other.post(path, form).status_code

    assert at_once(send, send, send) == [303] * 3
    made = {"/calls": Call, "/messages": Message, "/schedule": ScheduledCall}[path]
    assert made.select().count() == 1


@repeatedly
def test_a_login_with_the_old_password_never_outlives_the_change(staff: Staff, turn: int):
    user, number = Staff.user(MENTOR), PhoneNumber.parse(NUMBERS[MENTOR])
    facts = {"contact_number": number, "mentee": staff.mentee.id, "password": "another one"}
    for stored in [user.password, *[None] * 5]:
        old = stored or User.get_by_id(user.id).password
        at_once(
            lambda old=old: WebSession.open(user.id, old),
            lambda: change_contact(staff.mentor, facts),
            lambda old=old: WebSession.open(user.id, old),
        )
        assert WebSession.select().count() == 0
    assert Reader().log_in(password=PASSWORD).status_code == 403
