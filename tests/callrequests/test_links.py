"""Signed links in mails: whom they name, how long they live, and that nothing but what was signed is read."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest

from models import clock, settings
from models.callrequests import CallRequest, TimeSuggestion, links
from models.callrequests.links import BadLink, Expired, Party
from tests.callrequests.members import Members
from tests.conformance import holds

DAY = 86400.0


@pytest.fixture
def asked(members: Members) -> CallRequest:
    """Rita has asked Tom."""
    rita, tom = members.rita.account, members.tom
    return CallRequest.create(  # type: ignore[no-any-return]  # Peewee is untyped
        requester=rita, hero=tom.hero_id, hero_account=tom.account, message="May I?", estimated_length=30
    )


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


@holds("default: web and API address of links come from the settings")
def test_a_link_names_one_party_of_one_request_below_the_public_address(members, asked):
    url = links.page(asked.id, members.tom.account.id)
    assert url.startswith(f"{settings.current().api_url}/meet/")
    assert links.party(token_of(url)) == Party(asked.id, members.tom.account.id)
    assert links.subscriber(token_of(links.unsubscribe(7))) == 7


def test_a_link_for_one_purpose_is_none_for_another(members, asked):
    with pytest.raises(BadLink):
        links.subscriber(token_of(links.page(asked.id, members.tom.account.id)))
    with pytest.raises(BadLink):
        links.party(token_of(links.unsubscribe(members.tom.account.id)))


def test_nothing_of_a_link_can_be_altered(members, asked):
    token = token_of(links.page(asked.id, members.tom.account.id))
    for at, letter in enumerate(token):
        for other in {"A", "B", "-", ".", "0"} - {letter}:
            with pytest.raises(BadLink):
                links.party(token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b", "é", "A" * 301, "\x00", "W10.AAAA", "%2e", "a" * 5000]
)
def test_what_never_was_a_link_is_none(members, token):
    with pytest.raises(BadLink):
        links.party(token)
    with pytest.raises(BadLink):
        links.subscriber(token)


def test_a_signature_made_without_the_key_is_worth_nothing(asked):
    body = base64.urlsafe_b64encode(b"[1,1,99999999999]").decode().rstrip("=")
    with pytest.raises(BadLink):
        links.party(f"{body}.{'A' * 43}")


def test_a_page_lives_thirty_days(members, asked, jump: Callable[[float], None]):
    token = token_of(links.page(asked.id, members.tom.account.id))
    jump(30 * DAY - 60)
    assert links.party(token).call_request_id == asked.id
    jump(30 * DAY + 60)
    with pytest.raises(Expired):
        links.party(token)


def test_a_page_outlives_the_times_proposed_and_the_call_that_was_agreed(members, asked, jump):
    far = clock.now() + timedelta(days=90)
    TimeSuggestion.create(
        call_request=asked, account=members.tom.account, datetime_one=far,
        datetime_two=far + timedelta(days=1), datetime_three=far + timedelta(days=2),
    )  # fmt: skip
    proposed = token_of(links.page(asked.id, members.rita.account.id))
    CallRequest.update(agreed_time=far).execute()
    agreed = token_of(links.page(asked.id, members.rita.account.id))
    jump(119 * DAY)
    assert links.party(proposed) == links.party(agreed)
    jump(121 * DAY)
    assert links.party(proposed)
    with pytest.raises(Expired):
        links.party(agreed)


def test_mails_can_be_ended_for_a_year(members, jump):
    token = token_of(links.unsubscribe(members.rita.account.id))
    jump(364 * DAY)
    assert links.subscriber(token) == members.rita.account.id
    jump(366 * DAY)
    with pytest.raises(Expired):
        links.subscriber(token)
