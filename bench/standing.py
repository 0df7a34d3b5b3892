"""What the system costs while little happens: a million reminders waiting, and the memory of idle processes."""

import time
from datetime import timedelta

from bench import machine
from bench.accepting import WEB, warm
from bench.figures import Result, spread
from bench.ground import Ground
from bench.systems import Running
from models import clock, database
from models.commands import SendText
from models.database import transaction
from models.deliveries import Text
from models.ledger import enqueue
from models.numbers import PhoneNumber

WAITING = 1_000_000

_FAR = """
    INSERT INTO command (name, queue, args, state, due_at, expires_at, attempt, tries, crashes, key, trace, created_at)
    SELECT 'send_text', 'sms', '{"text_id":' || n || '}', 'ready', now() + interval '30 days' + n * interval '1 s',
           now() + interval '60 days' + n * interval '1 s', 1, 0, 0, 'reminder:' || n, '', now()
    FROM generate_series(1, %s) AS n
"""


def reminders(ground: Ground, quick: bool) -> Result:
    """How late commands are that fall due one by one while a million others wait for another day."""
    count, waiting = (10, WAITING // 10) if quick else (30, WAITING)
    with ground.carrier() as box, ground.system("reminders", SIMULATOR_URL=box.url) as ours:
        database.bind(ours.env["DATABASE_URL"])
        database.db.obj.execute_sql(_FAR, (waiting,))
        relay = ours.run("relay", "trunkline.py", "relay")
        ticking = ours.run("clock", "trunkline.py", "clock")
        ours.run("worker", "trunkline.py", "worker", "sms", "chores")
        _fall_due(1, 0.0)
        box.wait_for(1)
        memory, used, begun = _memory(relay, ticking), ours.cpu(), time.monotonic()
        due = [_fall_due(number, 0.5) for number in range(2, count + 2)]
        box.wait_for(count + 1)
        seconds, spent = time.monotonic() - begun, ours.cpu()
        late = [(there - there_due) * 1000 for there, there_due in zip(box.times()[1:], due, strict=True)]
        grown = [after - before for after, before in zip(_memory(relay, ticking), memory, strict=True)]
        database.close()
    figures = {
        "latest_ms": round(max(late), 1),
        "late_ms": spread(late, 1),
        "grown_mb": round(max(grown), 1),
        "relay_mb": round(memory[0], 1),
        "clock_mb": round(memory[1], 1),
        "relay_cpu_share": round((spent["relay"] - used["relay"]) / seconds, 4),
        "clock_cpu_share": round((spent["clock"] - used["clock"]) / seconds, 4),
    }
    how = f"{count} commands due one by one, with {waiting:,} others waiting for another day"
    return Result("reminders", figures, {"latest_ms": ("<=", 1000), "grown_mb": ("<=", 3)}, how)


def _fall_due(number: int, seconds: float) -> float:
    """Owe a text that is due in so many seconds, and wait for as long; returns the moment, in seconds since 1970."""
    due = clock.now() + timedelta(seconds=seconds)
    with transaction():
        text = Text.create(
            reference=f"bench:{number}", origin="bench", origin_id=number, body="It is time",
            to=PhoneNumber.parse("+919876500000"),
        )  # fmt: skip
        enqueue(SendText(text.id), due=due)
    time.sleep(seconds + 0.1)  # nothing to wait for: this idle time is what is measured
    return due.timestamp()


def _memory(*processes: Running) -> list[float]:
    return [max(machine.resident_mb(pid) for pid in process.pids) for process in processes]


def memory(ground: Ground, _quick: bool) -> Result:
    """What idle processes have in RAM, after they have served a little."""
    with ground.carrier() as box, ground.system("memory", SIMULATOR_URL=box.url, **WEB) as ours:
        web = ours.web("trunkline.py", "web")
        worker = ours.run("worker", "trunkline.py", "worker", "sms", "--threads", "8")
        ours.run("relay", "trunkline.py", "relay")
        box.wait_for(warm(web))
        served = ours.running("web")
        figures = {
            "web_mb": round(max(machine.resident_mb(pid) for pid in served.pids), 1),
            "worker_mb": round(max(_memory(worker)), 1),
            "relay_mb": round(max(_memory(ours.running("relay"))), 1),
        }
    how = "one web process, one worker with 8 threads; resident, shared pages included"
    return Result("memory", figures, {"web_mb": ("<=", 120), "worker_mb": ("<=", 120)}, how)
