"""What every page and every form has: tokens, headers, errors that people can read."""

from collections.abc import Callable

import pytest

from models import database
from models.mentoring import Message
from tests.conformance import holds
from tests.house import ADMIN, STRANGER, Client, Staff
from tests.pages.reader import Reader


@holds("web: session cookie and CSRF token")
def test_a_form_without_the_sessions_token_is_refused(mentor: Reader, logged_in: Callable[[str], Reader]):
    others = logged_in(STRANGER).form("/", "/logout")["csrf"]

    for token in ({}, {"csrf": ""}, {"csrf": "wrong"}, {"csrf": others}, {"csrf": "é"}):
        answer = mentor.post("/logout", token)
        assert answer.status_code == 403
        assert "reload the page" in answer.text
    assert mentor.get("/").status_code == 200


def test_a_login_form_that_is_not_from_here_is_refused(reader: Reader):
    answer = reader.post("/login", {"username": "adam", "password": "correct horse"})
    assert answer.status_code == 403
    reader.get("/login")
    answer = reader.post("/login", {"username": "adam", "password": "correct horse", "csrf": "x" * 43})
    assert answer.status_code == 403
    assert "trunkline_session" not in reader.cookies


def test_a_token_of_a_session_that_is_over_is_refused(mentor: Reader):
    token = mentor.form("/", "/logout")["csrf"]
    mentor.fill("/", "/logout")
    mentor.log_in()

    assert mentor.post("/logout", {"csrf": token}).status_code == 403


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_only_forms_are_read(mentor: Reader, kind: str):
    assert mentor.post("/logout", {"csrf": "x"}, Content_Type=kind).status_code == 415


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
def test_a_verb_that_a_page_does_not_take_is_told_so_whatever_comes_with_it(mentor: Reader, verb: str):
    for path in ("/", "/messages", "/calls/1", "/schedule/1/cancel"):
        answer = mentor.ask(verb, path)
        assert (answer.status_code, verb in answer.headers["Allow"]) == (405, False), path


def test_every_page_tells_the_browser_to_be_careful(mentor: Reader):
    for path in ("/", "/login", "/no/such/page", "/logout"):
        headers = mentor.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


def test_the_style_is_kept_by_browsers_until_it_changes(reader: Reader):
    page = reader.get("/login").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = reader.get(address)

    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert reader.get("/static/style.css").headers["Cache-Control"] == "no-cache"
    assert reader.get("/static/style.css", If_None_Match=answer.headers["ETag"]).status_code == 304
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["../session.py", "..%2fsession.py", "%2e%2e/session.py", "", "x.css", "/etc/passwd"]
)
def test_no_other_file_is_served(reader: Reader, name: str):
    assert reader.get(f"/static/{name}").status_code == 404


def test_errors_are_pages_for_browsers_and_json_for_programs(mentor: Reader, client: Client):
    assert "<h1>Nothing here</h1>" in mentor.get("/no/such/page").text
    assert "<h1>That did not work</h1>" in mentor.get("/logout").text
    assert mentor.get("/no/such/page", Accept="application/json").json == {"detail": "There is nothing here."}
    assert client.get("/no/such/page").json == {"detail": "There is nothing here."}
    for path in ("/mentor/call/abc", "/comms/nothing/", "/mentor/call/"):
        assert "detail" in mentor.get(path).json


def test_a_script_that_is_not_logged_in_is_told_so_and_not_led_away(reader: Reader):
    assert reader.get("/", Accept="application/json").status_code == 401


def test_a_mentors_pages_are_not_for_administrators(logged_in: Callable[[str], Reader]):
    assert logged_in(ADMIN).get("/tasks").status_code == 403


def test_what_goes_wrong_on_our_side_is_a_page_too(mentor: Reader, staff: Staff):
    database.db.obj.execute_sql("ALTER TABLE web_session RENAME TO gone")
    away = mentor.get("/")
    database.db.obj.execute_sql("ALTER TABLE gone RENAME TO web_session")
    Message.create(sender=staff.mentor, recipient=staff.mentee, content="x", state="nobody knows")
    broken = mentor.get("/messages")

    assert away.status_code in (500, 503)
    assert broken.status_code == 500
    for answer in (away, broken):
        assert "<h1>Our fault</h1>" in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
