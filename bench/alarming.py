"""How fast many alarms are made that are due in the same second: each phone rung once, beside a plain pipeline."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench.accepting import WEB, where
from bench.figures import Result, interleaved, spread
from bench.ground import Ground
from bench.systems import Box, System
from bench.working import PROCESSES, THREADS, dramatiq_at_work, until_sent
from models import clock, database
from models.appointments import (
    Alarm,
    Calendar,
    CalendarSetting,
    CalendarUserProfile,
    Event,
    Gateway,
    SealedSurvey,
)
from models.commands import RingPhone
from models.ledger import LedgerRow
from models.people import User

ALARMS, CALENDARS = 10_000, 200
AHEAD = timedelta(
    seconds=6
)  # from when they are written down until they are due: a round has seen them by then
WITHIN = 10.0  # seconds until all of them are with the carrier
PATIENCE = 600.0  # seconds until the carrier has them, on a machine that has much else to do


def alarms(ground: Ground, quick: bool) -> Result:
    """All due in one second; until the carrier has the last, beside as many jobs of a plain Dramatiq pipeline."""
    rounds, count = (1, ALARMS // 5) if quick else (3, ALARMS)
    with (
        ground.carrier() as box,
        ground.system("plain", SIMULATOR_URL=box.url) as plain,
        ground.system("ours", SIMULATOR_URL=box.url, **WEB) as ours,
    ):
        dramatiq_at_work(plain, "bench.plain")
        ours.run("relay", "trunkline.py", "relay")
        ours.run("clock", "trunkline.py", "clock")
        for number in range(PROCESSES):
            queues = ("ringing", "alarms") if number == 0 else ("ringing",)
            ours.run("worker", "trunkline.py", "worker", *queues, "--threads", str(THREADS), freezes=False)
        database.bind(ours.env["DATABASE_URL"])
        events = _calendars()
        for system in (plain, ours):
            system.sleep()
        seen = interleaved(rounds, _ringing(ground, ours, box, events, count), _plainly(plain, box, count))
        database.close()
        doubled = _doubled(box)
    figures = {
        "last_after_s": spread([run["last"] for run in seen[0]], 1),
        "first_after_s": spread([run["first"] for run in seen[0]], 1),
        "ours_per_s": spread([run["rate"] for run in seen[0]], 0),
        "plain_per_s": spread(seen[1], 0),
        "rate_to_plain": spread([one["rate"] / other for one, other in zip(*seen, strict=True)]),
        "rung_twice": doubled,
        "ours_cpu_us_of": where(seen[0]),
    }
    targets = {"rung_twice": ("<=", 0), "rate_to_plain": (">=", 0.6)}
    if not quick:
        targets["last_after_s"] = ("<=", WITHIN)
    how = f"{count:,} alarms by call, due in one second, {PROCESSES} x {THREADS} threads, beside a plain Dramatiq actor"
    return Result("alarms", figures, targets, how)


def _calendars() -> list[int]:
    """A manager with calendars; the ids of their events, which are far from beginning."""
    user, doctor = (
        User.create(username=name, password="", is_manager=name == "mona") for name in ("mona", "doc")
    )
    survey, gateway = SealedSurvey.create(name="Reminder", user=user), Gateway.create(name="out")
    setting = CalendarSetting.create(user=user, label="Practice", survey=survey, aleg_gateway=gateway)
    CalendarUserProfile.create(user=doctor, manager=user, calendar_setting=setting)
    start = clock.now() + timedelta(days=1)
    found = []
    for number in range(CALENDARS):
        calendar = Calendar.create(name=f"Calendar {number}", user=doctor)
        event = Event.create(
            title="Visit", start=start, end=start + timedelta(hours=1), creator=doctor, calendar=calendar
        )
        found.append(event.id)
    return found


def _ringing(
    ground: Ground, system: System, box: Box, events: list[int], count: int
) -> Callable[[], dict[str, Any]]:
    """A run: seconds after the due moment, calls a second in the middle, and microseconds of CPU for each call."""

    def run() -> dict[str, Any]:
        seen = box.accepted()
        due = clock.now().replace(microsecond=0) + AHEAD
        _fall_due(events, due, count)
        before = ground.cpu_of(system)
        with system.awake():
            box.wait_for(seen + count, PATIENCE)
            _until_noted()
            after = ground.cpu_of(system)
        times = box.times()[seen:]
        return {
            "first": times[0] - due.timestamp(), "last": times[count - 1] - due.timestamp(),
            "rate": _rate(times),
            "parts": {name: (after[name] - before[name]) / count * 1e6 for name in after},
        }  # fmt: skip

    return run


def _until_noted() -> None:
    """Until what the carrier answered last is written down: that is work of the run, too."""
    deadline = time.monotonic() + PATIENCE
    while LedgerRow.select().where(LedgerRow.name == RingPhone.name).exists():
        if time.monotonic() > deadline:
            raise RuntimeError(f"answers are not noted after {PATIENCE:.0f} s")
        time.sleep(0.02)  # between two looks; the deadline above ends it


def _fall_due(events: list[int], due: datetime, count: int) -> None:
    """Write down alarms that are due then, each to a number of its own."""
    rows = [
        {
            "event": events[number % len(events)], "alarm_phonenumber": f"+9198{number:08}",
            "date_start_notice": due, "due_at": due,
        }
        for number in range(count)
    ]  # fmt: skip
    for place in range(0, count, 1000):
        Alarm.insert_many(rows[place : place + 1000]).execute()


def _plainly(system: System, box: Box, count: int) -> Callable[[], float]:
    """A run: jobs a second in the middle of as many that were there before the workers began."""

    def run() -> float:
        system.do("-m", "bench.plain", str(count))
        seen = box.accepted()
        with system.awake():
            box.wait_for(seen + count, PATIENCE)
            until_sent(system)
        return _rate(box.times()[seen : seen + count])

    return run


def _rate(times: list[float]) -> float:
    """How many a second, without the first and the last tenth."""
    middle = times[len(times) // 10 : len(times) - len(times) // 10]
    return len(middle) / (middle[-1] - middle[0])


def _doubled(box: Box) -> int:
    """How many alarms were rung more than once."""
    references = [entry["reference"] for entry in box.entries() if entry["channel"] == "ring"]
    return len(references) - len({reference.rpartition(":")[0] for reference in references})
