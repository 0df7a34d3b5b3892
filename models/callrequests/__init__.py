"""Call requests: somebody asks a hero for a call, the two agree on a time, are reminded, and meet."""

from models.callrequests.conferences import Conference, ConferenceCall, ConferenceLog
from models.callrequests.reminders import RequestReminder
from models.callrequests.requests import CallRequest, CanceledCallRequestLog, Step, TimeSuggestion

__all__ = [
    "CallRequest", "CanceledCallRequestLog", "Conference", "ConferenceCall", "ConferenceLog", "RequestReminder",
    "Step", "TimeSuggestion",
]  # fmt: skip
