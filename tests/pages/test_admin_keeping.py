"""Administrators keep activities, carriers' accounts and service accounts on the pages."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from models import logs, settings, voice_apis
from models.mentoring import Activity
from models.people import User
from models.voice_apis import VoiceApi
from tests.house import ADMIN, SERVICE, Client, Staff
from tests.pages.reader import Reader, forms_of

CALLS, TEXTS = "https://voice.example.org/call", "https://voice.example.org/message"
ACCOUNT = {
    "kind": "oniondev", "call_url": CALLS, "message_url": TEXTS, "username": "trunk", "password": "open sesame",
}  # fmt: skip


@pytest.fixture
def admin(logged_in: Callable[[str], Reader]) -> Reader:
    settings.use(replace(settings.current(), secret_key="one key"))
    return logged_in(ADMIN)


def _add(admin: Reader, page: str, **values: str) -> str:
    answer = admin.fill(page, page, **values)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_an_activity_is_added_changed_and_taken_from_the_offer(admin: Reader, client: Client) -> None:
    _add(admin, "/admin/activities/new", title="Read <b>together</b>", link="https://example.org/")
    offered = client.get("/mentor/activity/").json["results"]
    page = "/admin/activities/1"
    form = admin.form(page, page)
    del form["active"]
    admin.post(page, {**form, "description": "A story."})

    assert [row["title"] for row in offered] == ["Read <b>together</b>"]
    assert client.get("/mentor/activity/").json["results"] == []
    assert (Activity.get().description, Activity.get().active) == ("A story.", False)
    assert "Read &lt;b&gt;together&lt;/b&gt;" in admin.get("/admin/activities").text


@pytest.mark.parametrize(
    ("values", "told"),
    [({"title": " "}, "not only blanks"), ({"link": "javascript:alert(1)"}, "Write a web address")],
)
def test_what_is_no_activity_is_refused_beside_its_field(
    admin: Reader, values: dict[str, str], told: str
) -> None:
    answer = admin.fill("/admin/activities/new", "/admin/activities/new", **{"title": "Read", **values})

    assert (answer.status_code, Activity.select().count()) == (400, 0)
    assert told in answer.text


@pytest.mark.parametrize(
    ("page", "table", "values"),
    [("/admin/activities/new", Activity, {"title": "Read"}), ("/admin/voice/new", VoiceApi, ACCOUNT)],
)
def test_a_form_that_is_sent_twice_has_one_effect(
    admin: Reader, page: str, table: type, values: dict[str, str]
) -> None:
    form = {**admin.form(page, page), **values}

    assert [admin.post(page, form).status_code for _ in range(2)] == [303, 303]
    assert table.select().count() == 1  # type: ignore[attr-defined]  # any table


@pytest.mark.parametrize(
    ("page", "table", "values", "other"),
    [
        ("/admin/activities/new", Activity, {"title": "Read"}, {"title": "Write"}),
        ("/admin/voice/new", VoiceApi, ACCOUNT, {"username": "other"}),
    ],
)
def test_a_form_that_is_sent_again_with_something_else_in_it_is_not_swallowed(
    admin: Reader, page: str, table: type, values: dict[str, str], other: dict[str, str]
) -> None:
    form = {**admin.form(page, page), **values}
    admin.post(page, form)

    told = admin.post(page, {**form, **other})
    again = admin.post(page, {**form, **other, "once": forms_of(told.text)[page]["once"]})

    assert "was added from this page already" in told.text
    assert (told.status_code, again.status_code) == (400, 303)
    assert table.select().count() == 2  # type: ignore[attr-defined]  # any table


def test_a_carriers_account_is_kept_with_its_password_sealed(admin: Reader) -> None:
    _add(admin, "/admin/voice/new", **ACCOUNT)

    assert voice_apis.active()["oniondev"].password() == ACCOUNT["password"]
    for path in ("/admin/voice", "/admin/voice/1"):
        text = admin.get(path).text
        assert ACCOUNT["password"] not in text
        assert VoiceApi.get().sealed_password not in text
    assert "active, in no route" in admin.get("/admin/voice").text


def test_an_account_whose_carrier_a_route_names_says_for_what(admin: Reader) -> None:
    _add(admin, "/admin/voice/new", kind="simulator", call_url="http://127.0.0.1:1")

    assert "active: voice, texts, mails, pushes" in admin.get("/admin/voice").text


def test_an_account_is_changed_without_typing_its_password_again(admin: Reader) -> None:
    _add(admin, "/admin/voice/new", **ACCOUNT)
    _add(admin, "/admin/voice/1", username="other")

    account = voice_apis.active()["oniondev"]
    assert (account.username, account.password()) == ("other", ACCOUNT["password"])


def test_an_account_is_put_to_rest_and_its_password_forgotten(admin: Reader) -> None:
    _add(admin, "/admin/voice/new", **ACCOUNT)
    form = admin.form("/admin/voice/1", "/admin/voice/1")
    del form["active"]
    admin.post("/admin/voice/1", {**form, "forget_password": "true"})

    assert voice_apis.active() == {}
    assert VoiceApi.get().sealed_password == ""
    assert "at rest" in admin.get("/admin/voice").text


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"call_url": "voice.example.org"}, "Write an address like"),
        ({"message_url": ""}, "Without this address"),
        ({"kind": "pigeon"}, "Choose one of"),
    ],
)
def test_what_is_no_account_is_refused_beside_its_field_and_no_password_comes_back(
    admin: Reader, values: dict[str, str], told: str
) -> None:
    answer = admin.fill("/admin/voice/new", "/admin/voice/new", **{**ACCOUNT, **values})

    assert (answer.status_code, VoiceApi.select().count()) == (400, 0)
    assert told in answer.text
    assert ACCOUNT["password"] not in answer.text


def test_without_a_key_the_page_says_that_no_password_can_be_kept(admin: Reader) -> None:
    settings.use(replace(settings.current(), secret_key=""))

    answer = admin.fill("/admin/voice/new", "/admin/voice/new", **ACCOUNT)

    assert "SECRET_KEY is not set" in admin.get("/admin/voice").text
    assert (answer.status_code, VoiceApi.select().count()) == (400, 0)
    assert "SECRET_KEY is not set" in answer.text


def test_a_service_account_gets_a_password_that_is_shown_once_and_works(
    admin: Reader, client: Client
) -> None:
    answer = admin.fill("/admin/accounts", "/admin/accounts", username="carrier", email="")

    found = re.search(r'<code class="secret">([^<]+)</code>', answer.text)
    assert found
    password = found.group(1)
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(password) >= 32
    assert client.get("/comms/call/", user="carrier", password=password).status_code == 200
    assert password not in admin.get("/admin/accounts").text
    assert (
        User.get(User.username == "carrier").is_service,
        Reader().log_in("carrier", password).status_code,
    ) == (
        True,
        403,
    )


def test_a_service_account_gets_another_password_and_the_old_one_stops(
    admin: Reader, client: Client, staff: Staff
) -> None:
    answer = admin.fill("/admin/accounts", f"/admin/accounts/{staff.service.id}/password")

    password = re.search(r'<code class="secret">([^<]+)</code>', answer.text)
    assert password
    assert client.get("/comms/call/", user=SERVICE).status_code == 401
    assert client.get("/comms/call/", user=SERVICE, password=password.group(1)).status_code == 200


@pytest.mark.parametrize("name", [SERVICE, "two words", ""])
def test_a_name_that_is_taken_or_none_is_refused(admin: Reader, name: str) -> None:
    answer = admin.fill("/admin/accounts", "/admin/accounts", username=name)

    assert answer.status_code == 400
    assert "secret" not in answer.text
    assert forms_of(answer.text)["/admin/accounts"]["username"] == name


def test_a_service_account_is_shut_out_and_let_in_again(admin: Reader, client: Client, staff: Staff) -> None:
    action = f"/admin/accounts/{staff.service.id}/access"
    told = []
    for _ in range(2):
        admin.fill("/admin/accounts", action)
        told.append(client.get("/comms/call/", user=SERVICE).status_code)

    assert told == [401, 200]


def test_an_administrator_cannot_shut_himself_out_and_gets_no_password_from_another(
    admin: Reader, staff: Staff
) -> None:
    token = admin.form("/admin/accounts", "/logout")["csrf"]
    page = f"/admin/accounts/{staff.admin.id}"

    assert admin.post(f"{page}/access", {"csrf": token, "allowed": "false"}).status_code == 403
    assert admin.post(f"{page}/password", {"csrf": token}).status_code == 403
    assert Staff.user(ADMIN).is_active


def test_a_mentor_is_no_account_to_be_changed_there(admin: Reader, staff: Staff) -> None:
    token = admin.form("/admin/accounts", "/logout")["csrf"]

    answer = admin.post(f"/admin/accounts/{staff.mentor.user_id}/password", {"csrf": token})

    assert answer.status_code == 404


def test_each_deed_is_logged_with_who_did_it_and_without_any_secret(admin: Reader, staff: Staff) -> None:
    logs.configure("tests", least="INFO")
    with capture_logs() as lines:
        _add(admin, "/admin/activities/new", title="Read")
        _add(admin, "/admin/voice/new", **ACCOUNT)
        admin.fill("/admin/accounts", "/admin/accounts", username="carrier")
        admin.fill("/admin/accounts", f"/admin/accounts/{staff.service.id}/access")

    told = [line["event"] for line in lines if line["event"].startswith("admin.")]
    assert told == [
        "admin.activity_added", "admin.voice_added", "admin.service_added", "admin.account_access",
    ]  # fmt: skip
    assert {line["by"] for line in lines if "by" in line} == {staff.admin.id}
    assert ACCOUNT["password"] not in repr(lines)
