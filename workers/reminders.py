"""Reminders: tell a mentor's device that a call of his schedule is near."""

from datetime import timedelta

from models.commands import Remind
from models.mentoring import reminding
from workers.actor import actor


@actor(Remind)
def remind(scheduled_call_id: int, before: int, call_time: int) -> None:
    """Remind him, unless the call was cancelled or moved meanwhile."""
    reminding.remind(scheduled_call_id, timedelta(seconds=before), call_time)
