"""Setting up: tables, and the accounts that are no mentor or mentee."""

import sys

import click

from models import schema, settings
from models.accounts import Taken, add_user


@click.command()
def migrate() -> None:
    """Bring the database's tables up to date. Safe to run twice, and by two machines at once."""
    names = schema.migrate()
    click.echo(f"applied {', '.join(names)}" if names else "nothing to do: the tables are up to date")


@click.group()
def user() -> None:
    """Accounts that are no mentor or mentee: administrators and programs."""


@user.command("add")
@click.argument("name")
@click.option("--staff", is_flag=True, help="An administrator: manages people, sees all rows on /comms/.")
@click.option(
    "--service", is_flag=True, help="A program that reports for a provider: sees all rows on /comms/."
)
@click.option("--email", default="", help="Where the person is written to.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
)
def user_add(name: str, staff: bool, service: bool, email: str, password_stdin: bool) -> None:
    """Add an account. Mentors and mentees are added by an administrator through the API."""
    schema.migrate()
    least = settings.current().password_min_length
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < least:
        raise click.ClickException(f"the password has {len(password)} characters; it needs at least {least}")
    try:
        add_user(name, password, email=email, staff=staff, service=service)
    except Taken:
        raise click.ClickException(f"there is a user {name!r} already") from None
    click.echo(f"added {name}")
