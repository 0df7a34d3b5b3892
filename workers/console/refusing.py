"""The do-not-call list, kept by operators: added to, lifted, listed, checked."""

import json
from typing import Any

import click

from models import donotcall
from models.donotcall import DoNotCall
from models.numbers import HIDDEN, PhoneNumber

SOURCE = "operator"


def _number(_ctx: click.Context, _param: click.Parameter, value: str) -> PhoneNumber:
    try:
        return PhoneNumber.parse(f"+{donotcall.digits(value)}")
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _proof(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("say who asked for it, when and how; it is kept")
    return value.strip()


number = click.argument("number", callback=_number)
proof = click.option(
    "--proof", required=True, callback=_proof, help="Who asked for it, when and how, in a sentence: kept."
)
as_json = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")


@click.group()
def dnc() -> None:
    """Numbers that nobody calls or texts any more, whichever part of the system is asked to.

    Who writes STOP (or the word of his language) to a number of ours is added by that, and so is who chooses it in a
    call; START takes him off again. NUMBER is spelled as you like, with its country's code.
    """


@dnc.command("add")
@number
@proof
@click.option(
    "--language", default="", help="The language it was asked for in, like en, where that is known."
)
def dnc_add(number: PhoneNumber, proof: str, language: str) -> None:
    """Call and text a number no more. What waits to be carried to it fails."""
    new = donotcall.add(number, SOURCE, proof, language)
    click.echo("added" if new else "it was on the list already; what you said is kept as well")


@dnc.command("lift")
@number
@proof
def dnc_lift(number: PhoneNumber, proof: str) -> None:
    """Take a number off the list, because who has it asked for that."""
    if not donotcall.lift(number, SOURCE, proof):
        raise click.ClickException("this number is not on the list")
    click.echo("lifted")


@dnc.command("list")
@click.option("--numbers", is_flag=True, help="Show the numbers, and what was said.")
@as_json
def dnc_list(numbers: bool, as_json: bool) -> None:
    """Who is to be left alone, the oldest first."""
    rows = DoNotCall.select().where(DoNotCall.lifted_at.is_null()).order_by(DoNotCall.id).iterator()
    if as_json:
        click.echo(json.dumps([_told(row, numbers) for row in rows]))
        return
    count = 0
    for row in rows:
        count, told = count + 1, _told(row, numbers)
        click.echo(f"{told['added_at'][:16]}  {told['number']:16} {told['source']:10} {told['proof']}")
    click.echo(f"{count} on the list.")


@dnc.command("check")
@number
@as_json
def dnc_check(number: PhoneNumber, as_json: bool) -> None:
    """Whether a number is on the list, and all that was ever said about it. Exit code 1 when it is."""
    refused = donotcall.refused(number)
    entries = [
        {"at": row.at.isoformat(), "done": row.done, "source": row.source, "proof": row.proof}
        for row in donotcall.history([number])
    ]
    if as_json:
        click.echo(json.dumps({"refused": refused, "entries": entries}))
    else:
        for entry in entries:
            click.echo(f"{entry['at'][:16]}  {entry['done']:7} {entry['source']:10} {entry['proof']}")
        click.echo(
            "Nobody calls or texts this number." if refused else "This number may be called and texted."
        )
    click.get_current_context().exit(1 if refused else 0)


def _told(row: Any, numbers: bool) -> dict[str, str]:
    return {
        "number": f"+{row.msisdn}" if numbers else HIDDEN,
        "source": row.source,
        "proof": row.proof if numbers else "",
        "language": row.language,
        "added_at": row.added_at.isoformat(),
    }
