"""`/api-auth/`: with a browser into `/rest-api/` and out of it."""

import pytest

from tests.conformance import holds
from tests.house import MENTEE, MENTOR, PASSWORD, Staff
from tests.pages.reader import Reader

LOGIN, LOGOUT = "/api-auth/login/", "/api-auth/logout/"


def logged_in(reader: Reader, user: str, page: str = LOGIN) -> str:
    """Log in there. Returns where one is then."""
    form = reader.form(page, "/api-auth/login")
    answer = reader.post("/api-auth/login", {**form, "username": user, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


@pytest.mark.parametrize("user", [MENTOR, MENTEE])
@holds("wire: login pages under /api-auth/")
def test_every_account_logs_in_and_reads_what_it_may(reader: Reader, staff: Staff, user: str):
    assert reader.get("/rest-api/users/").status_code == 401

    assert logged_in(reader, user) == "/rest-api/"

    assert reader.get("/rest-api/").status_code == 200
    assert [row["username"] for row in reader.get("/rest-api/users/").json["results"]] == [user]
    assert reader.get("/rest-api/event/").status_code == 403
    assert reader.get(LOGIN).headers["Location"] == "/rest-api/"


def test_one_is_led_on_to_where_one_wanted_to_be_but_nowhere_else(reader: Reader, staff: Staff):
    assert logged_in(reader, MENTOR, f"{LOGIN}?next=/rest-api/event/") == "/rest-api/event/"
    assert reader.get(f"{LOGIN}?next=//evil.example/").headers["Location"] == "/rest-api/"


def test_a_wrong_password_is_refused_on_the_same_page(reader: Reader, staff: Staff):
    form = reader.form(LOGIN, "/api-auth/login")

    answer = reader.post("/api-auth/login", {**form, "username": MENTOR, "password": "wrong"})

    assert (answer.status_code, "Wrong username or password." in answer.text) == (403, True)
    assert reader.get("/rest-api/").status_code == 401


def test_a_form_from_elsewhere_logs_nobody_in_or_out(reader: Reader, staff: Staff):
    form = {"csrf": "x" * 43, "next": "/", "username": MENTOR, "password": PASSWORD}
    assert reader.post("/api-auth/login", form).status_code == 403
    logged_in(reader, MENTOR)

    assert reader.post("/api-auth/logout", {"csrf": "x" * 43}).status_code == 403
    assert reader.get("/rest-api/").status_code == 200


def test_logging_out_is_asked_for_and_done(reader: Reader, staff: Staff):
    logged_in(reader, MENTOR)
    assert "You are logged in as" in reader.get(LOGOUT).text

    done = reader.post("/api-auth/logout", reader.form(LOGOUT, "/api-auth/logout"))

    assert (done.status_code, done.headers["Location"]) == (303, f"{LOGIN}?left")
    assert "You are logged out." in reader.get(done.headers["Location"]).text
    assert reader.get("/rest-api/").status_code == 401
    assert reader.get(LOGOUT).headers["Location"] == f"{LOGIN}?left"
