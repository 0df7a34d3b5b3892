"""Links in mails: whom they let act, on what; who only looks changes nothing; and nobody else learns of them."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import structlog

from models import database, settings
from models.callrequests import CallRequest, links
from models.ledger import LedgerRow
from models.people import User
from models.people.accounts import Account
from tests.callrequests.members import member
from tests.conformance import holds
from tests.house import Client
from tests.pages.meeting import Pair, deeds_of, times, walls
from tests.pages.reader import Reader

DAY = 86400.0
DEEDS = ("accept", "decline", "agree", "propose", "cancel")


def everything() -> str:
    """All that is in the database."""
    db = database.db.obj
    tables = {name: db.execute_sql(f"SELECT * FROM {name}").fetchall() for name in sorted(db.get_tables())}
    return json.dumps(tables, default=str)


def dead_links(pair: Pair) -> dict[str, str]:
    """Paths that open nothing, each for another reason."""
    good = pair.page(pair.tom)
    token = good.rpartition("/")[2]
    stranger = urlsplit(links.page(pair.id, pair.others.eve.account.id)).path
    hero = urlsplit(links.page(pair.id, pair.others.heidi.account.id)).path
    unsubscribe = urlsplit(links.unsubscribe(pair.tom.account.id)).path.rpartition("/")[2]
    other = "A" if token[-1] != "A" else "B"
    return {
        "altered": good[:-1] + other,
        "cut off": good[:-5],
        "with something behind": good + "x",
        "of a stranger": stranger,
        "of another hero": hero,
        "for ending mails": f"/meet/{unsubscribe}",
        "made up": "/meet/WzEsMV0.AAAA",
        "hostile": "/meet/%3Cscript%3Ealert(1)%3C",
        "long": "/meet/" + "A" * 2000,
    }


@holds("a public page: a link is one party's")
def test_a_link_that_opens_nothing_says_the_same_whatever_is_wrong_with_it(
    pair: Pair, jump: Callable[[float], None]
):
    paths, old = dead_links(pair), pair.page(pair.tom)
    before = everything()
    answers = {}
    for reason, path in paths.items():
        answer = pair.reader.get(path)
        posted = pair.reader.post(path, {"do": "cancel", "reason": "Gotcha"})
        calendar = pair.reader.get(path + "/calendar.ics")
        assert [answer.status_code, posted.status_code, calendar.status_code] == [404] * 3, reason
        answers[reason] = answer.text.replace(path, "")
    assert everything() == before
    User.update(is_active=False).where(User.id == pair.tom.account.user_id).execute()
    answers["of who is disabled"] = pair.reader.get(old).text
    User.update(is_active=True).where(User.id == pair.tom.account.user_id).execute()
    jump(31 * DAY)
    answers["expired"] = pair.reader.get(old).text
    assert len(set(answers.values())) == 1
    assert "Tom" not in answers["altered"]
    assert "script" not in answers["hostile"].partition("<body>")[2]


@holds("a public page: a link is one party's")
@pytest.mark.parametrize("deed", DEEDS)
def test_a_link_acts_for_its_own_party_on_its_own_request_only(pair: Pair, deed: str):
    """Ids in the form are nothing: the link alone says who acts on what."""
    heidi = pair.others.heidi
    other = CallRequest.create(
        requester=pair.others.eve.account, hero=heidi.hero_id, hero_account=heidi.account,
        message="Another one", estimated_length=15,
    )  # fmt: skip
    fields = {"reason": "Mine", "agreed_time": times()[0].isoformat(), **walls(pair.tom, *times())}
    forged = {
        "call_request_id": str(other.id),
        "account_id": str(heidi.account.id),
        "request_id": str(other.id),
    }
    pair.press(pair.tom, deed, **fields, **forged)
    pair.press(pair.rita, deed, **fields, **forged)
    assert CallRequest.get_by_id(other.id).status == "o"
    assert {step.account_id for step in pair.now.steps} <= {pair.rita.account.id, pair.tom.account.id}


@holds("a public page: GET changes nothing")
def test_looking_changes_nothing_whoever_looks(pair: Pair):
    pair.agreed()
    unsubscribe = urlsplit(links.unsubscribe(pair.tom.account.id)).path
    paths = [pair.page(pair.tom), pair.page(pair.rita), unsubscribe]
    before = everything()
    for path in paths:
        for query in ("", "?do=cancel&reason=x", "?done", "?List-Unsubscribe=One-Click", "?do=stop"):
            assert pair.reader.get(path + query).status_code == 200
        for headers in (
            {"Purpose": "prefetch"},
            {"Sec-Purpose": "prefetch;prerender"},
            {"User-Agent": "SafeLinks"},
        ):
            pair.reader.ask("GET", path, **headers)
        for verb in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
            assert pair.reader.ask(verb, path).status_code in (200, 405)
    assert pair.reader.get(paths[0] + "/calendar.ics").status_code == 200
    assert everything() == before


def test_what_may_not_leave_does_not(pair: Pair):
    pair.agreed()
    unsubscribe = urlsplit(links.unsubscribe(pair.tom.account.id)).path
    dead = "/meet/nothing"
    for path in (pair.page(pair.tom), pair.page(pair.tom) + "/calendar.ics", unsubscribe, dead):
        answer = pair.reader.get(path)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
    assert "http://" not in pair.look(pair.tom)
    assert "https://" not in pair.look(pair.tom)


def test_the_rest_of_the_pages_keep_their_headers(reader: Reader):
    assert reader.get("/login").headers["referrer-policy"] == "same-origin"
    assert "x-robots-tag" not in reader.get("/login").headers


def test_a_page_of_another_site_may_not_press_the_buttons(pair: Pair):
    path, form = pair.page(pair.tom), {"do": "decline", "reason": "Not me"}
    for site in ("cross-site", "same-site"):
        assert pair.reader.post(path, form, Sec_Fetch_Site=site).status_code == 403
    assert pair.now.status == "o"
    assert pair.reader.post(path, form, Sec_Fetch_Site="same-origin").status_code == 303


def test_a_cookie_is_neither_needed_nor_looked_at(pair: Pair):
    nobody, somebody = Reader(), Reader()
    somebody.cookies = {"trunkline_session": "x" * 43, "trunkline_said": "aGk.x"}
    assert nobody.get(pair.page(pair.tom)).text == somebody.get(pair.page(pair.tom)).text


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (None, {"Content_Type": "application/json"}, 415),
        ({"do": "explode"}, {}, 400),
        ({}, {}, 400),
        ({"do": "cancel", "reason": "x" * 1_100_000}, {}, 413),
        ({"do": "cancel", "reason": "a\0b"}, {}, 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused_on_a_page(
    pair: Pair, body: Any, headers: dict[str, str], status: int
):
    answer = pair.reader.ask("POST", pair.page(pair.rita), body, **headers)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert 'href="/"' not in answer.text, "nothing here leads to the mentors' login"
    assert pair.now.status == "o"


def test_hostile_names_and_messages_are_only_text(pair: Pair):
    evil = '"><script>alert(1)</script>\u202e\r\n{{ 7 * 7 }}'
    client = Client()
    rita = member(client, f"<img src=x>{evil}", evil)
    CallRequest.update(requester=rita.account, message=evil).where(CallRequest.id == pair.id).execute()
    pair.rita = rita
    pair.accepted()
    for who in (pair.tom, rita):
        page = pair.look(who)
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert "49" not in page.partition("<main")[2].partition("<form")[0].replace("stamp", "")
        assert "&lt;script&gt;alert(1)" in page
    answer = pair.press(rita, "propose", time_one_day=evil, time_one_clock=evil)
    assert "<script>alert" not in answer.text
    answer = pair.press(rita, "cancel", reason=evil + "x" * 500)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "\u202e" not in pair.look(pair.tom).partition("<blockquote")[0], "a name turns nothing around"


def test_a_token_is_in_no_log_and_no_error(pair: Pair):
    token = pair.page(pair.tom).rpartition("/")[2]
    with structlog.testing.capture_logs() as logs:
        pair.reader.post(f"/meet/{token}", {"do": "explode"})
        pair.reader.get(f"/meet/{token}x")
        pair.reader.ask("PATCH", f"/meet/{token}")
        Account.update(timezone="Nowhere/AtAll").execute()
        broken = pair.reader.get(f"/meet/{token}")
    assert broken.status_code == 500
    assert token not in broken.text
    assert any(line["event"] == "request.broken" for line in logs)
    assert token not in str(logs)


def test_nothing_but_ids_goes_to_the_ledger(pair: Pair):
    pair.do(pair.tom, "decline", reason="A private reason")
    assert "private" not in str([row.args for row in LedgerRow.select()])
    assert deeds_of(pair.look(pair.tom)) == {}
    assert settings.current().api_url in links.page(pair.id, pair.tom.account.id)
