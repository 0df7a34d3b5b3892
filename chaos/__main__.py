"""`python -m chaos`: run the scenarios, judge them, and say in one JSON line what was lost or doubled."""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from chaos import beside, frozen, outages, points, processes, storms
from chaos.ground import Ground
from chaos.plan import Outcome, Plan
from chaos.report import Board, Report
from tests.servers import postgres_available, rabbit_available
from tests.servers.processes import KEEPER, fresh_folder

Scenario = Callable[[Plan], Outcome]

# What stands in one track runs one after another on servers of its own; the tracks run side by side, for much of the
# second and third is waiting for leases to end and for outages to pass.
TRACKS: tuple[dict[str, Scenario], ...] = (
    {
        "kills": storms.kills,
        "kills-plain": beside.kills,
        "carrier": storms.carrier,
        "carrier-plain": beside.carrier,
        "connections": storms.connections,
        "emptied": outages.emptied,
    },
    {"points": points.points, "frozen": frozen.frozen, "postgres": outages.postgres},
    {"broker": outages.broker},
)
NAMES = [name for track in TRACKS for name in track]


class Run:
    """All tracks at once."""

    def __init__(self, folder: Path, seed: int, scale: float, only: Sequence[str]) -> None:
        self._folder, self._seed, self._scale = folder, seed, scale
        self._board, self.report, self._mother = Board(), Report(seed, scale), processes.Mother()
        tracks = [{name: run for name, run in track.items() if not only or name in only} for track in TRACKS]
        self._threads = [
            threading.Thread(target=self._track, args=(number, track), daemon=True)
            for number, track in enumerate(tracks)
            if track
        ]

    def through(self) -> None:
        """Run to the end."""
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            while thread.is_alive():
                thread.join(0.5)  # with a limit, so that Ctrl-C is heard
        for line in [*self.report.wrong(), *self.report.table()]:
            self._board.say(line)

    def _track(self, number: int, track: dict[str, Scenario]) -> None:
        try:
            ground = Ground(self._folder / f"ground-{number}", self._mother)
        except Exception:  # a ground that does not come up is told of, and the others go on
            self.report.break_off(", ".join(track), traceback.format_exc())
            return
        for name, scenario in track.items():
            self._scenario(ground, name, scenario)
        ground.stop()

    def _scenario(self, ground: Ground, name: str, scenario: Scenario) -> None:
        begun = time.monotonic()
        self._board.say(f"{name:14}         {(scenario.__doc__ or '').strip()}")
        plan = Plan(ground, self._folder, self._seed, self._scale, self._board.teller(name))
        try:
            outcome = scenario(plan)
        except (
            Exception
        ):  # one scenario that breaks off fails the run, and does not keep the others from running
            self.report.break_off(name, traceback.format_exc())
            self._board.say(f"{name:14}         broke off")
        else:
            self._board.say(self.report.add(name, outcome, time.monotonic() - begun))
        finally:
            self._board.over(name)


@click.command(context_settings={"max_content_width": 110})
@click.option(
    "--seed", default=1, show_default=True, help="Of all dice: who is killed when, what is asked for."
)
@click.option("--scale", default=1.0, show_default=True, help="Multiplies commands and outages.")
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="Run this one; may be given again.")
@click.option("--keep", is_flag=True, help="Leave the logs of all processes where they are, and say where.")
def main(seed: int, scale: float, only: Sequence[str], keep: bool) -> None:
    """Kill, freeze and cut off what can be, and count what the carrier was asked for too often or never.

    The last line is a JSON object. Exit code 0 when nothing of ours was lost or doubled.
    """
    for lacking in (postgres_available(), rabbit_available()):
        if lacking:
            raise click.ClickException(lacking)
    for name in ("TEST_DATABASE_URL", "TEST_BROKER_URL"):
        if os.environ.get(name):
            raise click.ClickException(f"unset {name}: these servers will be killed")
    signal.signal(signal.SIGTERM, _interrupt)
    folder = fresh_folder(processes.ROOT / ".cache", "chaos")
    folder.chmod(0o755)
    if keep:
        KEEPER.tell("-dir", folder)
        click.echo(f"logs: {folder}")
    code = 130
    try:
        run = Run(folder, seed, scale, only)
        run.through()
        click.echo(run.report.line())
        code = 0 if run.report.clean else 1
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
    finally:
        threading.excepthook = lambda _: None  # what the scenarios' threads say of their end helps nobody
        processes.kill_all()
        KEEPER.close()  # ends the servers and removes the folder
        sys.stdout.flush()
        os._exit(code)  # an interrupted scenario's threads are waited for by nobody


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
