"""Idempotency keys: the same request again, after a lost answer, gets the object of the first."""

from collections.abc import Callable

import falcon
from falcon import Request, Response
from peewee import IntegrityError

from api.errors import FieldErrors, refuse
from models.idempotency import IdempotencyKey, KeyReused
from models.writing import IdOf, New

HEADER = "Idempotency-Key"
LONGEST = 255


def once(req: Request, resp: Response, route: str, body: str, make: Callable[[New | None], int]) -> int:
    """Make an object, or find the one that was made under the same key in the last 24 hours.

    Parameters:
      route: what kind of request it is; a key may be used once with each.
      body: what must be the same for it to be the same request.
      make: writes the object together with the key's row, if there is one, and returns the object's id.

    Raises:
      FieldErrors: the key is too long or no plain text.
      falcon.HTTPUnprocessableEntity: the key came before, with another body.
    """
    key = req.get_header(HEADER)
    if key is None:
        return make(None)
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise refuse(HEADER, f"Send 1 to {LONGEST} printable ASCII characters.")
    try:
        made, again = keyed(_user(req), route, key, body, make)
    except KeyReused:
        text = "This idempotency key belongs to a request with another body. Use a new key for a new request."
        raise falcon.HTTPUnprocessableEntity(description=text) from None
    if again:
        resp.set_header("Idempotent-Replayed", "true")
    return made


def _user(req: Request) -> int:
    """Who asks, by password or by token, as a user."""
    known = (req.context.get(name) for name in ("member", "rest", "caller"))
    return int(next(one for one in known if one).user_id)


def keyed(owner: int, route: str, key: str, body: str, make: Callable[[New | None], int]) -> tuple[int, bool]:
    """The object of this key, and whether it was there before; parameters as for `once`.

    Parameters:
      owner: the user whose key it is.

    Raises:
      KeyReused: the key came before, with another body.
    """
    first = IdempotencyKey.first(owner, route, key, body)
    if first is None:
        try:
            return make(IdempotencyKey.claim(owner, route, key, body, IdOf(0))), False
        except (IntegrityError, FieldErrors):  # another one was quicker, or stands in its way by now
            first = IdempotencyKey.first(owner, route, key, body)
            if first is None:
                raise
    return first, True
