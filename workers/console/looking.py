"""Looking: what is owed, what happened to one delivery, what follows what."""

import json
import sys
import time
from typing import Any

import click

from models import flow, settings, watching
from models.commands import COMMANDS
from models.pipelines import picture
from models.timeline import Unknown, timeline
from models.vocabulary import RAISES
from workers.broker import MemoryBroker
from workers.processes import broker

DUE = ("ready", "sent", "running")
LOOK = 0.1  # seconds between two looks


def standing() -> dict[str, Any]:
    """What `status --json` prints."""
    queues: dict[str, dict[str, Any]] = {
        name: dict.fromkeys((*DUE, "dead", "future"), 0) for name in flow.current().queues
    }
    for name, states in watching.standing().items():
        for state, (count, _) in states.items():
            queues.setdefault(name, dict.fromkeys((*DUE, "dead", "future"), 0))[state] = count
    over = broker()
    up = "memory"
    if not isinstance(over, MemoryBroker):
        depths = {name: over.depth(name) for name in queues}
        up = "down" if all(depth is None for depth in depths.values()) else "up"
        for name, depth in depths.items():
            queues[name]["hints"] = depth
    over.close()
    owed = {state: sum(queue[state] for queue in queues.values()) for state in (*DUE, "dead", "future")}
    oldest = round(watching.oldest_due_seconds(), 3)
    return {
        "owed": owed,
        "oldest_due_s": oldest,
        "queues": queues,
        "unknown": watching.unknown(),
        "broker": up,
    }


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def status(as_json: bool) -> None:
    """What is owed, by queue; how long the oldest waits; whether the broker is there.

    ready: due, not yet with the broker. sent: a hint is with the broker. running: a worker has it. future: due later
    (a retry, a reminder). dead: given up, see `trunkline dead list`. unknown: deliveries whose fate nobody knows.
    """
    facts = standing()
    if as_json:
        click.echo(json.dumps(facts))
        return
    click.echo(f"broker {facts['broker']}   oldest due command waits {facts['oldest_due_s']} s\n")
    click.echo(f"{'queue':12}" + "".join(f"{state:>9}" for state in (*DUE, "future", "dead")))
    for name, counts in facts["queues"].items():
        click.echo(f"{name:12}" + "".join(f"{counts[state]:>9}" for state in (*DUE, "future", "dead")))
    if facts["owed"]["dead"]:
        click.echo("\nDead commands want a person: `trunkline dead list`.")
    lost = {channel: count for channel, count in facts["unknown"].items() if count}
    if lost:
        click.echo(
            f"\nDeliveries whose fate nobody knows: {lost}. `trunkline trace call:12` tells what happened."
        )


@click.command()
@click.option(
    "--timeout",
    type=click.FloatRange(0, 86_400),
    default=20.0,
    show_default=True,
    help="Seconds to wait at most.",
)
def drain(timeout: float) -> None:
    """Wait until no due command is owed. Exit code 0 when that is so, 1 on time-out.

    Commands due later (retries, reminders) and dead ones do not count.
    """
    deadline = time.monotonic() + timeout
    started, most = time.monotonic(), 0
    bar: Any = None
    while (owed := watching.due_count()) and time.monotonic() < deadline:
        most = max(most, owed)
        if bar is None and time.monotonic() - started > 1 and sys.stderr.isatty():
            bar = click.progressbar(length=most, label="draining", file=sys.stderr).__enter__()
        if bar is not None:
            bar.length = most
            bar.update(most - owed - bar.pos)
        time.sleep(LOOK)  # between two looks; the time-out ends it
    if bar is not None:
        bar.render_finish()
    if owed:
        click.echo(f"{owed} due commands are still owed after {timeout:g} s", err=True)
        sys.exit(1)


@click.command()
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
def trace(reference: str, as_json: bool) -> None:
    """One timeline: from the API request through every attempt and report to the last effect.

    REFERENCE is a kind and an id: call:12, message:7, schedule:5, callrequest:3, alarm:9. Carriers know a call or a
    message by the same words.
    """
    try:
        entries = timeline(reference)
    except Unknown as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(entries))
        return
    days = {entry["at"][:10] for entry in entries}
    begin = 0 if len(days) > 1 else 11
    for entry in entries:
        click.echo(f"{entry['at'][begin:23]}  {entry['what']:18} {entry['detail']}")


@click.command("pipelines")
def show_pipelines() -> None:
    """Draw pipelines.yaml: what follows what, in which queue, with which patience, through whom."""
    click.echo(picture(flow.current(), RAISES))


@click.command()
def check() -> None:
    """Check the settings and pipelines.yaml. Exit code 1 with every problem's line when something is wrong."""
    pipelines = flow.read()
    ours = settings.current()
    click.echo(f"settings: fine ({'embedded' if ours.embedded else 'RabbitMQ'})")
    click.echo(
        f"pipelines: fine ({len(pipelines.actors)} actors in {len(pipelines.queues)} queues, {len(COMMANDS)} commands)"
    )
