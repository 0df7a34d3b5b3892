"""Privacy on request: tell somebody all that is held about him, or erase him."""

import json
from pathlib import Path
from typing import Any, TextIO

import click

from models import settings
from models.numbers import PhoneNumber
from models.privacy import erasing
from models.privacy.erasing import StillManages, StillNeeded
from models.privacy.held import held
from models.privacy.persons import NoSuchPerson, Person
from workers.console.exporting import writing


@click.group()
def person() -> None:
    """What is held about somebody: tell it, or erase it.

    WHO is a mentor's or mentee's contact id, as the API and `trunkline user list` show it; or the mail address or the
    id of an account; or a username, as of calendar users and managers, or `user:ID` with the id of a user. Who is
    several of these is told, or erased, as all of them.
    """


who = click.argument("who", metavar="WHO")


@person.command("export")
@who
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="A new file, for its owner's eyes only, instead of standard output.",
)
def person_export(who: str, output: Path | None) -> None:
    """All that is held about somebody, as one JSON object: a list of rows for each kind of thing.

    Himself, his login, account and hero, calls with what carriers recorded of them, messages, texts, mails and pushes
    with every attempt to carry them, events, tasks, schedule and reminders, notes, feedback, call requests with what
    was said of them, conferences, his profile and settings, calendars, appointments, alarms with every attempt, and
    surveys, keys and sessions, and the reports of carriers that are about him or hold his number. Numbers and addresses
    of others are hidden; words that others wrote to him are his to see. Rows are read in chunks, so the years do not
    matter.
    """
    person = _person(who)
    with writing(output) as file:
        _write(file, person)


def _write(file: TextIO, person: Person) -> None:
    """One object, written as it is read."""
    before = "{"
    for section, rows in held(person):
        file.write(f"{before}\n{json.dumps(section)}: [")
        for number, row in enumerate(rows):
            text = json.dumps(row, default=_own, ensure_ascii=False)
            file.write(f"{',' if number else ''}\n  {text}")
        file.write("]")
        before = ","
    file.write("\n}\n")


def _own(value: Any) -> str:
    return value.reveal() if isinstance(value, PhoneNumber) else str(value)


@person.command("erase")
@who
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--force", is_flag=True, help="Also a mentee whom mentors still have; they cannot reach him any more."
)
def person_erase(who: str, yes: bool, force: bool) -> None:
    """Erase somebody for good: who he was goes, that something happened stays.

    Gone: names, numbers, mail addresses, password, device, sessions and tokens; the texts and mails he sent and got,
    recordings, notes on his calls, his answers, his profile as a hero, what he wrote in call requests, and what
    carriers reported or said of him. Kept, under his ids: how many calls, messages, requests and events there were,
    when, how long, and how each ended. What waits to be carried to him is called off; calls to come are cancelled, and
    so are his call requests, of which the other one is told that they are over. A report that comes late moves its call
    but brings nothing of this back.

    A calendar user's appointments lose their words and alarms theirs and all numbers; alarms to come fail, nobody is
    told. A manager who has calendar users or calendar settings is refused: delete these first.

    A mentee whom mentors have is refused: give them another first (PUT /mentor/mentor/ID), or --force, and their calls
    and texts to him are answered with 409. Safe to run twice, and again after a crash. Not reached: backups, and what
    carriers and mail boxes keep.
    """
    person = _person(who)
    if not yes:
        again = " again: he was erased before" if person.erased else ""
        click.confirm(f"Erase {person.word}{again}? Nothing brings this back", abort=True, err=True)
    try:
        done = erasing.erase(person, force=force)
    except StillNeeded as error:
        have = ", ".join(map(str, error.mentors))
        raise click.ClickException(
            f"{person.word} is the mentee of {have}: give them another, or say --force; nothing was erased"
        ) from None
    except StillManages as error:
        raise click.ClickException(
            f"{person.word} still has {error}: delete these first; nothing was erased"
        ) from None
    counts = ", ".join(f"{section.replace('_', ' ')} {count}" for section, count in done.items() if count)
    click.echo(f"erased {person.word}; changed: {counts or 'nothing more'}")
    if not settings.current().secret_key:
        click.echo(
            "SECRET_KEY is not set: a late report that fits no call of his, and holds his number, will be kept as a "
            "stranger's is, for 90 days",
            err=True,
        )


def _person(who: str) -> Person:
    try:
        return Person.called(who)
    except NoSuchPerson:
        kind = "contact" if who.isdigit() else "account or user"
        raise click.ClickException(
            f"there is no {kind} {who}; `trunkline user list` shows those there are"
        ) from None
