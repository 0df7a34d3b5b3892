"""Why a call request does not move, as clients are told."""

from collections.abc import Iterator
from contextlib import contextmanager

import falcon

from api.errors import FieldErrors
from models.callrequests.refusals import (
    Duplicate,
    NoSuchRequest,
    NotYours,
    Refused,
    TooManyCancellations,
    WrongState,
    WrongTimes,
)

STATUSES = {
    NoSuchRequest: falcon.HTTP_404,
    NotYours: falcon.HTTP_403,
    WrongState: falcon.HTTP_400,
    Duplicate: falcon.HTTP_409,
    TooManyCancellations: falcon.HTTP_409,
}


@contextmanager
def answered() -> Iterator[None]:
    """Answer refusals with their statuses.

    Raises:
      FieldErrors, falcon.HTTPError
    """
    try:
        yield
    except WrongTimes as error:
        raise FieldErrors(error.fields) from None
    except Refused as error:
        raise falcon.HTTPError(STATUSES[type(error)], description=str(error)) from None
