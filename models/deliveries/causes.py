"""What carriers' cause names mean: Q.850 and FreeSWITCH's, in seven classes; for labels and statistics only [M-17]."""

from collections.abc import Mapping

_NAMES: Mapping[str, str] = {
    "answered": "NORMAL_CLEARING ALLOTTED_TIMEOUT SUCCESS",
    "no answer": "NO_ANSWER NO_USER_RESPONSE PROGRESS_TIMEOUT ORIGINATOR_CANCEL MEDIA_TIMEOUT",
    "busy or refused": "USER_BUSY CALL_REJECTED USER_CHALLENGE",
    "unreachable": """
        SUBSCRIBER_ABSENT USER_NOT_REGISTERED DESTINATION_OUT_OF_ORDER NUMBER_CHANGED UNALLOCATED_NUMBER
        INVALID_NUMBER_FORMAT NO_ROUTE_DESTINATION NO_ROUTE_TRANSIT_NET INCOMPATIBLE_DESTINATION
        """,
    "barred": """
        OUTGOING_CALL_BARRED INCOMING_CALL_BARRED BEARERCAPABILITY_NOTAUTH FACILITY_REJECTED FACILITY_NOT_SUBSCRIBED
        """,
    "network": """
        NORMAL_TEMPORARY_FAILURE NORMAL_CIRCUIT_CONGESTION SWITCH_CONGESTION NETWORK_OUT_OF_ORDER
        RECOVERY_ON_TIMER_EXPIRE REQUESTED_CHAN_UNAVAIL GATEWAY_DOWN EXCHANGE_ROUTING_ERROR PROTOCOL_ERROR
        INTERWORKING
        """,
    "other": """
        NORMAL_UNSPECIFIED UNSPECIFIED LOSE_RACE MANAGER_REQUEST SYSTEM_SHUTDOWN ATTENDED_TRANSFER BLIND_TRANSFER
        CRASH
        """,
}
CLASSES: Mapping[str, str] = {cause: label for label, names in _NAMES.items() for cause in names.split()}


def label(cause: str) -> str:
    """The class of a cause; `unknown` for one that nobody listed. Such a cause is kept as it was sent all the same."""
    return CLASSES.get(cause, "unknown")
