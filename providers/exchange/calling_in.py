"""People who dial in to a number that its owner answers by TwiML: they do what it says, and meet in rooms."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from xml.etree import ElementTree as ET

from providers.exchange import faults
from providers.exchange.dialects import call_coming_in, room_event
from providers.exchange.faults import Faults
from providers.exchange.phones import PhoneBook
from providers.exchange.timers import Timers
from providers.exchange.webhooks import Courier
from providers.reports.twilio import ENDED, JOINED, LEFT, STARTED

RINGING, INSIDE, OVER = "ringing", "in room", "over"
FULL = "The conference is full."
BROKEN = "We are sorry, an application error has occurred."


@dataclass
class Call:
    """Somebody's call to a number of the customer's.

    Parameters:
      sees: the number on his display.
      heard: what was said to him.
    """

    id: str
    caller: str
    sees: str
    state: str = RINGING
    heard: list[str] = field(default_factory=list)
    room: str = ""


@dataclass
class Room:
    """A conference room with somebody in it, as the first one's TwiML describes it.

    Parameters:
      most: how many it takes.
      events_url, told_of: what of it is told, and where.
    """

    sid: str
    name: str
    most: int
    events_url: str
    told_of: set[str]
    members: list[str] = field(default_factory=list)
    started: bool = False
    sequence: int = 0


class CallsIn:
    """All calls to numbers that are answered by TwiML. A restart forgets them: everybody is cut off, nobody is told.

    Parameters:
      now: the product's clock.
    """

    def __init__(
        self,
        book: PhoneBook,
        installed: Faults,
        courier: Courier,
        timers: Timers,
        now: Callable[[], datetime],
    ) -> None:
        self._book = book
        self._faults = installed
        self._courier = courier
        self._timers = timers
        self._now = now
        self._lock = threading.Lock()
        self._calls: dict[str, Call] = {}
        self._rooms: dict[str, Room] = {}

    def ring(self, caller: str, to: str) -> str:
        """Somebody dials; the owner of the number is asked what to do. Returns the call's id."""
        call = Call(_sid("CA"), caller, sees=to)
        with self._lock:
            self._calls[call.id] = call
        report = call_coming_in(call.id, caller, to)
        self._courier.post(report, copies=self._copies() or 1, answered=partial(self._answered, call))
        return call.id

    def hang_up(self, id: str) -> bool:
        """He hangs up, unless it is over already. False when there is no such call."""
        with self._lock:
            call = self._calls.get(id)
            if call is not None and call.state != OVER:
                self._leave(call)
        return call is not None

    def shown(self) -> list[dict[str, Any]]:
        """Every call so far."""
        with self._lock:
            return [asdict(call) for call in self._calls.values()]

    def _answered(self, call: Call, answer: bytes) -> None:
        """Do what the TwiML says; an answer that comes twice is followed once."""
        with self._lock:
            if call.state != RINGING:
                return
            try:
                response = ET.fromstring(answer)  # noqa: S314  # our own API's answer, in a rehearsal
            except ET.ParseError:
                response = ET.fromstring(f"<Response><Say>{BROKEN}</Say></Response>")  # noqa: S314  # our own text
            for verb in response:
                if verb.tag == "Say":
                    call.heard.append(verb.text or "")
                room = verb.find("Conference")
                if room is not None and self._enter(call, room):
                    return
            call.state = OVER

    def _enter(self, call: Call, told: ET.Element) -> bool:
        """Join a room, unless it is full."""
        room = self._rooms.setdefault(told.text or "", _opened(told))
        if len(room.members) >= room.most:
            call.heard.append(FULL)
            return False
        room.members.append(call.id)
        call.state, call.room = INSIDE, room.name
        self._tell(room, JOINED, call)
        if room.started:
            self._talk(call)
        elif len(room.members) > 1:
            room.started = True
            self._tell(room, STARTED)
            for member in room.members:
                self._talk(self._calls[member])
        else:
            patience = self._book.phone(call.caller).wait_s
            self._timers.after(patience, partial(self._tire, call, room))
        return True

    def _talk(self, call: Call) -> None:
        """He hangs up when he has talked long enough."""
        self._timers.after(self._book.phone(call.caller).talk_s, partial(self._tire, call))

    def _tire(self, call: Call, waiting_in: Room | None = None) -> None:
        """Enough talked; or nobody came to the room in which he waits."""
        if waiting_in is None or not waiting_in.started:
            self.hang_up(call.id)

    def _leave(self, call: Call) -> None:
        room = self._rooms.get(call.room) if call.state == INSIDE else None
        call.state = OVER
        if room is None:
            return
        room.members.remove(call.id)
        self._tell(room, LEFT, call)
        if not room.members:
            del self._rooms[room.name]
            self._tell(room, ENDED)

    def _tell(self, room: Room, event: str, call: Call | None = None) -> None:
        """Number an event, and report it where it is wanted."""
        room.sequence += 1
        copies = self._copies()
        if event.partition("-")[2] in room.told_of and copies:
            sid = None if call is None else call.id
            report = room_event(room.events_url, room.sid, room.name, event, sid, room.sequence, self._now())
            self._courier.post(report, copies=copies)

    def _copies(self) -> int:
        """How often a report is posted at once, as the faults have it."""
        struck = self._faults.draw("call", faults.OF_THE_REPORTS)
        return {"callback_twice": 2, "no_callback": 0}.get(struck.kind, 1) if struck else 1


def _opened(told: ET.Element) -> Room:
    return Room(
        _sid("CF"), told.text or "", int(told.get("maxParticipants", "250")), told.get("statusCallback", ""),
        set(told.get("statusCallbackEvent", "").split()),
    )  # fmt: skip


def _sid(kind: str) -> str:
    return kind + secrets.token_hex(16)
