"""What `/mentor/…` takes and gives."""

from marshmallow import EXCLUDE

from api import errors
from api.docs import examples as of
from api.docs import shapes
from api.docs.told import Section, Told
from api.mentoring.messages import NewMessage
from api.mentoring.people import NewMentee, NewMentor

_ERASED = {409: errors.ERASED}
_UNREACHABLE = {409: f"Who would be reached is on the do-not-call list. Or: {errors.ERASED}"}
_BACK = "What GET gave may be sent back: a missing, null or empty password leaves the stored one."
_LEFT_OUT = (
    NewMentee(partial=("password",), unknown=EXCLUDE),
    NewMentor(partial=("password",), unknown=EXCLUDE),
)

PEOPLE = Section(
    "People",
    "Mentors and mentees. Both are contacts with one space of ids; a user is made, or fails to be made, together "
    "with his contact.",
    {
        "/mentor/mentee/": {
            "GET": Told(says="List the mentees", gives=shapes.Mentee, many=True, shown=of.TONY),
            "POST": Told(
                says="Add a mentee: a user and a contact, both or neither",
                takes=NewMentee, sent=of.NEW_TONY, status=201, gives=shapes.Mentee, shown=of.TONY,
            ),
        },
        "/mentor/mentee/{contact_id}/": {
            "GET": Told(says="Show the mentee", gives=shapes.Mentee, shown=of.TONY),
            "PUT": Told(
                says="Change the mentee", note=_BACK, takes=_LEFT_OUT[0], sent=of.TONY, gives=shapes.Mentee,
                shown=of.TONY, errors=_ERASED,
            ),
        },
        "/mentor/mentor/": {
            "GET": Told(says="List the mentors", gives=shapes.Mentor, many=True, shown=of.ADAM),
            "POST": Told(
                says="Add a mentor: a user and a contact, both or neither",
                takes=NewMentor, sent=of.NEW_ADAM, status=201, gives=shapes.Mentor, shown=of.ADAM,
            ),
        },
        "/mentor/mentor/{contact_id}/": {
            "GET": Told(says="Show the mentor", gives=shapes.Mentor, shown=of.ADAM),
            "PUT": Told(
                says="Change the mentor", note=_BACK, takes=_LEFT_OUT[1], sent=of.ADAM, gives=shapes.Mentor,
                shown=of.ADAM, errors=_ERASED,
            ),
        },
    },
)  # fmt: skip

_ENDED = Told(gives=shapes.Call, shown=of.ENDED)

CALLS = Section(
    "Calls",
    "A mentor calls his mentee: the carrier rings both, and neither sees the other's number. `scheduled` means that "
    "the carrier is being asked, `inprogress` that it took the call; `successful` and `inactive` are ends.",
    {
        "/mentor/call/": {
            "GET": Told(gives=shapes.Call, many=True, shown=of.ENDED),
            "POST": Told(status=201, gives=shapes.Call, shown=of.STARTED, once=True, errors=_UNREACHABLE),
        },
        "/mentor/call/{call_id}/": {
            "GET": Told(gives=shapes.Call, shown=of.ENDED),
            "PUT": _ENDED,
            "PATCH": _ENDED,
        },
    },
)

MESSAGES = Section(
    "Messages",
    "Texts between a mentor and his mentee, passed on unaltered. Both pairs of keys for the two numbers hold the "
    "same values; the other's number is masked.",
    {
        "/mentor/message/": {
            "GET": Told(gives=shapes.Message, many=True, shown=of.MESSAGE),
            "POST": Told(
                takes=NewMessage, sent=of.NEW_MESSAGE, status=201, gives=shapes.Message, shown=of.MESSAGE,
                once=True, errors=_UNREACHABLE,
            ),
        },
        "/mentor/message/{message_id}/": {"GET": Told(gives=shapes.Message, shown=of.MESSAGE)},
    },
)  # fmt: skip

EVENTS = Section(
    "Events",
    "The mentor's event log: calls and messages as they went. Nobody writes to it by hand.",
    {
        "/mentor/event/": {"GET": Told(gives=shapes.Event, many=True, shown=of.EVENT)},
        "/mentor/event/{event_id}/": {"GET": Told(gives=shapes.Event, shown=of.EVENT)},
    },
)

SECTIONS = (PEOPLE, CALLS, MESSAGES, EVENTS)
