"""`make clinic-year`: a year of a clinic on a running system whose processes are killed, and whether it went to plan.

The last line is a JSON object; 1 when a request to the carrier lacks, is too much or came at another time.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

import click

from chaos import processes
from chaos.ground import Ground
from tests.clinic.comparing import compare
from tests.clinic.expected import expected
from tests.clinic.opening import Opening, id_of, manager_of
from tests.clinic.practices import BEGIN, DAY, Practice, practices
from tests.clinic.system import Clinic
from tests.servers.processes import KEEPER, fresh_folder

PAUSED, PENDING = 3, 1


def play(clinic: Clinic, plan: list[Practice], days: int) -> dict[str, object]:
    """Open the practices, go from quarter to quarter, and compare the carrier's log with the plan."""
    begun = time.monotonic()
    wanted = expected(plan, days)
    events = Opening(clinic).open(plan)
    clinic.settle(BEGIN)
    clinic.storm()
    rounds = sorted(wanted.rounds | {BEGIN + days * DAY})
    for number, moment in enumerate(rounds, 1):
        clinic.jump(moment)
        clinic.settle(moment)
        for practice in plan:
            for status, at in zip((PAUSED, PENDING), practice.pause or (), strict=False):
                if at == moment:
                    path = f"event/{id_of(events[practice.number])}/update_last_child_status/"
                    clinic.send("PATCH", path, {"status": status}, manager_of(practice))
                    clinic.settle_anew()
        if number % 20 == 0:
            click.echo(f"{moment:%d %B %H:%M}: {number} of {len(rounds)} rounds", err=True)
    return {
        "practices": len(plan), "days": days, "rounds": len(rounds), "events": wanted.events,
        "kills": clinic.kills, **compare(clinic, wanted), "seconds": round(time.monotonic() - begun),
    }  # fmt: skip


@click.command()
@click.option("--practices", "count", default=200, show_default=True)
@click.option("--days", default=365, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--kill-every", default=10.0, show_default=True, help="Seconds between two deaths; 0: nobody dies."
)
@click.option("--keep", is_flag=True, help="Leave the logs of all processes where they are, and say where.")
def main(count: int, days: int, seed: int, kill_every: float, keep: bool) -> None:
    """Play a clinic's year."""
    folder = fresh_folder(processes.ROOT / ".cache", "clinic")
    folder.chmod(0o755)
    if keep:
        KEEPER.tell("-dir", folder)
        click.echo(f"logs: {folder}", err=True)
    code = 130
    try:
        ground = Ground(Path(folder), processes.Mother())
        with Clinic(ground, folder, seed=seed, kill_every=kill_every) as clinic:
            told = play(clinic, practices(seed, count, days), days)
        click.echo(json.dumps(told))
        code = 1 if told["missing"] or told["surplus"] or told["doubled"] or told["misjudged"] else 0
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
    except Exception:  # told by its code, and raised again
        code = 2
        raise
    finally:
        threading.excepthook = lambda _: None  # what threads say of their end helps nobody
        processes.kill_all()
        KEEPER.close()  # ends the servers and removes the folder
        sys.stdout.flush()
        if code != 2:
            os._exit(code)  # threads that wait for what is gone are waited for by nobody


if __name__ == "__main__":
    main()
