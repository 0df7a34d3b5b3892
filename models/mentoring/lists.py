"""The Mentoring Tool's long lists: by whom their rows are listed. Each of them grows for ever, so each has milestones.

What stays small is listed plainly: the schedule of a mentor, activities.
"""

from models.mentoring.calls import Call
from models.mentoring.events import Event
from models.mentoring.feedback import Feedback
from models.mentoring.messages import Message
from models.mentoring.notes import CallNote
from models.mentoring.tasks import Task
from models.milestones import LongList
from models.people import Contact

PEOPLE = LongList(Contact, Contact.kind)
CALLS = LongList(Call, Call.caller, Call.receiver)  # a mentor only calls, a mentee is only called
MESSAGES = LongList(Message, Message.sender, Message.recipient)
EVENTS = LongList(Event, Event.relevant_mentor)
TASKS = LongList(Task, Task.mentor)
NOTES = LongList(CallNote, CallNote.mentor)
FEEDBACK = LongList(Feedback, Feedback.sender, Feedback.mentor)

LISTS = (PEOPLE, CALLS, MESSAGES, EVENTS, TASKS, NOTES, FEEDBACK)
