"""Logging in and out, and what a session is good for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from api.app import create
from models import settings
from models.people import User
from models.people.passwords import hashed
from models.people.sessions import WebSession, digest
from tests.callrequests.members import member
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, PASSWORD, SERVICE, STRANGER, Client, Staff
from tests.pages.reader import Reader, forms_of

SESSION = "trunkline_session"


@holds("web: not logged in goes to the login")
def test_who_is_not_logged_in_is_sent_to_the_login_page_and_back(reader: Reader):
    answer = reader.get("/tasks?show=all")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=/tasks%3Fshow%3Dall"
    form = reader.form(answer.headers["Location"], "/login")
    done = reader.post("/login", {**form, "username": MENTOR, "password": PASSWORD})
    assert (done.status_code, done.headers["Location"]) == (303, "/tasks?show=all")


@holds("web: login for mentors")
def test_a_mentor_logs_in_and_sees_his_home(reader: Reader):
    assert reader.log_in().headers["Location"] == "/"
    assert reader.get("/").status_code == 200


def test_an_administrator_logs_in_and_is_led_to_his_pages(logged_in: Callable[[str], Reader]):
    answer = logged_in(ADMIN).get("/")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin")


@pytest.mark.parametrize("user", [MENTEE, SERVICE])
@holds("web: who is no mentor cannot log in there")
def test_mentees_and_programs_cannot_log_in(reader: Reader, user: str):
    answer = reader.log_in(user)

    assert answer.status_code == 403
    assert "for mentors, managers and administrators" in answer.text
    assert SESSION not in reader.cookies


@pytest.mark.parametrize("username", [MENTOR, "nobody", "", "a\0b", "é" * 1000])
def test_a_wrong_name_or_password_is_refused_in_the_same_words(reader: Reader, username: str):
    form = reader.form("/login", "/login")
    answer = reader.post("/login", {**form, "username": username, "password": "wrong"})

    if "\0" in username:
        assert answer.status_code == 400
        return
    assert answer.status_code == 403
    assert "Wrong username or password." in answer.text
    assert forms_of(answer.text)["/login"]["username"] == username
    assert "wrong" not in forms_of(answer.text)["/login"].values()


def test_accounts_are_no_names_to_log_in_with_not_even_of_staff(reader: Reader, client: Client):
    sam = member(client, "Sam", "Staff", staff=True)
    name = User.get_by_id(sam.account.user_id).username

    assert reader.log_in(name).status_code == 403
    assert SESSION not in reader.cookies


def test_who_was_deactivated_cannot_log_in_and_is_out_at_once(mentor: Reader):
    User.update(is_active=False).where(User.username == MENTOR).execute()

    assert mentor.get("/").status_code == 303
    assert "Wrong username or password." in Reader().log_in().text


def test_wrong_passwords_on_the_pages_and_on_the_api_count_together(reader: Reader, staff: Staff):
    settings.use(replace(settings.current(), failed_logins_per_minute=3))
    app = create()
    reader, client = Reader(app), Client(app)
    client.get("/mentor/call/", password="wrong")
    reader.log_in(password="wrong")
    reader.log_in(password="wrong")
    answer = reader.log_in()

    assert answer.status_code == 429
    assert "Too many wrong passwords" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/mentor/call/").status_code == 429
    assert Reader(app).log_in(STRANGER).status_code == 303


@holds("web: session cookie and CSRF token")
def test_the_cookie_can_be_read_by_no_script_and_no_other_site(reader: Reader):
    cookie = reader.log_in().cookies[SESSION]

    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"
    assert not cookie.secure
    assert len(cookie.value) >= 43  # 256 bits


def test_by_https_the_cookie_is_for_https_only(reader: Reader):
    answer = Reader(scheme="https").log_in()
    behind_a_proxy = reader.log_in(X_Forwarded_Proto="https")

    assert answer.cookies[SESSION].secure
    assert behind_a_proxy.status_code == 303


def test_the_database_cannot_log_anybody_in(mentor: Reader):
    token = mentor.cookies[SESSION]
    row = WebSession.get()

    assert row.token_hash == digest(token)
    assert token not in (row.token_hash, row.csrf)


def test_a_session_that_was_there_before_the_login_is_worth_nothing(reader: Reader):
    reader.cookies[SESSION] = planted = "x" * 43
    reader.log_in()

    assert reader.cookies[SESSION] != planted
    thief = Reader()
    thief.cookies[SESSION] = planted
    assert thief.get("/").status_code == 303


def test_a_second_login_on_a_browser_ends_the_first(mentor: Reader):
    old = Reader()
    old.cookies = dict(mentor.cookies)
    mentor.cookies.pop(SESSION)
    mentor.cookies[SESSION] = old.cookies[SESSION]
    form = {"csrf": mentor.cookies["trunkline_visitor"], "username": STRANGER, "password": PASSWORD}
    assert mentor.post("/login", form).status_code == 303

    assert old.get("/").status_code == 303
    assert mentor.get("/").status_code == 200


def test_logging_out_ends_the_session_for_good(mentor: Reader):
    copy = Reader()
    copy.cookies = dict(mentor.cookies)
    answer = mentor.fill("/", "/logout")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?left")
    assert "You are logged out." in mentor.get("/login?left").text
    assert SESSION not in mentor.cookies
    assert copy.get("/").status_code == 303


def test_nobody_else_can_log_a_mentor_out(mentor: Reader):
    assert mentor.post("/logout").status_code == 403
    assert mentor.get("/").status_code == 200
    assert mentor.get("/logout").status_code == 405


def test_a_new_password_ends_all_sessions(mentor: Reader, client: Client, staff: Staff):
    elsewhere = Reader()
    elsewhere.log_in()
    facts = {
        "username": MENTOR,
        "first_name": "Adam",
        "contact_number": "+27987654321",
        "mentee": staff.mentee.id,
    }
    path = f"/mentor/mentor/{staff.mentor.id}"

    client.put(path, facts, user=ADMIN)
    assert mentor.get("/").status_code == 200
    client.put(path, {**facts, "password": "another one"}, user=ADMIN)
    assert mentor.get("/").status_code == 303
    assert elsewhere.get("/").status_code == 303
    assert Reader().log_in(password="another one").status_code == 303


def test_a_password_that_changes_during_the_login_opens_nothing(staff: Staff):
    """The password was right when it was checked, and is another when the session is to be written."""
    user = Staff.user(MENTOR)
    seen = user.password
    User.update(password=hashed("another one")).where(User.id == user.id).execute()

    assert WebSession.open(user.id, seen) is None
    assert WebSession.select().count() == 0


def test_a_session_ends_after_twelve_hours(mentor: Reader, jump: Callable[[float], None]):
    jump(12 * 3600 - 60)
    assert mentor.get("/").status_code == 200
    jump(12 * 3600 + 60)
    assert mentor.get("/").status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/a b", "/\tb", "tasks", "/%0d%0aSet-Cookie:x=y", "/é", ""],
)  # fmt: skip
def test_a_login_leads_to_no_other_site(reader: Reader, elsewhere: str):
    form = {**reader.form("/login", "/login"), "next": elsewhere, "username": MENTOR, "password": PASSWORD}
    answer = reader.post("/login", form)

    assert answer.status_code == 303
    assert answer.headers["Location"] in ("/", "/%0d%0aSet-Cookie:x=y")
    assert len(answer.cookies) == 1
