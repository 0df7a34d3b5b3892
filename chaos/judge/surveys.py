"""Surveys: each call whose mentee answered one has exactly one feedback, whole, and one event."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from chaos.asking import Promise
from chaos.ground import answers_of
from chaos.judge.evidence import Evidence, Row
from chaos.judge.verdict import Verdict


def surveys(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    """Feedback row by row, and call by call."""
    rows: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in seen.feedback:
        rows[row["call_id"]].append(row)
    for promise in promises:
        if promise.wish.kind != "call":
            continue
        mine, given = rows.pop(promise.number, []), answers_of(promise.wish.mentor)
        if len(mine) != bool(given) or any(not _whole(row, given) for row in mine):
            told = [(row["complete"], row["content"]) for row in mine]
            verdict.blame("unanswered", f"its feedback is {told} and not once {given}", promise.reference)
        for row in mine:
            if not seen.once(promise.wish.mentor, "feedback_received", row["id"]):
                verdict.blame(
                    "eventless", f"has not exactly one feedback_received ({row['id']})", promise.reference
                )
    for call, left in rows.items():
        verdict.blame("unasked", f"feedback of no call that a client was told of: {call}", by=len(left))


def _whole(row: Row, given: Sequence[str]) -> bool:
    content = json.loads(row["content"])
    found = [content.get(str(place), {}).get("answer") for place in range(1, len(given) + 1)]
    return row["complete"] is True and found == list(given)
