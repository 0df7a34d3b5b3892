"""Making once: a POST with an `Idempotency-Key` that comes again gets the row of the first."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from falcon import Request, Response

from api.appointments.resources import Resource
from api.once import HEADER, once
from models.idempotency import IdempotencyKey
from models.keys import key_for
from models.writing import New

GONE = "What was made under this key has been deleted since."  # of a 404


def made_once(
    req: Request,
    resp: Response,
    what: str,
    sent: Mapping[str, Any],
    resource: Resource,
    make: Callable[[Callable[[Any], None]], Any],
) -> Any:
    """Make a row, or find the one that was made under the request's key in the last 24 hours.

    Parameters:
      what: is made; a key may be used once with each.
      sent: the fields of the body, which must be the same for it to be the same request.
      resource: of which the row is one.
      make: makes the row, and tells it to what it is given, in one transaction.

    Raises:
      falcon.HTTPNotFound: the row of the first has gone.
      FieldErrors, falcon.HTTPUnprocessableEntity: as `once` does.
    """
    made: list[Any] = []

    def write(key: New | None) -> int:
        def claim(row: Any) -> None:
            if key is not None:
                IdempotencyKey.create(**{**key.values, "object_id": resource.kind.id_of(row)})

        made.append(make(claim))
        return resource.kind.id_of(made[0])

    row_id = once(req, resp, f"rest.{what}", _fingerprint(sent) if req.get_header(HEADER) else "", write)
    return made[0] if made else resource.found(req.context.rest, row_id)


def _fingerprint(sent: Mapping[str, Any]) -> str:
    """What a body is known by. A password may be in it: without our key nobody tries out which it was."""
    text = json.dumps(sent, sort_keys=True, default=lambda file: hashlib.sha256(file).hexdigest())
    return hmac.digest(key_for("idempotency"), text.encode(), "sha256").hex()
