"""Privacy on request: tell somebody all that is held about him, or erase him."""

import json
from pathlib import Path
from typing import Any, TextIO

import click

from models import settings
from models.numbers import PhoneNumber
from models.privacy import erasing
from models.privacy.erasing import NoSuchContact, StillNeeded
from models.privacy.held import held
from workers.console.exporting import writing


@click.group()
def person() -> None:
    """What is held about a mentor or mentee: tell it, or erase it.

    ID is the contact id, as the API and `trunkline user list` show it.
    """


contact_id = click.argument("contact_id", type=click.IntRange(1, 2**63 - 1), metavar="ID")


@person.command("export")
@contact_id
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="A new file, for its owner's eyes only, instead of standard output.",
)
def person_export(contact_id: int, output: Path | None) -> None:
    """All that is held about somebody, as one JSON object: a list of rows for each kind of thing.

    Himself and his login, calls with what carriers recorded of them, messages, texts and pushes with every attempt to
    carry them, events, tasks, schedule and reminders, notes, feedback, mails, keys and sessions, and the reports of
    carriers that are about him or hold his number. Numbers of others are hidden; words that others wrote to him are his
    to see. Rows are read in chunks, so the years do not matter.
    """
    try:
        erasing.contact(contact_id)
    except NoSuchContact:
        raise _nobody(contact_id) from None
    with writing(output) as file:
        _write(file, contact_id)


def _write(file: TextIO, contact_id: int) -> None:
    """One object, written as it is read."""
    before = "{"
    for section, rows in held(contact_id):
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
@contact_id
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--force", is_flag=True, help="Also a mentee whom mentors still have; they cannot reach him any more."
)
def person_erase(contact_id: int, yes: bool, force: bool) -> None:
    """Erase somebody for good: who he was goes, that something happened stays.

    Gone: names, number, mail address, password, device, sessions; the texts he sent and got, recordings, notes on his
    calls, his answers, and what carriers reported or said of him. Kept, under his contact id: how many calls, messages
    and events there were, when, how long, and how each ended. What waits to be carried to him is called off, calls to
    come are cancelled, and a report that comes late moves its call but brings nothing of this back.

    A mentee whom mentors have is refused: give them another first (PUT /mentor/mentor/ID), or --force, and their calls
    and texts to him are answered with 409. Safe to run twice, and again after a crash. Not reached: backups, and what
    carriers keep.
    """
    try:
        found = erasing.contact(contact_id)
        if not yes:
            again = " again: he was erased before" if found.erased else ""
            click.confirm(
                f"Erase {found.kind} {contact_id}{again}? Nothing brings this back", abort=True, err=True
            )
        done = erasing.erase(contact_id, force=force)
    except NoSuchContact:
        raise _nobody(contact_id) from None
    except StillNeeded as error:
        have = ", ".join(map(str, error.mentors))
        raise click.ClickException(
            f"mentee {contact_id} is the mentee of {have}: give them another, or say --force; nothing was erased"
        ) from None
    counts = ", ".join(f"{section.replace('_', ' ')} {count}" for section, count in done.items() if count)
    click.echo(f"erased {contact_id}; changed: {counts or 'nothing more'}")
    if not settings.current().secret_key:
        click.echo(
            "SECRET_KEY is not set: a late report that fits no call of his, and holds his number, will be kept as a "
            "stranger's is, for 90 days",
            err=True,
        )


def _nobody(contact_id: int) -> click.ClickException:
    return click.ClickException(
        f"there is no contact {contact_id}; `trunkline user list` shows those there are"
    )
