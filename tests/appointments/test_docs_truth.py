"""What the document promises of `/rest-api` comes true: the statuses that every route shares, in their shapes."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models import database, settings
from tests.api.paper import operations
from tests.appointments.owned import Owned, sound
from tests.appointments.planned import Planned
from tests.appointments.sounds import form

OURS = [(path, verb, told) for path, verb, told in operations() if path.startswith("/rest-api/")]
LARGE = b'{"note": "' + b"x" * 1024 * 1024 + b'"}'
LOG = "/rest-api/alarm-request/{row_id}/get_nested_alarm_request/"  # says what is wrong with 200
AGGREGATE = "surveyaggregate"  # as above
KEY = {"Idempotency-Key": "a lost answer"}


def each(promising: str, but: Collection[str] = (), *, made: bool = True) -> Any:
    """The operations that promise a status, by path and verb; with those by which rows are `made`, or without."""
    chosen = [
        (path, verb)
        for path, verb, told in OURS
        if promising in told["responses"] and not any(word in path for word in but)
        if made or verb != "POST" or "{" in path
    ]
    return pytest.mark.parametrize(("path", "verb"), chosen, ids=[f"{verb} {path}" for path, verb in chosen])


def at(path: str, row_id: int = 999) -> str:
    return path.removeprefix("/rest-api/").replace("{row_id}", str(row_id))


@each("415", but=["audio-files"])
def test_bodies_that_cannot_be_read_are_refused(planned: Planned, path: str, verb: str) -> None:
    place = at(path, planned.mine.event.id if "event" in path else 1)
    plain = {"Content-Type": "text/plain"}

    answers = [planned.ask(verb, place, raw=body, user="root") for body in (b"[]", b"{", LARGE)]

    assert [answer.status_code for answer in answers] == [400, 400, 413]
    assert planned.ask(verb, place, raw=b"{}", headers=plain, user="root").status_code == 415


@each("401")
def test_without_credentials_it_is_401(planned: Planned, path: str, verb: str) -> None:
    for headers in ({}, {"Authorization": "Token x"}, {"Authorization": "Basic x"}, {"Authorization": "é"}):
        answer = planned.ask(verb, at(path), raw=b"rubbish", user=None, headers=headers)
        assert (answer.status_code, list(answer.json)) == (401, ["detail"])
        assert answer.headers["www-authenticate"] == 'Basic realm="api"'


@each("403")
def test_without_a_permission_it_is_403(planned: Planned, path: str, verb: str) -> None:
    assert planned.ask(verb, at(path), raw=b"rubbish", user="eve").status_code == 403


@each("422")
def test_a_key_that_comes_with_another_body_is_422_and_one_whose_row_has_gone_is_404(
    planned: Planned, path: str, verb: str
) -> None:
    name, owned = path.split("/")[2], Owned(planned, planned.mine)
    sealing = {"name": "Copy"} if path.endswith("/seal/") else {}
    parts = {"name": "New", "audio_file": sound()}
    body, other = form(**parts), form(**parts, other="x")

    def ask(more: bool = False) -> Any:
        if name == "audio-files":
            raw, headers = other if more else body
            return planned.ask(verb, at(path), raw=raw, headers={**headers, **KEY})
        sent = (sealing or owned.new(name)) | ({"other": "x"} if more else {})
        who = "mona" if name == "calendar-user" else "root"
        return planned.ask(verb, at(path, owned.id_of(name)), sent, user=who, headers=KEY)

    first, answers = ask(), [ask().status_code, ask(more=True).status_code]
    if sealing:  # no copy is ever deleted
        assert answers == [201, 422]
        return
    planned.delete(first.json["url"].partition("/rest-api/")[2], user="root")
    assert [*answers, ask().status_code] == [201, 422, 404]


@each("404", but=[LOG, AGGREGATE], made=False)
def test_what_is_not_there_is_404(planned: Planned, path: str, verb: str) -> None:
    place = at(path) + ("" if "{" in path else "?page=99")

    assert planned.ask(verb, place, None if verb == "GET" else {}, user="root").status_code == 404
    if "{" in path:
        for strange in ("x", "-1", "1.0", "9" * 30):
            assert planned.ask(verb, at(path).replace("999", strange), {}, user="root").status_code == 404


@each("429")
def test_whoever_guesses_is_slowed_down(planned: Planned, path: str, verb: str) -> None:
    settings.use(replace(settings.current(), failed_logins_per_minute=1))

    answers = [planned.ask(verb, at(path), user="guessed", password=f"{n}") for n in range(2)]

    assert answers[-1].status_code == 429


@each("503")
def test_without_a_database_it_is_503(planned: Planned, tmp_path: Path, path: str, verb: str) -> None:
    database.close()
    database.bind(f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")

    answer = planned.ask(verb, at(path))

    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True)
