"""`trunkline dnc`: operators keep the do-not-call list."""

import json

import pytest

from models import donotcall
from models.donotcall import DoNotCallEntry
from tests.conformance import holds
from tests.console.conftest import Type

NUMBER = "+919876543210"


@holds("left alone: operators add, lift, list and check")
def test_a_number_is_added_checked_and_lifted(door: Type):
    assert door("dnc", "check", NUMBER).exit_code == 0
    added = door("dnc", "add", "0091 98765-43210", "--proof", "a letter of 3 May", "--language", "en")
    again = door("dnc", "add", NUMBER, "--proof", "another letter")
    checked = door("dnc", "check", "919876543210")

    assert (added.stdout, added.exit_code) == ("added\n", 0)
    assert "on the list already" in again.stdout
    assert checked.exit_code == 1
    assert "a letter of 3 May" in checked.stdout
    assert "another letter" in checked.stdout
    assert donotcall.refused(NUMBER)

    assert door("dnc", "lift", NUMBER, "--proof", "she called").stdout == "lifted\n"
    assert door("dnc", "lift", NUMBER, "--proof", "she called").exit_code == 1
    told = json.loads(door("dnc", "check", NUMBER, "--json").stdout)
    assert told["refused"] is False
    assert [(entry["done"], entry["source"], entry["proof"]) for entry in told["entries"]] == [
        ("added", "operator", "a letter of 3 May"),
        ("added", "operator", "another letter"),
        ("lifted", "operator", "she called"),
    ]


def test_the_list_hides_numbers_unless_it_is_asked_for_them(door: Type):
    donotcall.add(NUMBER, "text", "receipt 1: STOP", "en")
    donotcall.add("+15550100", "text")
    donotcall.lift("+15550100", "text")

    (hidden,) = json.loads(door("dnc", "list", "--json").stdout)
    (shown,) = json.loads(door("dnc", "list", "--json", "--numbers").stdout)
    assert (hidden["number"], hidden["proof"]) == ("hidden", "")
    assert (shown["number"], shown["proof"], shown["language"]) == (NUMBER, "receipt 1: STOP", "en")
    assert NUMBER not in door("dnc", "list").stdout
    assert NUMBER in door("dnc", "list", "--numbers").stdout
    assert door("dnc", "list").stdout.endswith("1 on the list.\n")


@pytest.mark.parametrize(
    "words",
    [("add", "nobody", "--proof", "x"), ("add", "12", "--proof", "x"), ("add", NUMBER), ("lift", NUMBER),
     ("add", NUMBER, "--proof", " "), ("check", "x")],
)  # fmt: skip
def test_what_is_no_number_or_has_no_proof_is_refused(door: Type, words: tuple[str, ...]):
    assert door("dnc", *words).exit_code == 2
    assert DoNotCallEntry.select().count() == 0
