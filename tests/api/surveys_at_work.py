"""Surveys as OnionDev reports them, and what can be seen of the feedback they become."""

import json
from typing import Any

from models.mentoring import Event, Feedback
from tests.house import NUMBERS, SERVICE, Client, run_due

PATH = "/comms/onion_dev_feedback/"
NUMBER = NUMBERS["tony"].removeprefix("+")
# The body of the reference, key by key, with the number of a mentee.
SURVEY: dict[str, Any] = {
    "conversationId": "123",
    "surveyId": "484",
    "completed": True,
    "cdr": {"start_time": "2017-04-21 07:00:06.432989", "id": "23", "callerid": NUMBER},
    "records": {"127123": {"answer": "Happy", "questionTime": "2017-04-21 07:00:54", "order": "1"}},
}


def record(answer: Any, order: Any, second: int = 0) -> dict[str, Any]:
    """One answer, given at a second of the survey."""
    return {"answer": answer, "questionTime": f"2017-04-21 07:00:{second:02}", "order": order}


def surveyed(client: Client, records: Any = SURVEY["records"], *, user: str = SERVICE, **changes: Any) -> Any:
    """OnionDev reports a survey."""
    return client.post(PATH, {**SURVEY, "records": records, **changes}, user=user)


def cdr(**changes: Any) -> dict[str, Any]:
    """The record of the survey's own call, with some of it changed; None takes it out."""
    merged = {**SURVEY["cdr"], **changes}
    return {name: value for name, value in merged.items() if value is not None}


def answers() -> list[str | None]:
    """The four questions of the only feedback, all that is owed done."""
    run_due()
    row = Feedback.get()
    assert Feedback.select().count() == 1
    return [row.question_1, row.question_2, row.question_3, row.question_4]


def content() -> dict[str, Any]:
    """What the only feedback holds, all that is owed done."""
    run_due()
    return dict(json.loads(Feedback.get().content))


def told() -> list[tuple[int, int]]:
    """Whom the event log told of which feedback."""
    events = Event.select().where(Event.event_type == "feedback_received").order_by(Event.id)
    return [(event.relevant_mentor_id, event.object_id) for event in events]
