"""Accounts at the same moment: the database decides, each token is used once, and no old password leaves a way in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher

from api.app import create
from models import allowances, settings
from models.allowances import Allowance, Limit, Share
from models.database import transaction
from models.deliveries import Mail, Text
from models.people import User, passwords
from models.people.accounts import Account
from models.people.one_time_tokens import OneTimeToken
from models.people.recovering import PasswordRequest
from models.people.tokens import AuthToken
from models.privacy.erasing import erase
from models.privacy.persons import Person
from models.settings import Settings
from tests.api.paper import HeldClient, document
from tests.callrequests.entering import BETTER, GOOD, Door, mailed, texted
from tests.callrequests.members import Member, member
from tests.house import PASSWORD
from tests.mentoring.racing import Track
from workers.letters import mail_reset

pytestmark = pytest.mark.timeout(180)
MANY = 1_000_000
BEST = "fumble 14"


@pytest.fixture
def client(home: Settings, monkeypatch: pytest.MonkeyPatch) -> HeldClient:
    """An application of its own, with cheap hashes, where nobody has tried too often."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords._nobodys.cache_clear()
    most = {f"{what}_per_{whose}": MANY for what in ("failures", "codes") for whose in ("account", "address")}
    settings.use(replace(home, failed_logins_per_minute=MANY, **most))
    document()  # once, not by every thread
    return HeldClient(create())


@pytest.fixture
def track() -> Iterator[Track]:
    """Three lanes."""
    with Track(3) as track:
        yield track


@pytest.fixture
def rounds(full: bool) -> range:
    """SQLite has one writer at a time: there a few are enough."""
    return range(60 if full else 5)


@pytest.fixture
def tom(client: HeldClient) -> Member:
    return member(client, "Tom", "Brady")


@pytest.fixture
def eve(client: HeldClient) -> Member:
    return member(client, "Eve", "Stranger")


def codes(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def phone(place: int, lane: int = 0) -> str:
    """A number of each round's and lane's own."""
    return f"312{place:04}{lane:03}"


def test_of_three_who_ask_for_one_phone_s_code_one_has_it_sent(
    door: Door, track: Track, rounds: range
) -> None:
    for place in rounds:
        ask = partial(door.post, "phone-token/", {"phone": phone(place)})
        assert codes(track.race(ask, ask, ask)) == [201, 400, 400]

    assert Text.select().count() == OneTimeToken.select().count() == len(rounds)


def test_one_phone_s_code_registers_one_of_three(door: Door, track: Track, rounds: range) -> None:
    for place in rounds:
        whole = door.newcomer(phone(place))
        bodies = [{**whole, "email": f"tom.{place}.{lane}@example.com"} for lane in range(3)]
        assert codes(track.race(*[partial(door.post, "register/", body) for body in bodies])) == [
            201,
            400,
            400,
        ]

    assert User.select().count() == Account.select().count() == Mail.select().count() == len(rounds)


def test_one_address_is_registered_by_one_of_two(door: Door, track: Track, rounds: range) -> None:
    for place in rounds:
        bodies = [door.newcomer(phone(place, lane), email=f"tom.{place}@example.com") for lane in range(2)]
        assert codes(track.race(*[partial(door.post, "register/", body) for body in bodies])) == [201, 409]

    assert User.select().count() == Account.select().count() == Mail.select().count() == len(rounds)
    assert OneTimeToken.select().where(OneTimeToken.kind == "phone").count() == len(
        rounds
    )  # the losers' are good still


@pytest.mark.parametrize("kind", ["email", "phone"])
def test_a_code_shown_three_times_at_once_is_good_once(
    tom: Member, track: Track, rounds: range, kind: str
) -> None:
    for place in rounds:
        new = f"tom.{place}@example.com" if kind == "email" else phone(place)
        tom.patch("accounts/profile/", {kind: new})
        token = mailed(new) if kind == "email" else texted(new)
        show = partial(tom.post, f"accounts/verify-{kind}/", {"token": token})

        assert codes(track.race(show, show, show)) == [200, 404, 404]
        assert tom.get("accounts/profile/").json[kind] == new


def test_a_code_for_a_new_password_is_good_once(door: Door, tom: Member, track: Track, rounds: range) -> None:
    email = str(tom.account.email)
    for place in rounds:
        token = door.forgetful(email)
        words = [f"touchdown {place} {lane}" for lane in range(3)]
        bodies = [{"token": token, "new_password": word} for word in words]

        answers = track.race(*[partial(door.post, "reset-password/", body) for body in bodies])

        assert codes(answers) == [200, 404, 404]
        let_in = [door.log_in(email, word).status_code == 200 for word in words]
        assert let_in == [answer.status_code == 200 for answer in answers]


def test_an_address_that_two_accounts_would_have_goes_to_one(
    tom: Member, eve: Member, track: Track, rounds: range
) -> None:
    for place in rounds:
        new, shows = f"wanted.{place}@example.com", []
        for who in (tom, eve):
            who.patch("accounts/profile/", {"email": new})
            shows.append(partial(who.post, "accounts/verify-email/", {"token": mailed(new)}))

        answers = track.race(*shows)

        assert codes(answers) == [200, 409]
        winner = (tom, eve)[[answer.status_code for answer in answers].index(200)]
        assert Account.get(Account.email == new).id == winner.account.id


def test_who_verifies_while_he_changes_again_has_the_first_or_the_old_one_and_the_second_waits(
    tom: Member, track: Track, rounds: range
) -> None:
    now = str(tom.account.email)
    for place in rounds:
        first, second = f"first.{place}@example.com", f"second.{place}@example.com"
        tom.patch("accounts/profile/", {"email": first})
        verify = partial(tom.post, "accounts/verify-email/", {"token": mailed(first)})

        verified, changed = track.race(verify, partial(tom.patch, "accounts/profile/", {"email": second}))

        profile = tom.get("accounts/profile/").json
        assert changed.status_code == 200
        assert verified.status_code in (200, 404)
        assert profile["email"] == (first if verified.status_code == 200 else now)
        assert profile["email_pending"] == second
        now = str(profile["email"])
    assert tom.post("accounts/verify-email/", {"token": mailed(second)}).json["email"] == second


def test_of_changes_at_once_the_one_that_waits_is_the_one_whose_code_is_good(
    tom: Member, track: Track, rounds: range
) -> None:
    for place in rounds:
        wanted = [f"tom.{place}.{lane}@example.com" for lane in range(3)]
        answers = track.race(*[partial(tom.patch, "accounts/profile/", {"email": email}) for email in wanted])
        pending = tom.get("accounts/profile/").json["email_pending"]

        assert codes(answers) == [200, 200, 200]
        assert OneTimeToken.select().count() == 1
        shown = {email: tom.post("accounts/verify-email/", {"token": mailed(email)}) for email in wanted}
        assert {email for email, answer in shown.items() if answer.status_code == 200} == {pending}


def test_a_login_with_the_old_password_does_not_outlive_its_change(
    door: Door, tom: Member, track: Track, rounds: range
) -> None:
    email, old = str(tom.account.email), PASSWORD
    for place in rounds:
        new = f"touchdown {place}"
        change = partial(tom.post, "accounts/change-password/", {"old_password": old, "new_password": new})

        changed, *logins = track.race(change, *[partial(door.log_in, email, old)] * 2)

        assert changed.status_code == 200
        assert {answer.status_code for answer in logins} <= {200, 403}
        left = [door.profile(login.json["token"]).status_code for login in logins if login.status_code == 200]
        assert set(left) <= {403}
        assert door.profile(tom.token).status_code == 200
        old = new


def test_of_two_changes_of_a_password_one_is_made(
    door: Door, tom: Member, track: Track, rounds: range
) -> None:
    old, email = PASSWORD, str(tom.account.email)
    for place in rounds:
        words = [f"touchdown {place} {lane}" for lane in range(2)]
        bodies = [{"old_password": old, "new_password": word} for word in words]

        answers = track.race(*[partial(tom.post, "accounts/change-password/", body) for body in bodies])

        assert codes(answers) == [200, 400]
        old = words[[answer.status_code for answer in answers].index(200)]
        assert door.log_in(email, old).status_code == 200


def test_a_change_and_a_reset_at_once_leave_one_of_the_two_passwords(
    door: Door, tom: Member, track: Track, rounds: range
) -> None:
    email, old = str(tom.account.email), PASSWORD
    for _ in rounds:
        code, token = door.forgetful(email), door.log_in(email, old).json["token"]
        change = partial(door.post, "change-password/", {"old_password": old, "new_password": BETTER}, token)
        reset = partial(door.post, "reset-password/", {"token": code, "new_password": BEST})

        answers = track.race(change, reset)

        assert [answer.status_code for answer in answers] in ([200, 404], [400, 200], [403, 200])
        old = BETTER if answers[0].status_code == 200 else BEST
        assert door.log_in(email, old).status_code == 200
        back = {"old_password": old, "new_password": GOOD}
        door.post("change-password/", back, door.log_in(email, old).json["token"])
        old = GOOD


def test_requests_answered_at_once_mail_as_many_codes_and_the_last_one_is_good(
    door: Door, tom: Member, track: Track, rounds: range
) -> None:
    def answer(request: PasswordRequest) -> None:
        with transaction():
            mail_reset(request.id)

    email = str(tom.account.email)
    for _ in rounds:
        for _ in range(3):
            door.post("request-password/", {"email": email})
        track.race(*[partial(answer, request) for request in PasswordRequest.select()])
        assert OneTimeToken.select().count() == 1

    assert (Mail.select().count(), PasswordRequest.select().count()) == (3 * len(rounds), 0)


def test_what_is_given_back_at_once_is_whole_again(
    door: Door, tom: Member, track: Track, rounds: range
) -> None:
    settings.use(replace(settings.current(), failures_per_account=3, failures_per_address=3))
    email = str(tom.account.email)
    for _ in rounds:
        answers = track.race(*[partial(door.log_in, email, PASSWORD)] * 3)
        assert codes(answers) == [200, 200, 200]

    assert Allowance.select().count() == 2
    assert codes([door.log_in(email, "wrong") for _ in range(4)]) == [403, 403, 403, 429]


def test_pruning_waits_for_nobody_who_is_taking(client: HeldClient, track: Track, full: bool) -> None:
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")
    share = Share("login", "tom", Limit(3, timedelta(minutes=3)))
    Allowance.insert_many([{"key": key, "full_at": 0.0} for key in (share.key, "somebody")]).execute()

    with transaction():
        allowances.take(share)
        pruned = track.race(allowances.prune)

    assert (pruned, [row.key for row in Allowance.select()]) == ([1], [share.key])


def test_who_comes_in_while_he_is_erased_is_let_in_before_or_not_at_all(
    client: HeldClient, door: Door, track: Track, rounds: range
) -> None:
    for number in rounds:
        tom = member(client, "Tom", f"Number {number}")
        email = str(tom.account.email)
        reset = {"token": door.forgetful(email), "new_password": BETTER}

        logged_in, told, _ = track.race(
            partial(door.log_in, email, PASSWORD),
            partial(door.post, "reset-password/", reset),
            partial(erase, Person.of(tom.account.user_id)),
        )

        assert (logged_in.status_code, told.status_code) in [(a, b) for a in (200, 403) for b in (200, 404)]
        assert AuthToken.select().where(AuthToken.account == tom.account).count() == 0


def test_who_changes_himself_while_he_is_erased_does_so_before_or_not_at_all(
    client: HeldClient, door: Door, track: Track, rounds: range
) -> None:
    for number in rounds:
        tom = member(client, "Tom", f"Number {number}")
        change = {"email": f"tom{number}@example.com", "first_name": "Thomas"}

        changed, _ = track.race(
            partial(door.patch, change, tom.token), partial(erase, Person.of(tom.account.user_id))
        )

        assert changed.status_code in (200, 403)
        assert OneTimeToken.select().count() == 0
        assert User.select().where(User.first_name == "Thomas").count() == 0
