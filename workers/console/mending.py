"""Mending: dead commands, looked at, replayed or dropped."""

import json

import click

from models import graveyard, settling


@click.group()
def dead() -> None:
    """Commands that were given up: look at them, replay them, or drop them.

    A command dies when its actor's attempts (pipelines.yaml) are used up by errors, or when its worker died under it
    too often. It stays here until you decide. Mend the cause first, then replay.
    """


@dead.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
def dead_list(as_json: bool) -> None:
    """All dead commands, oldest first."""
    rows = graveyard.dead()
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['id']:>8}  {row['name']:16} {row['args']}  {(row['error'] or '')[:70]}")
    click.echo(f"{len(rows)} dead." + (" `trunkline dead show ID` tells more." if rows else ""))


@dead.command("show")
@click.argument("command_id", type=click.IntRange(1, 2**63 - 1), metavar="ID")
def dead_show(command_id: int) -> None:
    """Everything about one dead command."""
    row = graveyard.one(command_id)
    if row is None:
        raise click.ClickException(
            f"no dead command {command_id}; `trunkline dead list` shows those there are"
        )
    click.echo(json.dumps(row, indent=2))


@dead.command("replay")
@click.argument("command_id", type=click.IntRange(1, 2**63 - 1), required=False, metavar="ID")
@click.option("--all", "every", is_flag=True, help="All of them.")
def dead_replay(command_id: int | None, every: bool) -> None:
    """Owe a dead command again, or all of them, as if it were new. What it did before is not done twice."""
    if (command_id is None) == (not every):
        raise click.UsageError("name one ID, or say --all")
    ids = [row["id"] for row in graveyard.dead()] if every else [int(command_id or 0)]
    count = graveyard.replay(ids)
    if not count and not every:
        raise click.ClickException(f"no dead command {command_id}")
    click.echo(f"{count} owed again")


@dead.command("drop")
@click.argument("command_id", type=click.IntRange(1, 2**63 - 1), metavar="ID")
def dead_drop(command_id: int) -> None:
    """Forget a dead command for good."""
    if not graveyard.drop(command_id):
        raise click.ClickException(f"no dead command {command_id}")
    click.echo(f"{command_id} dropped")


@click.command()
@click.argument("reference")
@click.argument("fate", type=click.Choice(["sent", "failed"]))
def settle(reference: str, fate: str) -> None:
    """Say what became of a delivery that nobody knows the fate of: the carrier had it (sent), or not (failed).

    REFERENCE is what the carrier knows it by: call:12, message:7. Ask the carrier first; what you say moves the call or
    message as the carrier's own word would. Nothing is asked for again.
    """
    if not settling.settle(reference, sent=fate == "sent"):
        raise click.ClickException(
            f"no delivery {reference} is unknown; `trunkline trace {reference}` tells more"
        )
    click.echo(f"{reference} is settled as {fate}")
