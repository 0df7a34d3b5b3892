"""What the end of a call means: to its alarm, to its attempt, and as call detail records spell it."""

from collections.abc import Mapping

from models.appointments.calendars import HUMAN_ONLY, VOICEMAIL_ONLY
from models.appointments.cdr import MACHINE, PERSON, UNSURE
from models.deliveries.rings import ANSWERED

_DISPOSITIONS: Mapping[str, str] = {
    **dict.fromkeys(ANSWERED, "ANSWER"),
    "USER_BUSY": "BUSY",
    "NO_ANSWER": "NOANSWER",
    "ORIGINATOR_CANCEL": "CANCEL",
    "NORMAL_CIRCUIT_CONGESTION": "CONGESTION",
}

# Source: ITU-T Q.850, table 1, by the names that FreeSWITCH gives them.
_Q850: Mapping[str, int] = {
    "UNALLOCATED_NUMBER": 1, "NO_ROUTE_TRANSIT_NET": 2, "NO_ROUTE_DESTINATION": 3, "CHANNEL_UNACCEPTABLE": 6,
    "CALL_AWARDED_DELIVERED": 7, "NORMAL_CLEARING": 16, "USER_BUSY": 17, "NO_USER_RESPONSE": 18, "NO_ANSWER": 19,
    "SUBSCRIBER_ABSENT": 20, "CALL_REJECTED": 21, "NUMBER_CHANGED": 22, "REDIRECTION_TO_NEW_DESTINATION": 23,
    "EXCHANGE_ROUTING_ERROR": 25, "DESTINATION_OUT_OF_ORDER": 27, "INVALID_NUMBER_FORMAT": 28,
    "FACILITY_REJECTED": 29, "RESPONSE_TO_STATUS_ENQUIRY": 30, "NORMAL_UNSPECIFIED": 31,
    "NORMAL_CIRCUIT_CONGESTION": 34, "NETWORK_OUT_OF_ORDER": 38, "NORMAL_TEMPORARY_FAILURE": 41,
    "SWITCH_CONGESTION": 42, "ACCESS_INFO_DISCARDED": 43, "REQUESTED_CHAN_UNAVAIL": 44, "PRE_EMPTED": 45,
    "FACILITY_NOT_SUBSCRIBED": 50, "OUTGOING_CALL_BARRED": 52, "INCOMING_CALL_BARRED": 54,
    "BEARERCAPABILITY_NOTAUTH": 57, "BEARERCAPABILITY_NOTAVAIL": 58, "SERVICE_UNAVAILABLE": 63,
    "BEARERCAPABILITY_NOTIMPL": 65, "CHAN_NOT_IMPLEMENTED": 66, "FACILITY_NOT_IMPLEMENTED": 69,
    "SERVICE_NOT_IMPLEMENTED": 79, "INVALID_CALL_REFERENCE": 81, "INCOMPATIBLE_DESTINATION": 88,
    "INVALID_MSG_UNSPECIFIED": 95, "MANDATORY_IE_MISSING": 96, "MESSAGE_TYPE_NONEXIST": 97, "WRONG_MESSAGE": 98,
    "IE_NONEXIST": 99, "INVALID_IE_CONTENTS": 100, "WRONG_CALL_STATE": 101, "RECOVERY_ON_TIMER_EXPIRE": 102,
    "MANDATORY_IE_LENGTH_ERROR": 103, "PROTOCOL_ERROR": 111, "INTERWORKING": 127,
    # No causes of Q.850: the call was ended by who made it.
    "ALLOTTED_TIMEOUT": 16, "ORIGINATOR_CANCEL": 16,
}  # fmt: skip
UNSPECIFIED = 31  # of causes that Q.850 does not know


def plays(machine: bool, voicemail: bool, amd_behavior: int | None) -> bool:
    """Whether who answered is to hear anything. Where a setting has no voicemail, machines are not told from people.

    Parameters:
      machine: whether a machine answered.
      voicemail, amd_behavior: of the setting.
    """
    if not voicemail or amd_behavior not in (HUMAN_ONLY, VOICEMAIL_ONLY):
        return True
    return machine == (amd_behavior == VOICEMAIL_ONLY)


def reached(cause: str, machine: bool, greeted: bool, voicemail: bool, amd_behavior: int | None) -> bool:
    """Whether the attempt has told whom it was to tell; parameters as for `plays`, and why the call ended.

    A carrier may find out what it was only while it speaks: what was played decides where machines are to hear it, and
    people alone have heard it only if it was no machine in the end either.

    Parameters:
      greeted: whether it was spoken to as a machine.
    """
    return cause in ANSWERED and all(
        plays(one, voicemail, amd_behavior)
        for one in ((greeted,) if amd_behavior == VOICEMAIL_ONLY else (greeted, machine))
    )


def disposition(cause: str) -> str:
    """A cause as call detail records class it."""
    return _DISPOSITIONS.get(cause, "FAILED")


def q850(cause: str) -> int:
    """A cause's number; 31 (normal, unspecified) for those that have none, 0 where there is none."""
    return _Q850.get(cause, UNSPECIFIED) if cause else 0


def amd_status(cause: str, machine: bool) -> int:
    """Who answered, as call detail records tell it."""
    if cause not in ANSWERED:
        return UNSURE
    return MACHINE if machine else PERSON
