"""Every example of the reference document, with its literal values, against the real API.

The document's answers do not agree with each other on the moments of change; those that it shows are taken where they
follow from the request, and the rest is as it came. Its own bodies for accepting break its own rules twice: they end
in a comma, and their times are half a minute apart.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.callrequests import CallRequest, TimeSuggestion
from models.people.accounts import Account
from models.people.heroes import Hero
from tests.callrequests.agreeing import Jump, be
from tests.callrequests.dealing import good, path, picture
from tests.callrequests.members import PROFILE, Member
from tests.callrequests.members import member as make
from tests.conformance import holds
from tests.house import Client

PICTURE = "https://media.licdn.com/mpr/mpr/shrink_100_100/p/5/005/040/0cd/008cf89.jpg"
MESSAGE = "This is a general summary or reason for the call"
USER = "fd6494d8-e684-4f4b-960c-c83f56d1d790"
TOM = {
    "id": "b6513c6f-e3b5-4c00-ae10-1b78950d8c8a", "first_name": "Tom", "last_name": "Brady", "profile_image": PICTURE,
    "timezone": "America/Chicago", "created": "2016-12-03T00:23:57.364198Z",
}  # fmt: skip
SOME_USER = {
    "id": USER, "first_name": "Some", "last_name": "User", "profile_image": PICTURE, "timezone": "America/Chicago",
    "created": "2016-12-05T16:29:36.676173Z",
}  # fmt: skip
OPEN = {
    "id": 1, "user": USER, "hero": 1, "message": MESSAGE, "estimated_length": 15, "status": "o", "reason": "",
    "times": [], "agreed_time": None,
}  # fmt: skip
PROPOSED = {
    "user": TOM, "datetime_one": "2017-12-25T06:00:00.000000Z", "datetime_two": "2017-12-25T07:30:00.000000Z",
    "datetime_three": "2017-12-25T08:30:00.000000Z",
}  # fmt: skip
OTHER_TIMES = {
    "time_one": "2017-12-25T10:00:00.000000Z",
    "time_two": "2017-12-25T11:30:00.000000Z",
    "time_three": "2017-12-25T12:30:00.000000Z",
}
DECEMBER = datetime(2017, 12, 24, 12, tzinfo=UTC)


class Cast:
    """Some user and tom brady, who is hero 1, as the document has them; it is the day before its times."""

    def __init__(self, client: Client, jump: Jump) -> None:
        be(jump, DECEMBER)
        self.user = self._somebody(client, SOME_USER)
        self.tom = self._somebody(client, TOM)
        Hero.create(account=self.tom.account, slug="tom-brady", accepted=True, **PROFILE)

    @staticmethod
    def _somebody(client: Client, shown: dict[str, str]) -> Member:
        born = datetime.fromisoformat(shown["created"])
        facts = {"uuid": shown["id"], "profile_image": PICTURE, "created_at": born}
        return make(client, shown["first_name"], shown["last_name"], **facts)

    def asked(self) -> dict[str, Any]:
        """The document's request, as it was answered."""
        return good(
            self.user.post("call-requests/", {"hero_id": 1, "message": MESSAGE, "estimated_length": 15})
        )

    def accepted(self) -> dict[str, Any]:
        """The request with the times that the document's answers show."""
        self.asked()
        times = {f"time_{name}": PROPOSED[f"datetime_{name}"] for name in ("one", "two", "three")}
        return good(self.tom.patch(path(1, "accept"), times))

    def agreed(self) -> dict[str, Any]:
        """The request with one of those times."""
        self.accepted()
        return good(self.user.patch(path(1, "agreed-time"), {"agreed_time": PROPOSED["datetime_one"]}))


@pytest.fixture
def cast(client: Client, jump: Jump) -> Cast:
    """The people of the document."""
    return Cast(client, jump)


def _stable(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the moments at which it came about."""
    kept = {name: value for name, value in answer.items() if name not in ("created", "updated")}
    times = [{name: value for name, value in row.items() if name != "timestamp"} for row in answer["times"]]
    return {**kept, "times": times}


@holds("create: the reference's example")
def test_create(cast: Cast) -> None:
    answer = cast.asked()

    assert _stable(answer) == OPEN
    assert answer["created"] == answer["updated"]


@holds("accept: the reference's example")
def test_accept(cast: Cast) -> None:
    answer = cast.accepted()

    assert _stable(answer) == {**OPEN, "status": "a", "times": [PROPOSED]}
    assert answer["created"] < answer["times"][0]["timestamp"] <= answer["updated"]


@pytest.mark.parametrize("comma", [",", ""])
def test_accept_with_the_documents_own_body_which_breaks_its_own_rules(
    cast: Cast, jump: Jump, comma: str
) -> None:
    cast.asked()
    before = picture(1)
    body = f"""{{
    "time_one": "2016-11-17T22:06:00.000000Z",
    "time_two": "2016-11-17T22:06:30.000000Z",
    "time_three": "2016-11-17T22:07:00.000000Z"{comma}
}}"""

    answer = cast.tom.patch(path(1, "accept"), raw=body.encode())

    assert answer.status_code == 400
    assert set(answer.json) == ({"detail"} if comma else {"time_one", "time_two", "time_three"})
    assert picture(1) == before


@holds("decline: the reference's example")
def test_decline(cast: Cast) -> None:
    cast.asked()

    answer = good(
        cast.tom.patch(path(1, "decline"), {"reason": "Not comfortable talking about this subject."})
    )

    assert _stable(answer) == {
        **OPEN, "status": "d", "reason": "Not comfortable talking about this subject.",
    }  # fmt: skip


@holds("new-times: the reference's example")
def test_new_times(cast: Cast) -> None:
    cast.accepted()

    answer = good(cast.user.patch(path(1, "new-times"), OTHER_TIMES))

    second = {"user": SOME_USER, **{f"date{name}": time for name, time in OTHER_TIMES.items()}}
    assert _stable(answer) == {**OPEN, "status": "a", "times": [PROPOSED, second]}


@holds("agreed-time: the reference's example")
def test_agreed_time(cast: Cast) -> None:
    assert _stable(cast.agreed()) == {
        **OPEN, "status": "a", "times": [PROPOSED], "agreed_time": "2017-12-25T06:00:00.000000Z",
    }  # fmt: skip


def test_agreed_time_with_the_documents_own_body_which_nobody_proposed(cast: Cast) -> None:
    cast.accepted()

    answer = cast.user.patch(path(1, "agreed-time"), {"agreed_time": "2016-11-17T22:06:00.000000Z"})

    assert (answer.status_code, list(answer.json)) == (400, ["agreed_time"])


@holds("list: the reference's example")
def test_list(cast: Cast) -> None:
    first = cast.agreed()
    second = cast.user.post("call-requests/", {"hero_id": 1, "message": MESSAGE, "estimated_length": 15}).json

    assert good(cast.user.get("call-requests/")) == {
        "count": 2, "next": None, "previous": None, "results": [first, second],
    }  # fmt: skip


@holds("detail: the reference's example")
def test_detail_with_the_documents_own_moments(cast: Cast) -> None:
    cast.agreed()
    _say("2016-11-17T22:06:50.108634Z", "2016-12-05T17:37:05.617390Z", "2016-12-05T17:04:23.659493Z")

    assert good(cast.tom.get("call-requests/1")) == {
        **OPEN, "status": "a", "times": [{**PROPOSED, "timestamp": "2016-12-05T17:04:23.659493Z"}],
        "agreed_time": "2016-11-17T22:06:00.000000Z",
        "created": "2016-11-17T22:06:50.108634Z", "updated": "2016-12-05T17:37:05.617390Z",
    }  # fmt: skip


def _say(created: str, updated: str, timestamp: str) -> None:
    """Have the request's moments be the document's, its agreed time too."""
    agreed = datetime.fromisoformat("2016-11-17T22:06:00Z")
    moments = [datetime.fromisoformat(text) for text in (created, updated)]
    CallRequest.update(created_at=moments[0], updated_at=moments[1], agreed_time=agreed).execute()
    TimeSuggestion.update(timestamp=datetime.fromisoformat(timestamp)).execute()


@holds("cancel: the reference's example")
def test_cancel(cast: Cast) -> None:
    before = cast.agreed()

    body = {"reason": "I have to cancel because I have better things to do.", "force": True}
    answer = good(cast.user.patch(path(1, "cancel"), body))

    assert _stable(answer) == {**_stable(before), "status": "c"}
    assert answer["reason"] == ""


def test_the_accounts_are_those_of_the_document(cast: Cast) -> None:
    assert [account.uuid for account in Account.select().order_by(Account.id)] == [USER, TOM["id"]]
