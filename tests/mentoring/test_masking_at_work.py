"""A running system full of secrets, used by everybody, killed in the middle, with carriers that repeat what they hear:
nobody is told what is not his, and no log, push, metric or command line tells anything.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from falcon.inspect import inspect_routes

from api.app import create
from models.flow import DEFAULT_FILE
from tests.conformance import holds
from tests.house import ADMIN, SERVICE, wait_for
from tests.mentoring.planting import (
    ADAM,
    EVE,
    PASSWORD,
    PEOPLE,
    RECORDING,
    THEO,
    TONY,
    UNKNOWN,
    Planted,
    found,
    own,
)
from tests.mentoring.rude import RudeCarrier
from tests.mentoring.running import Alone, Apart, System
from tests.pages.reader import HTML, forms_of

pytestmark = [pytest.mark.lengthy, pytest.mark.timeout(240)]

SAFE = ("simulator", "static")
NOT_SHOWN = ("token",)


def _pipelines(folder: Path) -> Path:
    """The product's own, but hasty, and with numbers of Britain carried by the rude carrier."""
    text = DEFAULT_FILE.read_text()
    text = re.sub(r"backoff: \S+\.\.\S+?([,}])", r"backoff: 100ms..300ms\1", text)
    text = re.sub(r"timeout: \d+s", "timeout: 1s", text)
    text = re.sub(r"attempts: \d+", "attempts: 3", text)
    rude = '    - {prefix: "+44", use: [oniondev], shown: "+15550101"}'
    for channel in ("voice", "texts"):
        text = re.sub(rf"(?m)^  {channel}:$", rf"  {channel}:\n{rude}", text)
    file = folder / "pipelines.yaml"
    file.write_text(text)
    return file


class Told:
    """Everything anybody was told."""

    def __init__(self) -> None:
        self.by: dict[str, list[tuple[str, str]]] = {}

    def note(self, who: str, what: str, told: str) -> None:
        self.by.setdefault(who, []).append((what, told))

    def leaks(self, who: str, allowed: set[str]) -> list[str]:
        """What was told that he may not know, and where."""
        return [
            f"{what}: {sorted(secrets)}" for what, told in self.by[who] if (secrets := found(told) - allowed)
        ]

    def knows(self, who: str) -> set[str]:
        """All secrets that he was told."""
        return set().union(*(found(told) for _, told in self.by[who]))


class Use:
    """Everything that can be done with a system, by everybody."""

    def __init__(self, system: System, told: Told) -> None:
        self.system, self.told = system, told

    def ask(self, who: str, verb: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A request whose answer is noted."""
        answer = self.system.ask(verb, path, body, user=who, password=PASSWORD, **more)
        self.told.note(who or "nobody", f"{verb} {path}", _heard(answer))
        return answer

    def people(self) -> None:
        """Made by the administrator; and refused, too."""
        for mentor, mentee in ((ADAM, TONY), (EVE, THEO)):
            made = self.ask(ADMIN, "POST", "/mentor/mentee", mentee.body())
            assert made.status_code == 201, made.text
            self.ask(ADMIN, "POST", "/mentor/mentor", mentor.body(mentee=made.json()["id"]))
            self.ask(ADMIN, "POST", "/mentor/mentor", mentor.body(mentee=made.json()["id"]))  # taken
            self.ask(
                ADMIN, "POST", "/mentor/mentee", mentee.body(username="x", contact_number=mentor.number + "x")
            )
            device = self.ask(mentor.user, "PUT", "/mentor/device/", {"token": mentor.word("token")})
            assert device.status_code == 200

    def talk(self, mentor: Planted, mentee: Planted) -> int:
        """Calls, texts both ways, a schedule; returns the call's id."""
        call = self.ask(mentor.user, "POST", "/mentor/call/").json()["id"]
        self.ask(mentor.user, "POST", "/mentor/message/", {"content": mentor.text})
        self.ask(mentor.user, "POST", "/mentor/message/", {"content": mentor.text, "recipient_id": 1000})
        ahead = {"call_time": "2031-01-01T00:00:00Z"}
        self.ask(mentor.user, "POST", "/mentor/schedule/", ahead)
        self.ask(mentor.user, "PUT", "/mentor/schedule/1/", {"call_time": "2031-01-02T00:00:00Z"})
        self.ask(mentor.user, "DELETE", "/mentor/schedule/1/")
        heard = {"mobile": mentee.number, "text": mentee.text}
        self.ask(SERVICE, "POST", "/comms/onion_dev_message/", heard)
        handed = {"sender_contact": mentee.number, "recipient_contact": mentor.number, "content": mentee.text}
        self.ask(SERVICE, "POST", "/comms/message/", handed)
        self.ask(mentee.user, "POST", "/comms/message/", handed)
        return int(call)

    def reports(self, mentor: Planted, mentee: Planted, call: int) -> None:
        """What carriers say of it, rightly and wrongly."""
        row = self.ask(SERVICE, "GET", f"/comms/call/{call}/").json()
        end = {
            "handler": mentor.number, "beneficiary": mentee.number, "recordingUrl": RECORDING,
            "scheduledCallId": row["call_id"], "conversationId": row["partner_id"] or f"c-{call}",
            "conversationStartTime": "2017-04-20 17:32:33", "conversationEndTime": "2017-04-20 17:33:42",
            "cdrs": [{"id": f"{call}", "startTime": "2017-04-20 17:31:18", "errorCause": "NO_ANSWER"}],
        }  # fmt: skip
        wrong = [{**end, "scheduledCallId": "none", "handler": UNKNOWN.number, "conversationId": "none"},
                 {**end, "cdrs": [{"id": mentor.number, "startTime": mentee.number, "errorCause": mentor.text * 9}]},
                 {**end, "recordingUrl": mentee.number}]  # fmt: skip
        for body in (*wrong, end, end):
            self.ask(SERVICE, "POST", "/comms/onion_dev_call_end/", body)
        answers = {"1": {"answer": mentee.word("answer"), "questionTime": "2017-04-20 18:00:00", "order": 1}}
        cdr = {"id": f"f{call}", "callerid": mentee.number, "start_time": "2017-04-20 18:00:00"}
        survey = {
            "conversationId": end["conversationId"],
            "surveyId": "1",
            "complete": True,
            "records": answers,
        }
        survey["cdr"] = cdr
        for body in (
            survey,
            {**survey, "cdr": {"callerid": UNKNOWN.number}},
            {**survey, "records": mentee.text},
        ):
            self.ask(SERVICE, "POST", "/comms/onion_dev_feedback/", body)
        for text in ({"mobile": UNKNOWN.number, "text": UNKNOWN.text}, {"mobile": mentor.number, "text": mentor.text},
                     {"mobile": mentee.number, "text": "a", "message": mentee.text}):  # fmt: skip
            self.ask(SERVICE, "POST", "/comms/onion_dev_message/", text)
        note = {"call": call, "rating": 1, "call_quality": "poor", "discussion": mentor.word("note")}
        self.ask(mentor.user, "POST", "/mentor/callnote/", note)
        self.ask(mentor.user, "POST", "/mentor/callnote/", {**note, "rating": mentor.text})

    def carriers(self) -> None:
        """The simulator reports in earnest, is written to by strangers, and is told to fail."""
        carrier = self.system.carrier
        for person in (TONY, UNKNOWN, ADAM):
            carrier.inbound(channel="text", **{"from": _e164(person)}, to="+15550100", body=person.text)
            carrier.inbound(channel="call", **{"from": _e164(person)}, to="+15550100", digits="1")
        for kind in ("refuse", "error", "timeout_after_accept", "hang"):
            carrier.fault(kind, times=2, seconds=2)
            self.ask(ADAM.user, "POST", "/mentor/call/")
            self.ask(ADAM.user, "POST", "/mentor/message/", {"content": ADAM.text})
        for _ in range(5):  # each time the rude carrier is rude in another way
            self.ask(EVE.user, "POST", "/mentor/call/")
            self.ask(EVE.user, "POST", "/mentor/message/", {"content": EVE.text})

    def look(self, who: str) -> None:
        """Every route with every verb it has, with ids that are his, others', and nobody's; and numbers for ids."""
        for route in inspect_routes(create()):
            verbs = {method.method for method in route.methods if not method.internal}
            for ours in ("1", "2", "3", "4", ADAM.number) if "{" in route.path else ("",):
                path = re.sub(r"\{.*?\}", ours, route.path)
                for verb in sorted(verbs & {"GET", "PATCH"}) + (["PUT"] if "/comms/call" in path else []):
                    self.ask(who, verb, path, None if verb == "GET" else {"status": TONY.number})
        self.ask(who, "GET", "/mentor/message/", params={"page": THEO.number})
        self.ask(
            who, "POST", "/comms/message/", {"sender_contact": 1, "recipient_contact": [], "content": ""}
        )
        self.ask(who, "GET", f"/comms/message/{_e164(TONY)}/{TONY.user}")


def _e164(person: Planted) -> str:
    return "+" + re.sub(r"\D", "", person.number)


def _heard(answer: requests.Response) -> str:
    assert answer.status_code < 500, (answer.url, answer.text)
    sent = {
        name: value for name, value in answer.headers.items() if name.lower() not in ("date", "set-cookie")
    }
    return f"{sent!r} {answer.text}"


class Browser:
    """Somebody on the pages: follows every link, and sends every form with nothing and with nonsense in it."""

    def __init__(self, system: System, told: Told, who: str) -> None:
        self._system, self._told, self._who = system, told, who
        self._session = requests.Session()
        self._session.headers["Accept"] = HTML

    def log_in(self) -> None:
        """Through the login page; wrongly first."""
        for password in ("wrong", PASSWORD):
            form = forms_of(self._take("GET", "/login").text)["/login"]
            self._take("POST", "/login", {**form, "username": self._who, "password": password})

    def wander(self) -> set[str]:
        """Everywhere that a link leads to; where it came by."""
        seen, ahead = set[str](), ["/", "/admin"]
        while ahead:
            path = ahead.pop()
            if path in seen or path.split("/")[1] in SAFE or len(seen) > 300:
                continue
            seen.add(path)
            answer = self._take("GET", path)
            page = answer.text
            linked = re.findall(r'(?:href|data-live)="(/[^"]*)"', page)
            ahead += [*linked, answer.headers.get("Location", "/")]
            for action, form in forms_of(page).items():
                if action.startswith("/") and "logout" not in action and action not in seen:
                    seen.add(action)
                    for sent in (
                        form,
                        {**form, **{name: "nonsense" for name in form if name not in ("csrf", "once")}},
                    ):
                        self._take("POST", action, sent)
        return seen

    def _take(self, verb: str, path: str, form: dict[str, str] | None = None) -> requests.Response:
        answer = self._session.request(
            verb, self._system.api + path.replace("&amp;", "&"), data=form, timeout=20, allow_redirects=False
        )
        self._told.note(f"{self._who} on the pages", f"{verb} {path}", _heard(answer))
        return answer


@pytest.fixture(params=["alone", pytest.param("apart", marks=pytest.mark.servers)])
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[System]:
    """All in one process, and every process for itself; with an administrator and a service account."""
    with RudeCarrier() as rude:
        settings = {
            "PIPELINES_FILE": str(_pipelines(tmp_path)),
            "ONIONDEV_URL": rude.url,
            "SIMULATOR_ACCEPTANCE": "1",
        }
        made: System = Alone(tmp_path, **settings)
        if request.param == "apart":
            servers = [request.getfixturevalue(name) for name in ("postgres", "rabbit")]
            made = Apart(
                tmp_path, servers[0].create_database("masking"), servers[1].vhost("masking"), **settings
            )
        with made as system:
            system.start()
            for name, right in ((ADMIN, "--staff"), (SERVICE, "--service")):
                assert name in system.type("user", "add", name, right, "--password-stdin", said=PASSWORD)
            yield system


def _break_something(system: System) -> None:
    """A row that no code of ours would write: the command about it can only fail, and says why."""
    told = json.dumps({"conversationId": ADAM.number, "cdrs": [[TONY.number, ADAM.text]], "handler": 1.5})
    system.sql("UPDATE receipt SET body = '{}' WHERE id = 1".format(told.replace("'", "''")))
    system.sql(
        "INSERT INTO command (name, queue, args, state, due_at, created_at, attempt, tries, crashes, trace) VALUES"
        """ ('record_cdrs', 'records', '{"receipt_id": 1}', 'ready', '2020-01-01 00:00:00', '2020-01-01 00:00:00',"""
        " 1, 0, 0, '')"
    )


def _typed(system: System, told: Told) -> None:
    """What the command line says, of what is owed, dead and failed."""
    (dead,) = json.loads(system.type("dead", "list", "--json"))
    lines = ["status", "status --json", "dead list", "dead list --json", f"dead show {dead['id']}", "pipelines",
             f"user add {ADAM.user} --password-stdin", "trace call:1 --json", "trace message:1",
             "export calls", "export messages"]  # fmt: skip
    kept = [("attempt", "cause"), ("delivery_text", "cause"), ("delivery_bridge", "cause"), ("delivery_push", "cause"),
            ("command", "error"), ("receipt", "note")]  # fmt: skip
    failed = [
        reference
        for table in ("text", "bridge")
        for (reference,) in system.sql(
            f"SELECT reference FROM delivery_{table} WHERE status <> 'delivered' LIMIT 2"
        )
    ]
    causes = [cause for table, column in kept for (cause,) in system.sql(f"SELECT {column} FROM {table}")]
    assert len(failed) == 4
    for words in [*lines, *(f"trace {reference}" for reference in failed)]:
        told.note("command line", words, system.type(*words.split(), said="x"))
    for cause in causes:
        told.note("command line", "kept causes", str(cause))


@holds("another's number is hidden in everything", "M-7")
def test_nobody_is_told_what_is_not_his(system: System) -> None:
    told = Told()
    use = Use(system, told)
    use.people()
    calls = {pair: use.talk(*pair) for pair in ((ADAM, TONY), (EVE, THEO))}
    system.drain()
    for pair, call in calls.items():
        use.reports(*pair, call)
    use.carriers()
    system.die("carrier.after_request", lambda: use.ask(ADAM.user, "POST", "/mentor/call/"))
    for point in ("carrier.before_request", "begin.after_commit"):
        system.die(point, lambda: use.ask(ADAM.user, "POST", "/mentor/message/", {"content": ADAM.text}))
    _break_something(system)
    wait_for(lambda: json.loads(system.type("dead", "list", "--json")), patience=30)
    system.jump(300)
    system.drain()
    _typed(system, told)

    for who in (*(person.user for person in PEOPLE if person != UNKNOWN), ADMIN, SERVICE, ""):
        use.look(who)
    walked = {}
    for who in (ADAM.user, EVE.user, ADMIN, TONY.user):
        browser = Browser(system, told, who)
        browser.log_in()
        walked[who] = browser.wander()
    system.drain()

    _judge(told)
    assert len(walked[ADAM.user]) > 8
    assert len(walked[ADMIN]) > 8
    assert len(walked[TONY.user]) < 8, "a mentee cannot log in"
    pushes = [{**entry, "token": ""} for entry in system.carrier.log("push")]
    assert len(pushes) > 3
    assert found(json.dumps(pushes)) == set()
    assert found(system.said()) == set()
    assert len(system.said().splitlines()) > 50


def _judge(told: Told) -> None:
    """Who was told what he may not know."""
    allowed = {
        ADMIN: own(*PEOPLE, but=("token", "note")) | {"recording"},
        "nobody": set(),
        "command line": set(),
    }
    allowed[SERVICE] = own(*PEOPLE, but=("token", "note", "user", "first", "last", "mail")) | {"recording"}
    for mentor, mentee in ((ADAM, TONY), (EVE, THEO)):
        shared = {mentor.word("text"), mentee.word("text"), mentee.word("answer")}
        allowed[mentor.user] = own(mentor, but=NOT_SHOWN) | shared
        allowed[mentee.user] = own(mentee, but=NOT_SHOWN) | shared
        allowed[f"{mentor.user} on the pages"] = allowed[mentor.user] | {mentee.word("first")}
        allowed[f"{mentee.user} on the pages"] = {mentee.word("user")}  # what he typed
    allowed[f"{ADMIN} on the pages"] = allowed[ADMIN]

    leaks = {who: leaks for who in told.by if (leaks := told.leaks(who, allowed[who]))}

    assert leaks == {}
    assert {"number:adam", ADAM.word("text"), TONY.word("text")} <= told.knows(ADAM.user), (
        "and he is told what is his"
    )
    assert {f"number:{person.name}" for person in PEOPLE if person != UNKNOWN} <= told.knows(ADMIN)
    assert "recording" in told.knows(SERVICE)
