"""The trace id: which request a piece of work came from, carried along without being passed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("trace", default="")


def current() -> str:
    """The trace id of the work in hand; empty outside any."""
    return _current.get()


def new() -> str:
    """A fresh trace id: 12 hex characters, unguessable enough to search logs by."""
    return secrets.token_hex(6)


@contextmanager
def tracing(trace: str) -> Iterator[str]:
    """Work inside belongs to this trace."""
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


def begin() -> str:
    """Start a trace for a request; it lasts until this thread begins another."""
    trace = new()
    _current.set(trace)
    return trace
