"""How the chaos's members negotiate: whom they ask, which times they offer, and what they conclude from an answer."""

from datetime import UTC, datetime, timedelta

import pytest

from chaos import members
from chaos.asking import Heard
from chaos.moves import ACCEPT, AGREE, ASK, CANCEL, COUNTER, COUNTERED, LIVES, NEAR, NEW, QUARTER, SOON, Move
from chaos.negotiating import Negotiation
from chaos.wishes import Wish
from tests.chaos.talks import row

NOW = datetime(2026, 3, 1, 12, 8, tzinfo=UTC)


def begun(*moves: Move) -> Negotiation:
    """A request that was asked for, with these moves to come."""
    errand = Negotiation(Wish("wish-1", "callrequest", "", moves=(ASK, *moves), pair=3))
    errand.acknowledge(errand.asking(), {"id": 7})
    return errand


def test_no_two_members_meet_twice():
    pairs = [members.pair(number) for number in range(members.PAIRS)]

    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    assert all(asker != hero for asker, hero in pairs)
    with pytest.raises(ValueError, match="add members"):
        members.pair(members.PAIRS)


def test_no_name_is_in_another_one():
    names = [members.name(number) for number in range(members.MEMBERS)]

    assert sum(one in other for one in names for other in names) == len(names)


def test_no_time_is_offered_twice_and_all_are_on_the_grid():
    standing = NEW
    for offer in (ACCEPT, COUNTER, COUNTERED):
        standing = standing.after(offer, NOW)
    times = [time for offer in standing.offers for time in offer]

    assert len(set(times)) == 9
    assert all(time.minute % 15 == 0 and time.second == 0 for time in times)


@pytest.mark.parametrize("minute", range(60))
def test_the_near_time_outlasts_an_outage_and_is_within_the_hour(minute: int):
    standing = NEW
    for offer in (ACCEPT, COUNTER, COUNTERED):
        standing = standing.after(offer, NOW.replace(minute=minute))
        ahead = standing.after(SOON, NOW).agreed - NOW.replace(minute=minute)

        assert NEAR < ahead <= NEAR + 3 * QUARTER < timedelta(minutes=60)


@pytest.mark.parametrize("moves", LIVES)
def test_every_life_begins_with_asking_and_offers_before_it_agrees(moves: tuple[Move, ...]):
    offers = [move for move in moves if move.name in ("accept", "counter")]
    agreed = [move for move in moves if move.name == "agree"]

    assert moves[0] == ASK
    assert all(offers[-1].by != move.by for move in agreed)


@pytest.mark.parametrize(
    ("status", "tries", "heard"),
    [
        (200, 1, Heard.DONE),
        (599, 1, Heard.AGAIN),
        (503, 2, Heard.AGAIN),
        (400, 1, Heard.NEVER),
        (400, 2, Heard.LOOK),
        (409, 2, Heard.LOOK),
        (403, 2, Heard.NEVER),
    ],
)
def test_a_refusal_means_something_else_once_an_answer_was_lost(status: int, tries: int, heard: Heard):
    assert begun(ACCEPT).asking().heard(status, tries) is heard


def test_who_looks_finds_that_his_move_took_effect():
    errand = begun(ACCEPT, AGREE)
    asking = errand.asking()

    assert asking.took_effect(row(7, asking.standing))
    assert not asking.took_effect(row(7, NEW))


def test_who_looks_finds_that_another_came_first():
    asking = begun(CANCEL).asking()

    assert not asking.took_effect(row(7, NEW._replace(status="d")))


def test_a_move_made_again_must_be_refused_and_a_request_made_again_be_the_first():
    errand = Negotiation(Wish("wish-1", "callrequest", "", moves=(ASK, ACCEPT)))
    asking = errand.asking()
    errand.acknowledge(asking, {"id": 7})

    assert errand.unchanged(asking, 200, {"id": 7})
    assert not errand.unchanged(asking, 200, {"id": 8})
    assert errand.unchanged(errand.asking(), 400, {})
    assert not errand.unchanged(errand.asking(), 200, {"id": 7})
