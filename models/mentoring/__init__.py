"""The Mentoring Tool: masked calls and texts between a mentor and a mentee."""

from models.mentoring.calls import Call
from models.mentoring.events import Event
from models.mentoring.messages import Message
from models.mentoring.tasks import Task

__all__ = ["Call", "Event", "Message", "Task"]
