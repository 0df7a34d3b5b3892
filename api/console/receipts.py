"""`trunkline receipts`: what carriers reported and nobody could make use of, looked at and taken again."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from api.replaying import CannotReplay, replay
from models.numbers import masked
from models.receipts import DONE, INVALID, KEPT, UNMATCHED, Receipt

CHUNK = 500


@click.group()
def receipts() -> None:
    """Reports of carriers that fitted nothing (unmatched) or could not be read (invalid): look, and take them again.

    Every webhook's body is kept for 90 days. A report of a call nobody knows, of a number that was not registered yet,
    or sent to the wrong system waits here. Mend the cause first (add the person, correct the number), then replay.
    """


@receipts.command("list")
@click.option(
    "--outcome",
    type=click.Choice([UNMATCHED, INVALID, KEPT, DONE]),
    help="Only these; by default those that wait: unmatched and invalid.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
def receipts_list(outcome: str | None, as_json: bool) -> None:
    """The reports that wait, oldest first."""
    found = _found([outcome] if outcome else [UNMATCHED, INVALID])
    if as_json:
        click.echo(json.dumps([_told(row) for row in found]))
        return
    count = 0
    for row in found:
        count += 1
        at = f"{row.received_at:%Y-%m-%d %H:%M:%S}"
        click.echo(f"{row.id:>8}  {at}  {row.source:18} {row.outcome:10} {row.note[:60]}")
    click.echo(f"{count} receipts." + (" `trunkline receipts show ID` tells more." if count else ""))


@receipts.command("show")
@click.argument("receipt_id", type=click.IntRange(1, 2**63 - 1), metavar="ID")
@click.option("--numbers", is_flag=True, help="Show phone numbers in its body; they are hidden otherwise.")
def receipts_show(receipt_id: int, numbers: bool) -> None:
    """Everything about one report, with its body as it came."""
    row = Receipt.get_or_none(Receipt.id == receipt_id)
    if row is None:
        raise click.ClickException(
            f"there is no receipt {receipt_id}; `trunkline receipts list` shows those that wait"
        )
    body = row.body if numbers else masked(row.body)
    click.echo(json.dumps({**_told(row), "trace": row.trace, "body": body}, indent=2, ensure_ascii=False))


@receipts.command("replay")
@click.argument("receipt_id", type=click.IntRange(1, 2**63 - 1), required=False, metavar="ID")
@click.option("--all", "every", is_flag=True, help="All that are unmatched.")
def receipts_replay(receipt_id: int | None, every: bool) -> None:
    """Take a report again, or all that are unmatched, as if it came now. What had been done is not done twice."""
    if (receipt_id is None) == (not every):
        raise click.UsageError("name one ID, or say --all")
    if receipt_id is not None:
        try:
            outcome, wrong = replay(receipt_id)
        except CannotReplay as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{receipt_id} is {outcome}" + (f": {wrong}" if wrong else ""))
        sys.exit(1 if wrong or outcome in (UNMATCHED, INVALID) else 0)
    _replay_all()


def _replay_all() -> None:
    waiting = Receipt.select().where((Receipt.outcome == UNMATCHED) & (Receipt.body != "")).count()
    counts: dict[str, int] = {}
    with click.progressbar(
        (row for row in _found([UNMATCHED]) if row.body),
        length=waiting,
        label="replaying",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as rows:
        for row in rows:
            try:
                outcome, _ = replay(row.id)
            except CannotReplay:
                outcome = str(row.outcome)
            counts[outcome] = counts.get(outcome, 0) + 1
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    click.echo(f"replayed {sum(counts.values())}" + (f": {told}" if told else ""))


def _found(outcomes: list[str]) -> Iterator[Receipt]:
    """Receipts by id, in chunks."""
    last, here = 0, Receipt.outcome.in_(outcomes)
    while rows := list(Receipt.select().where(here & (Receipt.id > last)).order_by(Receipt.id).limit(CHUNK)):
        last = rows[-1].id
        yield from rows


def _told(row: Receipt) -> dict[str, Any]:
    names = ("id", "source", "outcome", "about", "note")
    return {
        **{name: getattr(row, name) for name in names},
        "received_at": row.received_at.isoformat(),
        "body_kept": bool(row.body),
    }
