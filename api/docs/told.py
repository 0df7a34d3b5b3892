"""What is told of a route beside what its code says: the shapes it takes and gives, with an example of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields

Shaped = type[Schema] | Schema
Shapes = Shaped | tuple["Shapes", ...]  # several: any of them

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One verb of one route.

    Everything else is read off the code: the words from the responder's docstring, 401 and 403 from whom the
    resource is `for_`, 404 from an id in the path, 400, 413 and 415 from a body.

    Parameters:
      gives: the shape of the answer; several where it depends on who asks or on the row. None: no body, or one
        that is not JSON.
      shown: an example of it; of a list, one of its rows.
      queries: parameters that narrow a list, as fields by name.
      many: whether the answer is a list, paged.
      status: of the answer when all is well.
      also: further good statuses, and when they come.
      takes: the shape of the body. None: the body is not read.
      sent: an example of it.
      sends: its media type.
      once: whether an `Idempotency-Key` is heeded.
      limited: whether too many attempts are refused.
      errors: statuses that the rules above do not give, or that mean something else here; with shape and example
        where the answer is no `{"detail": …}`.
      says: what it does, where the docstring speaks of more than one route.
      note: a sentence or more after the docstring's.
      who: whom it is for, where that differs from the resource's `for_`.
      media: the answer's media type.
      security: the scheme by which it is opened, where that is not HTTP Basic.
    """

    gives: Shapes | None = None
    shown: Any = None
    queries: Mapping[str, fields.Field[Any]] = field(default_factory=dict)
    many: bool = False
    status: int = 200
    also: Mapping[int, str] = field(default_factory=dict)
    takes: Shapes | None = None
    sent: Any = None
    sends: str = JSON
    once: bool = False
    limited: bool = False
    errors: Mapping[int, str | tuple[str, Shaped, Any]] = field(default_factory=dict)
    says: str = ""
    note: str = ""
    who: str = ""
    media: str = JSON
    security: str = ""


@dataclass(frozen=True)
class Section:
    """Routes that belong together, as the documentation shows them.

    Parameters:
      title: a few words.
      text: a sentence or two on what they are for.
      routes: by path as documented, then by verb.
    """

    title: str
    text: str
    routes: Mapping[str, Mapping[str, Told]]
