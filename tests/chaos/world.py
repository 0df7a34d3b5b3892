"""A small world in which every promise was kept, for the judge to look at after one thing went wrong."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from chaos.asking import Change, Promise
from chaos.ground import answers_of, phone_of_mentee
from chaos.judge.evidence import Evidence
from chaos.wishes import Wish
from tests.chaos.reminders import ALARMS, PLANNED, alarm_row, asked, copies, planned
from tests.chaos.talks import TALKS, mails, reminded, talk

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FAR = 905.0  # seconds ahead: the reminder a quarter of an hour before is due after five
MOVED = 909.0
NEAR = 8.0
WORDS = "on Sunday 1 March 2026 at 17:45 (IST)."  # of FAR and MOVED
WORDS_NEAR = "on Sunday 1 March 2026 at 17:30 (IST)."


def at(seconds: float) -> datetime:
    """So long after the beginning."""
    return START + timedelta(seconds=seconds)


def change(verb: str, second: float, to: float | None = None) -> Change:
    """A change asked for in this second and acknowledged half a second later."""
    return Change(verb, None if to is None else at(to), at(second), at(second + 0.5))


def reminder(number: int, kind: str, seconds: float) -> str:
    """What the push of a reminder is called, for a call so long after the beginning."""
    return f"push:reminder:{number}:{kind}:{int(at(seconds).timestamp()) * 1_000_000}"


def _promise(reference: str, mentor: str, *changes: Change) -> Promise:
    return Promise(
        Wish(f"key of {reference}", reference.partition(":")[0], mentor), reference, 0.1, 1, changes
    )


class World:
    """Two calls, a text, a reply, and four scheduled calls: moved, near, cancelled, and of one without a device; and
    call requests: near, far, cancelled when far and when near, and declined; and alarms of every manner.
    """

    def __init__(self) -> None:
        self.promises = [
            _promise("call:1", "mentor0"),
            _promise("call:2", "mentor1"),
            _promise("message:1", "mentor0"),
            _promise("reply:abc", "mentor2"),
            _promise("schedule:1", "mentor0", change("POST", 0, FAR), change("PUT", 2, MOVED)),
            _promise("schedule:2", "mentor2", change("POST", 0, NEAR)),
            _promise("schedule:3", "mentor3", change("POST", 0, FAR), change("DELETE", 2)),
            _promise("schedule:4", "mentor1", change("POST", 0, NEAR)),
            *(talk(number, START) for number in TALKS),
            *(planned(number) for number in PLANNED),
        ]
        self.owed = 3
        self.log: list[dict[str, Any]] = []
        self._carried()
        self._shown()

    def _carried(self) -> None:
        """What the carrier was asked for."""
        self.log += [
            {"channel": "call", "reference": "call:1"},
            {"channel": "call", "reference": "call:2"},
            self.text(1, "mentor0", "key of message:1"),
            self.text(2, "mentor0", f"Your mentor will call you {WORDS}"),
            self.text(3, "mentor0", f"Your mentor has moved your call. It is now {WORDS}"),
            self.text(4, "mentor2", f"Your mentor will call you {WORDS_NEAR}"),
            self.text(5, "mentor3", f"Your mentor will call you {WORDS}"),
            self.text(6, "mentor3", f"Your mentor has cancelled your call {WORDS}"),
        ]
        for name in ("push:call:1", "push:message:9"):
            self.push(name)
        self.push(reminder(1, "quarter_hour_before", MOVED))
        self.push(reminder(2, "at_time", NEAR))
        for number in TALKS:
            self.log += mails(number)
        self.log += [
            reminded(1, "asker", at(4), 1),
            reminded(2, "hero", at(4), 1),
            reminded(7, "asker", at(3), 4),
        ]
        self.log += [entry for number in PLANNED for entry in asked(number)]

    def _shown(self) -> None:
        """What the API says."""
        self.calls = {number: {"id": number, "status": "successful"} for number in (1, 2)}
        self.feedback = [self.survey(5, 1)]
        self.events: Counter[tuple[str, str, int]] = Counter(
            [
                (f"mentor{n - 1}", event, n)
                for n in (1, 2)
                for event in ("start_call", "end_call", "feedback_requested")
            ]
            + [(f"mentor{n}", "call_scheduled", number) for number, n in {1: 0, 2: 2, 3: 3, 4: 1}.items()]
        )
        self.happened("mentor0", "message_sent", 1)
        self.happened("mentor0", "feedback_received", 5)
        self.happened("mentor2", "message_received", 9)
        self.happened("mentor0", "call_rescheduled", 1)
        self.happened("mentor3", "call_cancelled", 3)
        self.schedule: dict[str, dict[int, Any]] = {f"mentor{number}": {} for number in range(8)}
        for mentor, number, seconds in (("mentor0", 1, MOVED), ("mentor2", 2, NEAR), ("mentor1", 4, NEAR)):
            self.schedule[mentor][number] = {"call_time": at(seconds).isoformat()}
        self.received = {("mentor2", 9): "key of reply:abc"}
        self.requests = {
            promise.number: dict(promise.moves[-1].shown) for promise in self.promises if promise.moves
        }
        self.alarms = {number: alarm_row(number) for number in ALARMS}
        self.children = copies()

    @staticmethod
    def text(number: int, mentor: str, body: str) -> dict[str, Any]:
        """A text as the carrier logs it."""
        to = phone_of_mentee(mentor)
        return {"channel": "text", "reference": f"message:{number}", "to": to, "body": body}

    @staticmethod
    def survey(number: int, call: int) -> dict[str, Any]:
        """A feedback as the API shows it."""
        answers = enumerate(answers_of("mentor0"), start=1)
        content = ", ".join(f'"{place}": {{"answer": "{answer}"}}' for place, answer in answers)
        return {"id": number, "call_id": call, "complete": True, "content": f"{{{content}}}"}

    def push(self, reference: str) -> None:
        """The carrier was asked to push."""
        self.log.append({"channel": "push", "reference": reference})

    def happened(self, mentor: str, event: str, number: int) -> None:
        """One more event."""
        self.events[mentor, event, number] += 1

    def heard(self, reference: str) -> dict[str, Any]:
        """The carrier's first entry of this reference."""
        return next(entry for entry in self.log if entry["reference"] == reference)

    def seen(self) -> Evidence:
        """All of it, twenty seconds later."""
        return Evidence(
            at(20), self.owed, self.log, self.calls, self.feedback, self.events, self.schedule, self.received,
            self.requests, self.alarms, self.children,
        )  # fmt: skip
