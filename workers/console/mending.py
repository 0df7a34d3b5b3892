"""Mending: dead commands, looked at, replayed or dropped."""

import json

import click

from models import graveyard


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
@click.argument("command_id", type=int, metavar="ID")
def dead_show(command_id: int) -> None:
    """Everything about one dead command."""
    row = graveyard.one(command_id)
    if row is None:
        raise click.ClickException(
            f"no dead command {command_id}; `trunkline dead list` shows those there are"
        )
    click.echo(json.dumps(row, indent=2))


@dead.command("replay")
@click.argument("command_id", type=int, required=False, metavar="ID")
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
@click.argument("command_id", type=int, metavar="ID")
def dead_drop(command_id: int) -> None:
    """Forget a dead command for good."""
    if not graveyard.drop(command_id):
        raise click.ClickException(f"no dead command {command_id}")
    click.echo(f"{command_id} dropped")
