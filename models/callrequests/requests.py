"""A call request and what its two parties have said of it."""

from datetime import datetime
from typing import Any, Self

from peewee import BigAutoField, BooleanField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.database import Row, UtcField, on_postgres
from models.people.accounts import Account
from models.people.heroes import Hero

OPEN, ACCEPTED, DECLINED, CANCELED, SUCCESSFUL = "o", "a", "d", "c", "s"
DIAL_IN, DIAL_OUT = "dial_in", "dial_out"


class CallRequest(Row):
    """One request. Its parties are `requester` and `hero_account`, the hero's own account; both stand here so that
    either's requests are found by one index.

    `way` is how the two meet at the agreed time: both dial in, or the trunk rings both.
    """

    id = BigAutoField()
    requester = ForeignKeyField(Account, backref="call_requests", on_delete="RESTRICT")
    hero = ForeignKeyField(Hero, backref="call_requests", on_delete="RESTRICT")
    hero_account = ForeignKeyField(Account, backref="received_call_requests", on_delete="RESTRICT")
    message = TextField()
    estimated_length = IntegerField()
    status = TextField(default=OPEN)
    reason = TextField(default="")
    agreed_time = UtcField(null=True)
    way = TextField(default=DIAL_IN)
    created_at = UtcField(default=clock.now)
    updated_at = UtcField(default=clock.now)

    requester_id: int
    hero_id: int
    hero_account_id: int

    class Meta:
        table_name = "call_request"

    @property
    def parties(self) -> tuple[int, int]:
        """The account ids of requester and hero."""
        return self.requester_id, self.hero_account_id

    def other(self, account_id: int) -> int:
        """The account id of the other party."""
        return self.hero_account_id if account_id == self.requester_id else self.requester_id

    @classmethod
    def locked(cls, call_request_id: int) -> Self | None:
        """The request, nobody else moving it until the transaction ends; None when there is none.

        Weaker than `FOR UPDATE`: a row that is just being written and refers to it need not wait.
        """
        query: Any = cls.select().where(cls.id == call_request_id)
        return (query.for_update("FOR NO KEY UPDATE") if on_postgres() else query).first()  # type: ignore[no-any-return]  # Peewee is untyped


class TimeSuggestion(Row):
    """Three times that one party offers. Only the latest one of a request can be agreed to."""

    id = BigAutoField()
    call_request = ForeignKeyField(CallRequest, backref="suggestions", on_delete="RESTRICT")
    account = ForeignKeyField(Account, on_delete="RESTRICT")
    datetime_one = UtcField()
    datetime_two = UtcField()
    datetime_three = UtcField()
    timestamp = UtcField(default=clock.now)

    call_request_id: int
    account_id: int

    class Meta:
        table_name = "time_suggestion"

    @property
    def times(self) -> tuple[datetime, datetime, datetime]:
        """The three."""
        return self.datetime_one, self.datetime_two, self.datetime_three


class Step(Row):
    """What happened to a request, and through whom: `accepted`, `declined`, `new_times`, `agreed`, `canceled`, `held`.

    That it was made stands in the request itself.
    """

    id = BigAutoField()
    call_request = ForeignKeyField(CallRequest, backref="steps", on_delete="RESTRICT")
    account = ForeignKeyField(Account, null=True, on_delete="RESTRICT")
    step = TextField()
    timestamp = UtcField(default=clock.now)

    account_id: int | None

    class Meta:
        table_name = "call_request_step"


class CanceledCallRequestLog(Row):
    """Who called a request off, and why: at most once for each request."""

    id = BigAutoField()
    call_request = ForeignKeyField(CallRequest, unique=True, backref="cancellations", on_delete="RESTRICT")
    account = ForeignKeyField(Account, backref="cancellations", on_delete="RESTRICT")
    reason = TextField()
    was_accepted = BooleanField()
    timestamp = UtcField(default=clock.now)

    account_id: int

    class Meta:
        table_name = "canceled_call_request_log"
