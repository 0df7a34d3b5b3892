"""The evidence: the simulator's log and the API's answers, read once all has settled."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chaos import members, patients
from chaos.asking import Promise
from chaos.ground import MENTORS
from chaos.negotiating import PATH
from chaos.outside import Outside, wait_for
from chaos.planning import ALARMS, EVENTS

PAGE = 10  # rows of the API's lists

Row = dict[str, Any]
User = str | Mapping[str, str]


@dataclass(frozen=True)
class Evidence:
    """What can be seen from outside.

    `owed` counts commands; `events` counts by mentor, type and object; `schedule` is each mentor's; `received` is what
    mentees wrote, by mentor and the id in his event log; `requests` are all call requests of whoever asked for one.
    `alarms` are all there are, by id, and `children` the events that follow those whose alarms were asked for.
    """

    at: datetime
    owed: int | None
    log: Sequence[Row]
    calls: dict[int, Row]
    feedback: Sequence[Row]
    events: Counter[tuple[str, str, int]]
    schedule: dict[str, dict[int, Row]]
    received: dict[tuple[str, int], str]
    requests: dict[int, Row]
    alarms: dict[int, Row]
    children: dict[int, Sequence[int]]

    def heard(self, channel: str) -> Counter[str]:
        """How often the carrier was asked, by reference."""
        return Counter(entry["reference"] for entry in self.log if entry["channel"] == channel)

    @property
    def amount(self) -> Counter[str]:
        """How much of each kind there is."""
        return Counter(
            calls=len(self.calls),
            texts=len(self.heard("text")),
            pushes=len(self.heard("push")),
            reminders=sum(reference.startswith("push:reminder:") for reference in self.heard("push")),
            surveys=len(self.feedback),
            scheduled=sum(event == "call_scheduled" for _, event, _ in self.events),
            moved=sum(times for (_, event, _), times in self.events.items() if event == "call_rescheduled"),
            cancelled=sum(event == "call_cancelled" for _, event, _ in self.events),
            replies=len(self.received),
            mails=len(self.heard("mail")),
            requests=len(self.requests),
            alarms=len(self.alarms),
            attempts=len(self.heard("ring")),
            alarms_texted=sum(reference.startswith("alarm:") for reference in self.heard("text")),
            agreed=sum(row["agreed_time"] is not None for row in self.requests.values()),
            called_off=sum(row["status"] == "c" for row in self.requests.values()),
            parties_reminded=sum(reference.startswith("callrequest-") for reference in self.heard("text")),
        )

    def once(self, mentor: str, event: str, number: int) -> bool:
        """Whether the mentor's log has exactly one such event."""
        return self.events[mentor, event, number] == 1


def gather(system: Outside, promises: Sequence[Promise]) -> Evidence:
    """Read everything."""
    events: Counter[tuple[str, str, int]] = Counter()
    schedule, received = {}, {}
    for mentor in MENTORS:
        for row in _all(system, "/mentor/event/", mentor):
            events[mentor, row["event_type"], row["object_id"]] += 1
            if row["event_type"] == "message_received":
                message = _one(system, f"/mentor/message/{row['object_id']}/", mentor)
                received[mentor, row["object_id"]] = message["content"]
        schedule[mentor] = {row["id"]: row for row in _all(system, "/mentor/schedule/", mentor)}
    return Evidence(
        at=datetime.now(UTC),
        owed=system.owed(),
        log=system.log(),
        calls={row["id"]: row for row in _all(system, "/comms/call/", "root")},
        feedback=_all(system, "/comms/feedback/", "root"),
        events=events,
        schedule=schedule,
        received=received,
        requests=_requests(system, {promise.wish.pair for promise in promises if promise.moves}),
        alarms={id_of(row): row for row in _all(system, ALARMS, "root")},
        children={event: children(system, event) for event in events_of(promises)},
    )


def events_of(promises: Iterable[Promise]) -> list[int]:
    """The events whose alarms were asked for."""
    return [patients.event(promise.wish.pair) for promise in promises if promise.wish.kind == "alarm"]


def children(system: Outside, event: int) -> list[int]:
    """The occurrences that follow an event: told as a note when there is none, and as itself when there is one."""
    found = _one(system, f"{EVENTS}{event}/get_list_child/", "root")
    rows = found if isinstance(found, list) else [found]
    return [id_of(row) for row in rows if "url" in row]


def id_of(row: Row) -> int:
    """The id in a row's address."""
    return int(row["url"].rsplit("/", 2)[1])


def _requests(system: Outside, pairs: Iterable[int]) -> dict[int, Row]:
    askers = {members.pair(number)[0] for number in pairs}
    tokens = [{"Authorization": members.token(asker)} for asker in sorted(askers)]
    return {row["id"]: row for token in tokens for row in _all(system, PATH, token)}


def _one(system: Outside, path: str, user: User) -> Row:
    found: Row = wait_for(path, lambda: system.ask(path, user))
    return found


def _all(system: Outside, path: str, user: User) -> list[Row]:
    """All rows of a list, page by page."""
    first = _one(system, path, user)
    pages = range(2, math.ceil(first["count"] / PAGE) + 1)
    with ThreadPoolExecutor(4) as pool:
        rest = pool.map(lambda page: _one(system, f"{path}?page={page}", user), pages)
        return [*first["results"], *(row for answer in rest for row in answer["results"])]
