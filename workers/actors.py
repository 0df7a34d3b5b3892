"""Every actor there is: importing this module makes them known."""

from workers import (
    alarms,
    cdr,
    chores,
    dialing,
    events,
    feedback,
    hooks,
    letters,
    mail,
    notifications,
    parties,
    push,
    reminders,
    ringing,
    sms,
)
from workers.actor import RUNNERS, register

__all__ = [
    "RUNNERS", "alarms", "cdr", "chores", "dialing", "events", "feedback", "hooks", "letters", "mail", "notifications",
    "parties", "push", "register", "reminders", "ringing", "sms",
]  # fmt: skip
