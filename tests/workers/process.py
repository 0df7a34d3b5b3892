"""A process with nothing but our publisher or a crew in it, to be ended by a signal or at a named point."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import dramatiq

from models import rehearsal
from models.hints import Hint
from workers import deadman
from workers.broker import TrunkBroker
from workers.publisher import RabbitPublisher
from workers.queues import queue_name
from workers.serving import Crew, serve

ROOT = Path(__file__).parents[2]


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The process, with its standard output; killed if it still runs at the end."""
    command = [sys.executable, "-m", "tests.workers.process", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: "subprocess.Popen[str]") -> str:
    """The next line it says."""
    assert process.stdout
    return process.stdout.readline().rstrip()


@click.group()
def main() -> None:
    """Run one part of the workers."""


@main.command()
@click.argument("url")
@click.argument("queue")
@click.option("--count", default=1)
@click.option("--crash-at", default="")
def publish(url: str, queue: str, count: int, crash_at: str) -> None:
    """Publish some hints."""
    rehearsal.arm(crash_at)
    RabbitPublisher(url).publish([Hint(queue, "look", number, 1) for number in range(1, count + 1)])


@main.command()
@click.argument("url")
@click.argument("queue")
@click.option("--seconds", default=0.0, help="how long the work on one hint takes")
@click.option("--finishing", default=7.0, help="how long a stop waits for it")
@click.option("--crash-at", default="")
def work(url: str, queue: str, seconds: float, finishing: float, crash_at: str) -> None:
    """Serve a queue with one thread; print the number of each hint that is begun."""
    rehearsal.arm(crash_at)
    broker = TrunkBroker(url)

    def look(command_id: int, attempt: int) -> None:
        click.echo(command_id)
        time.sleep(seconds)

    dramatiq.Actor(
        look, broker=broker, actor_name="look", queue_name=queue_name(queue), priority=0, options={}
    )
    sys.exit(0 if serve(Crew(broker, {queue: 1}), finishing) else 3)


@main.command()
@click.option("--frozen", type=float)
def hold(frozen: float) -> None:
    """Hold the dead man's switch, and count."""
    number = 0
    with deadman.held(frozen):
        while True:
            click.echo(number)
            number += 1
            time.sleep(0.01)


if __name__ == "__main__":
    main()
