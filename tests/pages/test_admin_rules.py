"""The administrators' pages: for whom they are, and what holds for every one of them."""

from collections.abc import Callable
from typing import Any

import pytest

from models.people import User
from tests.api.looking import rows
from tests.house import ADMIN, MENTOR, NUMBERS, PASSWORD, Client, Staff
from tests.pages.admin import FORMS, PAGES
from tests.pages.reader import Reader, forms_of

LogIn = Callable[[str], Reader]


def _everything() -> Any:
    return rows(), sorted((user.username, user.password, user.is_active) for user in User.select())


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_logged_in_is_sent_to_log_in(reader: Reader, path: str) -> None:
    answer = reader.get(path)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?next=/admin/")


def test_a_mentor_sees_none_of_the_pages_and_sends_none_of_the_forms(mentor: Reader) -> None:
    token = mentor.form("/", "/logout")["csrf"]
    before = _everything()

    told = {mentor.get(path).status_code for path in PAGES}
    told |= {mentor.post(path, {"csrf": token, "allowed": "false"}).status_code for path in FORMS}

    assert told == {403}
    assert _everything() == before


def test_the_password_of_the_api_opens_no_page(client: Client, staff: Staff) -> None:
    assert {client.get(path, user=ADMIN).status_code for path in PAGES} == {303}


def test_a_form_without_the_sessions_token_changes_nothing(logged_in: LogIn) -> None:
    reader = logged_in(ADMIN)
    others = logged_in(ADMIN).form("/admin/people", "/logout")["csrf"]
    before = _everything()

    told = {
        reader.post(path, {"allowed": "false", "username": "x", **token}).status_code
        for path in FORMS
        for token in ({}, {"csrf": ""}, {"csrf": others})
    }

    assert told == {403}
    assert _everything() == before


def test_an_administrator_who_is_none_any_more_is_out_at_once(logged_in: LogIn) -> None:
    reader = logged_in(ADMIN)
    User.update(is_staff=False).where(User.username == ADMIN).execute()

    assert reader.get("/admin/people").status_code == 403


def test_a_mentor_who_is_an_administrator_too_has_both_kinds_of_pages(logged_in: LogIn) -> None:
    reader = logged_in(MENTOR)
    User.update(is_staff=True).where(User.username == MENTOR).execute()

    assert (reader.get("/").status_code, reader.get("/admin/people").status_code) == (200, 200)
    assert NUMBERS["tony"] not in reader.get("/").text
    assert NUMBERS["tony"] in reader.get("/admin/people").text


def test_no_page_shows_a_password_or_its_hash(logged_in: LogIn) -> None:
    reader = logged_in(ADMIN)

    for path in PAGES:
        text = reader.get(path).text
        assert "argon2" not in text
        assert PASSWORD not in text


def test_every_form_of_every_page_is_known_and_has_the_token(logged_in: LogIn) -> None:
    reader = logged_in(ADMIN)

    for path in PAGES:
        for action, fields in forms_of(reader.get(path).text).items():
            assert fields["csrf"], f"{path}: {action}"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/people/999", "/admin/people/x", "/admin/people/9999999999999999999999", "/admin/people/new/boss",
        "/admin/activities/1", "/admin/voice/1", "/admin/operations/dead/1", "/admin/operations/receipts/1",
        "/admin/nothing",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_that_says_so(logged_in: LogIn, path: str) -> None:
    answer = logged_in(ADMIN).get(path)

    assert answer.status_code == 404
    assert "Nothing here" in answer.text
