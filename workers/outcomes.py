"""What became of asking a carrier: each outcome, and what is to be written down for it in the second commit."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from models import clock, ledger
from models.deliveries import Attempt, life
from models.ledger import Claim
from models.pipelines import Actor
from providers.base import Askable
from workers import deadman

log = structlog.get_logger(__name__)

# Writes an outcome down, inside the second transaction.
Record = Callable[[], None]


@dataclass(frozen=True)
class Errand:
    """One asking of a carrier: what the function that asks is given.

    `delivery` and `carrier` are of the channel's types; `shown` is the number of ours that the receiver may see.
    `timeout` is in seconds; `carriers` is how many the route has.
    """

    claim: Claim
    policy: Actor
    delivery: Any
    attempt: Attempt
    carrier: Any
    shown: str
    carriers: int = 1
    earlier: bool = False

    @property
    def reference(self) -> str:
        """What the carrier is to call it, and how we ask for it afterwards."""
        return str(self.delivery.reference)

    @property
    def reported(self) -> bool:
        """Whether a report has told the end already: then the carrier had it, whoever did not hear its answer."""
        return self.delivery.status in (life.DELIVERED, life.FAILED)

    @property
    def timeout(self) -> float:
        """Seconds that the request may take."""
        return self.policy.longest_request.total_seconds()

    @property
    def settled_from(self) -> datetime:
        """The moment from which a carrier that has not taken it never will.

        Who had the lease asks no more then, even if he was frozen just as he asked.
        """
        begun: datetime = self.attempt.begun_at
        return begun + self.policy.lease + timedelta(seconds=deadman.FROZEN + self.carrier.acceptance)


@dataclass(frozen=True)
class Taken:
    """The carrier has it, and calls it `provider_id`."""

    errand: Errand
    provider_id: str | None

    def __call__(self) -> None:
        take([self])


def taken(errand: Errand, provider_id: str | None) -> Record:
    """The carrier has it: says its answer, itself when asked afterwards, or (without an id) its report."""
    return Taken(errand, provider_id)


def take(them: Sequence[Taken]) -> None:
    """Write down what a carrier has, of one table, by statements that each speak of all."""
    errands = [one.errand for one in them]
    type(errands[0].delivery).accepted_all(
        [(e.delivery, e.attempt, one.provider_id) for one, e in zip(them, errands, strict=True)]
    )
    ledger.finish_all([errand.claim for errand in errands])
    for errand in errands:
        log.info("delivery.taken", reference=errand.reference, provider=errand.attempt.provider)


def not_asked(errand: Errand) -> Record:
    """Its turn did not come. Others may ask at once; only while nobody else has the command was it surely not asked."""

    def record() -> None:
        if ledger.put_back(errand.claim, clock.now()) and not errand.earlier:
            errand.delivery.unbegin(errand.attempt)

    return record


def ending(errand: Errand, outcome: str, cause: str) -> Record:
    """For good. Only who still has the command may say so: another attempt may be under way by now."""

    def record() -> None:
        errand.delivery.close(errand.attempt, outcome, cause)
        if ledger.finish(errand.claim):
            errand.delivery.fail(cause)
            log.warning("delivery.failed", reference=errand.reference, cause=cause)

    return record


def no_answer(errand: Errand, cause: str) -> Record:
    """The carrier may have it. It is asked what became of it; never is it asked for the same again on a guess."""
    if not isinstance(errand.carrier, Askable) and not errand.delivery.may_be_doubled:
        return unknowable(errand)

    def record() -> None:
        errand.delivery.close(errand.attempt, life.UNCLEAR, cause)
        later(errand, clock.now() if isinstance(errand.carrier, Askable) else errand.settled_from)
        log.warning("delivery.unclear", reference=errand.reference, cause=cause)

    return record


def unavailable(errand: Errand, cause: str) -> Record:
    """Not taken. The next carrier of the route at once; after the last one, the actor's patience."""
    another = errand.attempt.number % errand.carriers != 0
    return again(errand, life.UNAVAILABLE, cause, now=another, free=another)


def again(errand: Errand, outcome: str, cause: str, *, now: bool, free: bool = False) -> Record:
    """Close this attempt and allow another, unless patience is used up. A `free` one costs none."""
    tries = errand.claim.tries + (0 if free else 1)
    if tries >= errand.policy.attempts:
        return ending(errand, outcome, cause)

    def record() -> None:
        errand.delivery.close(errand.attempt, outcome, cause)
        wait = timedelta() if now else errand.policy.backoff.delay(tries, random.random())  # noqa: S311  # only spreads
        later(errand, clock.now() + wait, tries=tries, error=cause)
        log.info("delivery.again", reference=errand.reference, cause=cause, wait_s=wait.total_seconds())

    return record


def cannot_say(errand: Errand, cause: str) -> Record:
    """The carrier is away or undecided. Asked for as long as the actor has patience, then out of sight."""
    tries = errand.claim.tries + 1
    if tries < errand.policy.attempts and errand.delivery.status != life.UNKNOWN:
        wait = errand.policy.backoff.delay(tries, random.random())  # noqa: S311  # only spreads
        return lambda: later(errand, clock.now() + wait, tries=tries, error=cause)
    if errand.reported:
        return taken(errand, None)

    def record() -> None:
        if ledger.finish(errand.claim):
            errand.delivery.lose_sight(cause)

    return record


def unknowable(errand: Errand) -> Record:
    """The carrier cannot be asked: an alarm goes out again, anything else waits for a report or a person."""
    if errand.reported:
        return taken(errand, None)
    cause = "no answer, and this carrier cannot be asked"
    if errand.delivery.may_be_doubled:
        if clock.now() < errand.settled_from:
            return lambda: later(errand, errand.settled_from)
        return again(errand, life.UNAVAILABLE, cause + ": sent again, better twice than never", now=True)

    def record() -> None:
        errand.delivery.close(errand.attempt, life.UNCLEAR, cause)
        if ledger.finish(errand.claim):
            errand.delivery.lose_sight(cause)
            log.warning("delivery.unknown", reference=errand.reference)

    return record


def later(errand: Errand, due: datetime, *, tries: int | None = None, error: str | None = None) -> None:
    """Put the command back. Without `tries` it costs no patience."""
    ledger.put_back(errand.claim, due, tries=tries, error=error)
