"""Rings: one phone rung, in which a surface speaks, turn by turn, until either hangs up."""

from typing import Any, ClassVar

from peewee import BooleanField, IntegerField, TextField

from models import clock, events
from models.deliveries.life import DELIVERED, FAILED, UNENDED, Delivery
from models.numbers import PhoneNumber
from models.people import NumberField

ANSWERED = ("NORMAL_CLEARING", "ALLOTTED_TIMEOUT")  # causes after which somebody had answered


class Ring(Delivery):
    """One call of one leg. `callerid` is what is asked to be shown, with `caller_name`; empty for the route's number.
    `dialled` is what the carrier is to dial where that is not simply the number: prefixes, and digits to be sent after
    `w`.

    It rings `ring_seconds` at most, and lasts `limit_seconds` at most. `turn` counts what was heard on the line so
    far, `state` is where the surface is in what it plays, and `said` what it had done last, as JSON: a report that
    comes twice is answered alike. `machine` is whether a machine seems to have answered.
    """

    channel: ClassVar[str] = "ring"
    route: ClassVar[str] = "voice"
    word: ClassVar[str] = "ring"

    to = NumberField()
    dialled = TextField(default="")
    callerid = TextField(default="")
    caller_name = TextField(default="")
    ring_seconds = IntegerField(default=30)
    limit_seconds = IntegerField(default=3600)
    turn = IntegerField(default=0)
    state = TextField(default="")
    said = TextField(default="[]")
    machine = BooleanField(null=True)

    class Meta:
        table_name = "delivery_ring"

    @property
    def address(self) -> str:
        """The number that is rung."""
        number: PhoneNumber = self.to
        return number.e164()

    @property
    def numbers(self) -> list[PhoneNumber]:
        """The one that is rung, as it was written down; and as it is dialled, which may add a country's code."""
        return [self.to, *([PhoneNumber(str(self.dialled))] if self.dialled else [])]

    @property
    def over(self) -> bool:
        """Whether nothing is said in it any more."""
        return self.status not in UNENDED

    def took(self, turn: int, state: str, said: str, *, machine: bool) -> None:
        """Keep what was answered to a turn, the row being locked."""
        kept = {"turn": turn, "state": state, "said": said, "machine": bool(self.machine or machine)}
        type(self).update(**kept).where(type(self).id == self.id).execute()

    def reported(self, *, cause: str, duration: float, machine: bool, digits: str) -> bool:
        """Take a carrier's report of the end, and tell the surface that asked, once.

        Parameters:
          cause: the Q.850 name of why it ended.
          duration: seconds between answer and end.
          digits: all keys that were pressed.
        """
        to = DELIVERED if cause in ANSWERED else FAILED
        facts = {"cause": None if to == DELIVERED else cause, "machine": machine, "said": "[]"}
        if not self.move(*UNENDED, to=to, ended_at=clock.now(), **facts):
            return False
        told: dict[str, Any] = {"cause": cause, "duration": duration, "machine": machine, "digits": digits}
        told["greeted"] = bool(self.machine)  # as what it was spoken to
        # The report may have overtaken the carrier's answer.
        told["callid"] = self.provider_id or self.reference
        events.tell("ring.reported", self.origin, self.origin_id, **told)
        return True
