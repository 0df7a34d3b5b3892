"""What carriers' cause names mean: each row of the specification's table, and what nobody listed."""

import pytest

from models.deliveries import CallDataRecord
from models.deliveries.causes import CLASSES, label
from models.timeline import timeline
from tests.api.calls_at_work import REPORT, dialled, pressed, reported, story
from tests.conformance import holds
from tests.house import Client, Staff

TABLE = {
    "answered": {"NORMAL_CLEARING", "ALLOTTED_TIMEOUT", "SUCCESS"},
    "no answer": {"NO_ANSWER", "NO_USER_RESPONSE", "PROGRESS_TIMEOUT", "ORIGINATOR_CANCEL", "MEDIA_TIMEOUT"},
    "busy or refused": {"USER_BUSY", "CALL_REJECTED", "USER_CHALLENGE"},
    "unreachable": {
        "SUBSCRIBER_ABSENT", "USER_NOT_REGISTERED", "DESTINATION_OUT_OF_ORDER", "NUMBER_CHANGED", "UNALLOCATED_NUMBER",
        "INVALID_NUMBER_FORMAT", "NO_ROUTE_DESTINATION", "NO_ROUTE_TRANSIT_NET", "INCOMPATIBLE_DESTINATION",
    },
    "barred": {
        "OUTGOING_CALL_BARRED", "INCOMING_CALL_BARRED", "BEARERCAPABILITY_NOTAUTH", "FACILITY_REJECTED",
        "FACILITY_NOT_SUBSCRIBED",
    },
    "network": {
        "NORMAL_TEMPORARY_FAILURE", "NORMAL_CIRCUIT_CONGESTION", "SWITCH_CONGESTION", "NETWORK_OUT_OF_ORDER",
        "RECOVERY_ON_TIMER_EXPIRE", "REQUESTED_CHAN_UNAVAIL", "GATEWAY_DOWN", "EXCHANGE_ROUTING_ERROR",
        "PROTOCOL_ERROR", "INTERWORKING",
    },
    "other": {
        "NORMAL_UNSPECIFIED", "UNSPECIFIED", "LOSE_RACE", "MANAGER_REQUEST", "SYSTEM_SHUTDOWN", "ATTENDED_TRANSFER",
        "BLIND_TRANSFER", "CRASH",
    },
}  # fmt: skip


@pytest.mark.parametrize("wanted", TABLE)
@holds("causes: answered", "causes: no answer", "causes: busy or refused", "causes: unreachable", "causes: barred",
       "causes: network", "causes: other", "M-17")  # fmt: skip
def test_a_cause_has_the_label_of_its_row(wanted: str) -> None:
    assert {cause for cause in CLASSES if label(cause) == wanted} == TABLE[wanted]


def test_every_cause_of_the_table_is_kept_as_sent_and_so_is_any_other(client: Client, staff: Staff) -> None:
    causes = sorted({*CLASSES, "DAS_GIBT_ES_NICHT"})
    call = pressed(client)
    dialled(call)

    sent = [
        {"id": str(n), "startTime": "2017-04-20 17:31:18", "errorCause": cause}
        for n, cause in enumerate(causes)
    ]
    assert reported(client, REPORT, cdrs=sent).status_code == 200
    story(call)

    assert sorted(row.status for row in CallDataRecord.select()) == causes
    told = [entry["detail"] for entry in timeline(f"call:{call}") if entry["what"] == "leg rung"]
    unknown = causes.index("DAS_GIBT_ES_NICHT")
    assert f"record {unknown}: DAS_GIBT_ES_NICHT (unknown)" in told
    assert f"record {causes.index('NO_ANSWER')}: NO_ANSWER (no answer)" in told
