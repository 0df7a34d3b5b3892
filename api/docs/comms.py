"""What `/comms/…` takes and gives."""

from api.comms.feedback import NewFeedback
from api.comms.messages import HandedIn
from api.docs import examples as of
from api.docs import reports, shapes
from api.docs.told import Section, Told

_BY_ROLE = (shapes.Call, shapes.CallWithPartner)
_ENDED = Told(gives=_BY_ROLE, shown=of.ENDED_FOR_ALL, note="No body is needed: whatever is sent is not read.")

CALLS = Section(
    "All calls",
    "The back office sees every call, also by the carrier's names for it; others see those they take part in, without "
    "these.",
    {
        "/comms/call/": {"GET": Told(gives=_BY_ROLE, many=True, shown=of.ENDED_FOR_ALL)},
        "/comms/call/{call_id}/": {
            "GET": Told(gives=_BY_ROLE, shown=of.ENDED_FOR_ALL),
            "PUT": _ENDED,
            "PATCH": _ENDED,
        },
    },
)

MESSAGES = Section(
    "All messages",
    "The back office sees every message with full numbers; others see their own, masked.",
    {
        "/comms/message/": {
            "GET": Told(gives=shapes.PassedMessage, many=True, shown=of.PASSED_MESSAGE),
            "POST": Told(
                takes=HandedIn, sent=of.HANDED_IN, status=201, gives=shapes.PassedMessage,
                shown=of.PASSED_MESSAGE,
            ),
        },
        "/comms/message/{message_id}/": {"GET": Told(gives=shapes.PassedMessage, shown=of.PASSED_MESSAGE)},
    },
)  # fmt: skip

FEEDBACK = Section(
    "Feedback",
    "What mentees answered after a call. `content` is a text that holds JSON, handed back as it came; the answers to "
    "`question 1` to `question 4` in it are understood.",
    {
        "/comms/feedback/": {
            "GET": Told(gives=shapes.Feedback, many=True, shown=of.FEEDBACK),
            "POST": Told(
                takes=NewFeedback, sent=of.NEW_FEEDBACK, status=201, gives=shapes.Feedback, shown=of.FEEDBACK
            ),
        },
        "/comms/feedback/{feedback_id}/": {"GET": Told(gives=shapes.Feedback, shown=of.INCOMPLETE_FEEDBACK)},
    },
)

ONIONDEV = Section(
    "OnionDev's reports",
    "What OnionDev tells us, in its own words: times are those of a clock on a wall in India, numbers have no plus. "
    "The answer repeats what was understood. A report that comes again changes nothing and is answered alike.",
    {
        "/comms/onion_dev_call_end/": {
            "POST": Told(
                takes=reports.CallEnd, sent=of.CALL_END, gives=reports.CallEnd, shown=of.CALL_END,
                note="The call is found by `scheduledCallId`, else by `conversationId`, else it is the `handler`'s "
                "latest running one; one of the three is required. When none fits, the answer is 400 and the report "
                "is kept for an operator. A success needs both conversation times.",
            )
        },
        "/comms/onion_dev_feedback/": {
            "POST": Told(
                takes=reports.GivenFeedback, sent=of.SURVEY, status=201, gives=reports.GivenFeedback,
                shown=of.SURVEY, also={200: "A further report of a survey that is known."},
                note="The flag is named `complete` or `completed`; one of the two is required. Reports of one survey, "
                "which is known by its ids, are merged in whatever order they come: an answer that came later "
                "replaces one from before, and none is lost.",
            )
        },
        "/comms/onion_dev_message/": {
            "POST": Told(
                takes=reports.ReceivedText, sent=of.TEXT, status=201, gives=reports.ReceivedText, shown=of.TEXT,
                note="The words are in `text` or in `message`; both, only if they are the same.",
            )
        },
    },
)  # fmt: skip

SECTIONS = (CALLS, MESSAGES, FEEDBACK, ONIONDEV)
