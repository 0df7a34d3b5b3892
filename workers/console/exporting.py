"""Exporting: calls and messages as CSV, for spreadsheets and for programs."""

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import click

from models import settings
from models.exporting import CALLS, MESSAGES, Table, safe

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class Moment(click.ParamType[datetime]):
    """A date, or an ISO 8601 time; without an offset by the clock of LOCAL_ZONE."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment in UTC; a date's is its midnight."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=settings.current().zone)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is no time; write 2026-11-01, or 2026-11-01T08:30, or 2026-11-01T03:00:00Z",
                param,
                ctx,
            )


SPAN = (
    click.option(
        "--since", type=Moment(), default=EARLIEST, show_default="the first", help="From then on, inclusive."
    ),
    click.option(
        "--until", type=Moment(), default=LATEST, show_default="the last", help="Up to then, exclusive."
    ),
    click.option(
        "--output",
        type=click.Path(path_type=Path),
        help="A new file, for its owner's eyes only, instead of standard output. It is there when it is whole.",
    ),
    click.option("--numbers", is_flag=True, help="Show phone numbers; otherwise hidden:ID stands for them."),
)


def spanning(command: Any) -> Any:
    """Give a command the options of an export."""
    for option in reversed(SPAN):
        command = option(command)
    return command


@click.group()
def export() -> None:
    """Calls or messages as CSV, to standard output or a file.

    --since and --until take dates (2026-11-01, its midnight) and ISO 8601 times (2026-11-01T08:30). Without an offset
    they are read by the clock of LOCAL_ZONE; with one (…T03:00:00Z, …+05:30) as they say. --until is exclusive, so
    that months fit together: --since 2026-11-01 --until 2026-12-01 is November. Times in the file are UTC.

    A text that a spreadsheet would run as a formula has an apostrophe before it. Rows are ordered by id, and read a
    thousand at a time: a million need no more memory.
    """


@export.command("calls")
@spanning
def export_calls(since: datetime, until: datetime, output: Path | None, numbers: bool) -> None:
    """The calls started in a span of time, with how they went.

    duration_s and lag_s (from the press of the button to the conversation) in seconds; attempts is how often a carrier
    was asked to dial, cdrs how many call data records it sent, last_cause what the latest of these says.
    """
    _export(CALLS, since, until, output, numbers)


@export.command("messages")
@spanning
def export_messages(since: datetime, until: datetime, output: Path | None, numbers: bool) -> None:
    """The messages sent or received in a span of time: who, when, how long and what became of it; never the words."""
    _export(MESSAGES, since, until, output, numbers)


def _export(table: Table, since: datetime, until: datetime, output: Path | None, numbers: bool) -> None:
    if until <= since:
        raise click.UsageError("--until must be later than --since")
    with writing(output) as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(table.columns)
        shown = sys.stderr.isatty() and not (output is None and sys.stdout.isatty())
        length = table.count(since, until) if shown else None
        with click.progressbar(
            table.rows(since, until, numbers),
            length=length,
            label="exporting",
            file=sys.stderr,
            hidden=not shown,
        ) as rows:
            for row in rows:
                write.writerow([safe(cell) for cell in row])


@contextmanager
def writing(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a new file that only its owner may read and that is there once it is whole.

    Raises:
      click.ClickException: there is such a file already.
    """
    if output is None:
        yield sys.stdout
        return
    if output.exists():
        raise click.ClickException(f"{output} exists; name a new file, or remove that one first")
    part = output.with_name(output.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        os.link(part, output)
    except FileExistsError:
        raise click.ClickException(f"{output} exists; name a new file, or remove that one first") from None
    finally:
        part.unlink(missing_ok=True)
