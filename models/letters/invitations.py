"""Invitations: an agreed call as a calendar's entry (RFC 5545), for one party each, and how it is taken back."""

import base64
import unicodedata
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import quote
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vCalAddress

from models import clock, settings
from models.callrequests.requests import DIAL_OUT, CallRequest
from models.letters import paper
from models.people.accounts import Account

REQUEST, CANCEL = "REQUEST", "CANCEL"
_IN_ADDRESS = "@!$'*+-._~"


def file(request: CallRequest, party: Account, other: str, method: str = REQUEST) -> tuple[str, str, str]:
    """The entry as a file of a letter: name, media type, content as base64; parameters as `entry`."""
    content = base64.b64encode(entry(request, party, other, method)).decode()
    return "call.ics", f"text/calendar; method={method}; charset=utf-8", content


def entry(request: CallRequest, party: Account, other: str, method: str = REQUEST) -> bytes:
    """One party's entry of an agreed call.

    Parameters:
      party: who keeps it, the only one in it with an address.
      other: the other one's name.
      method: `REQUEST` to enter it, `CANCEL` to take it out again.
    """
    calendar, event = Calendar(), Event()
    for name, value in {
        "prodid": "-//Trunkline//Call requests//EN",
        "version": "2.0",
        "method": method,
    }.items():
        calendar.add(name, value)
    number = settings.current().conference_number
    how = f"We will ring you. If that fails, dial {number}." if request.way == DIAL_OUT else f"Dial {number}."
    facts = {
        "uid": str(uuid5(UUID(str(request.requester.uuid)), f"callrequest:{request.id}")),
        "sequence": 0 if method == REQUEST else 1,
        "status": "CONFIRMED" if method == REQUEST else "CANCELLED",
        "dtstamp": clock.now().replace(microsecond=0),
        "dtstart": request.agreed_time,
        "dtend": request.agreed_time + timedelta(minutes=request.estimated_length),
        "summary": f"Call with {paper.one_line(other)}",
        "location": number,
        "description": _text(f"{how}\n\n{request.message}"),
    }
    for name, value in facts.items():
        event.add(name, value)
    event.add("organizer", _person(parseaddr(settings.current().mail_from)[1], CN=paper.sender()))
    event.add("attendee", _person(str(party.email), PARTSTAT="ACCEPTED", RSVP="FALSE"))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _person(address: str, **about: str) -> vCalAddress:
    """Somebody of an entry; his address as a URL has it, so that it ends nowhere but at its end."""
    person = vCalAddress(f"mailto:{quote(address, safe=_IN_ADDRESS)}")
    person.params.update(about)
    return person


def _text(text: str) -> str:
    """What people wrote, with one kind of line end and without the controls that the format forbids."""
    lines = (
        "".join(c for c in line if c == "\t" or unicodedata.category(c) != "Cc") for line in text.splitlines()
    )
    return "\n".join(lines)
