"""Placeholders are filled from the event's data, and nothing that anybody writes into either breaks a call."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.appointments.placeholders import filled, known
from tests.conformance import holds

DATA = {
    "doc_name": "Dr. Who",
    "apt_date": "1 May",
    "apt_id": 42,
    "rebate": "50% off %s %(x)d",
    "doctor": {"name": "Ada", "rooms": ["A1", "B2"]},
    "doctor.nick": "Addie",
    "first_visit": True,
    "price": 9.5,
    "nothing": None,
    "Phone1": "0123",
}
VALUES = known("+2712", json.dumps(DATA))


@holds(
    "event: its data fills what is said", "§5.12 placeholders: keys in _id",
    "§5.12 placeholders: what is left is removed", "§5.12 placeholders: without braces untouched",
    "§5.12 placeholders: percent signs and nested data",
)  # fmt: skip
@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("an appointment with {doc_name} at {apt_date}", "an appointment with Dr. Who at 1 May"),
        ("without braces: 100% } #1", "without braces: 100% } #1"),
        ("{contact} {first_name}{last_name}{email}{address}.", "+2712 ."),
        ("{Phone1}/{Phone2}", "0123/"),
        ("number {apt_id}", "number 42"),
        ("left {unknown}over {}{ }{\n}.", "left over ."),
        ("{{doc_name}} {a{b}c} { lone", "  { lone"),
        ("{rebate}", "50% off %s %(x)d"),
        ("{doctor.name} in {doctor.rooms.1}, {doctor.nick}", "Ada in B2, Addie"),
        ("{doctor}{doctor.rooms}{doctor.rooms.9}{doctor.rooms.x}{doctor.name.x}.", "."),
        ("{first_visit} {price} {nothing}.", "true 9.5 ."),
    ],
)
def test_placeholders_are_filled_and_what_is_left_of_them_is_removed(text, result):
    assert filled(text, VALUES) == result


@holds("§5.12 placeholders: numbers are spelt in speech")
def test_numbers_are_spelt_in_speech_only_and_only_numbers():
    text = "{contact}|{Phone1}|{Phone2}|{doc_name}"

    assert filled(text, VALUES, speech=True) == "+ 2 7 1 2 |0 1 2 3 ||Dr. Who"
    assert filled(text, VALUES) == "+2712|0123||Dr. Who"


@holds("§5.12 placeholders: data over the built-ins")
def test_data_stands_over_what_is_known_of_every_alarm():
    values = known("+27", json.dumps({"contact": "99", "email": "a@b.example"}))

    assert filled("{contact} {email}", values, speech=True) == "9 9  a@b.example"


@pytest.mark.parametrize(
    "data", [None, "", "null", "[1]", '"text"', "7", "not JSON", "{", "[" * 100_000, '{"a": NaN}']
)
def test_data_that_holds_no_values_leaves_what_is_known(data):
    assert filled("{contact}.", known("+27", data)) == "+27."
    assert filled("{contact}.", known(None, data)) == "."


def test_values_are_escaped_in_markup_and_the_markup_is_not():
    values = known("+27", json.dumps({"name": "<script>alert('1 & 2')</script>\""}))

    assert filled("<b>{name}</b>", values, html=True) == (
        "<b>&lt;script&gt;alert(&#x27;1 &amp; 2&#x27;)&lt;/script&gt;&quot;</b>"
    )
    assert filled("<b>{name}</b>", values).startswith("<b><script>")


def test_a_value_is_neither_filled_again_nor_takes_text_away():
    values = known("+27", json.dumps({"a": "{contact}", "b": "{"}))

    assert filled("{a} {b} stays } here", values) == "(contact) ( stays } here"


def test_what_no_carrier_could_carry_is_left_out():
    values = known("+27", '{"a": "x\\u0000y\\ud800z"}')

    assert filled("{a}", values) == "xyz"


def test_braces_without_end_take_no_time():
    deep = "{" * 200_000 + "}" * 200_000

    assert filled(deep, VALUES) == ""
    assert filled("{" * 200_000, VALUES) == "{" * 200_000


KEYS = st.sampled_from([*DATA, "contact", "doctor.name", "a", "a.0", "a.b", "x_id"]) | st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
PIECES = st.lists(
    KEYS.map(lambda key: f"{{{key}}}") | st.sampled_from(list("{}%.")) | st.text(max_size=5), max_size=12
)


@settings(max_examples=500, deadline=None)
@given(pieces=PIECES, data=JSON | st.dictionaries(KEYS, JSON), speech=st.booleans(), html=st.booleans())
def test_nothing_raises_and_no_placeholder_is_ever_left(pieces, data, speech, html):
    result = filled("".join(pieces), known("+27", json.dumps(data)), speech=speech, html=html)

    assert not re.search(r"\{[^{}]*\}", result)
    assert "{" not in result or "}" not in result[result.index("{") :]
    result.encode()
