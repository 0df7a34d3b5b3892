"""Guessing: however many try at the same instant, exactly so many are let through; and nobody learns who is here."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher

from api.app import create
from models import settings
from models.allowances import APART, Allowance
from models.people import passwords
from models.people.accounts import Account
from models.people.one_time_tokens import OneTimeToken
from models.settings import Settings
from tests.api.looking import statements
from tests.api.paper import HeldClient, document
from tests.api.test_at_once import at_once
from tests.callrequests.entering import BETTER, GOOD, PHONE, TOM, WRONG, Door, texted
from tests.callrequests.members import Member, Members, member
from tests.conformance import holds

AT_ONCE = 200
MOST, FROM_ONE = 7, 15  # of one account, and from one address, in these tests
ELSEWHERE = {"X-Forwarded-For": "198.51.100.7"}


class Counting(PasswordHasher):
    """Cheap hashes; counts the slow checks."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64)
        self.checks = 0

    def verify(self, hash: Any, password: Any) -> Any:
        self.checks += 1
        return super().verify(hash, password)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counting]:
    counting = Counting()
    monkeypatch.setattr(passwords, "_HASHER", counting)
    passwords._nobodys.cache_clear()
    yield counting
    passwords._nobodys.cache_clear()


@pytest.fixture
def client(home: Settings, hasher: Counting) -> HeldClient:
    """An application that has checked nobody yet, behind one proxy."""
    few = {"failures_per_account": MOST, "codes_per_account": MOST}
    settings.use(replace(home, proxies=1, failures_per_address=FROM_ONE, codes_per_address=FROM_ONE, **few))
    document()  # once, not by every thread
    return HeldClient(create())


@pytest.fixture
def tom(client: HeldClient) -> Member:
    return member(client, "Tom", "Brady")


Attempt = Callable[[int], Any]


def wrong_logins(door: Door, tom: Member) -> Attempt:
    return lambda n: door.log_in(str(tom.account.email), f"wrong {n}", headers=_from(n))


def wrong_tokens(kind: str) -> Callable[[Door, Member], Attempt]:
    return lambda door, tom: (
        lambda n: door.post(f"verify-{kind}/", {"token": WRONG[kind]}, tom.token, headers=_from(n))
    )


def wrong_old_passwords(door: Door, tom: Member) -> Attempt:
    def attempt(n: int) -> Any:
        body = {"old_password": f"wrong {n}", "new_password": BETTER}
        return door.post("change-password/", body, tom.token, headers=_from(n))

    return attempt


def wrong_phone_tokens(door: Door, _tom: Member) -> Attempt:
    whole = {**TOM, "phone_token": WRONG["phone"]}
    return lambda n: door.post("register/", {**whole, "email": f"tom{n}@example.com"}, headers=_from(n))


def requests_for_one(door: Door, tom: Member) -> Attempt:
    return lambda n: door.post("request-password/", {"email": tom.account.email}, headers=_from(n))


def requests_for_nobody(door: Door, _tom: Member) -> Attempt:
    return lambda n: door.post("request-password/", {"email": "nobody@example.com"}, headers=_from(n))


def codes_for_one_phone(door: Door, _tom: Member) -> Attempt:
    return lambda n: door.post("phone-token/", {"phone": PHONE}, headers=_from(n))


def new_addresses(door: Door, tom: Member) -> Attempt:
    return lambda n: door.patch({"email": f"tom{n}@example.com"}, tom.token, headers=_from(n))


OF_ONE = [
    (wrong_logins, {403: MOST}),
    (wrong_tokens("email"), {404: MOST}),
    (wrong_tokens("phone"), {404: MOST}),
    (wrong_old_passwords, {400: MOST}),
    (wrong_phone_tokens, {400: MOST}),
    (requests_for_one, {200: MOST}),
    (requests_for_nobody, {200: MOST}),
    (codes_for_one_phone, {201: 1, 400: MOST - 1}),
    (new_addresses, {200: MOST}),
]
_NAMES = ["login", "email", "phone", "change", "register", "request", "nobody", "code", "new"]
of_one = pytest.mark.parametrize(("attempts", "let_through"), OF_ONE, ids=_NAMES)


def _from(n: int) -> dict[str, str]:
    """Everybody from an address of his own."""
    return {"X-Forwarded-For": f"198.51.{n // 250}.{n % 250 + 1}"}


@of_one
@holds("brute force: login", "brute force: phone-token", "brute force: verify")
def test_of_attempts_on_one_account_at_one_instant_exactly_so_many_are_let_through(
    door: Door, tom: Member, hasher: Counting, attempts: Any, let_through: dict[int, int]
) -> None:
    attempt = attempts(door, tom)

    answers = at_once(*[lambda n=n: attempt(n) for n in range(AT_ONCE)])

    assert Counter(answer.status_code for answer in answers) == {**let_through, 429: AT_ONCE - MOST}
    assert {answer.text for answer in answers if answer.status_code == 429} == {
        '{"detail": "Too many attempts: wait as long as Retry-After says."}'
    }
    assert hasher.checks in (0, MOST)


FROM_ONE_ADDRESS = {
    "login": ("login/", lambda n: {"email": f"tom{n}@example.com", "password": "wrong"}, 403),
    "register": (
        "register/",
        lambda n: {**TOM, "phone": f"312555{n:04}", "phone_token": WRONG["phone"]},
        400,
    ),
    "reset": ("reset-password/", lambda n: {"token": WRONG["password"], "new_password": BETTER}, 404),
    "request": ("request-password/", lambda n: {"email": f"tom{n}@example.com"}, 200),
    "code": ("phone-token/", lambda n: {"phone": f"312555{n:04}"}, 201),
}


@pytest.mark.parametrize("what", FROM_ONE_ADDRESS)
@holds("brute force: reset-password")
def test_of_attempts_from_one_address_at_one_instant_exactly_so_many_are_let_through(
    door: Door, what: str
) -> None:
    path, body, status = FROM_ONE_ADDRESS[what]

    answers = at_once(*[lambda n=n: door.post(path, body(n), headers=ELSEWHERE) for n in range(AT_ONCE)])

    assert Counter(answer.status_code for answer in answers) == {status: FROM_ONE, 429: AT_ONCE - FROM_ONE}
    elsewhere = door.post(path, body(AT_ONCE), headers=_from(1))
    assert elsewhere.status_code == status


def test_retry_after_is_the_truth(door: Door, tom: Member, jump: Any) -> None:
    attempt = wrong_logins(door, tom)
    refused = [attempt(n) for n in range(MOST + 1)][-1]
    seconds = int(refused.headers["retry-after"])

    jump(seconds - 2)
    early = attempt(50)
    jump(seconds)
    due, more = attempt(51), attempt(52)

    assert [answer.status_code for answer in (refused, early, due, more)] == [429, 429, 403, 429]
    assert 15 * 60 / MOST - APART - 5 < seconds <= 15 * 60 / MOST
    assert int(early.headers["retry-after"]) in (1, 2, 3)


def test_when_nobody_tries_all_of_it_comes_back(door: Door, tom: Member, jump: Any) -> None:
    attempt = wrong_logins(door, tom)
    for n in range(MOST + 1):
        attempt(n)

    jump(15 * 60)

    assert [attempt(n).status_code for n in range(MOST + 1)] == [403] * MOST + [429]


def test_the_right_password_is_let_in_after_failures_until_there_are_too_many(
    door: Door, tom: Member, jump: Any
) -> None:
    attempt, email = wrong_logins(door, tom), str(tom.account.email)
    for n in range(MOST - 1):
        attempt(n)

    in_time = [door.log_in(email, "correct horse", headers=_from(100)).status_code for _ in range(3)]
    attempt(101)
    too_late = door.log_in(email, "correct horse", headers=_from(102))
    jump(int(too_late.headers["retry-after"]))

    assert (in_time, too_late.status_code) == ([200] * 3, 429)
    assert door.log_in(email, "correct horse", headers=_from(103)).status_code == 200


@of_one
def test_one_account_s_failures_are_no_other_s(
    door: Door, members: Members, attempts: Any, let_through: dict[int, int]
) -> None:
    attempt = attempts(door, members.tom)
    for n in range(MOST + 1):
        last = attempt(n)

    assert last.status_code == 429
    for name, other in (("heidi", members.heidi), ("eve", members.eve)):
        assert (
            door.log_in(str(other.account.email), "correct horse", headers=_from(200)).status_code == 200
        ), name
        assert other.patch("accounts/profile/", {"email": f"{name}.new@example.com"}).status_code == 200


@pytest.mark.parametrize("wanted", [{"email": "victim@example.com"}, {"phone": PHONE}], ids=["mail", "text"])
def test_many_accounts_have_no_more_codes_sent_to_one_receiver_than_one_has(
    client: HeldClient, door: Door, wanted: dict[str, str]
) -> None:
    many = [member(client, "Eve", f"Number {n}") for n in range(MOST + 2)]

    answers = [door.patch(wanted, eve.token, headers=_from(n)) for n, eve in enumerate(many)]

    assert [answer.status_code for answer in answers] == [200] * MOST + [429] * 2


def test_what_succeeds_uses_nothing_up(door: Door, tom: Member) -> None:
    logins = [
        door.log_in(str(tom.account.email), "correct horse", headers=ELSEWHERE) for _ in range(FROM_ONE + 3)
    ]

    assert {answer.status_code for answer in logins} == {200}
    assert (
        max(row.full_at for row in Allowance.select()) <= min(row.full_at for row in Allowance.select()) + 200
    )


def test_a_body_that_is_wrong_in_itself_is_no_attempt(door: Door, tom: Member) -> None:
    email = str(tom.account.email)
    for _ in range(FROM_ONE + 1):
        assert door.post("login/", {"email": email}, headers=ELSEWHERE).status_code == 400

    assert Allowance.select().count() == 0


def test_an_address_in_use_counts_so_that_registering_lists_nobody(door: Door, tom: Member) -> None:
    whole = door.newcomer(email=str(tom.account.email))

    answers = [door.post("register/", whole, headers=_from(n)).status_code for n in range(MOST + 1)]

    assert answers == [409] * MOST + [429]
    assert OneTimeToken.select().count() == 1


def test_an_office_registers_a_hundred_people_in_a_minute_by_default(
    home: Settings, hasher: Counting
) -> None:
    settings.use(home)
    door = Door(HeldClient(create()))

    for n in range(100):
        door.registered(f"312555{n:04}", email=f"tom{n}@example.com")
        assert door.log_in(f"tom{n}@example.com").status_code == 200

    assert Account.select().count() == 100


FORWARDED = [
    (0, "203.0.113.9", False),  # nobody of ours wrote it
    (1, "203.0.113.9", True),
    (1, "198.51.100.7, 203.0.113.9", True),  # the first one anybody may write
    (1, "203.0.113.9, 198.51.100.7", False),
    (2, "203.0.113.9, 198.51.100.7", True),
    (2, "198.51.100.7, 203.0.113.9", False),
    (2, "203.0.113.9", True),
    (1, "203.0.113.9:4711", True),  # as some proxies write it
    (1, "", False),
    (1, "nonsense", False),
]


@pytest.mark.parametrize(("proxies", "header", "same"), FORWARDED)
def test_who_asks_is_whom_the_proxies_of_ours_saw(
    door: Door, home: Settings, proxies: int, header: str, same: bool
) -> None:
    settings.use(replace(settings.current(), proxies=1))
    for _ in range(FROM_ONE):
        _reset(door, "203.0.113.9")
    assert _reset(door, "203.0.113.9").status_code == 429
    settings.use(replace(settings.current(), proxies=proxies))

    assert _reset(door, header).status_code == (429 if same else 404)


def test_of_ipv6_the_site_counts_and_a_mapped_address_is_the_mapped_one(door: Door) -> None:
    for n in range(FROM_ONE):
        assert _reset(door, f"2001:db8:1:2::{n + 1:x}").status_code == 404
        assert _reset(door, "198.51.100.9" if n % 2 else "::ffff:198.51.100.9").status_code == 404

    asked = ("[2001:db8:1:2:ffff::1]:4711", "2001:db8:1:3::1", "::ffff:198.51.100.9", "::ffff:198.51.100.10")
    assert [_reset(door, address).status_code for address in asked] == [429, 404, 429, 404]


def _reset(door: Door, forwarded: str) -> Any:
    body = {"token": WRONG["password"], "new_password": BETTER}
    return door.post("reset-password/", body, headers={"X-Forwarded-For": forwarded})


def test_no_address_stands_in_the_table_of_allowances(door: Door, tom: Member) -> None:
    door.log_in(str(tom.account.email), "wrong", headers=ELSEWHERE)

    keys = [str(row.key) for row in Allowance.select()]

    assert len(keys) == 2
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)


def test_known_and_unknown_addresses_take_the_same_work_and_get_the_same_answer(
    door: Door, tom: Member, hasher: Counting
) -> None:
    def told(path: str, body: dict[str, Any], n: int) -> tuple[Any, ...]:
        before = hasher.checks
        with statements() as taken:
            answer = door.post(path, body, headers=_from(n))
        kept = {name: value for name, value in answer.headers.items() if name != "x-trace"}
        texts = [re.split(r"""['"], [\[(]""", statement)[0] for statement in taken]
        return answer.status_code, answer.text, kept, texts, hasher.checks - before

    known, unknown = str(tom.account.email), "nobody@example.com"
    told("login/", {"email": unknown, "password": GOOD}, 0)  # a process reads its key once
    for path, more in (("login/", {"password": GOOD}), ("request-password/", {})):
        both = [told(path, {"email": email, **more}, n) for n, email in enumerate((known, unknown), 1)]
        assert both[0] == both[1]
        assert (len(both[0][3]), both[0][4]) == ((3, 1) if more else (4, 0))


def test_codes_that_were_sent_are_tried_no_more_often_than_others(door: Door) -> None:
    whole = door.newcomer()
    for n in range(MOST):
        assert (
            door.post("register/", {**whole, "phone_token": WRONG["phone"]}, headers=_from(n)).status_code
            == 400
        )

    assert door.post("register/", whole, headers=_from(200)).status_code == 429
    assert texted(PHONE) == whole["phone_token"]
