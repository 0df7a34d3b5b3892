"""Conferences: the rooms in which the two parties of a request meet, as the voice provider reports them."""

from typing import Any, Self

from peewee import JOIN, BigAutoField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.callrequests.requests import CallRequest
from models.database import Row, UtcField, on_postgres
from models.people import User
from models.people.accounts import Account


class Conference(Row):
    """One conference at the provider: `sid` is its id there. `call_request` is known from the first who joins."""

    id = BigAutoField()
    sid = TextField(unique=True)
    friendly_name = TextField()
    call_request = ForeignKeyField(CallRequest, null=True, backref="conferences", on_delete="RESTRICT")
    created_at = UtcField(default=clock.now)

    call_request_id: int | None

    class Meta:
        table_name = "conference"

    @classmethod
    def locked(cls, sid: str, friendly_name: str) -> Self:
        """The conference of this id, made at first sight; what else is reported of it waits for the transaction.

        Parameters:
          friendly_name: what the provider calls its room.
        """
        cls.insert(sid=sid, friendly_name=friendly_name).on_conflict_ignore().execute()
        query: Any = cls.select().where(cls.sid == sid)
        return (query.for_update("FOR NO KEY UPDATE") if on_postgres() else query).get()  # type: ignore[no-any-return]  # Peewee is untyped


class ConferenceLog(Row):
    """One thing that the provider reported of a conference, once, however often it reports it."""

    id = BigAutoField()
    conference = ForeignKeyField(Conference, backref="logs", on_delete="RESTRICT")
    event = TextField()
    call_sid = TextField(default="")
    sequence = IntegerField(default=0)
    account = ForeignKeyField(Account, null=True, on_delete="RESTRICT")
    timestamp = UtcField(default=clock.now)

    account_id: int | None

    class Meta:
        table_name = "conference_log"
        indexes = ((("conference", "event", "call_sid", "sequence"), True),)


class ConferenceCall(Row):
    """Somebody dialled in: `sid` is the provider's id of his call, by which its reports name him."""

    id = BigAutoField()
    sid = TextField(unique=True)
    account = ForeignKeyField(Account, on_delete="RESTRICT")
    call_request = ForeignKeyField(CallRequest, backref="calls", on_delete="RESTRICT")
    created_at = UtcField(default=clock.now)

    account_id: int
    call_request_id: int

    class Meta:
        table_name = "conference_call"


def attended_by(account_id: int) -> Any:
    """The query for the conferences of somebody's own requests, oldest first, with both parties of each."""
    requester, hero = Account.alias(), Account.alias()
    asking, asked = User.alias(), User.alias()
    return (
        Conference.select(Conference, CallRequest, requester, asking, hero, asked)
        .join_from(Conference, CallRequest)
        .join_from(CallRequest, requester, on=CallRequest.requester == requester.id, attr="requester")
        .join_from(requester, asking, on=requester.user == asking.id, attr="user")
        .join_from(CallRequest, hero, on=CallRequest.hero_account == hero.id, attr="hero_account")
        .join_from(hero, asked, on=hero.user == asked.id, attr="user")
        .where((CallRequest.requester == account_id) | (CallRequest.hero_account == account_id))
        .order_by(Conference.id)
    )


def logs_of(conference: Conference) -> list[ConferenceLog]:
    """What happened in it, in the order in which it did, with who came or went."""
    query = (
        ConferenceLog.select(ConferenceLog, Account, User)
        .join(Account, JOIN.LEFT_OUTER)
        .join(User, JOIN.LEFT_OUTER)
        .where(ConferenceLog.conference == conference)
    )
    return list(query.order_by(ConferenceLog.timestamp, ConferenceLog.sequence, ConferenceLog.id))
