"""Who may do what on `/rest-api`: every route that there is, for everybody, by every verb.

The routes are the application's own: a new one is without an answer here until somebody says whose it is.
"""

from dataclasses import dataclass

import pytest

from api.app import create
from api.docs.routes import verbs
from models.appointments.gateways import GatewayUser
from models.people import User
from models.people.permissions import Permission, give
from tests.appointments.owned import Owned
from tests.appointments.planned import Planned, user
from tests.conformance import holds

IN = "in"
WRITERS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}
VERBS = ("OPTIONS", "HEAD", "GET", "POST", "PUT", "PATCH", "DELETE")  # what deletes comes last
WORDS = ("view", "add", "change", "delete")


@dataclass(frozen=True)
class Who:
    """Whose a resource is.

    Parameters:
      word: what its permissions end in; empty: none is asked for.
      read: who of those who may reads mona's row: `mona`, `doc` (her calendar user), `all`; superusers always do.
      written: who writes it: `mona`, `root`; empty: nobody.
    """

    word: str
    read: tuple[str, ...] = ("mona",)
    written: str = "mona"


HIS, EVERYBODYS = ("mona", "doc"), ("mona", "doc", "fred", "eve")
RESOURCES = {
    "calendar-setting": Who("calendarsetting"),
    "calendar-user": Who("calendaruser"),
    "calendar-user-profile": Who("calendaruserprofile"),
    "calendar": Who("calendar", HIS),
    "rule": Who("rule", EVERYBODYS, "root"),
    "event": Who("event", HIS),
    "alarm": Who("alarm", HIS),
    "alarm-request": Who("alarmrequest", HIS),
    "callrequest": Who("callrequest"),
    "gateway": Who("gateway", written="root"),
    "sms-gateway": Who("smsgateway", EVERYBODYS, "root"),
    "sms-template": Who("smstemplate", EVERYBODYS, "root"),
    "mail-template": Who("mailtemplate", EVERYBODYS, "root"),
    "content-type": Who("contenttype", EVERYBODYS, ""),
    "users": Who("", written=""),
    "audio-files": Who("audiofile"),
    "survey-template": Who("surveytemplate"),
    "section-template": Who("sectiontemplate"),
    "branching-template": Who("branchingtemplate"),
    "sealed-survey": Who("sealedsurvey", written=""),
}
# Routes beside the two of each resource: of which resource they are, which verbs they take, and what they ask for.
LIST_VERBS, ROW_VERBS = ("GET", "POST"), ("GET", "PUT", "PATCH", "DELETE")
NO_ROW_IS_NO_ERROR = ("alarm-request/{row_id}/get_nested_alarm_request/", "surveyaggregate/{row_id}/")
MORE: dict[str, tuple[Who, tuple[str, ...]]] = {
    "": (Who("", EVERYBODYS), ("GET",)),
    "event/{row_id}/get_list_child/": (RESOURCES["event"], ("GET",)),
    "event/{row_id}/get_list_alarm/": (RESOURCES["event"], ("GET",)),
    "event/{row_id}/update_last_child_status/": (RESOURCES["event"], ("PATCH",)),
    "alarm-request/{row_id}/get_nested_alarm_request/": (RESOURCES["alarm-request"], ("GET",)),
    "audio-files/{row_id}/file/": (RESOURCES["audio-files"], ("GET",)),
    "survey-template/{row_id}/seal/": (Who("sealedsurvey"), ("POST",)),
    "surveyaggregate/": (Who(""), ("GET",)),
    "rehearsal/": (Who("event"), ("GET",)),
    "do-not-call/": (Who("donotcall"), ("GET", "POST")),
    "do-not-call/check/": (Who("donotcall"), ("POST",)),
    "do-not-call/lift/": (Who("donotcall", written="root"), ("POST",)),
    "segments/": (Who("smstemplate", EVERYBODYS), ("POST",)),
    "surveyaggregate/{row_id}/": (Who(""), ("GET",)),
}
NOT_ADDED = ("calendar-user-profile",)  # they are made with their users

_BASE = "/rest-api/"
PATHS = sorted({verb.path.removeprefix(_BASE) for verb in verbs(create()) if verb.path.startswith(_BASE)})
ACTORS = ("nobody", "wrong token", "disabled", "eve", "doc", "doc, given all", "fred", "mona", "root")


def facts(path: str) -> tuple[Who, tuple[str, ...]]:
    """Whose a route is, and its verbs."""
    if path in MORE:
        return MORE[path]
    name = path.split("/")[0]
    assert name in RESOURCES, f"say here whose {_BASE}{path} is"
    who = RESOURCES[name]
    assert path in (f"{name}/", f"{name}/{{row_id}}/"), f"say here whose {_BASE}{path} is"
    there = ROW_VERBS if "{" in path else LIST_VERBS[:1] if name in NOT_ADDED else LIST_VERBS
    return who, there if who.written else ("GET",)


def expected(actor: str, verb: str, path: str) -> int | str:
    """What is answered: a refusal, or whatever the request deserves."""
    who, there = facts(path)
    if actor in ("nobody", "wrong token", "disabled"):
        return 401
    reads = verb in ("GET", "HEAD", "OPTIONS")
    if verb != "OPTIONS" and ("GET" if verb == "HEAD" else verb) not in there:
        return 405
    if who.word and actor in ("eve", "doc"):
        return 403
    if not reads and who.written == "root" and actor != "root":
        return 403
    seen = actor == "root" or actor.split(",")[0] in (who.read if reads else (who.written,))
    if "{" in path and verb != "OPTIONS" and not seen and path not in NO_ROW_IS_NO_ERROR:
        return 404
    return IN


class World:
    """Mona and fred with one of everything, and everybody else."""

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self.mine, self.theirs = Owned(planned, planned.mine), Owned(planned, planned.theirs)
        user("gone", is_manager=True, is_active=False)

    def ask(self, actor: str, verb: str, path: str, owned: Owned) -> int | str:
        """What somebody is answered who asks for a row of somebody's."""
        name = path.split("/")[0]
        where = path.format(row_id=owned.id_of(name)) if "{" in path else path
        body: dict[str, str] | None = {} if verb in WRITERS else None
        headers = {"Authorization": f"Token {'0' * 40}"} if actor == "wrong token" else {}
        nobody = actor in ("nobody", "wrong token")
        login = None if nobody else {"disabled": "gone"}.get(actor, actor.split(",")[0])
        held = path != "audio-files/{row_id}/file/"  # of what is sound the document promises nothing more
        client = self.planned.ask if held else self.planned.unheld
        answer = client(verb, where, body, user=login, headers=headers)
        status = answer.status_code
        assert status < 500, answer.text
        assert verb == "HEAD" or status not in (401, 403, 404, 405) or list(answer.json) == ["detail"]
        return IN if status in (200, 201, 204, 400, 409) else status


@pytest.fixture
def world(planned: Planned) -> World:
    """One of everything."""
    return World(planned)


def every_permission() -> list[str]:
    return [f"{verb}_{who.word}" for who, _ in (facts(path) for path in PATHS) if who.word for verb in WORDS]


@holds(
    "actor: a superuser sees and changes all", "actor: a manager sees what hangs from his",
    "actor: a calendar user reads his own", "actor: anyone else is 403",
    "out of sight is 404 for every verb and sub-route", "permissions: view, add, change and delete",
    "O-1", "O-2", "O-4", "O-5",
)  # fmt: skip
@pytest.mark.parametrize("path", PATHS)
def test_everybody_is_answered_as_he_may(world: World, path: str) -> None:
    told = {}
    for verb in VERBS:
        for actor in ACTORS:
            if actor == "doc, given all":
                give(world.planned.mine.user.id, every_permission())
            gone = verb == "DELETE" and actor == "root" and facts(path)[0].written == "mona"
            told[verb, actor] = world.ask(actor, verb, path, world.theirs if gone else world.mine)
        Permission.delete().execute()

    right = {(verb, actor): expected(actor, verb, path) for verb, actor in told}
    assert {key: (told[key], should) for key, should in right.items() if told[key] != should} == {}


@holds("permissions: view, add, change and delete", "O-4")
@pytest.mark.parametrize("path", PATHS)
def test_who_lacks_one_permission_is_refused_what_it_is_for_and_nothing_else(world: World, path: str) -> None:
    who, there = facts(path)
    mona = world.planned.mine.manager
    User.update(is_manager=False).where(User.id == mona.id).execute()
    told, right = {}, {}
    for lacking in WORDS:
        Permission.delete().execute()
        give(mona.id, set(every_permission()) - {f"{lacking}_{who.word}"})
        for verb in ("OPTIONS", "HEAD", *there):
            if verb == "DELETE" and lacking != "delete":
                continue  # the row is still needed
            answers = who.word and (verb != "HEAD" or "GET" in there)
            lacks = answers and WRITERS.get(verb, "view") == lacking
            told[lacking, verb] = world.ask("mona", verb, path, world.mine)
            right[lacking, verb] = 403 if lacks else expected("mona", verb, path)

    assert told == right


def test_what_a_role_opens_is_closed_when_it_is_taken_away(world: World) -> None:
    planned = world.planned
    assert planned.get("event/").status_code == 200
    User.update(is_manager=False).where(User.id == planned.mine.manager.id).execute()
    assert planned.get("event/").status_code == 403
    GatewayUser.delete().execute()
    give(planned.mine.manager.id, ["view_gateway"])
    assert planned.get("gateway/").json["count"] == 0


def test_nobody_writes_what_is_for_superusers_whatever_he_was_given(world: World) -> None:
    give(world.planned.mine.manager.id, every_permission())
    for name, who in RESOURCES.items():
        if who.written == "root":
            for verb, path in (("POST", ""), *((verb, "{row_id}/") for verb in ROW_VERBS[1:])):
                assert world.ask("mona", verb, f"{name}/{path}", world.mine) == 403
            answer = world.planned.get(f"{name}/")
            assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
            as_root = world.planned.get(f"{name}/", user="root")
            assert as_root.headers["allow"] == "GET, POST, HEAD, OPTIONS"
