"""The life that every delivery has: queued, sending, sent, then delivered, failed, expired or unknown."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from peewee import BigAutoField, BigIntegerField, DoesNotExist, IntegerField, TextField

from models import clock, donotcall, events
from models.bulk import among
from models.database import Row, Sql, UtcField, on_postgres
from models.deliveries.statements import statements
from models.numbers import PhoneNumber

QUEUED, SENDING, SENT, DELIVERED = "queued", "sending", "sent", "delivered"
FAILED, EXPIRED, UNKNOWN, SKIPPED = "failed", "expired", "unknown", "skipped"
UNENDED = (QUEUED, SENDING, SENT, UNKNOWN)
ANY_BUT_DELIVERED = (*UNENDED, EXPIRED, FAILED)

OPEN, ACCEPTED, REJECTED, UNAVAILABLE, UNCLEAR, ABSENT = (
    "open", "accepted", "rejected", "unavailable", "unclear", "absent",
)  # fmt: skip


class Attempt(Row):
    """One asking of a carrier, committed before the carrier hears of it.

    `outcome` is `open` while the request may be under way; `unclear` when no answer came; `absent` when the carrier
    was asked afterwards and had never seen it.
    """

    id = BigAutoField()
    channel = TextField()
    delivery_id = BigIntegerField()
    number = IntegerField()
    provider = TextField()
    begun_at = UtcField(default=clock.now)
    ended_at = UtcField(null=True)
    outcome = TextField(default=OPEN)
    cause = TextField(null=True)

    class Meta:
        table_name = "attempt"
        indexes = ((("channel", "delivery_id", "number"), True),)

    @property
    def pending(self) -> bool:
        """Whether the carrier may have taken it without our knowing."""
        return self.outcome in (OPEN, UNCLEAR)


_CLOSE = Sql("UPDATE attempt SET outcome = %s, cause = %s, ended_at = %s WHERE id = %s")
_UNBEGIN = Sql("DELETE FROM attempt WHERE id = %s AND outcome = 'open'")


class Delivery(Row):
    """Base of everything the trunk carries.

    `origin` and `origin_id` name the row of the surface that asked. `reference` is ours, unique, the same over all
    attempts, and known to the carrier: asking for it speaks for every attempt ever made.
    """

    channel: ClassVar[str]
    route: ClassVar[str]
    word: ClassVar[str]

    id = BigAutoField()
    reference = TextField(unique=True)
    origin = TextField()
    origin_id = BigIntegerField()
    status = TextField(default=QUEUED)
    provider = TextField(null=True)
    provider_id = TextField(null=True, index=True)
    cause = TextField(null=True)
    created_at = UtcField(default=clock.now)
    ended_at = UtcField(null=True)

    @property
    def address(self) -> str:
        """Where it goes: what the route is chosen by, never to be logged."""
        raise NotImplementedError  # each channel has its own; Peewee's models cannot be abstract classes

    @property
    def numbers(self) -> list[PhoneNumber]:
        """Whose phones it reaches, two at most: nothing is carried to one that is not to be called."""
        return []

    @property
    def may_be_doubled(self) -> bool:
        """Whether, when nobody can say what became of an attempt, another one is better than none."""
        return False

    @property
    def attempts(self) -> list[Attempt]:
        """All askings of carriers so far, oldest first."""
        mine = (Attempt.channel == self.channel) & (Attempt.delivery_id == self.id)
        return list(Attempt.select().where(mine).order_by(Attempt.number))

    @classmethod
    def locked(cls, delivery_id: int) -> Self:
        """The delivery, its row locked until the transaction ends."""
        found = cls.locked_all([delivery_id])
        if not found:
            raise DoesNotExist(f"{cls.__name__} {delivery_id}")
        return found[delivery_id]

    @classmethod
    def locked_all(cls, ids: Sequence[int]) -> dict[int, Self]:
        """Deliveries by their ids, locked in the order of those; one that is gone is missing."""
        fields = cls._meta.sorted_fields
        rows = [
            {field.name: field.python_value(value) for field, value in zip(fields, row, strict=True)}
            for row in statements(cls).locked.all(among(ids))
        ]
        return {row["id"]: cls(__no_default__=True, **row) for row in rows}

    @classmethod
    def hold(cls, ids: Sequence[int]) -> None:
        """Lock deliveries in the order of their ids, as everybody does who changes several."""
        statements(cls).hold(among(ids))

    @classmethod
    def call_off(cls, reference: str) -> bool:
        """Not wanted any more. False when it is too late: a carrier has it or may have it, or it is over.

        One that a carrier may have becomes `unknown`: it is asked about, but not asked for again.
        """
        query = cls.select().where(cls.reference == reference)
        delivery: Self | None = (query.for_update() if on_postgres() else query).first()
        if delivery is None:
            return False
        if any(attempt.pending for attempt in delivery.attempts):
            delivery.move(SENDING, to=UNKNOWN, cause="called off")
            return False
        return delivery.move(QUEUED, SENDING, to=EXPIRED, cause="called off", ended_at=clock.now())

    def begin(self, provider: str, number: int) -> Attempt:
        """Open an attempt, in the transaction that is committed before the carrier is asked.

        Raises:
          Unwanted: whom it would reach is on the do-not-call list.
        """
        opened = self.begin_all([(self, provider, number)])
        if not opened:
            raise donotcall.Unwanted
        return opened[self.id]

    @classmethod
    def begin_all(cls, asked: Sequence[tuple[Self, str, int]]) -> dict[int, Attempt]:
        """Open an attempt for each of several deliveries: its provider, and the how-manieth it is.

        Returns: them by the deliveries' ids, without those whose number is on the do-not-call list.
        """
        begun_at, rows = clock.now(), []
        for delivery, provider, number in asked:
            first, second, *_ = (*(donotcall.digits(one) for one in delivery.numbers), "", "")
            rows.append((delivery.id, number, provider, first, second))
        opened = statements(cls).begin(rows, (), (cls.channel, begun_at)).fetchall()
        return {
            delivery_id: Attempt(
                id=id, channel=cls.channel, delivery_id=delivery_id, number=number, provider=provider,
                begun_at=begun_at, outcome=OPEN,
            )
            for id, delivery_id, number, provider in opened
        }  # fmt: skip

    def unbegin(self, attempt: Attempt) -> None:
        """Take back an attempt of which the carrier was never asked, by who alone could have asked."""
        _UNBEGIN(attempt.id)

    def accepted(self, attempt: Attempt, provider_id: str | None) -> None:
        """The carrier has it.

        Parameters:
          provider_id: the carrier's; None when only its report tells that it has it.
        """
        self.accepted_all([(self, attempt, provider_id)])

    @classmethod
    def accepted_all(cls, taken: Sequence[tuple[Self, Attempt, str | None]]) -> None:
        """The carrier has each of these. Its reports may have overtaken this answer, so an end is not undone.

        Parameters:
          taken: each with its attempt and the carrier's id, as `accepted` takes them.
        """
        rows = [(delivery.id, attempt.id, attempt.provider, id) for delivery, attempt, id in taken]
        statements(cls).accepted(rows, (clock.now(),), ())
        told = [(delivery.origin, delivery.origin_id, {"provider_id": id}) for delivery, _, id in taken]
        events.tell_each(f"{cls.word}.accepted", told)

    def close(self, attempt: Attempt, outcome: str, cause: str) -> None:
        """An attempt came to nothing, or nobody knows to what."""
        _CLOSE(outcome, cause[:500], clock.now(), attempt.id)

    def fail(self, cause: str) -> bool:
        """Given up for good, or refused."""
        return self._end(FAILED, cause, QUEUED, SENDING, UNKNOWN)

    def expire(self) -> bool:
        """Its last useful moment passed before any carrier had it."""
        return self._end(EXPIRED, "its last useful moment passed", QUEUED, SENDING)

    def lose_sight(self, cause: str) -> bool:
        """Nobody can say whether the carrier has it: left for a late report, a sweep, or a person."""
        return self.move(SENDING, to=UNKNOWN, cause=cause) and self._tell("unknown", cause=cause)

    def report(self, delivered: bool, cause: str = "") -> bool:
        """The carrier says how it ended. Reports may come twice, late and in any order."""
        if delivered:
            return self._end(DELIVERED, None, *ANY_BUT_DELIVERED)
        return self._end(FAILED, cause or "not delivered", *UNENDED)

    def move(self, *old: str, to: str, **changes: Any) -> bool:
        """Change the status if it is one of `old`; the database decides who won."""
        cls = type(self)
        here = (cls.id == self.id) & cls.status.in_(old)
        if cls.update(status=to, **changes).where(here).execute() != 1:
            return False
        self.status = to
        return True

    def _end(self, status: str, cause: str | None, *old: str) -> bool:
        if not self.move(*old, to=status, cause=cause, ended_at=clock.now()):
            return False
        return self._tell(status, cause=cause or "")

    def _tell(self, happened: str, **facts: Any) -> bool:
        events.tell(f"{self.word}.{happened}", self.origin, self.origin_id, **facts)
        return True

    @classmethod
    def known(cls, reference: str | None, provider_id: str | None, provider: str) -> Self | None:
        """The delivery a report speaks of, by our reference or by the carrier's id."""
        if reference:
            return cls.get_or_none(cls.reference == reference)
        if provider_id:
            here = (cls.provider == provider) & (cls.provider_id == provider_id)
            return cls.get_or_none(here)
        return None
