"""Whatever anybody does to requests, in whatever order: each answer and each end is the state machine's."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.callrequests import CanceledCallRequestLog, RequestReminder, moving
from models.ledger import LedgerRow
from models.settings import Settings
from tests.callrequests.dealing import ASKED, WHY, one, path, steps, three
from tests.callrequests.members import Member, member
from tests.conformance import holds
from tests.house import Client

REQUESTER, HERO, STRANGER, STAFF = "requester", "hero", "stranger", "staff"
PARTIES = (REQUESTER, HERO)
FREE = 3

# Who does what to which of the requests there are: the first quarter of what he proposes, the quarter he agrees to, or
# whether he forces.
Deed = tuple[str, str, int, int]
OFTEN = ("accept", "new-times", "agreed-time")
DEEDS: st.SearchStrategy[Deed] = st.tuples(
    st.sampled_from([*PARTIES, *PARTIES, *PARTIES, STRANGER, STAFF]),
    st.sampled_from(["ask", *OFTEN, *OFTEN, "decline", "cancel", "hold"]),
    st.integers(0, 1),
    st.integers(0, 8),
)


@dataclass
class Modelled:
    """A request as it should be."""

    status: str = "o"
    reason: str = ""
    proposed: list[tuple[str, set[int]]] = field(default_factory=list)
    agreed: int | None = None
    steps: list[str] = field(default_factory=list)


class Model:
    """All requests of one requester and one hero as they should be, and what each deed is to be answered."""

    def __init__(self) -> None:
        self.requests: list[Modelled] = []
        self.cancelled: Counter[str] = Counter()

    def ask(self) -> int:
        if any(request.status == "o" for request in self.requests):
            return 409
        self.requests.append(Modelled())
        return 200

    def act(self, who: str, what: str, request: Modelled, number: int) -> int:
        """The status of the answer; what is answered 200 has been done."""
        if who not in ((HERO,) if what in ("accept", "decline") else PARTIES):
            return 403
        refused = getattr(self, what.replace("-", "_"))(who, request, number)
        if not refused:
            request.steps.append({"accept": "accepted", "decline": "declined", "new-times": "new_times",
                                  "agreed-time": "agreed", "cancel": "canceled"}[what])  # fmt: skip
        return refused or 200

    def accept(self, who: str, request: Modelled, number: int) -> int:
        if request.status != "o":
            return 400
        request.status = "a"
        request.proposed.append((who, {number, number + 1, number + 2}))
        return 0

    def decline(self, _who: str, request: Modelled, _number: int) -> int:
        if request.status != "o":
            return 400
        request.status, request.reason = "d", WHY["reason"]
        return 0

    def new_times(self, who: str, request: Modelled, number: int) -> int:
        times = {number, number + 1, number + 2}
        if request.status != "a" or request.agreed is not None:
            return 400
        if any(times & earlier for _, earlier in request.proposed):
            return 409
        request.proposed.append((who, times))
        return 0

    def agreed_time(self, who: str, request: Modelled, number: int) -> int:
        if request.status != "a" or request.agreed is not None:
            return 400
        proposer, times = request.proposed[-1]
        if proposer == who or number not in times:
            return 400
        request.agreed = number
        return 0

    def cancel(self, who: str, request: Modelled, number: int) -> int:
        if request.status not in ("o", "a"):
            return 400
        if request.status == "a" and number % 2 == 0 and self.cancelled[who] >= FREE:
            return 409
        request.status = "c"
        self.cancelled[who] += 1
        return 0

    @staticmethod
    def hold(request: Modelled) -> bool:
        if request.status != "a" or request.agreed is None:
            return False
        request.status = "s"
        request.steps.append("held")
        return True


def _body(what: str, number: int) -> dict[str, Any]:
    bodies: dict[str, Any] = {"accept": three(number), "new-times": three(number), "agreed-time": one(number)}
    return bodies.get(what) or {**WHY, "force": number % 2 == 1}


class Run:
    """The same deeds done to the product and to the model."""

    def __init__(self, client: Client) -> None:
        self.people = {
            REQUESTER: member(client, "Rita", "Requester"), HERO: member(client, "Tom", "Brady", hero=True),
            STRANGER: member(client, "Eve", "Stranger"), STAFF: member(client, "Sam", "Staff", staff=True),
        }  # fmt: skip
        self.model, self.ids = Model(), list[int]()

    def do(self, deed: Deed) -> None:
        who, what, place, number = deed
        if what == "ask":
            self._ask()
        elif self.ids:
            place = max(len(self.ids) - 1 - place, 0)
            self._act(self.people[who], who, what, place, number)

    def _ask(self) -> None:
        body = {**ASKED, "hero_id": self.people[HERO].hero_id}
        answer = self.people[REQUESTER].post("call-requests/", body)
        assert answer.status_code == self.model.ask()
        if answer.status_code == 200:
            self.ids.append(answer.json["id"])

    def _act(self, member: Member, who: str, what: str, place: int, number: int) -> None:
        request, expected = self.ids[place], self.model.requests[place]
        if what == "hold":
            assert moving.hold(request) == self.model.hold(expected)
            return
        answer = member.patch(path(request, what), _body(what, number))
        assert answer.status_code == self.model.act(who, what, expected, number), answer.text
        if answer.status_code == 200:
            self._compare(answer.json, expected)
        else:
            seen = self.people[STAFF].get(path(request)).json
            self._compare(seen, expected)

    def _compare(self, seen: dict[str, Any], expected: Modelled) -> None:
        assert (seen["status"], seen["reason"]) == (expected.status, expected.reason)
        assert [row["user"]["id"] for row in seen["times"]] == [
            self.people[who].id for who, _ in expected.proposed
        ]
        assert (seen["agreed_time"] is None) == (expected.agreed is None)

    def check_the_tables(self) -> None:
        """Steps, commands, reminders and cancellations are what the model's deeds leave behind."""
        owed = Counter((row.name, row.args) for row in LedgerRow.select())
        for request, expected in zip(self.ids, self.model.requests, strict=True):
            assert [step for step, _ in steps(request)] == expected.steps
            taken = Counter(expected.steps)
            wanted = {"mail_request": 1, "mail_decline": taken["declined"], "mail_agreement": taken["agreed"],
                      "mail_cancellation": taken["canceled"]}  # fmt: skip
            for name, count in wanted.items():
                assert owed[name, f'{{"call_request_id":{request}}}'] == count
            live = expected.agreed is not None and expected.status != "c"
            states = [
                row.state for row in RequestReminder.select().where(RequestReminder.call_request == request)
            ]
            assert states == ([] if expected.agreed is None else ["pending" if live else "revoked"] * 2)
        mine = [account.account.id for account in self.people.values()]
        logged = CanceledCallRequestLog.select().where(CanceledCallRequestLog.account.in_(mine)).count()
        assert logged == sum(self.model.cancelled.values())


ASK, ACCEPT, AGREE = (REQUESTER, "ask", 0, 0), (HERO, "accept", 0, 0), (REQUESTER, "agreed-time", 0, 1)
CANCEL, HOLD = (REQUESTER, "cancel", 0, 0), (STAFF, "hold", 0, 0)


@pytest.mark.lengthy
@pytest.mark.timeout(180)
@holds("§4 every other pair is 400 without effect", "§4 a to s", "D-30")
@example([ASK, CANCEL] * 3 + [ASK, ACCEPT, CANCEL, AGREE, CANCEL, (REQUESTER, "cancel", 0, 1), HOLD])
@example([ASK, ACCEPT, HOLD, AGREE, HOLD, HOLD, CANCEL, (HERO, "new-times", 0, 3)])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DEEDS, min_size=4, max_size=30))
def test_every_sequence_of_deeds_goes_as_the_state_machine_says(home: Settings, deeds: list[Deed]) -> None:
    run = Run(Client())  # its answers are held against the document by quieter tests
    run.do(ASK)
    for deed in deeds:
        run.do(deed)
    run.check_the_tables()
