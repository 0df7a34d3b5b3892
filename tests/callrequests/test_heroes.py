"""`/api/v1/heroes/`: applying, one's own profile, and the list that everybody sees."""

import json
from typing import Any

import pytest

from models.people import User, logins, one_time_tokens
from models.people.accounts import Account
from models.people.heroes import Hero
from models.people.one_time_tokens import EMAIL, PHONE
from models.people.slugs import LONGEST, slug_of
from tests.api.looking import rows, statements
from tests.callrequests.members import PROFILE, Member, Members, member
from tests.conformance import holds
from tests.house import Client

LARGEST = 2**31 - 1
KEYS = {"id", "user", "slug", "accepted", "active", "created", "updated", *PROFILE}
LIMITED = {"id", "first_name", "last_name", "profile_image", "timezone", "created"}
OWN = LIMITED | {
    "email", "email_verified", "email_pending", "email_notifications", "phone", "phone_verified", "phone_pending",
    "payment_verified", "is_active", "call_me", "updated",
}  # fmt: skip
HOSTILE = "\u202eRobert'); DROP TABLE hero;--<script>alert(1)</script>\r\nBcc: a@b.c 🦸"

LIMITS = [
    ("discipline", ["FE", "BE", "IO", "AN", "UX"], ["", "fe", "XX", None, 1, True, ["FE"], "FE "]),
    ("title", ["x", "x" * 50, "🦸" * 50, f"  {'x' * 50}\n"], ["", " \t\n", "x" * 51, None, 7, False, ["x"], {}]),
    ("description", ["x", "x" * 1000], ["", "   ", "x" * 1001, None, 7, True]),
    ("position", ["x", "x" * 25], ["", "   ", "x" * 26, None, 7, True]),
    ("company", ["x", "x" * 25], ["", "   ", "x" * 26, None, 7, True]),
    ("short_bio", ["x", "x" * 2000], ["", "   ", "x" * 2001, None, 7, True]),
    ("years_of_exp", [1, 60, LARGEST], [0, -1, LARGEST + 1, 10**40, 1.5, "nine", "", None, True, [1]]),
    ("rate_in_cents", [0, 1, LARGEST], [-1, LARGEST + 1, 10**40, 0.5, "two", "", None, False, {}]),
    ("linkedin_url", ["https://linkedin.com/in/x", "http://example.org/~x?a=b"],
     ["", "linkedin.com/in/x", "javascript:alert(1)", "ftp://example.org/x", "data:text/html,x", "https://", "//x.org",
      "https://exa mple.org/", "https://example.org/\nX: y", f"https://example.org/{'x' * 500}", None, 7, True]),
]  # fmt: skip
GOOD = [(field, value) for field, good, _ in LIMITS for value in good]
BAD = [(field, value) for field, _, bad in LIMITS for value in bad]


def spoken(value: Any) -> str:
    """A value as the name of a test."""
    return json.dumps(value)[:24]


@holds("POST /api/v1/heroes/apply")
def test_who_applies_is_shown_his_hero_and_is_not_offered_yet(members: Members) -> None:
    answer = members.eve.post("heroes/apply", PROFILE)

    assert answer.status_code == 201
    assert answer.json.keys() == KEYS
    assert answer.json["user"].keys() == OWN
    assert answer.json["user"]["id"] == members.eve.id
    assert {key: answer.json[key] for key in PROFILE} == PROFILE
    assert (answer.json["slug"], answer.json["accepted"], answer.json["active"]) == (
        "eve-stranger",
        False,
        True,
    )
    assert members.rita.get(f"heroes/{answer.json['id']}").status_code == 404
    assert members.eve.get("heroes/profile").json == answer.json


@holds("§10.3 apply: 403 unverified, 409 twice, mail to staff")
@pytest.mark.parametrize("flag", ["email_verified", "phone_verified"])
def test_who_is_not_verified_cannot_apply_whatever_he_sends(client: Client, flag: str) -> None:
    new = member(client, "Nora", "New", **{flag: False})

    assert [new.post("heroes/apply", body).status_code for body in (PROFILE, {})] == [403, 403]
    assert new.post("heroes/apply", raw=b"{").status_code == 403
    assert Hero.select().count() == 0


@holds("§10.3 apply: 403 unverified, 409 twice, mail to staff")
def test_nobody_applies_twice_but_a_bad_field_is_told_first(members: Members) -> None:
    before = rows()

    assert members.tom.post("heroes/apply", PROFILE).status_code == 409
    assert members.tom.post("heroes/apply", {**PROFILE, "title": ""}).status_code == 400
    assert rows() == before


@holds("§10.3 the fields' limits")
@pytest.mark.parametrize(("field", "value"), GOOD, ids=spoken)
def test_what_is_within_the_limits_is_taken(members: Members, field: str, value: Any) -> None:
    applied = members.eve.post("heroes/apply", {**PROFILE, field: value})
    changed = members.tom.patch("heroes/profile", {field: value})

    assert (applied.status_code, changed.status_code) == (201, 200)
    wanted = value.strip() if isinstance(value, str) else value
    assert (applied.json[field], changed.json[field]) == (wanted, wanted)


@holds("§10.3 the fields' limits", "§2.2 missing, null, blank and wrong types are 400 on the field")
@pytest.mark.parametrize(("field", "value"), BAD, ids=spoken)
def test_what_is_beyond_the_limits_is_400_on_its_field(members: Members, field: str, value: Any) -> None:
    before = rows()
    answers = [
        members.eve.post("heroes/apply", {**PROFILE, field: value}),
        members.tom.patch("heroes/profile", {field: value}),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert [list(answer.json) for answer in answers] == [[field], [field]]
    assert rows() == before


def test_all_bad_fields_are_told_at_once_and_missing_ones_too(members: Members) -> None:
    worst = {field: bad[0] for field, _, bad in LIMITS}

    assert members.eve.post("heroes/apply", {}).json.keys() == PROFILE.keys()
    assert members.eve.post("heroes/apply", worst).json.keys() == PROFILE.keys()
    assert members.tom.patch("heroes/profile", worst).json.keys() == PROFILE.keys()


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b'{"title": "\\u0000"}', b'{"rate_in_cents": NaN}', b"\xff"]
)
def test_what_is_no_json_object_is_400(members: Members, raw: bytes) -> None:
    answers = [
        members.eve.ask("POST", "heroes/apply", raw=raw),
        members.tom.ask("PATCH", "heroes/profile", raw=raw),
        members.sam.ask("POST", "heroes/accept", raw=raw),
        members.sam.ask("POST", "heroes/decline", raw=raw),
    ]

    assert {(answer.status_code, *answer.json) for answer in answers} == {(400, "detail")}


@holds("GET /api/v1/heroes/profile", "PATCH /api/v1/heroes/profile")
def test_a_hero_changes_what_he_sends_and_nothing_else(members: Members) -> None:
    was = members.tom.get("heroes/profile").json

    now = members.tom.patch("heroes/profile/", {"rate_in_cents": 0, "active": False}).json

    assert now == {**was, "rate_in_cents": 0, "active": False, "updated": now["updated"]}
    assert now["updated"] > was["updated"]
    assert members.tom.get("heroes/profile").json == now
    assert members.heidi.get("heroes/profile").json["rate_in_cents"] == PROFILE["rate_in_cents"]


def test_what_is_not_his_to_say_is_ignored_and_an_empty_change_is_none(members: Members) -> None:
    was = members.tom.get("heroes/profile").json
    sneaky = {
        "accepted": False,
        "slug": "king",
        "id": 99,
        "user": members.eve.id,
        "account": 1,
        "created": "2000",
    }

    assert members.tom.patch("heroes/profile", sneaky).json == was
    assert members.tom.patch("heroes/profile", {}).json == was


@pytest.mark.parametrize("value", [None, 1, "true", "", []], ids=spoken)
def test_active_is_true_or_false(members: Members, value: Any) -> None:
    assert list(members.tom.patch("heroes/profile", {"active": value}).json) == ["active"]


@holds("GET /api/v1/heroes/", "GET /api/v1/heroes/:id", "§10.3 only accepted and active ones are shown")
def test_everybody_sees_who_is_accepted_and_active(client: Client, members: Members) -> None:
    _hero(client, accepted=False), _hero(client, active=False)
    shown = client.get("/api/v1/heroes/", user=None).json

    assert (shown["count"], shown["next"], shown["previous"]) == (2, None, None)
    assert [hero["id"] for hero in shown["results"]] == [members.tom.hero_id, members.heidi.hero_id]
    for hero in shown["results"]:
        assert hero.keys() == KEYS
        assert hero["user"].keys() == LIMITED
        assert client.get(f"/api/v1/heroes/{hero['id']}", user=None).json == hero
    told = json.dumps(shown)
    assert "@" not in told
    assert str(members.tom.account.phone.reveal())[2:] not in told


def test_who_is_not_on_offer_is_404_to_everybody_but_himself(client: Client, members: Members) -> None:
    hidden = [_hero(client, accepted=False), _hero(client, active=False)]

    for one in hidden:
        for who in (members.sam, members.rita, one):
            assert who.get(f"heroes/{one.hero_id}").status_code == 404
        assert one.get("heroes/profile").status_code == 200


def test_who_is_suspended_is_not_offered_until_he_is_let_in_again(client: Client, members: Members) -> None:
    here = f"/api/v1/heroes/{members.tom.hero_id}"
    logins.let_in(members.tom.account.email, allowed=False)
    shown = client.get("/api/v1/heroes/", user=None).json

    assert [hero["id"] for hero in shown["results"]] == [members.heidi.hero_id]
    assert client.get(here, user=None).status_code == 404
    logins.let_in(members.tom.account.email, allowed=True)
    assert client.get(here, user=None).status_code == 200


@pytest.mark.parametrize(
    "place", ["0", "999", "-1", "1.0", "x", "%31x", "٣", "9" * 19, "9" * 60, "tom-brady", "1/2", "%00"]
)
def test_an_id_that_is_none_is_404(client: Client, members: Members, place: str) -> None:
    assert client.get(f"/api/v1/heroes/{place}", user=None).status_code == 404


def test_the_list_is_paged_by_ten_in_order(client: Client, home: Any) -> None:
    ids = [_hero(client).hero_id for _ in range(23)]

    pages = [client.get(f"/api/v1/heroes/?page={number}", user=None).json for number in (1, 2, 3)]

    assert [len(page["results"]) for page in pages] == [10, 10, 3]
    assert [hero["id"] for page in pages for hero in page["results"]] == ids
    assert [page["count"] for page in pages] == [23] * 3
    assert pages[1]["previous"].endswith("/api/v1/heroes/?page=1")
    assert pages[1]["next"].endswith("/api/v1/heroes/?page=3")
    for number in ("0", "4", "-1", "x", "", "1e3", "9" * 30):
        assert client.get(f"/api/v1/heroes/?page={number}", user=None).status_code == 404


def test_lists_take_as_many_statements_however_many_heroes_there_are(client: Client, home: Any) -> None:
    counted = []
    for _ in range(3):
        for _ in range(4):
            _hero(client)
        with statements() as run:
            client.get("/api/v1/heroes", user=None)
        counted.append(len(run))

    assert counted == [2, 2, 2]


def test_one_hero_and_ones_own_take_a_few_statements(members: Members) -> None:
    counted = {}
    for path in (f"heroes/{members.tom.hero_id}", "heroes/profile"):
        with statements() as run:
            assert members.tom.get(path).status_code == 200
        counted[path] = len(run)

    assert list(counted.values()) == [1, 3]


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("POST", "heroes", "GET"), ("DELETE", "heroes/1", "GET"), ("PUT", "heroes/1", "GET"),
        ("GET", "heroes/apply", "POST"), ("PUT", "heroes/profile", "GET, PATCH"), ("GET", "heroes/accept", "POST"),
        ("PATCH", "heroes/decline", "POST"),
    ],
)  # fmt: skip
def test_a_wrong_verb_is_405_with_what_is_allowed(client: Client, verb: str, path: str, allowed: str) -> None:
    both = member(client, "Both", "Things", hero=True, staff=True)
    answer = both.ask(verb, path, {})

    assert answer.status_code == 405
    assert set(allowed.split(", ")) <= set(answer.headers["allow"].split(", "))


def test_a_hero_whose_address_waits_sees_it_in_his_profile(members: Members) -> None:
    one_time_tokens.renew(EMAIL, members.tom.account.id, "new@example.com")
    one_time_tokens.renew(PHONE, members.tom.account.id, "+13125559999")

    shown = members.tom.get("heroes/profile").json["user"]

    assert (shown["email_pending"], shown["phone_pending"]) == ("new@example.com", "3125559999")
    assert shown["email"] == members.tom.account.email


@holds("§10.3 slugs and collisions")
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Tom Brady", "tom-brady"), ("Zoë  O'Brien-Łukasz", "zoe-o-brien-lukasz"),
        ("STRAẞE Ærøskøbing", "strasse-aeroskobing"),
        ("李 雷", "hero"), ("🦸 🦸", "hero"), ("", "hero"), ("-- --", "hero"), ("../../etc/passwd", "etc-passwd"),
        ("<b>Bob</b> \r\n", "b-bob-b"), ("ﬁne ①", "fine-1"), ("İpek ıSIK", "ipek-isik"), ("x" * 300, "x" * LONGEST),
        ("Erased", "hero-erased"), ("Erased 1", "hero-erased-1"), ("Erasedo", "erasedo"),
    ],
)  # fmt: skip
def test_a_slug_is_the_name_in_small_ascii_letters(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@holds("§10.3 slugs and collisions")
def test_namesakes_have_numbers_and_a_gap_is_filled(client: Client, home: Any) -> None:
    def apply(first: str, last: str) -> str:
        return str(member(client, first, last).post("heroes/apply", PROFILE).json["slug"])

    assert [apply("Ann", "Lee") for _ in range(3)] == ["ann-lee", "ann-lee-1", "ann-lee-2"]
    assert apply("Ann Lee", "1") == "ann-lee-1-1"
    assert apply("ANN", "LÉE") == "ann-lee-3"
    assert [apply("李", "雷"), apply("王", "芳")] == ["hero", "hero-1"]
    Hero.update(slug="freed").where(Hero.slug == "ann-lee-2").execute()
    assert apply("Ann", "Lee") == "ann-lee-2"
    assert apply("Ann", "Leeds") == "ann-leeds"


def test_hostile_texts_come_back_as_they_were_sent(client: Client, home: Any) -> None:
    new = member(client, HOSTILE[:50], "<b>" * 16)
    facts = {
        **PROFILE,
        "description": HOSTILE,
        "short_bio": HOSTILE * 5,
        "title": HOSTILE[:50],
        "company": HOSTILE[:25],
    }

    answer = new.post("heroes/apply", facts)
    Hero.update(accepted=True).execute()
    seen = client.get("/api/v1/heroes/", user=None)

    assert answer.status_code == 201
    assert seen.headers["content-type"].startswith("application/json")
    assert seen.json["results"][0]["description"] == HOSTILE
    assert answer.json["slug"].isascii()
    assert Hero.select().count() == 1


def _hero(client: Client, **facts: Any) -> Member:
    """One more hero, accepted and active unless the facts say otherwise."""
    made = member(client, "Hans", "Hero", hero=True)
    if facts:
        Hero.update(facts).where(Hero.account == made.account).execute()
    return made


def test_a_name_changed_later_leaves_the_slug(members: Members) -> None:
    slug = members.tom.get("heroes/profile").json["slug"]
    account = Account.get_by_id(members.tom.account.id)
    User.update(first_name="Thomas").where(User.id == account.user_id).execute()

    now = members.tom.get("heroes/profile").json

    assert (now["slug"], now["user"]["first_name"]) == (slug, "Thomas")
