"""What a talking call says and asks: the specification's §5.13 as examples of each type of node."""

from dataclasses import replace
from typing import Any

import pytest

from models.appointments.ivr.actions import (
    AddToDnc,
    Answer,
    Collect,
    Complete,
    Conference,
    Hangup,
    Play,
    Record,
    SendText,
    Speak,
    Transfer,
)  # fmt: skip
from models.appointments.ivr.engine import MOST_STEPS, begin, heard
from models.appointments.ivr.inputs import Digits, Done, HungUp, Recorded, Silence
from models.appointments.ivr.scripts import Node, Script, Talk
from models.appointments.ivr.states import State
from models.appointments.placeholders import known
from models.appointments.surveys import SealedSection
from models.appointments.surveys.sealing import seal
from models.appointments.surveys.sections import (
    CALL_TRANSFER,
    CAPTURE_DIGITS,
    CONFERENCE,
    DNC,
    HANGUP,
    MULTI_CHOICE,
    PLAY_MESSAGE,
    RATING,
    RECORD,
    SMS,
)  # fmt: skip
from tests.appointments.surveys import written
from tests.conformance import holds
from tests.house import Staff

CONTACT, CALLERID = "+27123", "900"
END = Hangup()


def talk(*nodes: dict[str, Any], data: str = "{}", **more: Any) -> Talk:
    """A script of these nodes, each of which says its own number, to the contact."""
    made = []
    for number, node in enumerate(nodes, start=1):
        columns = {key: value for key, value in node.items() if key != "branches"}
        section = SealedSection(
            id=number, question="?", **{"script": f"say {number}", "order": number} | columns
        )
        made.append(Node(section, node.get("branches", {})))
    return Talk(Script(1, "en", tuple(made)), CONTACT, CALLERID, known(CONTACT, data), **more)


def said(text: str) -> Speak:
    return Speak(text, "en")


def played(who: Talk, *inputs: Any) -> list[Any]:
    """All that is done, the state kept as JSON between any two inputs."""
    state, done = begin(who)
    for what in inputs:
        state, more = heard(who, State.from_json(state.as_json()), what)
        done = done + more
    return done


TWO = {"type": PLAY_MESSAGE}


@holds(
    "§5.13 ivr: audio file, else speech",
    "§5.13 ivr: PLAY, RECORD, TRANSFER, CONFERENCE, SMS go on by 0, else timeout", "§5.13 ivr: HANGUP",
    "§5.13 ivr: DNC", "§5.13 ivr: goto null hangs up", "§5.13 ivr: the SMS node", "§5.13 ivr: completed",
    "codes: section type",
)  # fmt: skip
@pytest.mark.parametrize(
    ("nodes", "done"),
    [
        ([], [END]),
        ([{}], [said("say 1"), END]),
        ([{"branches": {"0": None}}], [said("say 1"), END]),
        ([{"branches": {"0": 2}}, TWO], [said("say 1"), said("say 2"), END]),
        ([{"branches": {"timeout": 2}}, TWO], [said("say 1"), said("say 2"), END]),
        ([{"branches": {"0": None, "timeout": 2}}, TWO], [said("say 1"), said("say 2"), END]),
        ([{"branches": {"1": 2, "any": 2}}, TWO], [said("say 1"), END]),
        ([{"audiofile": 7}], [Play(7), END]),
        ([{"script": "{unknown} "}], [END]),
        ([{"completed": True}], [Complete(), said("say 1"), END]),
        ([{"type": HANGUP, "branches": {"0": 2}}, TWO], [said("say 1"), END]),
        (
            [{"type": DNC, "branches": {"0": 2}}, TWO],
            [AddToDnc(CONTACT), Answer(1, "DNC: +27123", "DNC: +27123"), said("say 1"), END],
        ),
        (
            [{"type": SMS, "sms_text": "hi {contact}", "branches": {"0": 2}}, TWO],
            [
                said("say 1"),
                SendText(1, CONTACT, CALLERID, "hi +27123"),
                Answer(1, "SMS: +27123", "SMS: +27123"),
                said("say 2"),
                END,
            ],
        ),
        ([{"type": SMS, "sms_text": " {x}"}], [said("say 1"), END]),
        ([{"type": CALL_TRANSFER, "branches": {"0": 2}}, TWO], [said("say 1"), said("say 2"), END]),
        ([{"type": RECORD, "timeout": 0}], [said("say 1"), Record(120, 1)]),
        ([{"type": MULTI_CHOICE}], [said("say 1"), Collect(1, 5)]),
        ([{"type": RATING, "timeout": -3}], [said("say 1"), Collect(1, 1)]),
        ([{"type": RATING, "rating_laps": 10}], [said("say 1"), Collect(2, 5)]),
        ([{"type": CAPTURE_DIGITS, "number_digits": 6}], [said("say 1"), Collect(6, 5)]),
        ([{"type": 99, "branches": {"0": 2}}, TWO], [said("say 1"), said("say 2"), END]),
    ],
)  # fmt: skip
def test_a_call_begins_by_what_its_first_nodes_say(nodes, done):
    assert played(talk(*nodes)) == done


@holds("§5.13 ivr: begins at the lowest order")
def test_a_call_begins_at_the_lowest_order(staff: Staff):
    sealed = seal(written(staff.admin, {"question": "one"}, {"question": "two"}).id)
    SealedSection.update(order=0).where(SealedSection.script == "two").execute()

    script = Script.load(sealed)

    assert [node.section.script for node in script.nodes] == ["two", "one"]
    assert begin(Talk(script, CONTACT))[1] == [said("two"), END]


def test_what_is_said_is_filled_and_numbers_are_spelt():
    who = talk({"script": "{contact} and {name}: 100%"}, data='{"name": "Ada %s"}')

    assert played(who) == [said("+ 2 7 1 2 3  and Ada %s: 100%"), END]


MENU = {"type": MULTI_CHOICE, "key_1": "yes", "key_2": "no", "key_3": " "}
NEXT = {"type": PLAY_MESSAGE}
ASKED_MENU = [said("say 1"), Collect(1, 5)]


@holds(
    "§5.13 ivr: MULTI_CHOICE", "§5.13 ivr: no input", "§5.13 ivr: invalid input",
    "§5.13 ivr: a digit's branch, else any", "§5.13 ivr: goto null hangs up",
)  # fmt: skip
@pytest.mark.parametrize(
    ("branches", "inputs", "done"),
    [
        ({"1": 2}, [Digits("1")], [Answer(1, "yes", "yes"), said("say 2"), END]),
        ({"1": 2}, [Digits("1#")], [Answer(1, "yes", "yes"), said("say 2"), END]),
        ({"any": 2}, [Digits("2")], [Answer(1, "no", "no"), said("say 2"), END]),
        ({"1": None, "any": 2}, [Digits("1")], [Answer(1, "yes", "yes"), END]),
        ({"1": 2}, [Digits("2")], [Answer(1, "no", "no"), *ASKED_MENU]),
        ({"invalid": 2}, [Digits("3")], [said("say 2"), END]),
        ({"invalid": 2}, [Digits("*")], [said("say 2"), END]),
        ({"invalid": None, "timeout": 2}, [Digits("9")], [END]),
        ({"timeout": 2}, [Digits("9")], [said("say 2"), END]),
        ({"timeout": 2, "invalid": None}, [Silence()], [said("say 2"), END]),
        ({"timeout": 2, "invalid": None}, [Digits("#")], [said("say 2"), END]),
        ({"timeout": None, "invalid": 2}, [Silence()], [END]),
        ({"invalid": 2}, [Silence()], [said("say 2"), END]),
        ({"1": 2, "any": 2}, [Silence()], [END]),
        ({"1": 2}, [HungUp(), Digits("1")], []),
        ({"1": 2}, [Done(), Recorded("f", 3)], []),
    ],
)
def test_a_choice_goes_where_its_branches_say(branches, inputs, done):
    assert played(talk(MENU | {"branches": branches}, NEXT), *inputs) == ASKED_MENU + done


@holds("§5.13 ivr: RATING", "§5.13 ivr: CAPTURE", "§5.13 ivr: tries, timeout and #")
@pytest.mark.parametrize(
    ("node", "pressed", "response"),
    [
        ({"type": RATING, "rating_laps": 3}, "3", "3"),
        ({"type": RATING, "rating_laps": 3}, "4", None),
        ({"type": RATING, "rating_laps": 3}, "0", None),
        ({"type": RATING, "rating_laps": 10}, "10", "10"),
        ({"type": RATING, "rating_laps": 10}, "05", "5"),
        ({"type": RATING, "rating_laps": 10}, "11", None),
        ({"type": RATING, "rating_laps": 0}, "1", None),
        ({"type": CAPTURE_DIGITS}, "07", "07"),
        ({"type": CAPTURE_DIGITS}, "7#", "7"),
        ({"type": CAPTURE_DIGITS, "number_digits": 3}, "100", None),
        ({"type": CAPTURE_DIGITS, "min_number": 8}, "07", None),
        ({"type": CAPTURE_DIGITS, "number_digits": 3, "validate_number": False}, "100", "100"),
        ({"type": CAPTURE_DIGITS, "number_digits": 9999, "validate_number": False}, "1" * 9999, "1" * 64),
        ({"type": CAPTURE_DIGITS}, "1*", None),
        ({"type": CAPTURE_DIGITS}, "²", None),
        ({"type": CAPTURE_DIGITS}, "", None),
    ],
)
def test_digits_are_taken_within_their_bounds(node, pressed, response):
    who = talk(node | {"branches": {"any": 2, "invalid": None}}, NEXT)

    done = played(who, Digits(pressed))[2:]

    if response is None:
        assert done == [END]
    else:
        assert done == [Answer(1, response, response, node["type"] == RATING), said("say 2"), END]


@holds("§5.13 ivr: a digit's branch, else any")
@pytest.mark.parametrize(("kind", "again"), [(RATING, False), (CAPTURE_DIGITS, True)])
def test_a_valid_answer_without_a_branch_ends_a_rating_and_asks_others_again(kind, again):
    done = played(talk({"type": kind, "branches": {"timeout": None}}), Digits("5"))

    assert done[3:] == ([said("say 1"), Collect(2, 5)] if again else [END])


@holds("§5.13 ivr: tries, timeout and #")
def test_each_try_in_vain_is_followed_by_the_invalid_audio_and_the_question():
    node = {"type": RATING, "retries": 2, "invalid_audiofile": 9, "branches": {"timeout": 2, "invalid": None}}
    asked = [said("say 1"), Collect(1, 5)]

    assert played(talk(node, NEXT), Digits("0"), Silence(), Silence()) == [
        *asked, Play(9), *asked, Play(9), *asked, said("say 2"), END,
    ]  # fmt: skip
    assert played(talk(node, NEXT), Silence(), Silence(), Digits("0"))[-1] == END
    assert played(talk(node | {"branches": {"1": 2}}, NEXT), Silence(), Digits("1"))[-2:] == [
        said("say 2"),
        END,
    ]


@holds("§5.13 ivr: PLAY, RECORD, TRANSFER, CONFERENCE, SMS go on by 0, else timeout")
@pytest.mark.parametrize(
    ("inputs", "done"),
    [
        ([Recorded("a.wav", 20.9)], [Answer(1, "", "0-20", record_file="a.wav", seconds=20), said("say 2"), END]),
        ([Recorded("", 0)], [said("say 2"), END]),
        ([Silence()], [said("say 2"), END]),
        ([HungUp(), Recorded("a.wav", 61)], [Answer(1, "", "61-90", record_file="a.wav", seconds=61)]),
        ([HungUp(), Recorded("a", 1), Recorded("a", 1)], [Answer(1, "", "0-20", record_file="a", seconds=1)]),
        ([Digits("1"), Done()], []),
    ],
)  # fmt: skip
def test_a_recording_is_kept_even_when_it_is_told_after_the_end(inputs, done):
    who = talk({"type": RECORD, "branches": {"0": 2}}, NEXT)

    assert played(who, *inputs) == [said("say 1"), Record(120, 5), *done]


@holds("§5.13 ivr: recordings in bands")
@pytest.mark.parametrize(
    ("seconds", "counted"),
    [(0, "0-20"), (20, "0-20"), (21, "21-40"), (40, "21-40"), (41, "41-60"), (60, "41-60"), (61, "61-90"),
     (90, "61-90"), (91, ">90"), (float("nan"), "0-20"), (float("inf"), "0-20"), (-1, "0-20")],
)  # fmt: skip
def test_recordings_are_counted_in_bands(seconds, counted):
    answer = played(talk({"type": RECORD}), Recorded("f", seconds))[2]

    assert answer.counted == counted


@holds("§5.13 ivr: TRANSFER", "§5.12 data: transfer_phonenumber", "§5.12 data: transfer_ref")
@pytest.mark.parametrize(
    ("columns", "data", "transfer"),
    [
        ({"phonenumber": "123"}, "{}", Transfer("123", CONTACT)),
        ({"phonenumber": "sofia/gateway/x/1"}, "{}", Transfer("sofia/gateway/x/1", CONTACT, True)),
        ({"phonenumber": "1"}, '{"transfer_phonenumber": 55}', Transfer("55", CONTACT)),
        ({}, '{"transfer_phonenumber": "55"}', Transfer("55", CONTACT)),
        (
            {"phonenumber": "1", "confirm_script": "From {contact}", "confirm_key": "5"},
            '{"transfer_ref": "r\\r\\nX: 1"}',
            Transfer("1", CONTACT, confirm_text="From + 2 7 1 2 3", confirm_key="5", ref="rX: 1"),
        ),
    ],
)
def test_a_transfer_connects_and_then_the_call_goes_on(columns, data, transfer):
    who = talk({"type": CALL_TRANSFER, "branches": {"0": 2}} | columns, NEXT, data=data)

    note = f"phonenumber: {transfer.to}"
    assert played(who) == [said("say 1"), transfer, Answer(1, note, note)]
    assert played(who, Silence(), Done())[3:] == [said("say 2"), END]


@pytest.mark.parametrize(("room", "named"), [("ward", "ward"), ("", "section-1")])
def test_a_conference_is_entered_and_then_the_call_goes_on(room, named):
    who = talk({"type": CONFERENCE, "conference": room, "branches": {"timeout": 2}}, NEXT)

    note = f"conf: {named}"
    assert played(who) == [said("say 1"), Conference(named), Answer(1, note, note)]
    assert played(who, Done())[3:] == [said("say 2"), END]


@holds("§5.13 ivr: the SMS node", "§5.12 data: sms_phonenumber")
def test_a_text_goes_where_the_data_says():
    who = talk({"type": SMS, "sms_text": "x"}, data='{"sms_phonenumber": "77"}')

    assert played(who)[1:3] == [SendText(1, "77", CALLERID, "x"), Answer(1, "SMS: 77", "SMS: 77")]


@holds(
    "alarm setting: phone number transfer", "§5.16 hook: 3 transfers", "case: 3 connects with the secretary",
)  # fmt: skip
def test_rescheduling_connects_with_somebody_when_the_script_does_not():
    """§5.16"""
    rating = {"type": RATING, "branches": {"3": 2, "2": 2}}
    who = talk(rating, NEXT, transfer_to="555")
    asked = [said("say 1"), Collect(1, 5)]

    assert played(who, Digits("3")) == [*asked, Answer(1, "3", "3", True), Transfer("555", CONTACT)]
    assert played(who, Digits("3"), Done())[4:] == [said("say 2"), END]
    assert played(talk({"type": RATING}, transfer_to="5"), Digits("3"), Done())[4:] == [END]
    assert played(who, Digits("2"))[3:] == [said("say 2"), END]
    own = talk(rating, NEXT, {"type": CALL_TRANSFER}, transfer_to="555")
    assert played(own, Digits("3"))[3:] == [said("say 2"), END]
    menu = talk(MENU | {"key_3": "another day", "branches": {"any": 2}}, NEXT, transfer_to="555")
    assert played(menu, Digits("3"))[3:] == [said("say 2"), END]


def test_who_is_to_be_left_alone_is_connected_with_nobody_and_the_call_goes_on():
    node = {"type": CALL_TRANSFER, "phonenumber": "55", "branches": {"0": 2}}

    assert played(talk(node, NEXT, unwanted={"55"})) == [said("say 1"), said("say 2"), END]
    named = talk(node, NEXT, data='{"transfer_phonenumber": "66"}', unwanted={"66"})
    assert (named.connectable, played(named)) == ({"66"}, [said("say 1"), said("say 2"), END])
    asked = talk({"type": RATING, "branches": {"3": 2}}, NEXT, transfer_to="55", unwanted={"55"})
    assert played(asked, Digits("3"))[2:] == [Answer(1, "3", "3", True), said("say 2"), END]


@pytest.mark.parametrize("node", [{}, {"type": SMS}, {"type": CALL_TRANSFER}])
def test_a_circle_of_nodes_that_ask_nothing_ends(node):
    done = played(talk(node | {"branches": {"0": 1}}))

    assert done == [said("say 1")] * MOST_STEPS + [END]


@pytest.mark.parametrize("pressed", [Digits("1"), Digits("*"), Silence(), Done()])
def test_nobody_keeps_a_line_by_never_answering(pressed):
    who = talk({"type": CAPTURE_DIGITS, "retries": 10**9, "branches": {"any": 1}})

    done = played(who, *[pressed] * (MOST_STEPS + 1))

    assert done.count(END) == 1
    assert done[-1] == END


def test_a_state_is_small_and_comes_back_as_it_was():
    state = replace(begin(talk(MENU))[0], tries=3, then=2**40)

    assert State.from_json(state.as_json()) == state
    assert len(state.as_json()) < 200
