"""Phone numbers: what is one, and that none is shown by accident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.numbers import PhoneNumber, masked


@pytest.mark.parametrize(
    "text",
    ["+27123456789", "27123456789", "+27 12 345-6789", "(27) 123456789", " 2712345 ", "999999999999999"],
)
def test_a_number_is_kept_as_given_and_known_by_its_digits(text: str) -> None:
    number = PhoneNumber.parse(text)

    assert number.reveal() == text.strip()
    assert number.e164() == "+" + number.msisdn
    assert number.msisdn == "".join(filter(str.isdigit, text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "012345678",
        "123456",
        "1" * 16,
        "+27x123456",
        "+٢٧123456789",
        "2712345\n",
        "27\t12345678",
        "2712345678²",
        "(" * 60 + "2712345678",
    ],
)
def test_anything_else_is_none_and_the_error_does_not_repeat_it(text: str) -> None:
    with pytest.raises(ValueError, match="write a phone number like") as error:
        PhoneNumber.parse(text)

    assert len(text) < 5 or text not in str(error.value)


def test_numbers_are_equal_by_their_digits() -> None:
    one, same, other = map(PhoneNumber.parse, ("+27 12 345 6789", "27123456789", "27123456780"))

    assert len({one, same, other}) == 2
    assert (one == same, one == other, one == "27123456789") == (True, False, False)
    assert min(one, other) == other


def test_printing_a_number_shows_nothing_of_it() -> None:
    number = PhoneNumber.parse("+27123456789")

    for printed in (str(number), repr(number), f"{number}", repr([number]), repr({"to": number})):
        assert not any(character.isdigit() for character in printed)


@pytest.mark.parametrize(
    "text",
    ["+27123456789", "27123456789", "call +27 12 345 6789 now", "to=27123456789,", '"27123456789"',
    "(+27)-12-345-6789",
     "a 27123456789 b +919876543210 c"],
)  # fmt: skip
def test_the_mask_leaves_no_four_digits_of_a_number(text: str) -> None:
    assert not any(
        text[at : at + 4].isdigit() and text[at : at + 4] in masked(text) for at in range(len(text))
    )
    assert "hidden" in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "call:12",
        "command 4711, attempt 2",
        "2026-03-01T12:00:00.123456Z",
        "message:1234567",
        "room 123456",
        "callrequest:1234567",
        "callrequest-reminder:1234567",
        "N1:1234567",
    ],
)
def test_the_mask_spares_ids_and_times(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "tel:919876543210",
        "mobile-919876543210",
        "00919876543210",
        "98765 43210",
        "(987) 654-3210",
        "x-919876543210",
    ],
)
def test_the_mask_knows_numbers_by_their_usual_forms(text: str) -> None:
    assert "43210" not in masked(text)
    assert "3210" not in masked(text)


@given(
    st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    st.sampled_from(["{}", "x {} y", "({})", "'{}'", "{}.", "to={}"]),
)
def test_no_international_number_gets_past_the_mask(number: str, around: str) -> None:
    assert number[-4:] not in masked(around.format(number))
