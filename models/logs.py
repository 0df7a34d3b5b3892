"""Logs: one JSON object a line on standard error, with the trace id, and never a phone number."""

import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from models import settings, tracing
from models.numbers import masked

Entry = MutableMapping[str, Any]


def _with_trace(_logger: object, _method: str, entry: Entry) -> Entry:
    if "trace" not in entry and tracing.current():
        entry["trace"] = tracing.current()
    return entry


def _masked(_logger: object, _method: str, entry: Entry) -> Entry:
    for key, value in entry.items():
        if isinstance(value, str):
            entry[key] = masked(value)
        elif value is not None and not isinstance(value, bool | int | float):
            entry[key] = masked(str(value))
    return entry


def configure(process: str, *, least: str = "") -> None:
    """Set up logging for this process: ours, and what libraries say from `WARNING` up.

    Parameters:
      process: `web`, `relay`, `clock`, `worker` …, as shown in every line.
      least: the level to begin at, instead of `LOG_LEVEL`.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        _with_trace,
        structlog.processors.format_exc_info,
        _masked,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    level = logging.getLevelNamesMapping()[least or settings.current().log_level.upper()]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    formatter = structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    sys.excepthook = _end_of_process
    threading.excepthook = _end_of_thread
    # Dramatiq logs a message's whole text when an actor fails, and pika every broken socket with its stack.
    logging.getLogger("dramatiq").setLevel(logging.CRITICAL + 1)
    logging.getLogger("pika").setLevel(logging.CRITICAL)


def _end_of_process(_kind: object, error: BaseException, _trace: object) -> None:
    structlog.get_logger().error("process.broken", error=spoken(error))


def _end_of_thread(end: threading.ExceptHookArgs) -> None:
    name = end.thread.name if end.thread else ""
    structlog.get_logger().error("thread.broken", thread=name, error=spoken(end.exc_value or SystemExit()))


def spoken(error: BaseException) -> str:
    """An exception for the log and the ledger: its kind, its first line, and where; no values, no phone numbers."""
    first = str(error).partition("\n")[0]
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    where = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    return masked(f"{type(error).__name__}: {first}"[:500]) + (f" ({where})" if where else "")
