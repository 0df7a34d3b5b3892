"""Notifications: tell a mentor's device what happened."""

from models.commands import NotifyMentor, NotifyMessage
from models.mentoring import notices
from workers.actor import actor


@actor(NotifyMentor)
def notify_mentor(call_id: int) -> None:
    """A call is over."""
    notices.about_call(call_id)


@actor(NotifyMessage)
def notify_message(message_id: int) -> None:
    """A mentee wrote."""
    notices.about_message(message_id)
