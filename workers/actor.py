"""What an actor is: work that claims a command, does it, and ends it, with patience from pipelines.yaml."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import dramatiq
import structlog

from models import clock, flow, ledger, pacing
from models.commands import Command
from models.database import LOST, transaction
from models.ledger import Claim
from models.logs import spoken
from models.pipelines import Route
from models.tracing import tracing
from workers.queues import queue_name

log = structlog.get_logger(__name__)

# Runs one command, given its id and the attempt that the hint spoke of; and others of that attempt, by their ids.
Runner = Callable[..., None]

RUNNERS: dict[str, Runner] = {}


def actor(
    command: type[Command], *, even_late: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Work that touches the database only: the claim, the effect and the end are one transaction, one commit.

    A worker that dies inside leaves nothing behind, and the hint goes to another. An exception rolls all of it back
    and costs one attempt of the actor's patience.

    Parameters:
      command: what it does; the function takes the command's ids by name.
      even_late: whether it is called past its last useful moment too, to write down that nothing came of it.
    """

    def keep(work: Callable[..., None]) -> Callable[..., None]:
        def run(command_id: int, attempt: int, *others: int) -> None:
            for one in (command_id, *others):
                _run(command.name, work, even_late, one, attempt)

        RUNNERS[command.name] = run
        return work

    return keep


def register(broker: dramatiq.Broker) -> None:
    """Make every runner an actor of this broker."""
    for name, run in RUNNERS.items():
        queue = queue_name(flow.current().actors[name].queue)
        dramatiq.Actor(
            partial(_heard, name, run),
            broker=broker,
            actor_name=name,
            queue_name=queue,
            priority=0,
            options={},
        )


def _heard(name: str, run: Runner, command_id: int, attempt: int, *others: int) -> None:
    """Run one hint; what goes wrong beyond the runner's own patience is logged, not only dropped with the hint."""
    try:
        run(command_id, attempt, *others)
    except Exception as error:  # only to be told of, and raised again
        log.error("hint.failed", command=name, command_id=command_id, error=spoken(error))
        raise


def _run(name: str, work: Callable[..., None], even_late: bool, command_id: int, attempt: int) -> None:
    claim: Claim | None = None
    try:
        with transaction("actor"):
            claim = claimed(name, command_id, attempt)
            if claim is None or postponed(claim):
                return
            with (
                tracing(claim.trace),
                structlog.contextvars.bound_contextvars(trace=claim.trace, command=name),
            ):
                if claim.expired and not even_late:
                    log.info("command.expired", command_id=command_id)
                else:
                    work(**claim.ids)
                    log.debug("command.done", command_id=command_id)
            if claim.leased_until is not None:
                ledger.finish(claim)
    except Exception as error:  # whatever it is: it costs the command an attempt, and is written down
        give_time(claim, error)


def claimed(name: str, command_id: int, attempt: int) -> Claim | None:
    """Claim a command for work inside this transaction; with a lease where a rate may send it back."""
    if flow.current().queue_of(name).rate is None:
        return ledger.claim_and_end(command_id, attempt)
    found = ledger.claim_and_lease([command_id], attempt, flow.current().actors[name].lease)
    return found[0] if found else None


def postponed(claim: Claim, route: Route | None = None) -> bool:
    """Put a command back until its slot, when its queue's or its route's rate is used up. Most have no rate."""
    queue = flow.current().queue_of(claim.name)
    limits = [(f"queue:{queue.name}", queue.rate), *([(route.key, route.rate)] if route else [])]
    rates = [(key, rate) for key, rate in limits if rate is not None]
    if not rates or pacing.still_good(claim.slot_at):
        return False
    slot = max(pacing.reserve(key, rate.interval) for key, rate in rates)
    if slot <= clock.now():
        return False
    return ledger.put_back(claim, slot, slot=slot)


def give_time(claim: Claim | None, error: Exception) -> None:
    """After a failure: later again, or buried when patience is used up.

    The database's own failures (away, a deadlock) cost no patience. When it is so much away that not even that can be
    written down, or nothing was claimed, the clock hints again.
    """
    if isinstance(error, LOST):
        log.warning("command.database_failed", error=spoken(error))
        with suppress(*LOST), transaction("failure"):
            if claim is not None:
                ledger.put_back(claim, clock.now() + timedelta(seconds=random.uniform(0.5, 1.5)))  # noqa: S311  # only spreads
        return
    if claim is None:
        raise error
    policy, tries, told = flow.current().actors[claim.name], claim.tries + 1, spoken(error)
    with transaction("failure"):
        if tries >= policy.attempts:
            ledger.bury(claim, told)
            log.error("command.buried", command=claim.name, command_id=claim.command_id, error=told)
        else:
            due = clock.now() + policy.backoff.delay(tries, random.random())  # noqa: S311  # only spreads
            ledger.put_back(claim, due, tries=tries, error=told)
            log.warning(
                "command.failed", command=claim.name, command_id=claim.command_id, tries=tries, error=told
            )
