"""Heroes at once on PostgreSQL: namesakes, one who applies twice, and staff who do not agree."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from models.ledger import LedgerRow
from models.people.heroes import Hero, HeroAcceptAction
from tests.callrequests.members import PROFILE, Member, Members, member
from tests.conformance import holds
from tests.house import Client
from tests.mentoring.racing import Track

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]

ROUNDS = 100


@pytest.fixture(autouse=True)
def _on_postgres(full: bool) -> None:
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")


@pytest.fixture
def track() -> Iterator[Track]:
    """Six lanes."""
    with Track(6) as track:
        yield track


def _apply(who: Member) -> Any:
    return who.post("heroes/apply", PROFILE)


def _decide(members: Members, deed: str, hero_id: int) -> int:
    return members.sam.post(f"heroes/{deed}", {"hero_id": hero_id}).status_code


def _owed(name: str) -> int:
    return LedgerRow.select().where(LedgerRow.name == name).count()  # type: ignore[no-any-return]  # Peewee is untyped


@holds("§10.3 slugs and collisions")
def test_namesakes_who_apply_at_once_are_all_heroes_with_a_slug_each(
    client: Client, track: Track, home: Any
) -> None:
    for number in range(ROUNDS // 5):
        six = [member(client, "Ann", f"Lee{number}") for _ in range(6)]

        answers = track.race(*[partial(_apply, one) for one in six])

        assert [answer.status_code for answer in answers] == [201] * 6
        name = f"ann-lee{number}"
        assert {answer.json["slug"] for answer in answers} == {name, *(f"{name}-{n}" for n in range(1, 6))}
    assert _owed("mail_application") == Hero.select().count() == ROUNDS // 5 * 6


@holds("§10.3 apply: 403 unverified, 409 twice, mail to staff")
def test_of_applications_of_one_at_once_one_is_taken(client: Client, track: Track, home: Any) -> None:
    for number in range(ROUNDS):
        one = member(client, "Otto", f"Once{number}")

        codes = [answer.status_code for answer in track.race(*[partial(_apply, one)] * 3)]

        assert sorted(codes) == [201, 409, 409]
    assert _owed("mail_application") == Hero.select().count() == ROUNDS


@holds("§10.3 accept, decline: 400 if already so, mail to the hero")
def test_of_two_acceptances_at_once_one_is_done(client: Client, members: Members, track: Track) -> None:
    hero_id = members.tom.hero_id
    for _ in range(ROUNDS):
        Hero.update(accepted=False).where(Hero.id == hero_id).execute()

        codes = track.race(*[partial(_decide, members, "accept", hero_id)] * 3)

        assert sorted(codes) == [200, 400, 400]
    assert HeroAcceptAction.select().count() == _owed("mail_acceptance") == ROUNDS


@holds("§10.3 accept, decline: 400 if already so, mail to the hero")
@pytest.mark.parametrize("accepted", [False, True])
def test_an_acceptance_against_a_decline_ends_as_if_one_came_after_the_other(
    client: Client, members: Members, track: Track, accepted: bool
) -> None:
    hero_id, seen = members.tom.hero_id, set()
    for number in range(ROUNDS):
        Hero.update(accepted=accepted).where(Hero.id == hero_id).execute()
        before = HeroAcceptAction.select().count()
        accept, decline = (partial(_decide, members, deed, hero_id) for deed in ("accept", "decline"))

        codes = tuple(track.race(accept, decline, first=number % 2 if number < 2 else None))

        actions = list(HeroAcceptAction.select().order_by(HeroAcceptAction.id).offset(before).limit(9))
        now = Hero.get_by_id(hero_id).accepted
        orders = {(200, 400): [True], (400, 200): [False], (200, 200): [not accepted, accepted]}
        assert [action.accepted for action in actions] == orders[codes]
        assert now == actions[-1].accepted
        seen.add(codes)
    assert seen == {(200, 200), (400, 200) if accepted else (200, 400)}
