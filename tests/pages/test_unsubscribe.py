"""The end of mails about call requests: one button, one click in a mail program, and back again."""

from urllib.parse import urlsplit

import pytest

from models.callrequests import links
from models.deliveries import Mail
from models.people import User
from models.people.accounts import Account
from tests.conformance import holds
from tests.house import run_due
from tests.pages.meeting import Pair, deeds_of

ONE_CLICK = "List-Unsubscribe=One-Click"
MULTIPART = (
    "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
)  # fmt: skip


def path_of(pair: Pair) -> str:
    return urlsplit(links.unsubscribe(pair.tom.account.id)).path


def wants_mails(pair: Pair) -> bool:
    return bool(pair.tom.fresh.email_notifications)


def test_a_button_ends_them_and_another_has_them_again(pair: Pair):
    path = path_of(pair)
    assert "Stop these mails" in pair.reader.get(path).text
    assert wants_mails(pair)
    for _ in range(2):
        answer = pair.reader.post(path, {"do": "stop"})
        assert answer.status_code == 303
        assert answer.headers["location"] == path
        assert not wants_mails(pair)
    page = pair.reader.get(path).text
    assert "You get no more mails" in page
    assert pair.reader.post(path, deeds_of(page)["resume"]).status_code == 303
    assert wants_mails(pair)
    assert "Stop these mails" in pair.reader.get(path).text


@holds("§6 unsubscribe link")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, "application/x-www-form-urlencoded"),
        (ONE_CLICK, "application/x-www-form-urlencoded; charset=utf-8"),
        (MULTIPART, "multipart/form-data; boundary=b"),
        ("", "application/x-www-form-urlencoded"),
    ],
)
def test_a_mail_program_ends_them_by_one_post_without_being_sent_elsewhere(pair: Pair, body: str, kind: str):
    for _ in range(2):
        answer = pair.send(path_of(pair), body, kind)
        assert answer.status_code == 200
        assert not wants_mails(pair)


@holds("§6 unsubscribe link")
def test_what_was_ended_is_not_sent_and_what_was_resumed_is(pair: Pair):
    pair.reader.post(urlsplit(links.unsubscribe(pair.rita.account.id)).path, {"do": "stop"})
    pair.accepted()
    run_due()
    assert [mail.status for mail in Mail.select().where(Mail.reference.startswith("N2:"))] == ["skipped"]
    assert "You get a mail" not in pair.look(pair.rita)


def test_a_link_ends_the_mails_of_its_own_account_only(pair: Pair):
    pair.reader.post(path_of(pair), {"do": "stop", "account_id": str(pair.rita.account.id)})
    assert [one.email_notifications for one in (pair.rita.fresh, pair.tom.fresh)] == [True, False]


def test_a_link_that_is_not_for_this_opens_nothing(pair: Pair):
    path = path_of(pair)
    page_link = pair.page(pair.tom).rpartition("/")[2]
    for dead in (path[:-1], path + "x", f"/unsubscribe/{page_link}", "/unsubscribe/x"):
        assert pair.reader.get(dead).status_code == 404
        assert pair.reader.post(dead, {"do": "stop"}).status_code == 404
    User.update(is_active=False).where(User.id == pair.tom.account.user_id).execute()
    assert pair.reader.post(path, {"do": "stop"}).status_code == 404
    assert wants_mails(pair)


def test_a_page_of_another_site_ends_nothing(pair: Pair):
    answer = pair.reader.post(path_of(pair), {"do": "stop"}, Sec_Fetch_Site="cross-site")
    assert answer.status_code == 403
    assert wants_mails(pair)


def test_a_body_has_its_bounds(pair: Pair):
    assert pair.send(path_of(pair), "x" * 1_100_000, "multipart/form-data; boundary=b").status_code == 413
    assert wants_mails(pair)


def test_his_profile_in_the_app_shows_it(pair: Pair):
    pair.reader.post(path_of(pair), {"do": "stop"})
    account = Account.get_by_id(pair.tom.account.id)
    assert account.email_notifications is False
    assert account.updated_at > pair.tom.account.updated_at
