"""Setting up: tables, and the rows that every installation starts with."""

import click

from models import schema
from models.appointments.recurrence import predefined


@click.command()
def migrate() -> None:
    """Bring the database's tables up to date, and add the rules that every calendar can use.

    Safe to run twice, and by two machines at once.
    """
    names = schema.migrate()
    predefined.seed()
    click.echo(f"applied {', '.join(names)}" if names else "nothing to do: the tables are up to date")
