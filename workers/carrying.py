"""Carrying deliveries to a carrier: two commits, and between them requests that are never repeated on a guess.

First commit: the claim and the open attempt. Then the request, with no database held. Second commit: the outcome, what
follows from it, and the command's end. A worker that dies between the two leaves an open attempt; the next one asks the
carrier by our reference what became of it before it does anything else.

Deliveries of which one hint speaks together share the two commits. Each is asked for by itself, and what goes wrong
with one is made good without the others.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from models import clock, ledger, rehearsal
from models.commands import Command
from models.database import LOST, transaction
from models.deliveries import Delivery, life
from models.flow import current
from models.ledger import Claim
from models.logs import spoken
from models.pipelines import Actor
from providers.base import Askable, Receipt
from providers.errors import NoAnswer, Rejected, Unavailable
from workers import outcomes
from workers.actor import RUNNERS, give_time
from workers.beginning import begin, told_of
from workers.outcomes import Errand, Record, Taken

# Seconds that a carrier is asked for one after another. What it has not been asked for by then goes back, for others
# to ask: together saves commits, and with a carrier that takes its time these are not what takes long.
TOGETHER = 1.0

log = structlog.get_logger(__name__)

Ask = Callable[[Errand], Receipt]
Done = tuple[Errand, Record]


def carrying(command: type[Command], delivery: type[Delivery]) -> Callable[[Ask], Ask]:
    """Make a function that asks a carrier into an actor.

    Parameters:
      command: its one id is the delivery's.
      delivery: the table.
    """
    (field,) = command.needs()

    def keep(ask: Ask) -> Ask:
        def run(command_id: int, attempt: int, *others: int) -> None:
            policy = current().actors[command.name]
            errands = _begun(policy, field, delivery, [command_id, *others], attempt)
            _settle(_asked(errands, ask))

        RUNNERS[command.name] = run
        return ask

    return keep


def _begun(
    policy: Actor, field: str, table: type[Delivery], commands: Sequence[int], attempt: int
) -> list[Errand]:
    """Claim commands and open attempts. All at once, or, when that fails, each by itself."""
    claims: list[Claim] = []
    try:
        with transaction("begin"):
            claims = ledger.claim_and_lease(commands, attempt, policy.lease)
            if not claims:
                return []
            found = table.locked_all([claim.ids[field] for claim in claims])
            return begin(policy, [(claim, found[claim.ids[field]]) for claim in claims])
    except LOST:  # nothing was begun; when the database is away, the clock hints again as it is back
        if len(commands) == 1:
            raise
    except Exception as error:  # whatever it is: it costs the command an attempt, and is written down
        if len(commands) == 1:
            give_time(claims[0] if claims else None, error)
            return []
    errands: list[Errand] = []
    for one in commands:
        try:
            errands += _begun(policy, field, table, [one], attempt)
        except (
            Exception
        ) as error:  # whatever it is: who has been begun is to be asked for, and this one hinted again
            log.warning("carrying.not_begun", command_id=one, error=spoken(error))
    return errands


def _asked(errands: Sequence[Errand], ask: Ask) -> list[Done]:
    """Ask for each. Returns what is to be recorded of those that were asked for, or whose turn did not come."""
    done: list[Done] = []
    until = time.monotonic() + TOGETHER
    for place, errand in enumerate(errands):
        if place and time.monotonic() > until:
            done.append((errand, outcomes.not_asked(errand)))
            continue
        with told_of(errand.claim):
            try:
                done.append((errand, _find(errand) if errand.earlier else _ask(errand, ask)))
            except LOST as error:  # the attempt stays open, as below
                log.warning("carrying.database_failed", reference=errand.reference, error=spoken(error))
            except Exception as error:  # whatever it is: it costs this one an attempt, and the others nothing
                give_time(errand.claim, error)
    return done


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


def _settle(done: Sequence[Done]) -> None:
    """Write down what became of each. All at once, or, when that fails, each by itself."""
    if not done:
        return
    try:
        with transaction("settle"):
            _record(done)
    except (
        Exception
    ) as error:  # whatever it is: what is wrong with one is not to cost the others their outcome
        if len(done) > 1:
            _settle_each(done)
            return
        if isinstance(error, LOST):
            raise  # the attempt stays open; when the lease is over, the carrier is asked what became of it
        give_time(done[0][0].claim, error)


def _settle_each(done: Sequence[Done]) -> None:
    lost: list[Exception] = []
    for one in done:
        try:
            _settle([one])
        except LOST as error:  # raised when the others have been tried
            lost.append(error)
    if lost:
        raise lost[0]


def _record(done: Sequence[Done]) -> None:
    """Inside the second transaction: those of one trace that a carrier has, together; the others one by one."""
    if len(done) > 1:
        type(done[0][0].delivery).hold([errand.delivery.id for errand, _ in done])
    together: dict[str, list[Taken]] = {}
    for errand, record in done:
        if isinstance(record, Taken):
            together.setdefault(errand.claim.trace, []).append(record)
        else:
            with told_of(errand.claim):
                record()
    for taken in together.values():
        with told_of(taken[0].errand.claim):
            outcomes.take(taken)
