"""Some weeks of a small clinic on a running system, whose processes are killed; `make clinic-year` plays a year."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance import holds
from tests.conftest import or_skip
from tests.servers import postgres_available, rabbit_available

ROOT = Path(__file__).parents[2]
SMALL = ("--practices", "12", "--days", "28", "--seed", "5", "--kill-every", "4")


@holds("reliability: idempotent, and nothing sticks")
@pytest.mark.servers
@pytest.mark.lengthy
@pytest.mark.timeout(400)
def test_every_patient_is_told_exactly_what_and_when_the_plan_says_though_workers_die() -> None:
    or_skip(postgres_available() or rabbit_available())

    command = [sys.executable, "-m", "tests.clinic", *SMALL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert done.stdout, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, (told, done.stderr)
    assert told["told"] == told["seen"] > 50
    assert told["kills"] > 3
    assert [told[word] for word in ("missing", "surplus", "doubled", "misjudged")] == [0, 0, 0, 0]
