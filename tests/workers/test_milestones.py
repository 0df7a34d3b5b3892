"""The chore that lays milestones along long lists."""

from datetime import timedelta

import pytest

from models import milestones, periodic
from models.ledger import LedgerRow
from models.mentoring import Message
from models.milestones import Milestone
from tests.house import Staff, run_due


def test_milestones_are_laid_in_short_transactions_until_nothing_is_left(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milestones, "SPACING", 3)
    monkeypatch.setattr(milestones, "STRIDE", 7)
    for _ in range(20):
        Message.create(sender=staff.mentor, recipient=staff.mentee, content="x")

    done, laid = [], []
    for _ in range(3):
        periodic.turn("lay_milestones", timedelta(0))
        done.append(run_due())
        laid.append(Milestone.select().where(Milestone.list == "message", Milestone.owner == "*").count())

    assert done == [1, 3, 1]  # it looks how far the list goes; lays seven rows at a time; finds nothing new
    assert laid == [0, 6, 6]
    assert LedgerRow.select().count() == 0
