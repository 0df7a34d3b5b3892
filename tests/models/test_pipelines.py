"""What a good pipelines.yaml tells the rest of the house."""

from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.commands import COMMANDS
from models.pipelines import Actor, Backoff, CommandInfo, NoRoute, Pipelines, Rate, load
from models.pipelines.parts import spelled
from models.pipelines.values import duration
from models.vocabulary import EVENTS, PROVIDERS
from tests.models.pipelines_of_a_shop import FILE, loaded

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def shop(tmp_path: Path) -> Pipelines:
    path = tmp_path / "pipelines.yaml"
    path.write_text(FILE)
    return loaded(str(path))


@pytest.fixture(scope="module")
def ours() -> Pipelines:
    commands = {name: CommandInfo(name, command.needs()) for name, command in COMMANDS.items()}
    path = Path(__file__).parents[2] / "pipelines.yaml"
    return load(path, commands=commands, events=EVENTS, providers=PROVIDERS, reminders=["scheduled_call"])


def test_the_file_we_ship_speaks_our_vocabulary(ours: Pipelines) -> None:
    assert ours.actors.keys() == COMMANDS.keys()
    assert ours.follows.keys() == EVENTS.keys()


def test_the_file_we_ship_dials_when_a_call_is_requested_and_tells_the_mentor_when_it_is_over(
    ours: Pipelines,
) -> None:
    assert ours.follow("call.requested") == ("dial",)
    assert ours.follow("call.ended") == ours.follow("call.failed") == ("notify_mentor",)


def test_the_file_we_ship_tries_a_dial_three_times_within_ten_minutes(ours: Pipelines) -> None:
    dial = ours.actors["dial"]

    assert (dial.attempts, dial.timeout, dial.expires) == (3, 15 * SECOND, 10 * MINUTE)


def test_the_file_we_ship_gives_all_but_hooks_to_the_simulator_without_limit(ours: Pipelines) -> None:
    carried = [channel for name, channel in ours.routes.items() if name != "hooks"]
    routes = [route for channel in carried for route in channel]

    assert {(route.use, route.rate) for route in routes} == {(("simulator",), None)}


def test_the_file_we_ship_masks_every_call_and_text_by_a_number_of_ours(ours: Pipelines) -> None:
    assert (
        ours.route("voice", "+919876543210").shown
        == ours.route("texts", "+919876543210").shown
        == "+15550100"
    )


def test_the_file_we_ship_reminds_a_day_an_hour_a_quarter_and_no_time_ahead(ours: Pipelines) -> None:
    assert ours.reminders["scheduled_call"] == (1440 * MINUTE, 60 * MINUTE, 15 * MINUTE, 0 * MINUTE)


def test_an_event_is_followed_by_its_actors_in_order_of_writing(shop: Pipelines, tmp_path: Path) -> None:
    both = FILE.replace("[dial]", "[sweep, dial]")
    (tmp_path / "both.yaml").write_text(both)

    assert loaded(str(tmp_path / "both.yaml")).follow("call.requested") == ("sweep", "dial")
    assert shop.follow("message.sent") == ()


def test_an_event_the_code_does_not_know_is_a_bug_and_not_silence(shop: Pipelines) -> None:
    with pytest.raises(KeyError, match=r"call\.exploded"):
        shop.follow("call.exploded")


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("+911112345678", "voice:+9111"),
        ("+919876543210", "voice:+91"),
        ("+15550100", "voice:*"),
        ("+9", "voice:*"),
    ],
)
def test_a_number_takes_the_first_route_that_fits_it(shop: Pipelines, number: str, key: str) -> None:
    assert shop.route("voice", number).key == key


def test_a_route_says_who_carries_how_fast_and_which_number_is_shown(shop: Pipelines) -> None:
    route = shop.route("voice", "+911112345678")

    assert (route.use, route.rate, route.shown) == (("oniondev",), Rate(600, MINUTE), "+15550100")


def test_a_number_that_nobody_carries_is_said_so_without_the_number(tmp_path: Path) -> None:
    path = tmp_path / "pipelines.yaml"
    path.write_text(FILE.replace('    - {use: [simulator], shown: "+15550102"}\n', ""))

    with pytest.raises(NoRoute) as error:
        loaded(str(path)).route("voice", "+15550100")

    assert str(error.value) == "no route of voice carries this number"


def test_a_prefix_needs_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "pipelines.yaml"
    path.write_text(FILE.replace('"+91"', "+91"))

    assert loaded(str(path)).route("voice", "+919876543210").prefix == "+91"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "pipelines.yaml"
    path.write_text(FILE, encoding="utf-8-sig")

    assert loaded(str(path)).follow("call.requested") == ("dial",)


def test_an_actor_knows_its_queue_and_its_queue_its_threads_and_rate(shop: Pipelines) -> None:
    assert shop.actors["dial"].queue == "dialing"
    assert (shop.queue_of("dial").threads, shop.queue_of("dial").rate) == (16, Rate(10, SECOND))
    assert shop.queue_of("sweep").rate is None


def test_a_rate_is_also_the_time_between_two() -> None:
    assert Rate(10, SECOND).interval == timedelta(milliseconds=100)
    assert Rate(600, MINUTE).interval == timedelta(milliseconds=100)


def test_a_lease_covers_a_request_to_a_carrier_and_one_to_the_next(shop: Pipelines) -> None:
    assert shop.actors["dial"].lease > 15 * SECOND
    assert shop.actors["sweep"].lease > timedelta()


def test_periodic_actors_have_their_period(shop: Pipelines) -> None:
    assert dict(shop.every) == {"sweep": 30 * SECOND}


def test_what_was_loaded_cannot_be_changed(shop: Pipelines) -> None:
    with pytest.raises(AttributeError):
        cast(dict[str, Actor], shop.actors).clear()


def test_waits_double_from_the_first_and_stop_at_the_last() -> None:
    backoff = Backoff(5 * SECOND, 60 * SECOND)

    shortest = [backoff.delay(attempt, jitter=0.0).total_seconds() for attempt in range(1, 7)]

    assert shortest == [5, 10, 20, 30, 30, 30]
    assert backoff.delay(1, jitter=0.5) == 7.5 * SECOND
    assert backoff.delay(9, jitter=0.999999) > 59 * SECOND


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**9), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_outside_its_bounds(first: int, more: int, attempt: int, jitter: float) -> None:
    backoff = Backoff(first * SECOND, (first + more) * SECOND)

    assert backoff.first <= backoff.delay(attempt, jitter) <= backoff.last


@given(st.integers(0, 999_999), st.sampled_from(["ms", "s", "m", "h"]))
def test_a_duration_is_spelled_as_it_can_be_read_again(count: int, unit: str) -> None:
    value = duration(f"{count}{unit}", high=timedelta.max)

    assert duration(spelled(value), high=timedelta.max) == value
