"""`/mentor/mentee` and `/mentor/mentor`: administrators manage people."""

from dataclasses import replace
from typing import Any

import pytest

from models import settings
from models.people import Contact, User
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, PASSWORD, STRANGER, Client, Staff

TONY: dict[str, Any] = {
    "username": "tony2", "first_name": "tony", "last_name": "", "email": "", "password": "battery staple",
    "contact_number": "+27123456780",
}  # fmt: skip
KEYS = {"id", "username", "first_name", "last_name", "email", "password", "contact_number", "external_id"}
MORE = {"mentee", "profile_pic", "job_title", "motivation", "inspiration"}


def _made(client: Client, kind: str = "mentee", **body: Any) -> Any:
    return client.post(f"/mentor/{kind}", {**TONY, **body}, user=ADMIN)


def test_a_new_mentee_is_answered_without_a_word_of_his_password(client: Client, staff: Staff) -> None:
    answer = _made(client, id=99, external_id="crm-7", shoe_size=43)

    made = answer.json
    assert (answer.status_code, set(made)) == (201, KEYS)
    assert made == {**TONY, "id": str(made["id"]), "password": "", "external_id": "crm-7"}
    assert isinstance(made["id"], str)
    assert made["id"] != "99"
    assert client.get(f"/mentor/mentee/{made['id']}", user=ADMIN).json == made
    assert User.get(User.username == "tony2").password.startswith("$argon2id$")


@pytest.mark.parametrize("as_text", [False, True])
def test_a_new_mentor_has_his_mentee_and_a_profile(client: Client, staff: Staff, as_text: bool) -> None:
    mentee: Any = str(staff.mentee.id) if as_text else staff.mentee.id

    answer = _made(client, "mentor", mentee=mentee, job_title="Engineer")

    made = answer.json
    assert (answer.status_code, set(made)) == (201, KEYS | MORE)
    assert (made["mentee"], made["job_title"], made["motivation"]) == (staff.mentee.id, "Engineer", "")
    assert client.get(f"/mentor/mentor/{made['id']}", user=ADMIN).json == made


def test_a_new_mentor_may_use_the_api_at_once(client: Client, staff: Staff) -> None:
    _made(client, "mentor", mentee=staff.mentee.id)

    assert client.post("/mentor/call/", user="tony2", password="battery staple").status_code == 201


def test_lists_hold_one_kind_each_in_order_of_id(client: Client, staff: Staff) -> None:
    mentees = client.get("/mentor/mentee", user=ADMIN).json["results"]
    mentors = client.get("/mentor/mentor", user=ADMIN).json["results"]

    assert [person["username"] for person in mentees] == [MENTEE, "theo"]
    assert [(person["username"], person["mentee"]) for person in mentors] == [
        (MENTOR, staff.mentee.id), (STRANGER, staff.other_mentee.id),
    ]  # fmt: skip
    assert {person["password"] for person in mentees + mentors} == {""}


@pytest.mark.parametrize("kind", ["mentee", "mentor"])
@pytest.mark.parametrize("password", [None, "", "absent"])
@holds("a password is never sent, and is kept when none comes")
def test_what_was_got_may_be_put_back_and_changes_nothing(
    client: Client, staff: Staff, kind: str, password: str | None
) -> None:
    person = staff.mentee if kind == "mentee" else staff.mentor
    got = client.get(f"/mentor/{kind}/{person.id}", user=ADMIN).json
    body = {**got, "password": password}
    if password == "absent":
        del body["password"]

    answer = client.put(f"/mentor/{kind}/{person.id}", body, user=ADMIN)

    assert (answer.status_code, answer.json) == (200, got)
    assert client.get("/comms/call/", user=person.user.username).status_code == 200


@holds(
    "Contact.external_id", "Mentor.profile_pic", "Mentor.job_title", "Mentor.motivation", "Mentor.inspiration"
)
def test_a_put_changes_what_it_says_and_empties_what_it_leaves_empty(client: Client, staff: Staff) -> None:
    path = f"/mentor/mentor/{staff.mentor.id}"
    full = {
        "username": "adam2", "first_name": "Adam", "last_name": "Smith", "email": "adam@example.org",
        "contact_number": "+27 98 765-4000", "external_id": "x", "mentee": staff.other_mentee.id,
        "profile_pic": "https://example.org/a.png", "job_title": "j", "motivation": "m", "inspiration": "i",
    }  # fmt: skip

    filled = client.put(path, full, user=ADMIN).json
    empty = {**full, "last_name": "", "email": "", "external_id": None, "job_title": ""}
    emptied = client.put(path, {**empty, "id": "1"}, user=ADMIN).json

    same = {"id": str(staff.mentor.id), "password": ""}
    assert filled == {**full, **same}
    assert emptied == {**empty, **same}
    assert client.post("/mentor/call/", user="adam2").json["receiver"] == staff.other_mentee.id


def test_a_mentors_new_number_is_found_by_its_digits(client: Client, staff: Staff) -> None:
    client.put(
        f"/mentor/mentee/{staff.mentee.id}", {**TONY, "contact_number": "+49 (151) 123-45678"}, user=ADMIN
    )

    assert Contact.by_number("4915112345678") == staff.mentee
    assert Contact.by_number(NUMBERS[MENTEE]) is None


@holds("a changed password stops the old one at once")
def test_a_changed_password_stops_the_old_one_at_once_also_where_it_was_remembered(
    client: Client, stranger: Client, staff: Staff
) -> None:
    assert {api.get("/mentor/call/").status_code for api in (client, stranger)} == {200}

    body = {**TONY, "username": MENTOR, "mentee": staff.mentee.id}
    assert client.put(f"/mentor/mentor/{staff.mentor.id}", body, user=ADMIN).status_code == 200

    for api in (client, stranger):
        assert api.get("/mentor/call/", password=PASSWORD).status_code == 401
        assert api.get("/mentor/call/", password="battery staple").status_code == 200


@pytest.mark.parametrize("kind", ["mentee", "mentor"])
def test_the_other_kinds_ids_and_unknown_ones_are_not_there(client: Client, staff: Staff, kind: str) -> None:
    other = staff.mentor if kind == "mentee" else staff.mentee
    before = rows()

    for contact_id in (str(other.id), "99999"):
        for verb in ("GET", "PUT"):
            answer = client.ask(verb, f"/mentor/{kind}/{contact_id}", TONY, user=ADMIN)
            assert answer.status_code == 404
    assert rows() == before


@pytest.mark.parametrize("path", ["/mentor/mentee/1", "/mentor/mentor/1", "/mentor/mentee", "/mentor/mentor"])
def test_nobody_is_patched_or_deleted(client: Client, staff: Staff, path: str) -> None:
    for verb in ("PATCH", "DELETE"):
        assert client.ask(verb, path, {}, user=ADMIN).status_code == 405


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", MENTOR), ("username", ADMIN), ("contact_number", NUMBERS[MENTEE]),
     ("contact_number", "27 (987) 65-4321"), ("mentee", 99999), ("mentee", "3")],
)  # fmt: skip
@holds("400 people by field")
def test_what_somebody_has_or_is_not_is_refused_and_leaves_nobody_behind(
    client: Client, staff: Staff, field: str, value: Any
) -> None:
    value = staff.mentor.id if value == "3" else value
    before = rows()

    body = {**TONY, "mentee": staff.mentee.id, field: value}
    answers = [client.post("/mentor/mentor", body, user=ADMIN),
               client.put(f"/mentor/mentor/{staff.stranger.id}", body, user=ADMIN)]  # fmt: skip

    assert [(answer.status_code, list(answer.json)) for answer in answers] == [(400, [field])] * 2
    assert NUMBERS[MENTEE] not in answers[0].text
    assert rows() == before
    assert client.get("/mentor/call/", user=STRANGER).status_code == 200


def test_the_shortest_password_is_the_operators_choice(client: Client, staff: Staff) -> None:
    assert _made(client, password="seven77").json == {"password": ["Use 8 to 1000 characters."]}

    settings.use(replace(settings.current(), password_min_length=4))

    assert _made(client, password="four").status_code == 201


@pytest.mark.parametrize("username", ["a", "a" * 150, "a.b+c-d_e@example.org", "Ñandú7"])
@pytest.mark.parametrize("number", ["2712345", "+999999999999999", " +27 (12) 345-67 "])
def test_odd_but_right_people_are_taken(client: Client, staff: Staff, username: str, number: str) -> None:
    body = {**TONY, "username": username, "contact_number": number}

    answer = client.put(f"/mentor/mentee/{staff.mentee.id}", {**body, "password": ""}, user=ADMIN)

    assert (answer.status_code, answer.json["username"], answer.json["contact_number"]) == (
        200,
        username,
        number.strip(),
    )
