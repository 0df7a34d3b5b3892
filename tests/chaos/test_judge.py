"""The judge of the chaos: silent when every promise was kept, and naming each way to break one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chaos.judge import judged
from tests.chaos.reminders import alarm_row
from tests.chaos.talks import mail, reminded
from tests.chaos.world import FAR, MOVED, NEAR, World, at, reminder

QUARTER = "quarter_hour_before"


def troubles(world: World) -> dict[str, int]:
    """What the judge counts, without what is right."""
    counts = judged(world.promises, world.seen()).counts()
    return {name: count for name, count in counts.items() if count and name != "commands"}


def test_a_world_in_which_every_promise_was_kept_has_no_troubles():
    assert troubles(World()) == {}


def test_a_text_about_a_call_too_near_may_be_missing():
    world = World()
    world.log.remove(world.heard("message:4"))

    assert troubles(world) == {}


def test_an_old_time_may_have_been_reminded_of_when_that_was_due_before_the_change_was_acknowledged():
    world = World()
    moved = world.promises[4]
    first, second = moved.changes
    slowly = replace(second, acknowledged=world.seen().at)
    world.promises[4] = replace(moved, changes=(first, slowly))
    world.push(reminder(1, QUARTER, FAR))

    assert troubles(world) == {}


Fault = Callable[[World], object]

FAULTS: dict[str, tuple[Fault, dict[str, int]]] = {
    "a call is lost": (lambda w: w.log.remove(w.heard("call:1")), {"lost": 1}),
    "a call is dialled twice": (lambda w: w.log.append(w.heard("call:1")), {"dialled_twice": 1}),
    "a text is doubled": (lambda w: w.log.append(w.heard("message:1")), {"texts_doubled": 1}),
    "a mentee is not told of a schedule": (lambda w: w.log.remove(w.heard("message:2")), {"lost": 1}),
    "a mentee is not told of a move": (lambda w: w.log.remove(w.heard("message:3")), {"lost": 1}),
    "a mentee is not told of a cancellation": (lambda w: w.log.remove(w.heard("message:6")), {"lost": 1}),
    "a mentee is told twice": (
        lambda w: w.log.append({**w.heard("message:3"), "reference": "message:7"}),
        {"unasked": 1},
    ),
    "a mentee is told twice under one reference": (
        lambda w: w.log.append(w.heard("message:3")),
        {"texts_doubled": 1},
    ),
    "another's mentee is told": (lambda w: w.heard("message:3").update(to="+1"), {"lost": 1, "unasked": 1}),
    "something is said that nobody wished": (
        lambda w: w.log.append(w.text(7, "mentor0", "Hello")),
        {"unasked": 1},
    ),
    "a call did not end": (lambda w: w.calls[1].update(status="inprogress"), {"unended": 1}),
    "an event is missing": (lambda w: w.events.pop(("mentor0", "message_sent", 1)), {"eventless": 1}),
    "an event is doubled": (lambda w: w.happened("mentor0", "end_call", 1), {"eventless": 1}),
    "a move is in the event log twice": (
        lambda w: w.happened("mentor0", "call_rescheduled", 1),
        {"eventless": 1},
    ),
    "a call was scheduled twice": (lambda w: w.happened("mentor0", "call_scheduled", 8), {"unasked": 1}),
    "a move is undone": (
        lambda w: w.schedule["mentor0"][1].update(call_time="2026-03-01T12:15:05Z"),
        {"misplaced": 1},
    ),
    "a cancelled call stands": (
        lambda w: w.schedule["mentor3"].update({3: {"call_time": "2026-03-01T12:15:05Z"}}),
        {"misplaced": 1},
    ),
    "a reminder to come is owed twice": (lambda w: setattr(w, "owed", 4), {"misplaced": 1}),
    "a reminder to come is forgotten": (lambda w: setattr(w, "owed", 2), {"misplaced": 1}),
    "a reminder is lost": (lambda w: w.log.remove(w.heard(reminder(1, QUARTER, MOVED))), {"pushes_lost": 1}),
    "a reminder at the time is lost": (
        lambda w: w.log.remove(w.heard(reminder(2, "at_time", NEAR))),
        {"pushes_lost": 1},
    ),
    "a reminder is doubled": (lambda w: w.push(reminder(2, "at_time", NEAR)), {"pushes_doubled": 1}),
    "an old time is reminded of": (lambda w: w.push(reminder(1, QUARTER, FAR)), {"pushes_stray": 1}),
    "a cancelled call is reminded of": (lambda w: w.push(reminder(3, QUARTER, FAR)), {"pushes_stray": 1}),
    "a reminder comes early": (lambda w: w.push(reminder(1, "at_time", MOVED)), {"pushes_stray": 1}),
    "a reminder comes that was over when the call was made": (
        lambda w: w.push(reminder(2, QUARTER, NEAR)),
        {"pushes_stray": 1},
    ),
    "a mentor without a device is reminded": (
        lambda w: w.push(reminder(4, "at_time", NEAR)),
        {"pushes_stray": 1},
    ),
    "the end of a call is not pushed": (lambda w: w.log.remove(w.heard("push:call:1")), {"pushes_lost": 1}),
    "a successful call is pushed as failed": (lambda w: w.push("push:call-failed:1"), {"pushes_stray": 1}),
    "a reply is not pushed": (lambda w: w.log.remove(w.heard("push:message:9")), {"pushes_lost": 1}),
    "a reply is lost": (
        lambda w: (w.received.clear(), w.log.remove(w.heard("push:message:9"))),
        {"lost": 1},
    ),
    "a reply came twice": (
        lambda w: (
            w.received.update({("mentor2", 10): "key of reply:abc"}),
            w.happened("mentor2", "message_received", 10),
            w.push("push:message:10"),
        ),
        {"texts_doubled": 1},
    ),
    "a survey is lost": (lambda w: w.feedback.clear(), {"unanswered": 1}),
    "a survey lacks answers": (lambda w: w.feedback[0].update(content="{}"), {"unanswered": 1}),
    "a survey is not complete": (lambda w: w.feedback[0].update(complete=False), {"unanswered": 1}),
    "a survey has two rows": (
        lambda w: (w.feedback.append(w.survey(6, 1)), w.happened("mentor0", "feedback_received", 6)),
        {"unanswered": 1},
    ),
    "a survey of another call": (lambda w: w.feedback.append(w.survey(6, 7)), {"unasked": 1}),
    "nobody was told of a survey": (
        lambda w: w.events.pop(("mentor0", "feedback_received", 5)),
        {"eventless": 1},
    ),
}

OF_CALL_REQUESTS: dict[str, tuple[Fault, dict[str, int]]] = {
    "a hero is not told of a request": (lambda w: w.log.remove(w.heard("N1:1")), {"mails_lost": 1}),
    "a requester is not told of times": (lambda w: w.log.remove(w.heard("N2:2:3")), {"mails_lost": 1}),
    "who cancelled has no confirmation": (lambda w: w.log.remove(w.heard("N8:3")), {"mails_lost": 1}),
    "a mail goes out twice": (lambda w: w.log.append(w.heard("N5:1:2")), {"mails_doubled": 1}),
    "a mail goes out twice under two references": (
        lambda w: w.log.append(mail(1, "N2:9", "asker")),
        {"mails_doubled": 1},
    ),
    "a mail goes to the wrong party": (
        lambda w: w.heard("N7:2").update(to=mail(2, "N7", "asker")["to"]),
        {"mails_lost": 1, "mails_stray": 1},
    ),
    "a mail tells of what did not happen": (
        lambda w: w.log.append(mail(2, "N9", "asker")),
        {"mails_stray": 1},
    ),
    "a mail tells of a request of nobody": (
        lambda w: w.log.append(mail(9, "N1", "hero")),
        {"mails_stray": 1},
    ),
    "somebody has a mail of another kind": (
        lambda w: w.log.append({**w.heard("N1:1"), "reference": "hero-accepted:3"}),
        {"mails_stray": 1},
    ),
    "a party is not reminded": (lambda w: w.log.remove(w.heard("callrequest-reminder:2")), {"lost": 1}),
    "a party is reminded twice": (
        lambda w: w.log.append(w.heard("callrequest-reminder:2")),
        {"texts_doubled": 1},
    ),
    "a party is reminded twice under two references": (
        lambda w: w.log.append(reminded(9, "hero", at(5), 1)),
        {"texts_doubled": 1},
    ),
    "a party is reminded of a far time": (
        lambda w: w.log.append(reminded(9, "hero", at(5), 2)),
        {"unasked": 1},
    ),
    "a party is reminded of a cancelled call that was far": (
        lambda w: w.log.append(reminded(9, "hero", at(3), 3)),
        {"unasked": 1},
    ),
    "a party is reminded long after the call was cancelled": (
        lambda w: w.log.append(reminded(9, "hero", at(19), 4)),
        {"unasked": 1},
    ),
    "a party is reminded of a call that was declined": (
        lambda w: w.log.append(reminded(9, "hero", at(3), 5)),
        {"unasked": 1},
    ),
    "somebody is reminded of a call with a stranger": (
        lambda w: w.heard("callrequest-reminder:2").update(body="Your call with Eve starts."),
        {"unasked": 1, "lost": 1},
    ),
    "a cancelled request is still to be reminded of": (lambda w: setattr(w, "owed", 5), {"misplaced": 1}),
    "a request is gone": (lambda w: w.requests.pop(2), {"misplaced": 1}),
    "a request was made twice": (lambda w: w.requests.update({9: w.requests[2]}), {"unasked": 1}),
    "a cancelled request stands": (lambda w: w.requests[3].update(status="a"), {"misplaced": 1}),
    "another time is agreed": (
        lambda w: w.requests[2].update(agreed_time=w.requests[2]["times"][0]["datetime_one"]),
        {"misplaced": 1},
    ),
    "times were proposed twice": (
        lambda w: w.requests[2].update(times=w.requests[2]["times"] * 2),
        {"misplaced": 1},
    ),
    "a request was touched afterwards": (lambda w: w.requests[2].update(updated="later"), {"misplaced": 1}),
}
OF_ALARMS: dict[str, tuple[Fault, dict[str, int]]] = {
    "an attempt is lost": (lambda w: w.log.remove(w.heard("alarm:102:2")), {"lost": 1}),
    "an attempt is made twice": (lambda w: w.log.append(w.heard("alarm:102:1")), {"dialled_twice": 1}),
    "an attempt too many is made": (
        lambda w: w.log.append({**w.heard("alarm:102:2"), "reference": "alarm:102:3"}),
        {"unasked": 1},
    ),
    "who was reached is called again": (
        lambda w: w.log.append({**w.heard("alarm:101:1"), "reference": "alarm:101:2"}),
        {"unasked": 1},
    ),
    "somebody else is called": (
        lambda w: w.heard("alarm:101:1").update(to="+1"),
        {"lost": 1, "unasked": 1},
    ),
    "an alarm is texted twice": (lambda w: w.log.append(w.heard("alarm:103:1")), {"texts_doubled": 1}),
    "an alarm is not texted": (lambda w: w.log.remove(w.heard("alarm:103:1")), {"lost": 1}),
    "an alarm is mailed twice": (lambda w: w.log.append(w.heard("alarm:105:1")), {"mails_doubled": 1}),
    "an alarm is not mailed": (lambda w: w.log.remove(w.heard("alarm:105:1")), {"mails_lost": 1}),
    "the family is not told": (lambda w: w.log.remove(w.heard("alarm:102:2:failure")), {"lost": 1}),
    "the family is told twice": (
        lambda w: w.log.append(w.heard("alarm:102:2:failure")),
        {"texts_doubled": 1},
    ),
    "the family is told before the last attempt": (
        lambda w: w.log.append({**w.heard("alarm:102:2:failure"), "reference": "alarm:102:1:failure"}),
        {"unasked": 1},
    ),
    "the alarm of the next day rings today": (
        lambda w: w.log.append({**w.heard("alarm:101:1"), "reference": "alarm:201:1"}),
        {"unasked": 1},
    ),
    "an alarm stays in process": (lambda w: w.alarms[101].update(status=2), {"unended": 1}),
    "an alarm counts an attempt twice": (lambda w: w.alarms[102].update(num_attempt=3), {"unended": 1}),
    "an alarm is gone": (
        lambda w: (w.alarms.pop(103), w.alarms.pop(203), w.log.remove(w.heard("alarm:103:1"))),
        {"lost": 1},
    ),
    "an alarm was written down twice": (
        lambda w: (
            w.alarms.update({109: {**w.alarms[101], "url": "http://127.0.0.1/rest-api/alarm/109/"}}),
            w.alarms.update({209: {**w.alarms[201], "url": "http://127.0.0.1/rest-api/alarm/209/"}}),
            w.log.append({**w.heard("alarm:101:1"), "reference": "alarm:109:1"}),
        ),
        {"unasked": 1},
    ),
    "somebody is reminded of an event of nobody": (
        lambda w: w.alarms.update({109: alarm_row(101, of=900)}),
        {"unasked": 1},
    ),
    "an event is not followed by another": (lambda w: w.children.update({1: []}), {"misplaced": 1}),
    "an event is followed by two": (lambda w: w.children[1].append(9), {"misplaced": 1}),
    "an occurrence has its alarm twice": (
        lambda w: w.alarms.update({209: w.alarms[201]}),
        {"misplaced": 1},
    ),
    "an occurrence has no alarm": (lambda w: w.alarms.pop(201), {"misplaced": 1}),
    "an occurrence's alarm has no retries left": (
        lambda w: w.alarms[202].update(num_attempt=2),
        {"misplaced": 1},
    ),
}
FAULTS |= OF_CALL_REQUESTS | OF_ALARMS


def test_a_reminder_that_was_under_way_may_reach_who_cancelled():
    world = World()
    world.log.append(reminded(9, "hero", at(10), 4))

    assert troubles(world) == {}


def test_who_agreed_late_may_not_be_reminded():
    world = World()
    talked = world.promises[8]
    *others, last = talked.moves
    time = last.standing.agreed
    assert time is not None
    late = replace(last, acknowledged=time - timedelta(minutes=1))
    world.promises[8] = replace(talked, moves=(*others, late))
    world.log.remove(world.heard("callrequest-reminder:2"))

    assert troubles(world) == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_judge_names(fault: str):
    break_a_promise, found = FAULTS[fault]
    world = World()
    break_a_promise(world)

    assert troubles(world) == found
