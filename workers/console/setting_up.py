"""Setting up: tables."""

import click

from models import schema


@click.command()
def migrate() -> None:
    """Bring the database's tables up to date. Safe to run twice, and by two machines at once."""
    names = schema.migrate()
    click.echo(f"applied {', '.join(names)}" if names else "nothing to do: the tables are up to date")
