"""The timeline of a scheduled call, as `trunkline trace schedule:5` prints it."""

from collections.abc import Callable

from models.timeline import timeline
from tests.api.planning import PATH, ahead, scheduled
from tests.house import NUMBERS, Carrier, Client, Staff, run_due


def test_a_scheduled_call_is_told_from_the_request_to_the_last_reminder(
    client: Client, staff: Staff, carrier: Carrier, jump: Callable[[float], None]
) -> None:
    scheduled(client, ahead(hours=30))
    scheduled(client, ahead(hours=50))
    client.post("/mentor/message/", {"content": "not of the schedule"})
    client.put(f"{PATH}1/", {"call_time": ahead(hours=2)})
    run_due()
    jump(3601)
    run_due()
    jump(3700)
    client.ask("DELETE", f"{PATH}1/")
    run_due()

    told = timeline("schedule:1")

    assert [(entry["what"], entry["detail"]) for entry in told] == [
        ("requested", f"contact {staff.mentor.id} will call contact {staff.mentee.id}"),
        ("message", "message:1: sent"),
        ("event", "call_scheduled: Call scheduled"),
        ("message", "message:4: sent"),
        ("event", "call_rescheduled: Call rescheduled"),
        ("reminder", "hour_before"),
        ("push skipped", told[6]["detail"]),
        ("message", "message:5: sent"),
        ("event", "call_cancelled: Call cancelled"),
    ]
    assert told[6]["detail"].startswith("push:reminder:1:hour_before:")
    assert not any(number.strip("+") in str(told) for number in NUMBERS.values())
