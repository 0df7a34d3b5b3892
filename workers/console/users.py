"""Users: accounts that are no mentor or mentee, and who may log in with which password."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from models import schema, settings
from models.people import logins
from models.people.changing import USERNAME, USERNAME_RULE, Taken, add_user
from models.people.logins import Login, NoSuchUser


def _password(from_input: bool) -> str:
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    least = settings.current().password_min_length
    if not least <= len(password) <= 1000:
        raise click.ClickException(
            f"the password has {len(password)} characters; it needs at least {least}, and at most 1000"
        )
    return str(password)


def _name(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """A name that somebody can log in by: the API's rule for mentors and mentees."""
    if not USERNAME.fullmatch(value):
        raise click.BadParameter(f"{USERNAME_RULE[0].lower()}{USERNAME_RULE[1:-1]}")
    return value


password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
)


@click.group()
def user() -> None:
    """Accounts: administrators, programs, and the logins of mentors and mentees.

    Mentors and mentees are added through the API, on the pages, or by `trunkline import`.
    """


@user.command("add")
@click.argument("name", callback=_name)
@click.option("--staff", is_flag=True, help="An administrator: manages people, sees all rows on /comms/.")
@click.option(
    "--service", is_flag=True, help="A program that reports for a provider: sees all rows on /comms/."
)
@click.option("--email", default="", help="Where the person is written to.")
@password_stdin
def user_add(name: str, staff: bool, service: bool, email: str, password_stdin: bool) -> None:
    """Add an account that is no mentor or mentee."""
    schema.migrate()
    password = _password(password_stdin)
    try:
        add_user(name, password, email=email, staff=staff, service=service)
    except Taken:
        raise click.ClickException(f"there is a user {name!r} already") from None
    click.echo(f"added {name}")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
def user_list(as_json: bool) -> None:
    """All users: name, what he is, his contact id, and whether he may log in."""
    if as_json:
        click.echo(json.dumps([_told(login) for login in logins.everyone()]))
        return
    count = 0
    for login in logins.everyone():
        count += 1
        contact = "" if login.contact_id is None else str(login.contact_id)
        click.echo(f"{contact:>8}  {login.kind:8} {login.username}{'' if login.active else '  disabled'}")
    click.echo(f"{count} users.")


def _told(login: Login) -> dict[str, Any]:
    return {**asdict(login), "created_at": login.created_at.isoformat()}


@user.command("password")
@click.argument("name")
@password_stdin
def user_password(name: str, password_stdin: bool) -> None:
    """Give a user a new password. The old one stops at once, and he is logged out of the pages everywhere."""
    _found(name)
    password = _password(password_stdin)
    logins.change_password(name, password)
    click.echo(f"{name} has a new password")


@user.command("disable")
@click.argument("name")
def user_disable(name: str) -> None:
    """Let a user in no more, on the API or the pages. What he did stays; `trunkline user enable` lets him in again."""
    _let_in(name, False)
    click.echo(f"{name} is disabled, and logged out everywhere")


@user.command("enable")
@click.argument("name")
def user_enable(name: str) -> None:
    """Let a user in again, with the password he had."""
    _let_in(name, True)
    click.echo(f"{name} may log in")


def _let_in(name: str, allowed: bool) -> None:
    try:
        logins.let_in(name, allowed)
    except NoSuchUser:
        raise _nobody(name) from None


def _found(name: str) -> None:
    if not logins.exists(name):
        raise _nobody(name)


def _nobody(name: str) -> click.ClickException:
    return click.ClickException(f"there is no user {name!r}; `trunkline user list` shows those there are")
