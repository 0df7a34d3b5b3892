"""Calls: two phones rung and joined, each seeing only a number of ours; and what carriers recorded of them."""

from datetime import datetime
from typing import Any, ClassVar

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock, events
from models.database import Row, UtcField
from models.deliveries.life import ANY_BUT_DELIVERED, DELIVERED, FAILED, UNENDED, Delivery
from models.numbers import PhoneNumber
from models.people import NumberField


class Bridge(Delivery):
    """One masked call: leg A is rung first, then leg B, then both are joined."""

    channel: ClassVar[str] = "call"
    route: ClassVar[str] = "voice"
    word: ClassVar[str] = "bridge"

    a_number = NumberField()
    b_number = NumberField()

    class Meta:
        table_name = "delivery_bridge"

    @property
    def address(self) -> str:
        """The A-leg's number decides the route."""
        number: PhoneNumber = self.a_number
        return number.e164()

    @property
    def numbers(self) -> list[PhoneNumber]:
        """Both legs'."""
        return [self.a_number, self.b_number]

    def reported(self, *, success: bool, receipt_id: int, **facts: Any) -> None:
        """Take a carrier's report of the end, whichever this is, and pass it on to the surface that asked.

        Parameters:
          success: whether the two really talked.
          receipt_id: the kept raw report.
          facts: `conversation_id`, `started_at`, `ended_at`, `recording_url`, as far as the carrier said.
        """
        # Not by `report`: the surface hears of every report below, and once is enough.
        if success:
            self.move(*ANY_BUT_DELIVERED, to=DELIVERED, cause=None, ended_at=clock.now())
        else:
            self.move(*UNENDED, to=FAILED, cause="the two were not connected", ended_at=clock.now())
        events.tell(
            "bridge.reported",
            self.origin,
            self.origin_id,
            success=success,
            receipt_id=receipt_id,
            facts=facts,
        )


class CallDataRecord(Row):
    """One attempt to ring, as the carrier recorded it. `status` is its Q.850 cause name, kept as sent."""

    id = BigAutoField()
    bridge = ForeignKeyField(Bridge, backref="records", on_delete="RESTRICT")
    partner_id = TextField()
    start_time = UtcField()
    status = TextField()
    recorded_at = UtcField(default=clock.now)

    class Meta:
        table_name = "call_data_record"
        indexes = ((("bridge", "partner_id"), True),)

    @classmethod
    def record(cls, bridge: Bridge, partner_id: str, start_time: datetime, status: str) -> None:
        """Write it down once, however often it is reported."""
        row = {"bridge": bridge, "partner_id": partner_id, "start_time": start_time, "status": status[:64]}
        cls.insert(row).on_conflict_ignore().execute()
