"""Trunkline's front door: the command line, and the one file that sees both floors."""

import json
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from api import console as desk
from models import clock, database, folder, logs, rehearsal, schema, settings
from models.appointments.recurrence import predefined
from models.pipelines import PipelinesError
from models.settings import Settings, SettingsError
from workers import console
from workers.processes import NoSuchQueue


class CannotStart(Exception):
    """Something is missing; the text says what, and what to do."""


class Door(click.Group):
    """The commands; what is wrong with the settings is told without a stack."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read has read enough
        except (SettingsError, PipelinesError, CannotStart, NoSuchQueue, OSError) as error:
            click.echo(str(error), err=True)
        except database.LOST as error:
            told = str(error).partition("\n")[0]
            click.echo(
                f"the database: {told}\nIs DATABASE_URL right, and has `trunkline migrate` run?", err=True
            )
        sys.exit(1)


@click.group(cls=Door, context_settings={"max_content_width": 110})
@click.version_option(package_name="trunkline")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Trunkline connects people by phone and text without showing either one the other's number, exactly once.

    Begin with `trunkline dev`: everything in one process, on SQLite, with a carrier in a box. In production the same
    code runs as `web`, `relay`, `clock` and `worker` processes (see the Procfile) on PostgreSQL and RabbitMQ.
    Settings come from the environment; .env.example says what each is for.
    """
    ours = settings.current()
    logs.configure("console", least="WARNING")
    rehearsal.arm_from_settings()
    own = ctx.invoked_subcommand in ("demo", "dev", "simulator")  # they bring their own, or need none
    if not own and "--help" not in sys.argv:
        _reads_only(ctx.invoked_subcommand or "", ours.database_url)
        database.bind(ours.database_url)


def _reads_only(command: str, url: str) -> None:
    """A look makes no database: an empty one would only hide that it is the wrong one."""
    path = url.removeprefix("sqlite:///").partition("?")[0]
    if (
        url.startswith("sqlite:")
        and command not in ("migrate", "user", "import", "check", "pipelines")
        and not Path(path).exists()
    ):
        raise CannotStart(
            f"there is no database {path}; `trunkline dev` keeps its own: DATABASE_URL=sqlite:///data/trunkline.db"
        )


for command in (*console.COMMANDS, *desk.COMMANDS):
    main.add_command(command)


def _ready(process: str) -> None:
    """Before a process serves: logging, a broker that others share, and tables that fit the code."""
    logs.configure(process)
    if settings.current().embedded:
        raise CannotStart(
            "BROKER_URL is memory://, which processes do not share: name a RabbitMQ, or `trunkline dev`"
        )
    if missing := schema.missing():
        raise CannotStart(f"the database lacks {', '.join(missing)}: run `trunkline migrate`")


@main.command()
def web() -> None:
    """The API, served by gunicorn. WEB_HOST, WEB_PORT, WEB_PROCESSES and WEB_THREADS say how."""
    from api.serving import serve

    _ready("web")
    serve()


@main.command()
def relay() -> None:
    """Publish the hints of due commands. Run two, on two machines, if one may be away."""
    from workers.processes import run_relay

    _ready("relay")
    run_relay()


@main.command("clock")
def clock_process() -> None:
    """Put back what dead workers had, mend what the broker forgot, start periodic jobs. Run two if one may be away."""
    from workers.processes import run_clock

    _ready("clock")
    run_clock()


@main.command()
@click.argument("queues", nargs=-1)
@click.option(
    "--threads", type=click.IntRange(1), help="For each queue, instead of what pipelines.yaml says."
)
def worker(queues: tuple[str, ...], threads: int | None) -> None:
    """Do the work of QUEUES (all of them, if none is named). Start more of these to do more at once."""
    from workers.processes import run_worker

    _ready("worker")
    sys.exit(0 if run_worker(queues, threads) else 1)


@main.command()
@click.option("--port", type=int, help="Where to listen; SIMULATOR_PORT by default, 0 for a free one.")
@click.option("--data", type=click.Path(path_type=Path), help="Where its log of accepted requests is kept.")
@click.option("--answer-after", default=0.0, help="Seconds it needs to answer a request.")
@click.option("--seed", default=0, help="Of the dice that faults are drawn with.")
@click.option("--silent", is_flag=True, help="Report nothing back: for measuring.")
def simulator(port: int | None, data: Path | None, answer_after: float, seed: int, silent: bool) -> None:
    """A carrier in a box: rings imaginary phones, posts real webhooks, fails on demand. Its page explains itself."""
    ours = settings.current()
    sys.setswitchinterval(0.0005)  # many short requests: measured, +35 % at 64 threads
    if not ours.simulator_secret:
        raise CannotStart(
            "SIMULATOR_SECRET is not set: it signs the reports, and the API must have the same one"
        )
    folder = data or Path(ours.simulator_data)
    exchange = _exchange(ours, folder, ours.simulator_port if port is None else port, answer_after, seed)
    if silent:
        exchange.report_to(None)
    exchange.start()
    click.echo(json.dumps({"ready": True, "simulator": exchange.url}))
    _wait_for_the_end()
    exchange.stop()


def _exchange(ours: Settings, folder: Path, port: int, answer_after: float = 0.0, seed: int = 0) -> Any:
    from providers.exchange import Exchange

    folder.mkdir(parents=True, exist_ok=True)
    credentials = (ours.oniondev_username, ours.oniondev_password) if ours.oniondev_username else None
    return Exchange(
        journal=folder / "accepted.jsonl", now=clock.now, secret=ours.simulator_secret, api_url=ours.api_url,
        oniondev_credentials=credentials, port=port, answer_after=answer_after, seed=seed,
        conference_number=ours.conference_number,
    )  # fmt: skip


def _wait_for_the_end() -> None:
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    done.wait()


@main.command()
@click.option("--port", default=8000, show_default=True, help="The API's port; 0 takes a free one.")
@click.option(
    "--simulator-port", default=8100, show_default=True, help="The simulator's port; 0 takes a free one."
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True, help="Its folder."
)
@click.option(
    "--no-simulator", is_flag=True, help="Without the carrier in a box; SIMULATOR_URL is used as it is."
)
def dev(port: int, simulator_port: int, data: Path, no_simulator: bool) -> None:
    """Everything in one process: API, relay, clock, workers and a carrier in a box, on SQLite below --data.

    Prints one line of JSON when it is ready. Ends on SIGTERM or Ctrl-C within ten seconds; a crash loses nothing.
    """
    from api.serving import Site
    from workers.processes import Together

    ours = settings.use(folder.settings_of(data))
    logs.configure("dev")
    database.bind(ours.database_url)
    schema.migrate()
    predefined.seed()
    folder.provider_account(ours)
    site = Site(port)
    ours = settings.use(replace(ours, api_url=site.url))
    exchange = None
    if not no_simulator:
        exchange = _exchange(ours, data, simulator_port)
        ours = settings.use(
            replace(
                ours,
                simulator_url=exchange.url,
                oniondev_url=ours.oniondev_url or exchange.url + "/oniondev",
            )
        )
        exchange.start()
    together = Together()
    together.start()
    site.start()
    click.echo(json.dumps({"ready": True, "api": site.url, "simulator": exchange.url if exchange else None}))
    _wait_for_the_end()
    parts = [site, together, *([exchange] if exchange else [])]
    ends = [threading.Thread(target=part.stop) for part in parts]
    for end in ends:
        end.start()
    for end in ends:
        end.join()


@main.command()
@click.option("--keep", is_flag=True, help="Leave a system up instead, with accounts to try by hand.")
@click.option(
    "--port", default=8000, show_default=True, help="With --keep: the API's port; 0 takes a free one."
)
@click.option("--simulator-port", default=8100, show_default=True, help="With --keep: the simulator's port.")
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True, help="With --keep."
)
def demo(keep: bool, port: int, simulator_port: int, data: Path) -> None:
    """Show it: a mentor calls and texts a mentee, masked, on a system of its own. The last line is JSON."""
    from api.tour import show

    sys.exit(show(keep, data, port, simulator_port))


if __name__ == "__main__":
    main()
