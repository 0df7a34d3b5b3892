"""Administrators see who is to be left alone, and add and lift numbers on a page."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from models import donotcall
from tests.api.looking import statements
from tests.conformance import holds
from tests.house import ADMIN, Staff
from tests.pages.reader import Reader

PAGE, NUMBER = "/admin/left-alone", "+919876543210"


@pytest.fixture
def admin(logged_in: Callable[[str], Reader]) -> Reader:
    return logged_in(ADMIN)


@holds("left alone: a page for administrators")
def test_a_number_is_added_and_lifted_with_what_was_said(admin: Reader, staff: Staff):
    with capture_logs() as logged:
        added = admin.fill(PAGE, PAGE, number="0091 98765-43210", proof="<b>wrote a letter</b>")
    page = admin.get(PAGE).text

    assert (added.status_code, added.headers["Location"]) == (303, PAGE)
    assert donotcall.refused(NUMBER)
    assert NUMBER in page
    assert "&lt;b&gt;wrote a letter&lt;/b&gt;" in page
    assert "98765" not in str(logged)

    form = admin.form(PAGE, PAGE)
    admin.post(f"{PAGE}/lift", {**form, "number": NUMBER, "proof": "called and asked for it"})
    assert not donotcall.refused(NUMBER)
    assert NUMBER not in admin.get(PAGE).text
    assert [(row.done, row.source) for row in donotcall.history([NUMBER])] == [
        ("added", f"user:{staff.admin.id}"),
        ("lifted", f"user:{staff.admin.id}"),
    ]


def test_what_changes_nothing_is_said(admin: Reader):
    donotcall.add(NUMBER, "text")
    admin.fill(PAGE, PAGE, number=NUMBER, proof="again")
    assert "It was on the list already." in admin.get(PAGE).text
    form = admin.form(PAGE, PAGE)
    for _ in range(2):
        admin.post(f"{PAGE}/lift", {**form, "number": NUMBER, "proof": "asked for it"})
    assert "It is not on the list." in admin.get(PAGE).text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"number": "nobody", "proof": "x"}, "write a phone number"),
        ({"number": NUMBER, "proof": " "}, "blank"),
    ],
)
@pytest.mark.parametrize("action", [PAGE, f"{PAGE}/lift"])
def test_what_is_wrong_is_said_beside_its_field(
    admin: Reader, action: str, values: dict[str, str], said: str
):
    answer = admin.post(action, {**admin.form(PAGE, PAGE), **values})
    assert answer.status_code == 400
    assert said in answer.text
    assert not donotcall.refused(NUMBER)


def test_a_long_list_shows_the_latest_and_says_how_many_there_are(admin: Reader):
    donotcall.add("+15550100000", "text")
    with statements() as short:
        admin.get(PAGE)
    for place in range(1, 205):
        donotcall.add(f"+15550100{place:03}", "text")
    with statements() as long:
        page = admin.get(PAGE).text
    assert "These are the latest of 205" in page
    assert "+15550100204" in page
    assert "+15550100000" not in page
    assert len(long) == len(short)
