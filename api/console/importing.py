"""`trunkline import`: mentors and mentees from a CSV file, all of them or nobody."""

import csv
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from peewee import IntegrityError

from api.console.rolls import Roll
from api.console.sheets import LARGEST, TEMPLATE, Fault, Sheet
from models import schema


@click.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option(
    "--passwords",
    type=click.Path(path_type=Path),
    metavar="NEW_FILE",
    help="Make a password for who has none, and write them to this new file, for its owner's eyes only.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    help="Passwords hashed at once; as many as there are cores by default.",
)
@click.option("--template", is_flag=True, help="Print an example file, and do nothing else.")
def import_people(
    file: Path | None, dry_run: bool, passwords: Path | None, threads: int | None, template: bool
) -> None:
    """Add mentors and mentees from a CSV file: all of them, or nobody.

    The first line names the columns, as the API names its fields: kind (mentee or mentor), username, first_name,
    last_name, email, password, contact_number, external_id; and for mentors mentee, profile_pic, job_title, motivation,
    inspiration. Their order is free, and columns that nobody fills may be left out. UTF-8; commas or semicolons.

    mentee is the username of a mentee, here or in the database, or a contact id. Mentees need not come first.

    Everything that is wrong is told at once, with its line and column, and nothing is written. Begin with --template,
    then --dry-run. Hashing passwords takes most of the time: about 20 people a second and core.
    """
    if template:
        click.echo(TEMPLATE, nl=False)
        return
    if file is None:
        raise click.UsageError("name the file, or ask for a --template")
    if missing := schema.missing():
        raise click.ClickException(f"the database lacks {', '.join(missing)}: run `trunkline migrate`")
    if passwords:
        _refuse_place(passwords)
    if file.stat().st_size > LARGEST:
        raise click.ClickException(f"{file} is over {LARGEST >> 20} MiB: part it, mentees first")
    roll = Roll(Sheet(file.read_bytes(), making=passwords is not None), _watched)
    _refuse(file, roll.check())
    whom = f"{_many(roll.counts['mentee'], 'mentee')} and {_many(roll.counts['mentor'], 'mentor')}"
    if dry_run:
        click.echo(f"{whom} could be added; nothing was written")
        return
    roll.hash_passwords(threads or os.cpu_count() or 1)
    _add(roll, passwords)
    click.echo(f"added {whom}")
    if roll.made:
        click.echo(f"{_many(len(roll.made), 'password')} made: hand out {passwords}, then remove it")


def _add(roll: Roll, passwords: Path | None) -> None:
    """Add them, with the passwords' file on disk before anybody is in the database."""
    written = False

    def keep() -> None:
        nonlocal written
        if passwords and roll.made:
            _write(passwords, roll.made)
            written = True

    try:
        roll.add(keep)
    except BaseException as error:
        if passwords and written:
            passwords.unlink(missing_ok=True)
        if isinstance(error, IntegrityError):
            raise click.ClickException(
                "somebody took a username or a number meanwhile; nothing was written: run it again to see which"
            ) from None
        raise


def _refuse_place(passwords: Path) -> None:
    """Tell at once where no new file can be: hashing takes long."""
    if passwords.exists():
        raise click.ClickException(f"{passwords} exists; name a new file")
    if not os.access(passwords.parent, os.W_OK | os.X_OK):
        raise click.ClickException(f"there is no folder {passwords.parent} that you may write to")


def _write(passwords: Path, made: Mapping[str, str]) -> None:
    descriptor = os.open(passwords, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("username", "password"))
        rows.writerows(made.items())
        file.flush()
        os.fsync(file.fileno())


def _refuse(file: Path, faults: list[Fault]) -> None:
    if not faults:
        return
    for line, column, text in faults:
        click.echo(f"{file}:{line}: {column + ': ' if column else ''}{text}", err=True)
    lines = len({fault.line for fault in faults})
    click.echo(f"\n{_many(len(faults), 'mistake')} on {_many(lines, 'line')}; nothing was written", err=True)
    sys.exit(1)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _watched(items: Iterable[Any], length: int, label: str) -> Iterable[Any]:
    """The list, with a bar on a terminal."""
    with click.progressbar(
        items, length=length, label=f"{label:18}", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield from bar
