"""The finding of secrets finds them, in every form, and nothing else."""

import json

import pytest

from tests.mentoring.planting import ADAM, EVE, PASSWORD, RECORDING, TONY, found


@pytest.mark.parametrize(
    "told",
    [ADAM.number, "27839164275", "tel:+27839164275", "0839164275", "(083) 916-4275", "083 916 42 75",
     '{"a": "839164"}', "…164275", "27-83-916-4275 (home)"],
)  # fmt: skip
def test_a_number_is_found_in_any_form_and_in_part(told: str) -> None:
    assert found(f"x {told} y") == {"number:adam"}


@pytest.mark.parametrize("escape", [str, json.dumps, repr, str.upper])
def test_a_text_is_found_however_it_is_escaped(escape) -> None:
    assert found(escape(TONY.text)) == {TONY.word("text")}


def test_passwords_hashes_and_recordings_are_found() -> None:
    assert found(f"{PASSWORD} {RECORDING} $argon2id$v=19") == {"password", "recording", "hash"}


@pytest.mark.parametrize(
    "told",
    ["2026-11-22T08:39:16.427512Z", '"at": "2026-11-22 08:39:16.839164"', "oldest_due_s 83.916427",
     "etag a839164275b1c2d3", "port 83916, pid 4275", "line 839 of 164", EVE.word("nothing")],
)  # fmt: skip
def test_times_ids_and_other_digits_are_no_secrets(told: str) -> None:
    assert found(told) == set()
