"""Administrators keep mentees and mentors on the pages, by the rules of the API."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from markupsafe import escape
from structlog.testing import capture_logs

from models import logs
from models.numbers import PhoneNumber
from models.people import Contact, User
from models.privacy.erasing import erase
from models.privacy.persons import Person
from tests.api.looking import statements
from tests.house import ADMIN, MENTOR, NUMBERS, Client, Staff
from tests.pages.reader import Reader, forms_of

NUMBER = "+91 98123 45678"
ODD = "<script>alert('x')</script>"
ANNA = {
    "first_name": "Anna", "last_name": "Bell", "contact_number": NUMBER, "username": "anna",
    "password": "a good one", "email": "anna@example.org", "external_id": "",
}  # fmt: skip


@pytest.fixture
def admin(logged_in: Callable[[str], Reader]) -> Reader:
    return logged_in(ADMIN)


def _add(admin: Reader, kind: str = "mentee", **changes: str) -> Any:
    page = f"/admin/people/new/{kind}"
    return admin.fill(page, page, **{**ANNA, **changes})


def _by(username: str) -> Contact:
    return Contact.select().join(User).where(User.username == username).get()  # type: ignore[no-any-return]  # Peewee is untyped


def test_a_mentee_is_added_and_the_api_knows_her(admin: Reader, client: Client) -> None:
    answer = _add(admin)

    anna = _by("anna")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/admin/people/{anna.id}")
    told = client.get(f"/mentor/mentee/{anna.id}", user=ADMIN).json
    assert (told["first_name"], told["contact_number"], told["external_id"]) == ("Anna", NUMBER, None)
    assert "The mentee is added" in admin.get(answer.headers["Location"]).text


@pytest.mark.parametrize("how", ["username", "id"])
def test_a_mentor_is_added_for_a_mentee_named_by_username_or_id(
    admin: Reader, staff: Staff, how: str
) -> None:
    named = "theo" if how == "username" else str(staff.other_mentee.id)
    _add(admin, "mentor", mentee=named, job_title="Teacher")

    anna = _by("anna")
    assert (anna.kind, anna.mentee_id, anna.job_title) == ("mentor", staff.other_mentee.id, "Teacher")
    assert Reader().log_in("anna", ANNA["password"]).status_code == 303


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"contact_number": "call me"}, "7 to 15 digits"),
        ({"contact_number": NUMBERS["tony"]}, "Somebody else has it already."),
        ({"username": "tony"}, "Somebody else has it already."),
        ({"username": "two words"}, "Use 1 to 150 letters"),
        ({"password": "short"}, "Use 8 to 1000 characters."),
        ({"password": ""}, "Use 8 to 1000 characters."),
        ({"first_name": "  "}, "not only blanks"),
        ({"email": "nowhere"}, "Write a mail address"),
        ({"kind": "mentor", "mentee": "nobody"}, "Send the id of a mentee"),
        ({"kind": "mentor", "mentee": "adam"}, "Send the id of a mentee"),
        ({"kind": "mentor", "mentee": "2"}, "There is no mentee with this id."),
    ],
)
def test_what_the_api_would_refuse_is_refused_beside_its_field_and_kept_in_the_form(
    admin: Reader, changes: dict[str, str], told: str
) -> None:
    before = User.select().count()

    answer = _add(admin, **changes)

    assert answer.status_code == 400
    assert told in answer.text
    action = f"/admin/people/new/{changes.get('kind', 'mentee')}"
    form = forms_of(answer.text)[action]
    assert form["last_name"] == "Bell"
    assert form["password"] == ""
    assert User.select().count() == before


def test_a_person_is_changed_and_an_empty_password_stays_the_old_one(admin: Reader, staff: Staff) -> None:
    page, before = f"/admin/people/{staff.mentor.id}", Staff.user(MENTOR).password

    answer = admin.fill(page, page, last_name="Smith", mentee="theo")

    adam = Contact.get_by_id(staff.mentor.id)
    assert answer.status_code == 303
    assert (adam.user.last_name, adam.mentee_id) == ("Smith", staff.other_mentee.id)
    assert adam.user.password == before


def test_a_new_password_logs_the_person_out(admin: Reader, mentor: Reader, staff: Staff) -> None:
    page = f"/admin/people/{staff.mentor.id}"
    admin.fill(page, page, password="another good one")

    assert mentor.get("/").status_code == 303
    assert Reader().log_in(MENTOR, "another good one").status_code == 303


def test_who_is_shut_out_is_out_everywhere_and_can_be_let_in_again(
    admin: Reader, mentor: Reader, staff: Staff
) -> None:
    page, app = f"/admin/people/{staff.mentor.id}", Client()
    admin.fill(page, f"{page}/access")
    shut_out = (mentor.get("/").status_code, app.get("/mentor/call/").status_code)
    admin.fill(page, f"{page}/access")

    assert shut_out == (303, 401)
    assert app.get("/mentor/call/").status_code == 200
    assert mentor.get("/").status_code == 303  # the session is over all the same


def test_nobody_shuts_himself_out(logged_in: Callable[[str], Reader], staff: Staff) -> None:
    adam = logged_in(MENTOR)
    User.update(is_staff=True).where(User.username == MENTOR).execute()
    page = f"/admin/people/{staff.mentor.id}"

    answer = adam.fill(page, f"{page}/access")

    assert answer.status_code == 403
    assert Staff.user(MENTOR).is_active


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ton", {"tony"}), ("ADAM", {"adam"}), ("98123", {"anna"}), ("+91 (98123) 456-78", {"anna"}),
        ("anna b", {"anna"}), ("anna@ex", {"anna"}), ("%", set()), ("_", set()), (ODD, set()), ("9" * 400, set()),
    ],
)  # fmt: skip
def test_people_are_found_by_a_part_of_a_name_or_number(admin: Reader, words: str, found: set[str]) -> None:
    _add(admin)

    answer = admin.fill("/admin/people", "/admin/people", q=words)

    names = ("tony", "adam", "theo", "eve", "anna")
    assert {name for name in names if f'data-label="Username">{name}</td>' in answer.text} == found
    assert ODD not in answer.text


def test_a_search_never_stands_in_an_address(admin: Reader) -> None:
    _crowd(25)
    answer = admin.fill("/admin/people", "/admin/people", q="person")

    assert not re.search(r'(href|action)="[^"]*person', answer.text)
    older = forms_of(answer.text)["/admin/people"]
    assert len(re.findall("Username", admin.post("/admin/people", older).text)) > 1


def test_many_people_are_leafed_through_each_once(admin: Reader, staff: Staff) -> None:
    _crowd(45)
    seen, path = [], "/admin/people"
    while path:
        text = admin.get(path).text
        seen += re.findall(r'data-label="Name"><a href="/admin/people/(\d+)"', text)
        older = re.search(r'href="(/admin/people\?before=[^"]+)"', text)
        path = older.group(1) if older else ""

    assert len(seen) == len(set(seen)) == Contact.select().count()


def test_mentees_and_mentors_can_be_told_apart(admin: Reader) -> None:
    _add(admin)

    mentors = admin.get("/admin/people?kind=mentor").text
    assert "adam" in mentors
    assert "anna" not in mentors


def test_the_list_asks_the_same_number_of_questions_however_many_people_there_are(
    admin: Reader, staff: Staff
) -> None:
    counts = []
    for _ in range(2):
        with statements() as asked:
            admin.get("/admin/people")
            admin.get(f"/admin/people/{staff.mentee.id}")
        counts.append(len(asked))
        _crowd(30)

    assert counts[0] == counts[1]


def test_a_mentees_page_names_her_mentors_and_offers_another(admin: Reader, staff: Staff) -> None:
    text = admin.get(f"/admin/people/{staff.mentee.id}").text

    assert f'href="/admin/people/{staff.mentor.id}"' in text
    page = f"/admin/people/new/mentor?mentee={staff.mentee.id}"
    assert page in text
    assert admin.form(page, "/admin/people/new/mentor")["mentee"] == str(staff.mentee.id)


def test_odd_names_are_shown_and_run_nowhere(admin: Reader) -> None:
    _add(admin, first_name=ODD, last_name='"><img src=x onerror=alert(1)>', external_id="{{ 7*7 }}")
    anna = _by("anna")

    for path in ("/admin/people", f"/admin/people/{anna.id}", "/admin/people/new/mentor"):
        text = admin.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert str(escape(ODD)) in text
    assert "{{ 7*7 }}" in admin.get(f"/admin/people/{anna.id}").text


def test_what_is_done_is_logged_with_who_did_it_and_without_what_is_personal(admin: Reader) -> None:
    logs.configure("tests", least="INFO")
    with capture_logs() as lines:
        _add(admin)
        page = f"/admin/people/{_by('anna').id}"
        admin.fill(page, page, last_name="Bello")
        admin.fill(page, f"{page}/access")
        admin.fill("/admin/people", "/admin/people", q=NUMBER)

    told = [line["event"] for line in lines if line["event"].startswith("admin.")]
    assert told == ["admin.person_added", "admin.person_changed", "admin.person_access"]
    assert {line["by"] for line in lines if "by" in line} == {Staff.user(ADMIN).id}
    everything = repr(lines)
    for personal in ("98123", "Anna", "Bell", "anna", ANNA["password"]):
        assert personal not in everything


def _crowd(count: int) -> None:
    """So many more mentees."""
    first = Contact.select().count()
    for number in range(first, first + count):
        user = User.create(username=f"person{number}", first_name=f"Person {number}", password="!")
        digits = f"9170000{number:05}"
        Contact.create(user=user, kind="mentee", contact_number=PhoneNumber(f"+{digits}"), msisdn=digits)


def test_somebody_who_was_erased_is_shown_as_that_and_cannot_be_changed(admin: Reader, staff: Staff) -> None:
    token = admin.form("/admin/people", "/logout")["csrf"]
    for person in (staff.mentor, staff.mentee):
        erase(Person.of(person.user_id))
        page = f"/admin/people/{person.id}"
        assert "erased on request" in admin.get(page).text
        assert list(forms_of(admin.get(page).text)) == ["/logout"]
        assert admin.post(page, {**ANNA, "csrf": token, "mentee": "theo"}).status_code >= 400
        assert admin.post(f"{page}/access", {"csrf": token, "allowed": "true"}).status_code >= 400

    assert User.select().where(User.is_active & User.username.startswith("erased")).count() == 0
    assert "erased" in admin.get("/admin/people").text
    offered = admin.get("/admin/people/new/mentor").text
    assert "theo" in offered
    assert "erased:" not in offered
