"""Who may do what: HTTP Basic, the table of roles, and passwords that cost little when they are right."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from models import settings
from models.people import Contact, User, passwords
from tests.api.calls_at_work import REPORT
from tests.api.looking import rows
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, SERVICE, STRANGER, Client, Staff, basic

ROLES = (ADMIN, MENTOR, MENTEE, SERVICE)
TEXT = {"sender_contact": NUMBERS[MENTEE], "recipient_contact": NUMBERS[MENTOR], "content": "hi"}

# Each route of the slice, what is sent, and what admin, mentor, mentee and service account are answered.
TABLE: list[tuple[str, str, Any, tuple[int, int, int, int]]] = [
    ("GET", "/mentor/mentee", None, (200, 403, 403, 403)),
    ("POST", "/mentor/mentee", {}, (400, 403, 403, 403)),
    ("GET", "/mentor/mentee/1", None, (200, 403, 403, 403)),
    ("PUT", "/mentor/mentee/1", {}, (400, 403, 403, 403)),
    ("GET", "/mentor/mentor", None, (200, 403, 403, 403)),
    ("POST", "/mentor/mentor", {}, (400, 403, 403, 403)),
    ("GET", "/mentor/mentor/2", None, (200, 403, 403, 403)),
    ("PUT", "/mentor/mentor/2", {}, (400, 403, 403, 403)),
    ("GET", "/mentor/call/", None, (403, 200, 403, 403)),
    ("POST", "/mentor/call/", None, (403, 201, 403, 403)),
    ("GET", "/mentor/call/1/", None, (403, 200, 403, 403)),
    ("PUT", "/mentor/call/1/", None, (403, 200, 403, 403)),
    ("PATCH", "/mentor/call/1/", None, (403, 200, 403, 403)),
    ("GET", "/mentor/message/", None, (403, 200, 403, 403)),
    ("POST", "/mentor/message/", {"content": "x"}, (403, 201, 403, 403)),
    ("GET", "/mentor/message/1/", None, (403, 200, 403, 403)),
    ("GET", "/mentor/event/", None, (403, 200, 403, 403)),
    ("GET", "/mentor/event/1/", None, (403, 200, 403, 403)),
    ("GET", "/comms/call/", None, (200, 200, 200, 200)),
    ("GET", "/comms/call/1/", None, (200, 200, 200, 200)),
    ("PUT", "/comms/call/1/", None, (200, 200, 200, 200)),
    ("PATCH", "/comms/call/1/", None, (200, 200, 200, 200)),
    ("GET", "/comms/message/", None, (200, 200, 200, 200)),
    ("POST", "/comms/message/", TEXT, (201, 201, 201, 201)),
    ("GET", "/comms/message/1/", None, (200, 200, 200, 200)),
    ("POST", "/comms/onion_dev_message/", {"mobile": "27123456789", "text": "x"}, (201, 201, 201, 201)),
    ("POST", "/comms/onion_dev_call_end/", REPORT, (200, 200, 200, 200)),
]


def test_each_role_may_use_what_the_table_says(client: Client, staff: Staff, call: int) -> None:
    client.post("/mentor/message/", {"content": "hi"})

    for verb, path, body, expected in TABLE:
        got = tuple(client.ask(verb, path, body, user=role).status_code for role in ROLES)
        assert got == expected, f"{verb} {path}"


def test_without_a_right_password_every_route_says_who_are_you(stranger: Client, staff: Staff) -> None:
    User.update(is_active=False).where(User.username == SERVICE).execute()
    before = rows()

    wrong: list[dict[str, Any]] = [{"user": None}, {"user": MENTOR, "password": "wrong"}, {"user": SERVICE}]
    for verb, path, body, _ in TABLE[::2]:
        for how in wrong:
            answer = stranger.ask(verb, path, body, **how)
            assert answer.status_code == 401, f"{verb} {path} {how}"
            assert answer.headers["www-authenticate"].startswith('Basic realm="')
            assert list(answer.json) == ["detail"]
    assert rows() == before


def _basic(credentials: bytes) -> str:
    return "Basic " + base64.b64encode(credentials).decode()


ODD = [
    b"adam", b":", b"adam:\xff\xfe", b"ad\0am:correct horse", b"adam:correct horse\0", b"adam :correct horse",
    b"ADAM:correct horse", b"adam:" + b"x" * 70_000, "\U0001f600:x".encode(),
]  # fmt: skip
MALFORMED = [
    "", "Basic", "Basic ", "Basic =", "Basic !!!!", "Basic é", "Basic YWRhbQ", "x" * 9000,
    "Bearer YWRhbTpjb3JyZWN0IGhvcnNl", *map(_basic, ODD),
]  # fmt: skip


@pytest.mark.parametrize("header", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_header_is_answered_like_none(stranger: Client, staff: Staff, header: str) -> None:
    answer = stranger.get("/mentor/call/", user=None, headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="')


@pytest.mark.parametrize("username", ["adam", "ådam", "a" * 150])
@pytest.mark.parametrize("password", ["with:colon", "ünïcödé 密码 \U0001f600", "\tblanks ", "'; --"])
def test_any_password_works_in_utf8(stranger: Client, staff: Staff, username: str, password: str) -> None:
    quick = passwords.PasswordHasher(time_cost=1, memory_cost=64).hash(password)
    User.update(username=username, password=quick).where(User.username == MENTOR).execute()

    header = basic(username, password).replace("Basic", "bAsIc")
    assert stranger.get("/mentor/call/", user=None, headers={"Authorization": header}).status_code == 200


class CountingHasher(passwords.PasswordHasher):
    """The hasher, telling how often it was made to work."""

    worked = 0

    def verify(self, *args: Any, **more: Any) -> Any:
        type(self).worked += 1
        return super().verify(*args, **more)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> type[CountingHasher]:
    """The product's own hasher, counted."""
    CountingHasher.worked = 0
    monkeypatch.setattr(passwords, "_HASHER", CountingHasher(time_cost=1, memory_cost=64))
    return CountingHasher


def test_a_right_password_is_hashed_once_and_a_wrong_one_every_time(
    stranger: Client, staff: Staff, hasher: type[CountingHasher]
) -> None:
    right = [stranger.get("/mentor/call/").status_code for _ in range(20)]
    once = hasher.worked
    wrong = [stranger.get("/mentor/call/", password="wrong").status_code for _ in range(3)]
    unknown = [stranger.get("/mentor/call/", user="nobody").status_code for _ in range(3)]

    assert (set(right), once) == ({200}, 1)
    assert (set(wrong), set(unknown), hasher.worked) == ({401}, {401}, 7)


def test_rights_are_read_anew_with_every_request(client: Client, staff: Staff) -> None:
    assert client.get("/mentor/mentee", user=ADMIN).status_code == 200

    User.update(is_staff=False).where(User.username == ADMIN).execute()
    Contact.update(mentee=staff.other_mentee).where(Contact.id == staff.mentor.id).execute()

    assert client.get("/mentor/mentee", user=ADMIN).status_code == 403
    assert client.post("/mentor/call/").json["receiver"] == staff.other_mentee.id


def test_too_many_wrong_passwords_are_refused_without_locking_out_who_is_in(
    stranger: Client, staff: Staff, hasher: type[CountingHasher]
) -> None:
    settings.use(replace(settings.current(), failed_logins_per_minute=3))
    stranger.get("/mentor/call/")
    hasher.worked = 0

    guessed = [stranger.get("/mentor/call/", password=f"guess {n}") for n in range(6)]

    assert [answer.status_code for answer in guessed] == [401, 401, 401, 429, 429, 429]
    assert 0 < int(guessed[-1].headers["retry-after"]) <= 61
    assert hasher.worked == 3
    assert stranger.get("/mentor/call/").status_code == 200
    assert stranger.get("/mentor/call/", user=STRANGER).status_code == 200


def test_a_user_who_is_nobodys_contact_sees_no_rows_on_comms(client: Client, call: int) -> None:
    User.update(is_staff=False).where(User.username == ADMIN).execute()

    assert client.get("/comms/call/", user=ADMIN).json["count"] == 0
    assert client.get("/comms/message/", user=ADMIN).json["results"] == []
    assert client.put(f"/comms/call/{call}/", user=ADMIN).status_code == 404


def test_an_administrator_who_is_a_mentor_is_only_a_mentor_on_his_own_routes(
    client: Client, call: int
) -> None:
    User.update(is_staff=True).where(User.username == MENTOR).execute()

    made = client.post("/mentor/message/", {"content": "hi"}).json

    assert made["recipient"].startswith("hidden:")
    assert client.get("/mentor/message/").json["results"] == [made]
    assert client.get("/comms/message/").json["results"][0]["recipient_contact"] == NUMBERS[MENTEE]
    assert client.get("/mentor/mentee").status_code == 200


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 201), ("none", 201)]
)
def test_another_sites_page_cannot_use_the_password_that_a_browser_remembers(
    client: Client, staff: Staff, site: str, status: int
) -> None:
    """`POST /mentor/call/` takes any body, so any page's form could ring two phones."""
    headers = {"Sec-Fetch-Site": site}

    assert client.post("/mentor/call/", headers=headers).status_code == status
    assert client.get("/mentor/call/", headers=headers).json["count"] == (status == 201)
