"""`/health` and `/metrics`: for load balancers and Prometheus."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models import database
from models.ledger import LedgerRow
from tests.house import Client, Staff


def test_health_needs_no_password_and_says_what_waits(
    client: Client, staff: Staff, jump: Callable[[float], None]
) -> None:
    idle = client.get("/health", user=None)
    client.post("/mentor/call/")
    jump(30)

    waiting = client.get("/health/", user=None)

    assert (idle.status_code, idle.json) == (200, {"database": "up", "oldest_due_s": 0.0})
    assert 29 < waiting.json["oldest_due_s"] < 60


def test_without_a_database_health_is_503_and_so_is_everything_else(client: Client, tmp_path: Path) -> None:
    database.close()
    database.bind(f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")

    answers = [client.get("/health", user=None), client.get("/mentor/call/")]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].json == {"database": "away", "oldest_due_s": None}
    assert answers[1].headers["retry-after"] == "2"


def test_metrics_count_what_is_owed_by_queue_and_standing(
    client: Client, staff: Staff, jump: Callable[[float], None]
) -> None:
    client.post("/mentor/call/")
    for _ in range(2):
        client.post("/mentor/message/", {"content": "hi"})
    LedgerRow.update(state="dead").where(LedgerRow.name == "dial").execute()
    jump(10)

    answer = client.get("/metrics", user=None)

    assert answer.headers["content-type"].startswith("text/plain")
    assert 'trunkline_owed_commands{queue="dialing",standing="dead"} 1.0' in answer.text
    assert 'trunkline_owed_commands{queue="sms",standing="ready"} 2.0' in answer.text
    assert 'trunkline_unknown_deliveries{channel="call"} 0.0' in answer.text
    oldest = [line for line in answer.text.splitlines() if line.startswith("trunkline_oldest_due_seconds")]
    assert float(oldest[0].split()[1]) == pytest.approx(10, abs=5)
