"""Plain words for how things stand: events, alarms, attempts, and why calls end; each with a tone for its pill."""

from typing import Any

from api.appointments.alarms import METHODS, RESULTS
from models.appointments import alarms, events
from models.appointments.alarms import Alarm, AlarmRequest

Told = tuple[str, str]  # a word, and its tone: `good`, `bad`, `busy`, or an empty text

EVENT: dict[int | None, Told] = {
    events.PENDING: ("to come", "busy"), events.COMPLETED: ("done", "good"), events.PAUSED: ("paused", "bad"),
}  # fmt: skip
ALARM: dict[int | None, Told] = {
    alarms.PENDING: ("waiting", ""), alarms.IN_PROCESS: ("under way", "busy"), alarms.FAILURE: ("failed", "bad"),
    alarms.RETRY: ("tried again", "busy"), alarms.SUCCESS: ("done", "good"),
}  # fmt: skip

ALARM_WORDS = {code: told[0] for code, told in ALARM.items() if code is not None}
ATTEMPT_WORDS = {
    alarms.PENDING: "to be made", alarms.IN_PROCESS: "under way", alarms.SUCCESS: "reached",
    alarms.RETRY: "not reached, and tried again", alarms.FAILURE: "not reached at last",
}  # fmt: skip

# What the causes of calls mean to who reads of them; by Q.850's names as FreeSWITCH writes them.
CAUSES = {
    "USER_BUSY": "The line was busy.", "CALL_REJECTED": "The call was turned down.",
    "NO_ANSWER": "Nobody answered.", "NO_USER_RESPONSE": "The phone did not respond.",
    "SUBSCRIBER_ABSENT": "The phone was switched off or out of reach.",
    "ORIGINATOR_CANCEL": "The call was given up before anybody answered.",
    "NORMAL_CIRCUIT_CONGESTION": "The lines were full.", "UNALLOCATED_NUMBER": "Nobody has this number.",
    "INVALID_NUMBER_FORMAT": "This is no phone number.", "DESTINATION_OUT_OF_ORDER": "The line was out of order.",
    "NETWORK_OUT_OF_ORDER": "The network was out of order.", "GATEWAY_DOWN": "The gateway was down.",
    "NORMAL_CLEARING": "",  # as calls do
    "ALLOTTED_TIMEOUT": "The call reached its longest time and was ended.",
}  # fmt: skip


def standing(status: int | None) -> Told:
    """How an event stands."""
    return EVENT.get(status, ("to come", "busy"))


def standing_alarm(alarm: Alarm) -> Told:
    """How an alarm stands; one that waits for a retry says so."""
    return ALARM.get(alarm.status, ("waiting", ""))


def whom(alarm: Alarm) -> str:
    """How, and to whom an alarm goes."""
    to = alarm.alarm_email if alarm.method == alarms.EMAIL else alarm.alarm_phonenumber
    return f"{METHODS[alarm.method].capitalize()} to {to or 'nobody yet'}"


def answered(alarm: Alarm) -> str:
    """What was answered; an empty text when nothing was."""
    return RESULTS[alarm.result] if alarm.result else ""


def outcome(request: AlarmRequest) -> Told:
    """How one attempt by phone went."""
    if request.status == alarms.SUCCESS:
        return ("reached", "good")
    if request.status in (alarms.FAILURE, alarms.RETRY):
        return ("not reached", "bad")
    return ("under way", "busy") if request.status == alarms.IN_PROCESS else ("to be made", "")


def why(cause: Any) -> str:
    """Why a call ended, in a sentence; what nobody listed stands as the carrier wrote it."""
    name = str(cause or "").strip()
    return CAUSES.get(name, name.replace("_", " ").capitalize() + "." if name.isupper() else name)
