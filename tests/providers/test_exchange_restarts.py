"""A carrier in a box that was ended in the middle of a call reports the call's end when it is back."""

from datetime import UTC, datetime
from pathlib import Path

from providers.base import Bridge
from providers.exchange import Exchange
from providers.simulator import Simulator
from tests.providers.box import SECRET, Customer

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there
BRIDGE = Bridge("+919812345678", "+919812345679", "+918000000000", "+918000000000")


def _exchange(journal: Path, api_url: str) -> Exchange:
    return Exchange(journal=journal, now=lambda: datetime.now(UTC), secret=SECRET, api_url=api_url, threads=8)


def test_reports_that_were_owed_are_made_after_a_restart_and_only_those(
    tmp_path: Path, customer: Customer
) -> None:
    journal = tmp_path / "journal.jsonl"
    with _exchange(journal, NOBODY) as exchange:
        Simulator(exchange.url).dial(BRIDGE, reference="call:1", timeout=5)

    with _exchange(journal, customer.url):
        customer.wait_for(1)
    with _exchange(journal, customer.url) as exchange:
        Simulator(exchange.url).dial(BRIDGE, reference="call:2", timeout=5)
        reports = customer.wait_for(2)

    assert [report.json["data"]["reference"] for report in reports] == ["call:1", "call:2"]
