"""Carrying a delivery to a carrier: two commits, and between them one request that is never repeated on a guess.

First commit: the claim and the open attempt. Then the request, with no database held. Second commit: the outcome, what
follows from it, and the command's end. A worker that dies between the two leaves an open attempt; the next one asks the
carrier by our reference what became of it before it does anything else.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from models import clock, flow, ledger, rehearsal
from models.commands import Command
from models.database import LOST, transaction
from models.deliveries import Attempt, Delivery, life
from models.ledger import Claim
from models.pipelines import Actor, NoRoute, Route
from models.tracing import tracing
from providers.base import Askable, Receipt
from providers.errors import NoAnswer, Rejected, Unavailable
from workers import carriers
from workers.actor import RUNNERS, give_time, postponed

log = structlog.get_logger(__name__)

# Beyond a request's own timeout: reading, recording, and a machine under load.
SPARE = timedelta(seconds=5)


@dataclass(frozen=True)
class Errand:
    """One asking of a carrier: what the function that asks is given.

    `delivery` and `carrier` are of the channel's types; `shown` is the number of ours that the receiver may see.
    `timeout` is in seconds.
    """

    claim: Claim
    policy: Actor
    delivery: Any
    attempt: Attempt
    carrier: Any
    shown: str
    earlier: bool = False

    @property
    def reference(self) -> str:
        """What the carrier is to call it, and how we ask for it afterwards."""
        return str(self.delivery.reference)

    @property
    def timeout(self) -> float:
        """Seconds that the request may take."""
        return (self.policy.timeout or SPARE).total_seconds()

    @property
    def settled_from(self) -> datetime:
        """The moment from which a carrier that has not taken it never will."""
        begun: datetime = self.attempt.begun_at
        return begun + timedelta(seconds=self.timeout + self.carrier.acceptance)


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
            claim = ledger.claim_and_lease(command_id, attempt, (policy.timeout or SPARE) + SPARE)
            errand = _begin(claim, policy, table.locked(claim.ids[field])) if claim else None
    except LOST:
        raise  # nothing was begun; the clock hints again when the database is back
    except Exception as error:
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
        except Exception as error:
            give_time(errand.claim, error)


def _begin(claim: Claim, policy: Actor, delivery: Delivery) -> Errand | None:
    """Inside the first transaction: see what is to be done, and open an attempt if it is to ask a carrier anew."""
    if delivery.status not in (life.QUEUED, life.SENDING, life.UNKNOWN):
        ledger.finish(claim)
        return None
    attempts = [] if delivery.status == life.QUEUED else delivery.attempts
    if attempts and attempts[-1].pending:
        return Errand(
            claim, policy, delivery, attempts[-1], carriers.named(attempts[-1].provider), "", earlier=True
        )
    if claim.expired:
        delivery.expire()
        ledger.finish(claim)
        return None
    try:
        route: Route = flow.current().route(delivery.route, delivery.address)
    except NoRoute as error:
        delivery.fail(str(error))
        ledger.finish(claim)
        return None
    if postponed(claim, route):
        return None
    provider = route.use[len(attempts) % len(route.use)]
    attempt = delivery.begin(provider, len(attempts) + 1)
    return Errand(claim, policy, delivery, attempt, carriers.named(provider), route.shown or "")


Record = Callable[[], None]


def _ask(errand: Errand, ask: Ask) -> Record:
    """Ask the carrier. Returns what is to be recorded."""
    until = errand.claim.leased_until
    if until is not None and clock.now() + timedelta(seconds=errand.timeout) > until:
        log.warning(
            "lease.too_short", reference=errand.reference
        )  # frozen meanwhile: others may be at it already
        return lambda: None
    try:
        rehearsal.point("carrier.before_request")
        receipt = ask(errand)
        rehearsal.point("carrier.after_request")
    except Rejected as error:
        return _ending(errand, life.REJECTED, str(error))
    except NoAnswer as error:
        return _no_answer(errand, str(error))
    except Unavailable as error:
        return _unavailable(errand, str(error))
    return _taken(errand, receipt)


def _find(errand: Errand) -> Record:
    """Ask the carrier what became of an attempt that nobody saw the end of."""
    if not isinstance(errand.carrier, Askable):
        return _unknowable(errand)
    early = clock.now() < errand.settled_from
    try:
        rehearsal.point("carrier.before_find")
        receipt = errand.carrier.find(errand.delivery.channel, errand.reference, timeout=errand.timeout)
        rehearsal.point("carrier.after_find")
    except Unavailable as error:
        return _cannot_say(errand, str(error))
    if receipt is not None:
        return _taken(errand, receipt)
    if early:
        return lambda: _later(errand, errand.settled_from)
    return _again(errand, life.ABSENT, "the carrier never saw it", now=True)


def _taken(errand: Errand, receipt: Receipt) -> Record:
    def record() -> None:
        errand.delivery.accepted(errand.attempt, receipt.provider_id)
        ledger.finish(errand.claim)
        log.info("delivery.taken", reference=errand.reference, provider=errand.attempt.provider)

    return record


def _ending(errand: Errand, outcome: str, cause: str) -> Record:
    """For good. Only who still has the command may say so: another attempt may be under way by now."""

    def record() -> None:
        errand.delivery.close(errand.attempt, outcome, cause)
        if ledger.finish(errand.claim):
            errand.delivery.fail(cause)
            log.warning("delivery.failed", reference=errand.reference, cause=cause)

    return record


def _no_answer(errand: Errand, cause: str) -> Record:
    """The carrier may have it. It is asked what became of it; never is it asked for the same again on a guess."""
    if not isinstance(errand.carrier, Askable) and not errand.delivery.may_be_doubled:
        return _unknowable(errand)

    def record() -> None:
        errand.delivery.close(errand.attempt, life.UNCLEAR, cause)
        _later(errand, clock.now() if isinstance(errand.carrier, Askable) else errand.settled_from)
        log.warning("delivery.unclear", reference=errand.reference, cause=cause)

    return record


def _unavailable(errand: Errand, cause: str) -> Record:
    """Not taken. The next carrier of the route at once; after the last one, the actor's patience."""
    use = flow.current().route(errand.delivery.route, errand.delivery.address).use
    another = errand.attempt.number % len(use) != 0
    return _again(errand, life.UNAVAILABLE, cause, now=another, free=another)


def _again(errand: Errand, outcome: str, cause: str, *, now: bool, free: bool = False) -> Record:
    """Close this attempt and allow another, unless patience is used up. A `free` one costs none."""
    tries = errand.claim.tries + (0 if free else 1)
    if tries >= errand.policy.attempts:
        return _ending(errand, outcome, cause)

    def record() -> None:
        errand.delivery.close(errand.attempt, outcome, cause)
        wait = timedelta() if now else errand.policy.backoff.delay(tries, random.random())  # noqa: S311  # spreading
        _later(errand, clock.now() + wait, tries=tries, error=cause)
        log.info("delivery.again", reference=errand.reference, cause=cause, wait_s=wait.total_seconds())

    return record


def _cannot_say(errand: Errand, cause: str) -> Record:
    """The carrier is away or undecided. Asked for as long as the actor has patience, then out of sight."""
    tries = errand.claim.tries + 1
    if tries < errand.policy.attempts and errand.delivery.status != life.UNKNOWN:
        wait = errand.policy.backoff.delay(tries, random.random())  # noqa: S311  # spreading, not secrecy
        return lambda: _later(errand, clock.now() + wait, tries=tries, error=cause)

    def record() -> None:
        if ledger.finish(errand.claim):
            errand.delivery.lose_sight(cause)

    return record


def _unknowable(errand: Errand) -> Record:
    """The carrier cannot be asked: an alarm goes out again, anything else waits for a report or a person."""
    cause = "no answer, and this carrier cannot be asked"
    if errand.delivery.may_be_doubled:
        if clock.now() < errand.settled_from:
            return lambda: _later(errand, errand.settled_from)
        return _again(errand, life.UNAVAILABLE, cause + ": sent again, better twice than never", now=True)

    def record() -> None:
        errand.delivery.close(errand.attempt, life.UNCLEAR, cause)
        if ledger.finish(errand.claim):
            errand.delivery.lose_sight(cause)
            log.warning("delivery.unknown", reference=errand.reference)

    return record


def _later(errand: Errand, due: datetime, *, tries: int | None = None, error: str | None = None) -> None:
    ledger.put_back(errand.claim, due, tries=tries, error=error)
