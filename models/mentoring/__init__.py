"""The Mentoring Tool: masked calls and texts between a mentor and a mentee."""

from models.mentoring.activities import Activity
from models.mentoring.calls import Call
from models.mentoring.events import Event
from models.mentoring.feedback import Feedback
from models.mentoring.messages import Message
from models.mentoring.notes import CallNote
from models.mentoring.schedule import CallReminder, ScheduledCall
from models.mentoring.tasks import Task

__all__ = [
    "Activity", "Call", "CallNote", "CallReminder", "Event", "Feedback", "Message", "ScheduledCall", "Task",
]  # fmt: skip
