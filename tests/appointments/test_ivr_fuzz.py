"""Whatever a survey's branches and columns are and whatever is heard, a call says known things and ends."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.appointments.ivr.actions import ENDS_A_TURN, Action, Answer, Hangup
from models.appointments.ivr.engine import MOST_STEPS, begin, heard
from models.appointments.ivr.inputs import Digits, Done, HungUp, Recorded, Silence
from models.appointments.ivr.scripts import Node, Script, Talk
from models.appointments.ivr.states import State
from models.appointments.surveys import SealedSection

KEYS = st.sampled_from([*"0123456789", "12", "any", "invalid", "timeout"])
WORDS = st.sampled_from(["", "yes", "{contact} {x}", "5/5"])
SMALL = st.integers(-1, 12)
INPUTS = st.one_of(
    st.text("0123456789*#", max_size=4).map(Digits),
    st.text(max_size=3).map(Digits),
    st.builds(Recorded, WORDS, st.floats()),
    st.sampled_from([Silence(), Done(), HungUp()]),
)


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    """Any script, wise or not."""
    count = draw(st.integers(0, 5))
    nodes = []
    for number in range(1, count + 1):
        columns: dict[str, Any] = {
            name: draw(WORDS) for name in ("script", "phonenumber", "sms_text", "key_1")
        }
        columns |= {name: draw(SMALL) for name in ("retries", "timeout", "rating_laps", "number_digits")}
        columns |= {"type": draw(st.integers(0, 11)), "completed": draw(st.booleans())}
        columns |= {"validate_number": draw(st.booleans()), "audiofile": draw(st.none() | st.just(7))}
        goto = st.none() | st.integers(1, count)
        branches = draw(st.dictionaries(KEYS, goto, max_size=4))
        nodes.append(Node(SealedSection(id=number, question="?", order=number, **columns), branches))
    script = Script(1, "en", tuple(nodes))
    values = draw(
        st.dictionaries(st.sampled_from(["sms_phonenumber", "transfer_phonenumber"]), st.none() | WORDS)
    )
    return Talk(script, "+27", "9", values, draw(st.sampled_from(["", "555"])))


def told(talk: Talk, state: State, actions: list[Any]) -> None:
    """What holds after every turn."""
    assert all(isinstance(action, Action) for action in actions)
    assert State.from_json(state.as_json()) == state
    assert [type(action) for action in actions[:-1]].count(Hangup) == 0
    waiting = [action for action in actions if isinstance(action, ENDS_A_TURN)]
    assert len(waiting) <= 1
    for action in actions:
        if isinstance(action, Answer):
            assert action.section_id in talk.script.by_id
            assert not action.rating or action.response.isdigit()


@settings(max_examples=400, deadline=None)
@given(talk=talks(), inputs=st.lists(INPUTS, max_size=25))
def test_any_input_is_followed_by_known_actions_and_nothing_is_said_after_the_end(talk, inputs):
    state, actions = begin(talk)
    told(talk, state, actions)
    for what in inputs:
        ended = state.ended
        state, actions = heard(talk, state, what)
        told(talk, state, actions)
        assert not ended or all(isinstance(action, Answer) for action in actions)
        assert not ended or state.ended


@settings(max_examples=100, deadline=None)
@given(talk=talks(), inputs=st.lists(INPUTS, min_size=1, max_size=3))
def test_any_call_ends(talk, inputs):
    state, actions = begin(talk)
    turns = 0
    while not state.ended:
        state, actions = heard(talk, state, inputs[turns % len(inputs)])
        turns += 1
        assert turns <= MOST_STEPS + 1

    assert not actions or actions[-1] == Hangup()


@settings(max_examples=200, deadline=None)
@given(talk=talks(), inputs=st.lists(INPUTS, max_size=10))
def test_the_same_inputs_are_answered_alike(talk, inputs):
    def run() -> list[Any]:
        state, actions = begin(talk)
        seen = [(state, actions)]
        for what in inputs:
            seen.append(heard(talk, seen[-1][0], what))
        return seen

    assert repr(run()) == repr(run())
