"""Other legs of calls: whom somebody was put through to is recorded, and changes nothing else."""

import json
from datetime import timedelta

from models import clock
from models.appointments import verdicts
from models.appointments.callrequests import AlarmCall
from models.appointments.cdr import B_LEG, CallDetailRecord
from models.appointments.ivr.inputs import Done
from models.deliveries import Ring


def record(ring: Ring, call: AlarmCall, turn: int, shown: str, done: Done) -> None:
    """The detail record of a transfer that is over, once; nothing, when what is over was none, or nobody says why.

    Parameters:
      ring: the call, held, with what it was last told to do.
      turn: of the report.
      shown: the number that the other side saw.
    """
    said = json.loads(str(ring.said))
    to = next((action["to"] for action in said if action["do"] == "transfer"), None)
    if to is None or not done.cause:
        return
    CallDetailRecord.insert(
        user_id=call.user_id,
        request_uuid=call.request_uuid,
        used_gateway_id=call.__data__["aleg_gateway"],
        callrequest_id=call.id,
        callid=f"{ring.provider_id or ring.reference}:{turn}",
        callerid=shown,
        phone_number=to,
        starting_date=clock.now() - timedelta(seconds=done.seconds),
        duration=done.seconds,
        billsec=done.seconds,
        disposition=verdicts.disposition(done.cause),
        hangup_cause=done.cause,
        hangup_cause_q850=verdicts.q850(done.cause),
        leg_type=B_LEG,
    ).on_conflict_ignore().execute()
