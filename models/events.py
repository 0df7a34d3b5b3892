"""What follows what: rows that move together in one transaction, and the commands that pipelines.yaml adds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from models import clock, flow, ledger
from models.commands import COMMANDS
from models.vocabulary import EVENTS
from models.writing import IdOf, New

Listener = Callable[..., None]
Told = tuple[str, int, Mapping[str, Any]]  # of whose delivery: the origin, its row's id, and the facts

_listeners: dict[tuple[str, str], Listener] = {}
_of_many: dict[tuple[str, str], Listener] = {}


def listens(happened: str, origin: str, *, many: bool = False) -> Callable[[Listener], Listener]:
    """Have a surface's own rows follow a delivery of its own, in the same transaction.

    Parameters:
      many: whether it is told of all that happened at once by one call, as a sequence of ids and facts.
      happened: what became of the delivery: `text.accepted`, `bridge.reported` …
      origin: the surface's word for the row that asked for it, as the delivery keeps it: `call`, `message` …
    """

    def keep(listener: Listener) -> Listener:
        (_of_many if many else _listeners)[happened, origin] = listener
        return listener

    return keep


def tell(happened: str, origin: str, origin_id: int, **facts: Any) -> None:
    """Tell the surface that asked for a delivery what became of it. A delivery nobody listens to is fine."""
    tell_each(happened, [(origin, origin_id, facts)])


def tell_each(happened: str, told: Sequence[Told]) -> None:
    """As `tell`, for deliveries to which the same happened at once."""
    for origin in dict.fromkeys(origin for origin, _, _ in told):
        its = [(origin_id, facts) for whose, origin_id, facts in told if whose == origin]
        if (of_many := _of_many.get((happened, origin))) is not None:
            of_many(its)
        elif (listener := _listeners.get((happened, origin))) is not None:
            for origin_id, facts in its:
                listener(origin_id, **facts)


def emit(event: str, *, until: datetime | None = None, **ids: int) -> None:
    """Something happened: owe the commands that follow it, in the transaction it happened in.

    Parameters:
      until: their last useful moment, if that is sooner than pipelines.yaml says of each.
    """
    for name in flow.current().follow(event):
        ledger.enqueue(COMMANDS[name].from_ids(ids), expires=_sooner(name, until))


def following(event: str, *, until: datetime | None = None, **ids: int | IdOf) -> list[New]:
    """The ledger's rows for what follows an event, to be written together with the event's own rows.

    For the hot path: each command's single id may be one that the same writing will give (`IdOf`).

    Parameters:
      until: as `emit` takes it.
    """
    if set(ids) != EVENTS[event]:
        raise ValueError(f"{event} carries {sorted(EVENTS[event])}, not {sorted(ids)}")
    return [
        ledger.owed(name, _args(name, ids), expires=_sooner(name, until))
        for name in flow.current().follow(event)
    ]


def follow_each(
    event: str, word: str, ids: Sequence[int], until: Sequence[datetime | None], now: datetime
) -> list[Mapping[str, Any]]:
    """As `following`, for many at once: the ledger's rows, whose columns are the same.

    Parameters:
      word: what the one id is called that the event carries, of which `ids` are.
      until: the last useful moment of each, as there.
    """
    rows: list[Mapping[str, Any]] = []
    for name in flow.current().follow(event):
        usual = ledger.owed(name, COMMANDS[name].from_ids({word: 0}).args(), due=now).values
        for one, end in zip(ids, until, strict=True):
            ends = [moment for moment in (usual["expires_at"], end) if moment]
            rows.append({**usual, "args": f'{{"{word}":{one}}}', "expires_at": min(ends, default=None)})
    return rows


def _sooner(name: str, until: datetime | None) -> datetime | None:
    usual = flow.current().actors[name].expires
    return until if until is None or usual is None else min(until, clock.now() + usual)


def _args(name: str, ids: dict[str, int | IdOf]) -> str | IdOf:
    wanted = {field: ids[field] for field in COMMANDS[name].needs()}
    later = [(field, value) for field, value in wanted.items() if isinstance(value, IdOf)]
    if not later:
        return COMMANDS[name].from_ids(wanted).args()
    ((field, value),) = later
    if len(wanted) != 1:
        raise ValueError(f"{name} needs several ids; follow it by emit() instead")
    return IdOf(value.row, f'{{"{field}":', "}")
