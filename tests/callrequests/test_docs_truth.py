"""What the document promises of every route alike comes true on `/api/v1`, too; what is each one's own, others test."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from models import database, settings
from tests.api.paper import operations
from tests.callrequests.members import Member, Members, member
from tests.house import Client

OURS = [(path, verb, told) for path, verb, told in operations() if path.startswith("/api/v1/")]
SIGNED = [{"form_signature": []}]
TOKEN = [{"token": []}]
LARGE = b'{"message": "' + b"x" * 1024 * 1024 + b'"}'
NOBODY = {"hero_id": "999", "call_request_id": "999", "user_id": str(uuid4()), "sid": "CF999"}


# What is not there stands in their bodies: the tests of accounts have it.
BY_CODE = [f"/api/v1/accounts/{deed}/" for deed in ("reset-password", "verify-email", "verify-phone")]


def each(*, promising: str = "", security: Any = None, but: Collection[str] = ()) -> Any:
    """The operations that promise a status, and are opened so; by path and verb."""
    chosen = [
        (path, verb)
        for path, verb, told in OURS
        if promising in ("", *told["responses"])
        and path not in but
        and (told["security"] == security if security else told["security"] != SIGNED)
    ]
    return pytest.mark.parametrize(("path", "verb"), chosen, ids=[f"{verb} {path}" for path, verb in chosen])


class Everybody(Member):
    """Somebody who may do everything: of the staff, a hero, and asked for a call."""

    def __init__(self, client: Client, members: Members) -> None:
        super().__init__(client, member(client, "Uma", "Universal", hero=True, staff=True).account)
        ask = {"hero_id": self.hero_id, "message": "May I?", "estimated_length": 30}
        asked = members.rita.post("call-requests", ask).json["id"]
        self.ids = {**NOBODY, "hero_id": self.hero_id, "call_request_id": asked, "user_id": members.rita.id}

    def at(self, path: str, ids: dict[str, Any]) -> str:
        return path.removeprefix("/api/v1/").format(**ids)


@pytest.fixture
def everybody(client: Client, members: Members) -> Everybody:
    return Everybody(client, members)


@each(promising="400")
def test_what_is_no_object_is_400(everybody: Everybody, path: str, verb: str) -> None:
    assert everybody.ask(verb, everybody.at(path, everybody.ids), raw=b"[]").status_code == 400


@each(promising="413")
def test_what_is_too_large_is_413(everybody: Everybody, path: str, verb: str) -> None:
    assert everybody.ask(verb, everybody.at(path, everybody.ids), raw=LARGE).status_code == 413


@each(promising="415")
def test_what_says_that_it_is_no_json_is_415(everybody: Everybody, path: str, verb: str) -> None:
    plain = {"Content-Type": "text/plain"}

    assert everybody.ask(verb, everybody.at(path, everybody.ids), raw=b"{}", headers=plain).status_code == 415


@each(security=TOKEN)
@pytest.mark.parametrize("token", [None, "", "0" * 32, "Basic cm9vdDpyb290", "Bearer", "é", "x" * 5000])
def test_without_a_good_token_it_is_403_and_never_a_challenge(
    client: Client, everybody: Everybody, path: str, verb: str, token: str | None
) -> None:
    place, headers = path.format(**everybody.ids), {} if token is None else {"Authorization": token}

    for body in (b"{}", b"rubbish"):
        answer = client.ask(verb, place, raw=body, user=None, headers=headers)
        assert (answer.status_code, list(answer.json)) == (403, ["detail"])
        assert "www-authenticate" not in answer.headers


@each(promising="404", but=BY_CODE)
def test_what_is_not_there_is_404(everybody: Everybody, path: str, verb: str) -> None:
    place = everybody.at(path, NOBODY) + ("" if "{" in path else "?page=99")

    assert everybody.ask(verb, place, {} if verb != "GET" else None).status_code == 404


@each()
def test_it_answers_the_same_without_its_slash(
    client: Client, everybody: Everybody, path: str, verb: str
) -> None:
    wrong = ("PUT", everybody.at(path, everybody.ids))
    with_slash, without = everybody.ask(*wrong), everybody.ask(wrong[0], wrong[1].rstrip("/"))

    assert (with_slash.status_code, without.status_code) == (405, 405)
    assert (with_slash.json, with_slash.headers["allow"]) == (without.json, without.headers["allow"])
    assert verb in with_slash.headers["allow"]


@each(promising="503")
def test_without_a_database_it_is_503_with_a_time_to_wait(
    client: Client, everybody: Everybody, tmp_path: Path, path: str, verb: str
) -> None:
    told = next(told for place, name, told in OURS if (place, name) == (path, verb))
    content = told.get("requestBody", {}).get("content", {})
    body = next(iter(content.values()))["example"] if content else None
    place = everybody.at(path, everybody.ids)
    database.close()
    database.bind(f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")
    settings.use(replace(settings.current(), secret_key="a secret that needs no database"))

    answer = everybody.ask(verb, place, body)

    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True)
