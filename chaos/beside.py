"""The plain Dramatiq pipeline under the same storms, for its counts to stand beside ours."""

import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chaos.ground import MENTORS, OURS, phone
from chaos.judge import Verdict
from chaos.outside import wait_for
from chaos.plan import Outcome, Plan
from chaos.processes import ROOT, Child, spawn
from chaos.storms import ANSWER, FAULTS, RATE, Killer
from chaos.system import WORKERS, System
from chaos.wishes import Wish, calls_and_texts

QUIET = (
    8.0  # seconds without a new request after which nothing more is expected: longer than its retries wait
)
SERVED = {name: queues for name, queues in WORKERS.items() if name != "records"}


class _Thanks(BaseHTTPRequestHandler):
    """Takes every report, so that the carrier behaves as it does towards us."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class Plain(System):
    """The plain pipeline's processes, and the same carrier."""

    def _boot(self) -> None:
        where = urlsplit(self.url)
        self._thanks = ThreadingHTTPServer((where.hostname or "", where.port or 0), _Thanks)
        threading.Thread(target=self._thanks.serve_forever, daemon=True).start()
        self.start("simulator", *self.workers)
        wait_for(f"{self.name}: the simulator", lambda: self.answers(self.simulator_url))

    def _start(self, name: str, env: dict[str, str]) -> Child:
        """Workers are Dramatiq's own."""
        if name not in self.workers:
            return super()._start(name, env)
        queues = ["--queues", *self.workers[name]]
        scale = ["--processes", "1", "--threads", "8", "--path", str(ROOT)]
        command = [str(Path(sys.executable).with_name("dramatiq")), "chaos.plain", *scale, *queues]
        return spawn(name, command, env, self.folder)

    def stop(self) -> None:
        super().stop()
        if hasattr(self, "_thanks"):
            self._thanks.shutdown()
            self._thanks.server_close()


class Sender:
    """Enqueues wishes at the rate of the clients."""

    def __init__(self, system: Plain, wanted: list[Wish]) -> None:
        from dramatiq.brokers.rabbitmq import RabbitmqBroker

        self._broker = RabbitmqBroker(url=system.broker_url, confirm_delivery=True)
        self.references = [f"{wish.kind}:{number}" for number, wish in enumerate(wanted, 1)]
        self._wanted = wanted
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def going(self) -> bool:
        """Whether it is still at it."""
        return self._thread.is_alive()

    def _run(self) -> None:
        from dramatiq import Message

        begun = time.monotonic()
        for number, (wish, reference) in enumerate(zip(self._wanted, self.references, strict=True)):
            ahead = begun + number / RATE - time.monotonic()
            time.sleep(max(0.0, ahead))  # the rate at which clients ask, not a wait
            mentor, ours = MENTORS.index(wish.mentor), OURS
            if wish.kind == "call":
                numbers = {"a_number": phone(mentor, "1").e164(), "b_number": phone(mentor, "2").e164()}
                queue, actor = "dialing", "dial"
                fields = {**numbers, "shown_to_a": ours, "shown_to_b": ours}
            else:
                queue, actor = "sms", "send_text"
                fields = {"to": phone(mentor, "2").e164(), "from": ours, "body": wish.key}
            args = ({"reference": reference, **fields},)
            self._broker.enqueue(
                Message(queue_name=queue, actor_name=actor, args=args, kwargs={}, options={})
            )
        self._broker.close()


def kills(plan: Plan) -> Outcome:
    """The plain pipeline: a worker process killed every second, all of them every ten."""
    rng, total = plan.rng("kills"), plan.count(3000)
    with Plain(
        plan.ground, plan.folder, "plain-kills", workers=SERVED, seed=plan.seed, answer_after=ANSWER
    ) as system:
        sender = Sender(system, calls_and_texts(total, rng))
        killer = Killer(list(system.workers), system.kill, system.start, rng, {})
        _wait(plan, system, sender)
        killed = killer.stop()
        return Outcome(_judged(plan, system, sender), {"kills": killed})


def carrier(plan: Plan) -> Outcome:
    """The plain pipeline: a carrier that accepts and does not answer, reports early, and reports twice."""
    rng, total = plan.rng("carrier"), plan.count(1000)
    with Plain(plan.ground, plan.folder, "plain-carrier", workers=SERVED, seed=plan.seed) as system:
        for fault in FAULTS:
            system.fault(**fault)
        sender = Sender(system, calls_and_texts(total, rng))
        _wait(plan, system, sender)
        return Outcome(_judged(plan, system, sender))


def _wait(plan: Plan, system: Plain, sender: Sender) -> None:
    while sender.going:
        plan.tell(f"{len(system.log())}/{len(sender.references)} taken")
        time.sleep(0.5)  # between two lines of progress; it ends when all has been sent


def _judged(plan: Plan, system: Plain, sender: Sender) -> Verdict:
    """Wait until it has been quiet for long enough, then count."""
    seen, since = -1, time.monotonic()
    while time.monotonic() < since + QUIET:
        if (now := len(system.log())) != seen:
            seen, since = now, time.monotonic()
        plan.tell(f"{now}/{len(sender.references)} taken, settling")
        time.sleep(0.5)  # between two looks; quiet for long enough ends it
    heard = Counter(entry["reference"] for entry in system.log())
    verdict = Verdict(commands=len(sender.references))
    verdict.lost = sum(reference not in heard for reference in sender.references)
    for reference, times in heard.items():
        if reference.startswith("call:"):
            verdict.dialled_twice += times - 1
        else:
            verdict.texts_doubled += times - 1
    return verdict
