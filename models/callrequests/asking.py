"""Asking a hero for a call: the hot path of this surface."""

from datetime import datetime
from typing import NamedTuple

from models.callrequests.refusals import NoSuchHero
from models.callrequests.requests import CallRequest
from models.database import Sql
from models.events import following
from models.writing import IdOf, New, write

LENGTH_STEP, LONGEST_CALL = 15, 120  # minutes
LONGEST_TEXT = 500  # characters of a message or a reason


class Wish(NamedTuple):
    """What somebody asks.

    Parameters:
      requester, hero_account: account ids; `hero_id` the hero's own.
      estimated_length: minutes.
    """

    requester: int
    hero_id: int
    hero_account: int
    message: str
    estimated_length: int
    asked_at: datetime


_HERO = Sql(
    """
    SELECT h.account_id FROM hero AS h JOIN account AS a ON a.id = h.account_id JOIN person AS p ON p.id = a.user_id
    WHERE h.id = %s AND h.accepted AND h.active AND p.is_active
    """
)


def hero_account(hero_id: int, requester: int) -> int:
    """The account of the hero who is to be asked [D-9].

    Raises:
      NoSuchHero: he cannot be asked, or not by himself [D-10].
    """
    row = _HERO.one(hero_id)
    if row is None:
        raise NoSuchHero("Send the id of a hero who can be asked; /api/v1/heroes/ lists them.")
    if row[0] == requester:
        raise NoSuchHero("Ask somebody else than yourself.")
    return int(row[0])


def ask(wish: Wish, once: New | None = None) -> int:
    """Make an open request, and owe the letter to the hero. Returns its id.

    Parameters:
      once: the row of an idempotency key, whose `object_id` is the request's.

    Raises:
      peewee.IntegrityError: the requester has an open request with this hero, or the idempotency key was used before.
    """
    request = New(
        CallRequest,
        {
            "requester": wish.requester, "hero": wish.hero_id, "hero_account": wish.hero_account,
            "message": wish.message, "estimated_length": wish.estimated_length,
            "created_at": wish.asked_at, "updated_at": wish.asked_at,
        },
    )  # fmt: skip
    commands = following("callrequest.created", call_request_id=IdOf(0))
    return write(request, *commands, *([once] if once else []))[0]
