"""A tour of the API: starts a system of its own, uses it as its clients do, and shows what each side saw."""

import json
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from api.tour import appointments, mentoring, requests
from api.tour.system import System, say
from models import folder

ASK = """
  curl -u {mentor} -X POST {api}/mentor/call/                 # ring both
  curl -u {mentor} -H 'Content-Type: application/json' -d '{{"content": "Hi"}}' {api}/mentor/message/
  curl -u {mentor} {api}/mentor/event/                        # what happened
  curl -u {clinic} {api}/rest-api/alarm/1/                    # what a clinic has planned
  curl {simulator}/log                                        # what the carrier was asked
  DATABASE_URL=sqlite:///{data}/trunkline.db {bin}/trunkline trace call:1
"""


def show(keep: bool, data: Path, port: int, simulator_port: int) -> int:
    """Start a system and use it. Returns the exit code.

    Parameters:
      keep: leave it up, in `data` and on these ports, with accounts to try; otherwise show a call, a text, a call
        request and an alarm on a system of its own, and end with one line of JSON.
    """
    if keep:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        say("starting the system")
        with System(data, port, simulator_port) as system:
            _open_house(system)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=_cache()))
    try:
        return _demo(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _open_house(system: System) -> None:
    """Tell how it may be tried, and wait."""
    known = _known(system)
    say(f"the pages      {system.api}/")
    say(
        "               as adam: a mentor; as clinic: calendars, alarms, surveys; as admin: people, operations"
    )
    say(f"the API        {system.api}/docs/")
    say(f"the carrier    {system.simulator}/")
    for name, password in known["accounts"].items():
        say(f"account        {name} : {password}")
    say(f"a call request {known['page']}  (as Tom, whom Rita asks)")
    places = {"api": system.api, "simulator": system.simulator, "data": system.data.resolve()}
    mentor, clinic = (f"{name}:{known['accounts'][name]}" for name in ("adam", "clinic"))
    click.echo(ASK.format(mentor=mentor, clinic=clinic, bin=Path(sys.executable).parent, **places))
    say(f"Ctrl-C ends it; the data stays in {system.data}")
    system.wait()


def _known(system: System) -> dict[str, Any]:
    """Who is there to try it with: made at the first start, and kept beside the data for the next."""
    file = system.data / "accounts.json"
    if not file.exists():
        accounts = mentoring.people(system)
        rita, tom = requests.people(system, accounts["admin"])
        requests.ask(rita, "How do I know that a backup works?")
        accounts |= {person.email: person.password for person in (rita, tom)}
        accounts |= appointments.people(system, accounts["admin"])
        appointments.plan(system, accounts["clinic"], datetime.now(UTC) + timedelta(hours=3))
        page = requests.page_of(system, tom).removeprefix(system.api)
        folder.write_privately(file, {"accounts": accounts, "page": page})
    known = json.loads(file.read_text())
    if "page" not in known or "clinic" not in known["accounts"]:
        raise SystemExit(f"{system.data} is of an older version: remove it, or name another folder by --data")
    return {**known, "page": system.api + known["page"]}


def _demo(data: Path) -> int:
    began = time.monotonic()
    say("starting API, relay, clock, workers and a carrier in a box, in one process on SQLite")
    with System(data, 0, 0, rehearsal=True) as system:
        say("adding a mentor and a mentee")
        accounts = mentoring.people(system)
        result = mentoring.show(system, accounts["adam"])
        say("two others register: a phone's code by text, an address's by mail; one is accepted as a hero")
        rita, tom = requests.people(system, accounts["admin"])
        result |= requests.show(system, rita, tom)
        result["numbers_leaked"] += requests.leaks(system, rita, tom)
        result |= appointments.show(system, appointments.people(system, accounts["admin"])["clinic"])
        result["numbers_leaked"] += appointments.leaks(system)
    result["seconds"] = round(time.monotonic() - began, 1)
    click.echo(json.dumps(result))
    wanted = mentoring.WANTED | requests.WANTED | appointments.WANTED
    return 0 if wanted.items() <= result.items() else 1


def _cache() -> Path:
    """A folder in the checkout that git ignores."""
    folder = Path(__file__).resolve().parents[2] / ".cache"
    folder.mkdir(exist_ok=True)
    return folder
