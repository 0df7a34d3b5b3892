"""The log of the carrier in a box: what it answered yes to is in it, whatever happens next."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from providers.base import Sms
from providers.errors import NoAnswer, Unavailable
from providers.exchange import Exchange
from providers.exchange.journal import Journal
from providers.simulator import Simulator
from tests.providers.box import SECRET, Box

ROOT = Path(__file__).parents[2]


def _entry(n: int) -> dict[str, str]:
    return {"channel": "text", "reference": f"message:{n}", "id": f"id-{n}"}


@contextlib.contextmanager
def _process(journal: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.providers.exchange_process", str(journal), str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def test_everything_answered_before_a_kill_is_there_after_the_restart(tmp_path: Path, free_port: int) -> None:
    url = f"http://127.0.0.1:{free_port}"
    simulator = Simulator(url)
    sms = Sms("+919812345678", "+918000000000", "hi")
    answered: dict[str, str] = {}

    def send_until_dead(sender: int) -> None:
        with contextlib.suppress(Unavailable):
            for n in range(10_000):
                reference = f"message:{sender}.{n}"
                receipt = simulator.send(sms, reference=reference, timeout=5)
                answered[reference] = receipt.provider_id

    with _process(tmp_path / "journal.jsonl", free_port) as process:
        threads = [threading.Thread(target=send_until_dead, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        Box(url).wait_until("/health", lambda _status, body: body["accepted"] > 50)
        os.kill(process.pid, signal.SIGKILL)
        for thread in threads:
            thread.join()

    with _process(tmp_path / "journal.jsonl", free_port):
        log = Box(url).log()
        assert len(answered) > 40
        assert answered.items() <= {entry["reference"]: entry["id"] for entry in log}.items()
        assert [entry["n"] for entry in log] == list(range(1, len(log) + 1))
        reference, provider_id = next(iter(answered.items()))
        found = simulator.find("text", reference, timeout=5)
        assert found is not None
        assert found.provider_id == provider_id


def test_a_line_torn_by_a_crash_is_dropped_and_its_number_used_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.append(_entry(1))
    journal.close()
    with path.open("ab") as file:
        file.write(b'{"n": 2, "channel": "te')

    journal = Journal(path)

    assert journal.append(_entry(2)) == 2
    assert [line.count(b'"n": ') for line in path.read_bytes().splitlines()] == [1, 1]
    journal.close()


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("dear diary\n")

    with pytest.raises(RuntimeError, match=r"journal\.jsonl:1: not a line of a journal"):
        Journal(path)
    assert path.read_text() == "dear diary\n"


def test_two_exchanges_cannot_write_one_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")

    with pytest.raises(RuntimeError, match="another exchange"):
        Journal(tmp_path / "journal.jsonl")
    journal.close()


def test_many_at_once_share_an_fsync_and_none_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    synced: list[int] = []
    real = os.fsync

    def patient(descriptor: int) -> None:
        end = time.monotonic() + 5
        while not synced and len(journal._waiting) < 15 and time.monotonic() < end:
            time.sleep(0.001)  # until the other fifteen queue up behind the first
        synced.append(descriptor)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", patient)

    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(lambda n: journal.append(_entry(n)), range(16)))

    assert sorted(numbers) == list(range(1, 17))
    assert len(synced) == 2
    assert [entry["n"] for entry in json.loads(journal.since(0))] == list(range(1, 17))
    journal.close()


def test_an_answer_is_never_given_for_what_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            journal.append(_entry(1))

    with pytest.raises(OSError, match="an earlier write failed"):
        journal.append(_entry(2))
    assert journal.find("text", "message:1") is None
    assert journal.since(0) == b"[]"
    journal.close()


def test_a_second_exchange_on_one_journal_says_so_and_leaves_the_port(tmp_path: Path, free_port: int) -> None:
    def make() -> Exchange:
        return Exchange(journal=tmp_path / "j.jsonl", now=_now, secret=SECRET, port=free_port, threads=1)

    taken = Journal(tmp_path / "j.jsonl")
    with pytest.raises(RuntimeError, match="another exchange"):
        make()
    taken.close()

    with make() as exchange:
        assert exchange.url.endswith(f":{free_port}")


def test_a_carrier_that_needs_a_while_to_answer_has_accepted_at_once(tmp_path: Path) -> None:
    with Exchange(journal=tmp_path / "j.jsonl", now=_now, secret=SECRET, answer_after=30) as exchange:
        with pytest.raises(NoAnswer):
            Simulator(exchange.url).send(
                Sms("+919812345678", "+918000000000", "hi"), reference="message:1", timeout=0.05
            )
        Box(exchange.url).wait_until("/log", lambda _status, body: len(body["requests"]) == 1)


def _now() -> datetime:
    return datetime.now(UTC)
