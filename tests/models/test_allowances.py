"""Allowances: so many at once, and then one by one as they come back."""

from collections.abc import Callable
from datetime import timedelta

from models import allowances
from models.allowances import Allowance, Limit, Share, UsedUp
from models.settings import Settings

Jump = Callable[[float], None]
THREE = Limit(3, timedelta(minutes=3))  # one a minute


def share(whose: str = "tom", what: str = "login", limit: Limit = THREE) -> Share:
    return Share(what, whose, limit)


def taken(*shares: Share) -> int:
    """0 when they could be taken, else the seconds to wait, in tens: the clock goes on meanwhile."""
    try:
        allowances.take(*shares)
    except UsedUp as error:
        return error.retry_after // 10 * 10 or 1
    return 0


def test_so_many_at_once_and_then_one_as_each_comes_back(jump: Jump) -> None:
    at_once = [taken(share()) for _ in range(5)]
    jump(50)
    early = taken(share())
    jump(56)
    due = [taken(share()) for _ in range(2)]

    assert at_once == [0, 0, 0, 50, 50]  # 55: those who ask at once may be some seconds apart
    assert early == 1
    assert due == [0, 50]


def test_in_the_long_run_it_is_one_a_step(jump: Jump) -> None:
    let_through = 0
    for second in range(0, 590, 2):
        jump(second)
        let_through += taken(share()) == 0

    assert let_through == 3 + 9


def test_when_nobody_asks_it_becomes_whole_and_no_more(jump: Jump) -> None:
    for _ in range(3):
        taken(share())
    jump(100_000)

    assert [taken(share()) for _ in range(4)] == [0, 0, 0, 50]


def test_what_is_given_back_is_there_again(jump: Jump) -> None:
    for _ in range(50):
        assert taken(share()) == 0
        allowances.give_back(share())

    assert [taken(share()) for _ in range(4)] == [0, 0, 0, 50]


def test_each_is_for_one_thing_and_one_person(jump: Jump) -> None:
    for _ in range(4):
        taken(share())

    assert [taken(share()), taken(share("eve")), taken(share(what="reset"))] == [50, 0, 0]


def test_of_several_all_or_none_is_taken_and_the_longest_wait_is_told(jump: Jump) -> None:
    slow = share("office", limit=Limit(1, timedelta(hours=1)))
    assert taken(slow, share()) == 0

    refused = [taken(slow, share()) for _ in range(5)]

    assert refused == [3590] * 5
    assert [taken(share()) for _ in range(3)] == [0, 0, 50]


def test_whole_ones_are_pruned(jump: Jump) -> None:
    taken(share())
    early = allowances.prune()
    jump(61)

    assert (early, allowances.prune(), Allowance.select().count()) == (0, 1, 0)


def test_nobody_can_read_whose_they_are(home: Settings) -> None:
    taken(share("tom@example.com"))

    assert "tom" not in Allowance.get().key
