"""Beginning: the first transaction of carrying, in which it is seen what is to be done, and attempts are opened."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import structlog

from models import clock, donotcall, ledger
from models.deliveries import Delivery, life
from models.ledger import Claim
from models.pipelines import Actor, NoRoute, Route
from models.tracing import tracing
from workers import carriers, gateways
from workers.actor import postponed
from workers.outcomes import Errand


class _Wanted(NamedTuple):
    """A delivery that a carrier is to be asked for anew, for the so-manieth time."""

    claim: Claim
    delivery: Delivery
    route: Route
    number: int

    @property
    def provider(self) -> str:
        return self.route.use[(self.number - 1) % len(self.route.use)]


def begin(policy: Actor, claimed: Sequence[tuple[Claim, Delivery]]) -> list[Errand]:
    """See what is to be done for each, the rows being locked, and open an attempt for those that it needs.

    Returns: what a carrier is to be asked; the others are ended or put back.
    """
    seen, begun = [], set[int]()
    for claim, delivery in claimed:
        with told_of(claim):
            if delivery.id not in begun:
                seen.append(_seen(policy, claim, delivery))
            else:  # a second command for the same sees what became of the first
                ledger.put_back(claim, claim.leased_until or clock.now())
        begun.add(delivery.id)
    errands = [one for one in seen if isinstance(one, Errand)]
    # Limits, too, are taken in one order by all.
    paced = sorted((one for one in seen if isinstance(one, _Wanted)), key=lambda one: one.route.key)
    wanted = [one for one in paced if not postponed(one.claim, one.route)]
    if not wanted:
        return errands
    asked = [(one.delivery, one.provider, one.number) for one in wanted]
    opened = type(wanted[0].delivery).begin_all(asked)
    for claim, delivery, route, _ in wanted:
        attempt = opened.get(delivery.id)
        if attempt is None:
            with told_of(claim):
                _fail(claim, delivery, donotcall.CAUSE)
            continue
        carrier, shown = carriers.named(attempt.provider), route.shown or ""
        errands.append(Errand(claim, policy, delivery, attempt, carrier, shown, len(route.use)))
    return errands


def _seen(policy: Actor, claim: Claim, delivery: Delivery) -> Errand | _Wanted | None:
    """What is to be done for one; None when nothing is."""
    attempts = [] if delivery.status == life.QUEUED else delivery.attempts
    if attempts and attempts[-1].pending:  # even if a report has told the end: the surface is to hear of both
        carrier = carriers.named(attempts[-1].provider)
        return Errand(claim, policy, delivery, attempts[-1], carrier, "", earlier=True)
    if delivery.status not in (life.QUEUED, life.SENDING, life.UNKNOWN):
        ledger.finish(claim)
        return None
    if delivery.status == life.UNKNOWN:  # nobody waits for it any more: to ask anew would surprise
        _fail(claim, delivery, "the carrier never had it")
        return None
    if claim.expired:
        delivery.expire()
        ledger.finish(claim)
        return None
    try:
        route = gateways.route_of(delivery)
    except NoRoute as error:
        _fail(claim, delivery, str(error))
        return None
    return _Wanted(claim, delivery, route, len(attempts) + 1)


def _fail(claim: Claim, delivery: Delivery, cause: str) -> None:
    delivery.fail(cause)
    ledger.finish(claim)


@contextmanager
def told_of(claim: Claim) -> Iterator[None]:
    """What follows, and what is logged, bears the trace of what the command comes from."""
    with tracing(claim.trace), structlog.contextvars.bound_contextvars(trace=claim.trace, command=claim.name):
        yield
