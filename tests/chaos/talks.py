"""Call requests in the small world: their promises, and what was seen of them."""

from datetime import datetime, timedelta
from typing import Any

from chaos import members
from chaos.asking import Promise
from chaos.moves import (
    ACCEPT,
    AGREE,
    ASK,
    CANCEL,
    CANCELLED,
    COUNTER,
    DECLINE,
    NEW,
    SOON,
    SOON_TOO,
    TIMES,
    Move,
    Moved,
    Standing,
)
from chaos.wishes import Wish

SECOND = timedelta(seconds=1)

# What became of each, by its id; the pair is of the same number.
TALKS = {
    1: (ASK, ACCEPT, COUNTER, SOON_TOO),
    2: (ASK, ACCEPT, AGREE),
    3: (ASK, ACCEPT, AGREE, CANCELLED),
    4: (ASK, ACCEPT, SOON, CANCEL),
    5: (ASK, DECLINE),
}
MAILS = {
    1: ("N1 hero", "N2:1 asker", "N5:2 hero", "N6 asker"),
    2: ("N1 hero", "N2:3 asker", "N7 hero"),
    3: ("N1 hero", "N2:4 asker", "N7 hero", "N8 hero", "N9 asker"),
    4: ("N1 hero", "N2:5 asker", "N7 hero", "N8 asker", "N9 hero"),
    5: ("N1 hero", "N3 asker"),
}


def talk(number: int, start: datetime) -> Promise:
    """What was acknowledged of a call request: a move a second, each heard of half a second later."""
    moves: list[Moved] = []
    for second, move in enumerate(TALKS[number]):
        moves.append(_moved(number, move, moves[-1].standing if moves else NEW, start + second * SECOND))
    wish = Wish(f"key of callrequest:{number}", "callrequest", "", moves=TALKS[number], pair=number)
    return Promise(wish, f"callrequest:{number}", 0.1, 1, moves=tuple(moves))


def _moved(number: int, move: Move, before: Standing, now: datetime) -> Moved:
    standing = before if move == ASK else before.after(move, now)
    return Moved(move, now, now + SECOND / 2, standing, row(number, standing))


def row(number: int, standing: Standing) -> dict[str, Any]:
    """A call request as the API shows it."""
    times = [
        {name: moment.isoformat() for name, moment in zip(TIMES, offer, strict=True)}
        for offer in standing.offers
    ]
    agreed = standing.agreed and standing.agreed.isoformat()
    return {"id": number, "status": standing.status, "times": times, "agreed_time": agreed}


def mails(number: int) -> list[dict[str, Any]]:
    """What the carrier was asked to mail of it."""
    return [mail(number, *line.split()) for line in MAILS[number]]


def mail(number: int, kind: str, to: str) -> dict[str, Any]:
    """One mail as the carrier logs it.

    Parameters:
      kind: as `N2:3`, with the suggestion it is about.
      to: `asker` or `hero`.
    """
    name, _, suggestion = kind.partition(":")
    reference = f"{name}:{number}" + (f":{suggestion}" if suggestion else "")
    return {"channel": "mail", "reference": reference, "to": members.mail(_party(number, to))}


def reminded(number: int, to: str, at: datetime, of: int) -> dict[str, Any]:
    """One party's reminder as the carrier logs it.

    Parameters:
      number: of the reminder.
      of: the call request.
    """
    other = members.name(_party(of, "hero" if to == "asker" else "asker"))
    return {
        "channel": "text", "reference": f"callrequest-reminder:{number}", "to": members.phone(_party(of, to)),
        "body": f"Your call with {other} starts in 9 minutes. Join by dialing +1.", "at": at.isoformat(),
    }  # fmt: skip


def _party(number: int, side: str) -> int:
    return members.pair(number)[side == "hero"]
