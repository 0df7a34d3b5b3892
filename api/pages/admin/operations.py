"""`/admin/operations`: how the whole is doing, by itself up to date."""

from datetime import datetime
from typing import Any

import falcon
import structlog
from falcon import Request, Response

from api.pages.admin.charts import Word, drawn
from api.pages.forms import read
from api.pages.render import fragment, go, show
from models import clock, flow, graveyard, recent, settling, watching
from models.numbers import masked
from models.receipts import Receipt

log = structlog.get_logger(__name__)

HERE = "/admin/operations"
MOST_FUTURE = 10_000  # commands due later that are counted: there may be a reminder for every call of a year
SHOWN = 20  # of each list: the worst of it; `trunkline` has the rest
STANDINGS = ("ready", "sent", "running", "future", "dead")
STUCK = 10.0  # seconds: hints go out within 50 ms, or within seconds of a broker's return
PARTS = (
    "summary", "hints", "calls", "calls-table", "texts", "texts-table", "carriers", "queues", "dead", "unknown",
    "receipts",
)  # fmt: skip

CALLS = (
    Word("successful", "successful", "good"),
    Word("inprogress", "in progress", "busy"),
    Word("scheduled", "to be dialled", "calm"),
    Word("inactive", "failed", "bad"),
)
TEXTS = (
    Word("sent", "sent", "good"),
    Word("received", "received", "calm"),
    Word("queued", "queued", "busy"),
    Word("failed", "failed", "bad"),
)
# An attempt's outcome in words: its tone, and what it means.
OUTCOMES = {
    "accepted": ("good", "taken"),
    "rejected": ("bad", "refused"),
    "unavailable": ("bad", "not reached"),
    "unclear": ("busy", "no clear answer"),
    "absent": ("busy", "never seen there"),
    "open": ("calm", "under way"),
}


class Front:
    """`/admin`: straight to how it is doing."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Go on."""
        go(req, resp, HERE)


class Operations:
    """The page."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        show(req, resp, "admin/operations.html", **_looked())


class Now:
    """The parts of the page that live, by the ids of their places."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Tell them anew."""
        facts = _looked()
        resp.media = {name: fragment(req, f"admin/parts/{name}.html", **facts) for name in PARTS}


class Settle:
    """A delivery of unknown fate: the carrier was asked, by a person."""

    for_ = "admin pages"

    def on_post(self, req: Request, resp: Response) -> None:
        """Move it as the carrier's own word would have. Nothing is asked for again."""
        sent = read(req)
        reference, fate = sent.get("reference", "")[:200], sent.get("fate", "")
        if fate not in ("sent", "failed"):
            raise falcon.HTTPBadRequest(description="Say whether it was sent or failed.")
        if settling.settle(reference, sent=fate == "sent"):
            log.info("admin.settled", by=req.context.caller.user_id, reference=reference, fate=fate)
            go(req, resp, HERE, f"{reference} is settled as {fate}.")
        else:
            go(req, resp, HERE, "Its fate is known meanwhile.")


def _looked() -> dict[str, Any]:
    """All that the page tells: the same number of questions to the database however much there is."""
    standing, now, carriers = watching.standing(MOST_FUTURE), clock.now(), recent.carriers()
    queues = {name: standing.get(name, {}) for name in (*flow.current().queues, *standing)}
    return {
        "standings": STANDINGS,
        "queues": [_queue(name, states, now) for name, states in queues.items()],
        "owed": {
            state: sum(states.get(state, (0, None))[0] for states in queues.values()) for state in STANDINGS
        },
        "oldest": max((_age(states, now, *STANDINGS[:3]) for states in queues.values()), default=0.0),
        "stuck": max((_age(states, now, "ready") for states in queues.values()), default=0.0) > STUCK,
        "carriers": carriers,
        "attempts": sum(sum(carrier.outcomes.values()) for carrier in carriers),
        "most_attempts": recent.MOST_ATTEMPTS,
        "outcomes": OUTCOMES,
        "lost": watching.unknown(),
        "calls": drawn("Calls today", recent.calls_today(), CALLS),
        "texts": drawn("Texts today", recent.texts_today(), TEXTS),
        "dead": [{**row, "error": masked(row["error"] or "")} for row in graveyard.dead(SHOWN)],
        "unknown": settling.unknown()[:SHOWN],
        "receipts": Receipt.unsettled(SHOWN),
        "most_shown": SHOWN,
        "most_future": MOST_FUTURE,
        "age": _told,
    }


def _queue(name: str, states: dict[str, tuple[int, datetime | None]], now: datetime) -> dict[str, Any]:
    counts = {state: states.get(state, (0, None))[0] for state in STANDINGS}
    return {"name": name, "counts": counts, "oldest": _age(states, now, *STANDINGS[:3])}


def _age(states: dict[str, tuple[int, datetime | None]], now: datetime, *names: str) -> float:
    """Seconds since the oldest of these became due; 0 when there is none."""
    dues = [due for name in names if (due := states.get(name, (0, None))[1]) is not None]
    return max(0.0, (now - min(dues)).total_seconds()) if dues else 0.0


def _told(seconds: float) -> str:
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if hours:
        return f"{hours} h {minutes % 60} min"
    if minutes:
        return f"{minutes} min"
    return f"{seconds:.0f} s" if seconds else "–"
