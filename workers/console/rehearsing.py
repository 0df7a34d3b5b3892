"""Rehearsing: which alarms would be made in a time to come, and why others would not."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from models.appointments.alarms import CALL, EMAIL, SMS
from models.appointments.rehearsing import BadSpan, Foreseen, Rehearsal
from models.appointments.rehearsing import rehearse as foresee
from models.numbers import HIDDEN
from models.people import logins
from workers.console.exporting import Moment

EFFORT, ROWS = 1_000_000, 100_000  # somebody who waits at a console waits longer than a browser
METHODS = {CALL: "call", SMS: "text", EMAIL: "mail"}


@click.command()
@click.option("--from", "begin", type=Moment(), help="From then on, inclusive; now, if nothing is said.")
@click.option("--to", "end", type=Moment(), help="Up to then, exclusive; a day later, if nothing is said.")
@click.option("--user", help="Only what is this manager's or this calendar user's, by his name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option("--numbers", is_flag=True, help="Show phone numbers and addresses instead of `hidden`.")
def rehearse(
    begin: datetime | None, end: datetime | None, user: str | None, as_json: bool, numbers: bool
) -> None:
    """What would ring between two moments, and why something would not: a dry run that changes nothing.

    --from and --to take dates (2026-11-01, its midnight) and ISO 8601 times; without an offset they are read by the
    clock of LOCAL_ZONE. Lines tell the wall clock of the setting, and that of who is told where it is another.
    Occurrences that nobody has made yet are among them; what would be tried again because a phone is busy is not.
    """
    try:
        whose = logins.of(user) if user else None
        found = foresee(begin, end, whose.id if whose and not whose.is_staff else None, EFFORT, ROWS)
    except logins.NoSuchUser as error:
        raise click.BadParameter(str(error), param_hint="--user") from None
    except BadSpan as error:
        raise click.BadParameter(str(error), param_hint=f"--{error.field}") from None
    if as_json:
        click.echo(json.dumps(_as_json(found, numbers)))
        return
    for one in found.rows:
        click.echo(_line(one, numbers))
    _sum(found)


def _to(one: Foreseen, numbers: bool) -> str:
    return one.to if numbers or not one.to else HIDDEN


def _as_json(found: Rehearsal, numbers: bool) -> dict[str, Any]:
    rows = [
        {
            **asdict(one), "at": one.at.isoformat(), "due": one.due.isoformat(), "start": one.start.isoformat(),
            "method": METHODS[one.method], "to": _to(one, numbers),
        }
        for one in found.rows
    ]  # fmt: skip
    span = {"from": found.begin.isoformat(), "to": found.end.isoformat()}
    return {**span, "more": found.more, "alarms": rows}


def _line(one: Foreseen, numbers: bool) -> str:
    when = _wall(one.at, one.zone)
    if one.recipient_zone != one.zone:
        when += f" ({_wall(one.at, one.recipient_zone)})"
    said = [when, METHODS[one.method], f"alarm:{one.alarm_id}", _to(one, numbers), one.title]
    if one.waits_for:
        said.append(f"after {' and '.join(one.waits_for)}")
    if one.why_not:
        said.append(f"NOT: {one.why_not}")
    return "  ".join(part for part in said if part)


def _wall(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S} {zone}"


def _sum(found: Rehearsal) -> None:
    """How many there are, not among what a program may read line by line."""
    silent = sum(1 for one in found.rows if one.why_not)
    more = ", and more after them" if found.more else ""
    click.echo(f"{len(found.rows)} alarms, {silent} of which would tell nobody{more}", err=True)
