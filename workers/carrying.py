"""Carrying a delivery to a carrier: two commits, and between them one request that is never repeated on a guess.

First commit: the claim and the open attempt. Then the request, with no database held. Second commit: the outcome, what
follows from it, and the command's end. A worker that dies between the two leaves an open attempt; the next one asks the
carrier by our reference what became of it before it does anything else.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog

from models import clock, donotcall, flow, ledger, rehearsal
from models.commands import Command
from models.database import LOST, transaction
from models.deliveries import Delivery, life
from models.ledger import Claim
from models.pipelines import Actor, NoRoute
from models.tracing import tracing
from providers.base import Askable, Receipt
from providers.errors import NoAnswer, Rejected, Unavailable
from workers import carriers, gateways, outcomes
from workers.actor import RUNNERS, give_time, postponed
from workers.outcomes import Errand, Record

log = structlog.get_logger(__name__)

Ask = Callable[[Errand], Receipt]


def carrying(command: type[Command], delivery: type[Delivery]) -> Callable[[Ask], Ask]:
    """Make a function that asks a carrier into an actor.

    Parameters:
      command: its one id is the delivery's.
      delivery: the table.
    """
    (field,) = command.needs()

    def keep(ask: Ask) -> Ask:
        def run(command_id: int, attempt: int) -> None:
            _carry(command.name, field, delivery, ask, command_id, attempt)

        RUNNERS[command.name] = run
        return ask

    return keep


def _carry(name: str, field: str, table: type[Delivery], ask: Ask, command_id: int, attempt: int) -> None:
    policy = flow.current().actors[name]
    claim: Claim | None = None
    try:
        with transaction("begin"):
            claim = ledger.claim_and_lease(command_id, attempt, policy.lease)
            errand = _begin(claim, policy, table.locked(claim.ids[field])) if claim else None
    except LOST:
        raise  # nothing was begun; the clock hints again when the database is back
    except Exception as error:  # whatever it is: it costs the command an attempt, and is written down
        if claim is None:
            raise
        give_time(claim, error)
        return
    if errand is None:
        return
    with (
        tracing(errand.claim.trace),
        structlog.contextvars.bound_contextvars(trace=errand.claim.trace, command=name),
    ):
        try:
            record = _find(errand) if errand.earlier else _ask(errand, ask)
            with transaction("settle"):
                record()
        except LOST:
            raise  # the attempt stays open; when the lease is over, the carrier is asked what became of it
        except Exception as error:  # as above
            give_time(errand.claim, error)


def _begin(claim: Claim, policy: Actor, delivery: Delivery) -> Errand | None:
    """Inside the first transaction: see what is to be done, and open an attempt if it is to ask a carrier anew."""
    attempts = [] if delivery.status == life.QUEUED else delivery.attempts
    if attempts and attempts[-1].pending:  # even if a report has told the end: the surface is to hear of both
        return Errand(
            claim, policy, delivery, attempts[-1], carriers.named(attempts[-1].provider), "", earlier=True
        )
    if delivery.status not in (life.QUEUED, life.SENDING, life.UNKNOWN):
        ledger.finish(claim)
        return None
    if delivery.status == life.UNKNOWN:  # nobody waits for it any more: to ask anew would surprise
        delivery.fail("the carrier never had it")
        ledger.finish(claim)
        return None
    if claim.expired:
        delivery.expire()
        ledger.finish(claim)
        return None
    try:
        route = gateways.route_of(delivery)
    except NoRoute as error:
        delivery.fail(str(error))
        ledger.finish(claim)
        return None
    if postponed(claim, route):
        return None
    provider = route.use[len(attempts) % len(route.use)]
    try:
        attempt = delivery.begin(provider, len(attempts) + 1)
    except donotcall.Unwanted:
        delivery.fail(donotcall.CAUSE)
        ledger.finish(claim)
        return None
    return Errand(
        claim, policy, delivery, attempt, carriers.named(provider), route.shown or "", len(route.use)
    )


def _ask(errand: Errand, ask: Ask) -> Record:
    """Ask the carrier. Returns what is to be recorded."""
    until = errand.claim.leased_until
    if until is not None and clock.now() + timedelta(seconds=errand.timeout) > until:
        log.warning("lease.too_short", reference=errand.reference)  # frozen meanwhile: others may be at it
        return lambda: None
    try:
        rehearsal.point("carrier.before_request")
        receipt = ask(errand)
        rehearsal.point("carrier.after_request")
    except Rejected as error:
        return outcomes.ending(errand, life.REJECTED, str(error))
    except NoAnswer as error:
        return outcomes.no_answer(errand, str(error))
    except Unavailable as error:
        return outcomes.unavailable(errand, str(error))
    return outcomes.taken(errand, receipt.provider_id)


def _find(errand: Errand) -> Record:
    """Ask the carrier what became of an attempt that nobody saw the end of."""
    if not isinstance(errand.carrier, Askable):
        return outcomes.unknowable(errand)
    early = clock.now() < errand.settled_from
    try:
        rehearsal.point("carrier.before_find")
        receipt = errand.carrier.find(errand.delivery.channel, errand.reference, timeout=errand.timeout)
        rehearsal.point("carrier.after_find")
    except Unavailable as error:
        return outcomes.cannot_say(errand, str(error))
    if receipt is not None:
        return outcomes.taken(errand, receipt.provider_id)
    if early:
        return lambda: outcomes.later(errand, errand.settled_from)
    # A worker's death is no fault of the carrier: it costs none of the patience with that.
    died = errand.attempt.outcome == life.OPEN
    return outcomes.again(errand, life.ABSENT, "the carrier never saw it", now=True, free=died)
