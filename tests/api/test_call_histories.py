"""Whatever happens to a call, in whatever order and however often: it ends as the specification's table says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.mentoring import Call, Task
from tests.api.calls_at_work import FAILURE, REPORT, dialled, pressed, refused, reported, story, swept
from tests.house import SERVICE, Client, Staff

RUNNING = ("scheduled", "inprogress")
ALLOWED = {
    ("scheduled", "inprogress"), ("scheduled", "successful"), ("scheduled", "inactive"),
    ("inprogress", "successful"), ("inprogress", "inactive"), ("inactive", "successful"),
}  # fmt: skip
CDRS = [{"id": f"r{n}", "startTime": f"2017-04-20 17:3{n}:00", "errorCause": "NO_ANSWER"} for n in range(3)]


@dataclass
class Expected:
    """One call as the specification has it: written from its table, sharing nothing with the product."""

    status: str = "scheduled"
    ended: bool = False
    partner: bool = False
    conversation: bool = False
    dial_id: bool = False
    asking: bool = True
    owes_push: bool = False
    events: set[str] = field(default_factory=set)
    records: set[str] = field(default_factory=set)
    tasks: int = 0

    def _succeed(self) -> None:
        self.status, self.ended, self.owes_push, self.tasks = "successful", True, True, self.tasks + 1
        self.events |= {"end_call", "feedback_requested"}

    def _fail(self, *, push: bool = True) -> None:
        self.status, self.owes_push = "inactive", self.owes_push or push
        self.events |= {"call_failed"}

    def answer(self) -> None:
        if self.asking:
            self.asking, self.dial_id = False, True
            self.events |= {"start_call"}
            self.status = "inprogress" if self.status == "scheduled" else self.status

    def refusal(self) -> None:
        if self.asking:
            self.asking = False
            if self.status in RUNNING:
                self._fail()

    def report(self, success: bool, record: int) -> int:
        if not (self.dial_id or self.conversation or self.status in RUNNING):
            return 400
        self.dial_id = True
        self.records |= {CDRS[record]["id"], CDRS[0]["id"]}
        if success:
            if self.status != "successful":
                self._succeed()
            self.partner = self.conversation = True
        elif self.status in RUNNING:
            self._fail()
            self.ended = self.conversation = True
        return 200

    def end(self, *, again: bool) -> None:
        if again or not self.ended:
            self.ended = True
            if self.status in RUNNING:
                self._succeed()

    def sweep(self) -> None:
        if self.status in RUNNING:
            self._fail(push=False)

    @property
    def pushes(self) -> list[str]:
        titles = {"successful": ["Call ended"], "inactive": ["Call not connected"]}
        return titles.get(self.status, []) if self.owes_push else []


ACTIONS = (
    "answer",
    "refusal",
    "sweep",
    "mentor ends",
    "comms ends",
    "success 1",
    "success 2",
    "failure 1",
    "failure 2",
)


class Actual:
    """The same happenings for a real call."""

    def __init__(self, client: Client, jump: Callable[[float], None]) -> None:
        self._client, self._jump = client, jump
        Call.update(standing="inactive").where(Call.standing.in_(RUNNING)).execute()
        self.tasks_before = Task.select().count()
        self.id = pressed(client)
        self._asking = True

    def do(self, action: str, expected: Expected) -> None:
        word, _, number = action.partition(" ")
        if word in ("success", "failure"):
            self._report(word == "success", int(number), expected)
        elif word in ("mentor", "comms"):
            user = {"user": SERVICE} if word == "comms" else {}
            assert self._client.put(f"/{word}/call/{self.id}/", **user).status_code == 200
            expected.end(again=word == "comms")
        elif word == "sweep":
            self._jump(121 * 60)
            swept()
            self._jump(0)
            expected.sweep()
        else:
            if self._asking:  # a carrier answers one request once
                self._asking = False
                dialled(self.id, f"sc-{self.id}") if word == "answer" else refused(self.id)
            getattr(expected, word)()

    def _report(self, success: bool, record: int, expected: Expected) -> None:
        ids = {"scheduledCallId": f"sc-{self.id}", "conversationId": f"c-{self.id}"}
        answer = reported(self._client, REPORT if success else FAILURE, cdrs=[CDRS[0], CDRS[record]], **ids)
        assert answer.status_code == expected.report(success, record)


@given(history=st.lists(st.sampled_from(ACTIONS), max_size=8))
@example(history=["success 1", "answer", "success 1", "failure 1"])
@example(history=["sweep", "answer", "mentor ends", "failure 2", "success 2", "comms ends"])
@example(history=["mentor ends", "refusal", "failure 1", "success 1", "success 2"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_history_of_a_call_ends_where_the_table_says(
    client: Client, staff: Staff, jump: Callable[[float], None], history: list[str]
) -> None:
    actual, expected = Actual(client, jump), Expected()
    statuses = ["scheduled"]
    for action in history:
        actual.do(action, expected)
        statuses.append(Call.get_by_id(actual.id).status)
        assert statuses[-1] == expected.status, action

    seen = story(actual.id)
    moves = {(old, new) for old, new in pairwise(statuses) if old != new}
    assert moves <= ALLOWED
    assert (seen.call.end_time is not None, seen.call.partner_end_time is not None) == (
        expected.ended,
        expected.partner,
    )
    assert (seen.call.partner_id is not None, seen.call.call_id is not None) == (
        expected.conversation,
        expected.dial_id,
    )
    assert sorted(seen.events) == sorted(expected.events)
    assert [record for record, _ in seen.records] == sorted(expected.records)
    assert seen.tasks - actual.tasks_before == expected.tasks <= 1
    assert (seen.call.feedback_task_id is not None) == (expected.tasks == 1)
    assert seen.pushes == expected.pushes
