"""The command line: what operators type, and the system in one process."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

import trunkline
from models import flow, ledger, settings
from models.commands import Prune
from models.database import transaction
from models.ledger import LedgerRow, enqueue
from models.people import User
from tests.house import Carrier, Client, Staff, run_due

Type = Callable[..., Result]


@pytest.fixture
def door(home: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Type a command."""
    monkeypatch.setattr(
        trunkline.logs, "configure", lambda *_a, **_k: None
    )  # the runner's streams end with it

    def type_in(*words: str, said: str = "") -> Result:
        return CliRunner().invoke(trunkline.main, list(words), input=said)

    return type_in


def _bury() -> int:
    with transaction():
        enqueue(Prune())
    row = LedgerRow.get()
    claim = ledger.Claim(row.id, row.attempt, "prune", {}, "", 0, None, None)
    ledger.bury(claim, "it broke")
    return int(row.id)


def test_status_tells_programs_what_is_owed(door: Type) -> None:
    with transaction():
        enqueue(Prune())

    told = json.loads(door("status", "--json").stdout)

    assert told["owed"] == {"ready": 1, "sent": 0, "running": 0, "dead": 0, "future": 0}
    assert told["queues"]["chores"]["ready"] == 1
    assert told["broker"] == "memory"


def test_status_points_people_at_what_is_dead(door: Type) -> None:
    _bury()

    assert "trunkline dead list" in door("status").stdout


def test_drain_succeeds_when_nothing_due_is_owed_and_fails_on_time_out(door: Type) -> None:
    empty = door("drain", "--timeout", "1")
    with transaction():
        enqueue(Prune())
    owing = door("drain", "--timeout", "0.1")

    assert (empty.exit_code, owing.exit_code) == (0, 1)
    assert "1 due commands are still owed" in owing.stderr


def test_a_dead_command_is_shown_replayed_and_dropped(door: Type) -> None:
    command_id = str(_bury())

    listed = json.loads(door("dead", "list", "--json").stdout)
    shown = json.loads(door("dead", "show", command_id).stdout)
    replayed = door("dead", "replay", command_id)
    again = door("dead", "replay", command_id)

    assert [row["id"] for row in listed] == [int(command_id)]
    assert shown["error"] == "it broke"
    assert (replayed.exit_code, again.exit_code) == (0, 1)
    assert run_due() == 1


def test_dead_commands_are_replayed_all_at_once(door: Type) -> None:
    _bury()

    assert door("dead", "replay").exit_code == 2
    assert "1 owed again" in door("dead", "replay", "--all").stdout


def test_dropping_what_is_not_dead_is_refused(door: Type) -> None:
    assert "no dead command 7" in door("dead", "drop", "7").stderr
    assert "no dead command 7" in door("dead", "show", "7").stderr


def test_a_trace_tells_a_text_from_request_to_carrier_without_a_number(
    staff: Staff, client: Client, carrier: Carrier, door: Type
) -> None:
    client.post("/mentor/message/", {"content": "hi"})
    run_due()

    told = [entry["what"] for entry in json.loads(door("trace", "message:1", "--json").stdout)]

    assert told[:2] == ["requested", "text queued"]
    assert "text answer 1" in told
    assert "27123456789" not in door("trace", "message:1").stdout


def test_a_trace_of_nothing_says_how_to_write_one(door: Type) -> None:
    assert "like call:12" in door("trace", "call:99").stderr


def test_check_names_the_line_of_a_mistake_and_what_would_be_right(
    door: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = flow.DEFAULT_FILE.read_text().replace(
        "message.created:  [send_text]", "message.created:  [send_txt]"
    )
    file = tmp_path / "pipelines.yaml"
    file.write_text(text)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "send_txt" in row)
    monkeypatch.setattr(flow, "DEFAULT_FILE", file)

    answer = door("check")

    assert answer.exit_code == 1
    assert (
        f"pipelines.yaml:{line}: message.created: no actor 'send_txt'; did you mean 'send_text'?"
        in answer.stderr
    )


def test_the_pipelines_are_drawn(door: Type) -> None:
    assert re.search("call.requested ─+▶ dial", door("pipelines").stdout)


def test_an_account_is_added_from_standard_input(door: Type) -> None:
    added = door("user", "add", "boss", "--staff", "--password-stdin", said="long enough\n")
    short = door("user", "add", "other", "--password-stdin", said="short\n")
    twice = door("user", "add", "boss", "--password-stdin", said="long enough\n")

    assert (added.exit_code, short.exit_code, twice.exit_code) == (0, 1, 1)
    assert User.get(User.username == "boss").is_staff
    assert "at least 8" in short.stderr
    assert "already" in twice.stderr


def test_migrating_twice_does_nothing_the_second_time(door: Type) -> None:
    assert "nothing to do" in door("migrate").stdout


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """`trunkline dev` as a process of its own, ready."""
    environ = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    command = [
        sys.executable,
        "-m",
        "trunkline",
        "dev",
        "--port",
        "0",
        "--simulator-port",
        "0",
        "--data",
        "dev",
    ]
    with subprocess.Popen(
        command,
        env={**environ, "PYTHONPATH": str(flow.DEFAULT_FILE.parent)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
        process.kill()


def test_the_embedded_system_says_when_it_is_ready_and_ends_on_sigterm(
    dev: tuple[subprocess.Popen[str], dict[str, Any]],
) -> None:
    process, ready = dev
    healthy = requests.get(ready["api"] + "/health", timeout=5).json()

    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=12)

    assert ready["ready"] is True
    assert healthy["database"] == "up"
    assert ready["simulator"].startswith("http://127.0.0.1:")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("how", "owed"), [(["--silent"], 0), ([], 1)])
def test_a_silent_simulator_owes_nobody_a_report(tmp_path: Path, how: list[str], owed: int) -> None:
    """Not even to the address that is the default."""
    environ = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    with subprocess.Popen(
        [sys.executable, "-m", "trunkline", "simulator", "--port", "0", "--data", "box", *how],
        env={
            **environ, "PYTHONPATH": str(flow.DEFAULT_FILE.parent), "SIMULATOR_SECRET": secret,
            "API_URL": "http://127.0.0.1:9",
        },
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["simulator"]
        text = {"reference": "t:1", "to": "+919812345678", "from": "+15550100", "body": "hi"}
        taken = requests.post(url + "/text", json=text, timeout=5)
        healthy = requests.get(url + "/health", timeout=5).json()
        process.terminate()

    assert taken.status_code == 200
    assert healthy == {"accepted": 1, "reports_owed": owed}
