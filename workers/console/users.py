"""Users: those who are no mentor or mentee, accounts for call requests, and who may log in with which password."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click
from marshmallow import ValidationError, validate

from models import schema, settings
from models.appointments import answering
from models.numbers import PhoneNumber
from models.people import logins
from models.people.accounts import ZONE, number_of, zones
from models.people.changing import USERNAME, USERNAME_RULE, Taken, add_user
from models.people.granting import HasAccount, add_member, give_account
from models.people.logins import Login, NoSuchUser
from models.people.rest_tokens import RestToken

_ADDRESS = validate.And(
    validate.Email(error="write a mail address like ann@example.org"),
    validate.Length(max=254, error="a mail address has at most 254 characters"),
)


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


def _address(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    """A mail address, in lower case, by the API's rule; empty when none was given."""
    address = (value or "").strip().lower()
    try:
        if value is not None:
            _ADDRESS(address)
    except ValidationError as error:
        raise click.BadParameter(str(error.messages[0])) from None
    return address


def _number(_ctx: click.Context, _param: click.Parameter, value: str | None) -> PhoneNumber | None:
    try:
        return None if value is None else number_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _zone(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if value not in zones():
        raise click.BadParameter("write a zone of the tz database, like America/Chicago")
    return value


password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
)


@click.group()
def user() -> None:
    """Who may log in: administrators, programs, mentors and mentees, and who has an account for call requests.

    Mentors and mentees are added through the API, on the pages, or by `trunkline import`; others register themselves.
    NAME is a username, or the mail address of an account.
    """


@user.command("add")
@click.argument("name", callback=_name)
@click.option("--staff", is_flag=True, help="An administrator: manages people, sees all rows on /comms/.")
@click.option(
    "--service", is_flag=True, help="A program that reports for a provider: sees all rows on /comms/."
)
@click.option("--manager", is_flag=True, help="Looks after calendar users, and what is theirs on /rest-api/.")
@click.option(
    "--email",
    callback=_address,
    help="The person's mail address. It counts as verified, and gives an account for call requests; not to a program.",
)
@password_stdin
def user_add(name: str, staff: bool, service: bool, manager: bool, email: str, password_stdin: bool) -> None:
    """Add a user who is no mentor or mentee."""
    schema.migrate()
    password = _password(password_stdin)
    try:
        if email and not service and not manager:
            add_member(name, password, email, staff=staff)
        else:
            add_user(name, password, email=email, staff=staff, service=service, manager=manager)
    except Taken as error:
        raise _taken(error.field, name, email) from None
    click.echo(f"added {name}")


@user.command("account")
@click.argument("name")
@click.option("--email", required=True, callback=_address, help="The person's mail address.")
@click.option("--phone", callback=_number, help="The person's number: ten digits of the North American plan.")
@click.option(
    "--zone",
    default=ZONE,
    show_default=True,
    callback=_zone,
    help="The zone in which the person reads times.",
)
def user_account(name: str, email: str, phone: PhoneNumber | None, zone: str) -> None:
    """Give a user an account for call requests. He logs in by the address, with the password he has.

    You vouch for the address and the number: they count as verified. Whether he can pay, he shows himself.
    """
    try:
        give_account(logins.of(name), email, phone, zone)
    except NoSuchUser:
        raise _nobody(name) from None
    except HasAccount:
        raise click.ClickException(f"{name} has an account already") from None
    except Taken as error:
        raise _taken(error.field, name, email) from None
    click.echo(f"{name} has an account: {email}")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
def user_list(as_json: bool) -> None:
    """All users: contact id, what he is, name, the address of his account, and whether he may log in."""
    if as_json:
        click.echo(json.dumps([_told(login) for login in logins.everyone()]))
        return
    count = 0
    for login in logins.everyone():
        count += 1
        contact = "" if login.contact_id is None else str(login.contact_id)
        words = [login.username, login.email or "", "" if login.active else "disabled"]
        click.echo(f"{contact:>8}  {login.kind:8} {'  '.join(filter(None, words))}")
    click.echo(f"{count} users.")


def _told(login: Login) -> dict[str, Any]:
    return {**asdict(login), "created_at": login.created_at.isoformat()}


@user.command("password")
@click.argument("name")
@password_stdin
def user_password(name: str, password_stdin: bool) -> None:
    """Give a user a new password. The old one stops at once, and he is logged out everywhere."""
    _found(name)
    password = _password(password_stdin)
    logins.change_password(name, password)
    click.echo(f"{name} has a new password")


@user.command("token")
@click.argument("name")
@click.option("--revoke", is_flag=True, help="End all the tokens that he has, and give none.")
def user_token(name: str, revoke: bool) -> None:
    """Give a user one more token for /rest-api, for a program of his: it is shown once, and kept as a hash."""
    try:
        found = logins.of(name)
    except NoSuchUser:
        raise _nobody(name) from None
    if revoke:
        click.echo(f"ended {RestToken.end_all(found)} tokens of {name}")
    else:
        click.echo(RestToken.issue(found))


@user.command("hook-secret")
@click.argument("name")
def user_hook_secret(name: str) -> None:
    """Show what signs all that a manager's own systems are told (`url_confirm`, `url_cancel`), to check it by."""
    try:
        click.echo(answering.secret_of(int(logins.of(name).id)))
    except NoSuchUser:
        raise _nobody(name) from None


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
    try:
        logins.of(name)
    except NoSuchUser:
        raise _nobody(name) from None


def _taken(field: str, name: str, email: str) -> click.ClickException:
    told = {
        "username": f"there is a user {name!r} already",
        "email": f"somebody else has the address {email} already",
        "phone": "somebody else has this number already",
    }
    return click.ClickException(told[field])


def _nobody(name: str) -> click.ClickException:
    return click.ClickException(f"there is no user {name!r}; `trunkline user list` shows those there are")
