"""`/health` and `/metrics`: whether we live, and what is owed; for load balancers and for Prometheus."""

from collections.abc import Iterator

import falcon
from falcon import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from models import watching
from models.database import LOST, db

STANDINGS = ("ready", "sent", "running", "dead", "future")


class Health:
    """Whether this process can accept requests. A broker that is away is no reason for it not to."""

    for_ = "everyone"

    def on_get(self, _req: Request, resp: Response) -> None:
        """Say whether the database answers: 200, else 503."""
        try:
            resp.media = {"database": "up", "oldest_due_s": round(watching.oldest_due_seconds(), 3)}
        except LOST:
            db.obj.let_go()
            resp.status = falcon.HTTP_503
            resp.media = {"database": "away", "oldest_due_s": None}


class Ledger(Collector):
    """The ledger as gauges, counted when Prometheus asks: the same from every process."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Owed commands by queue and standing, the oldest's age, and deliveries of unknown fate."""
        owed = GaugeMetricFamily("trunkline_owed_commands", "Commands owed.", labels=["queue", "standing"])
        for queue, states in watching.standing().items():
            for state in STANDINGS:
                owed.add_metric([queue, state], states.get(state, (0, None))[0])
        yield owed
        oldest = watching.oldest_due_seconds()
        yield GaugeMetricFamily(
            "trunkline_oldest_due_seconds", "How long the oldest due command waits.", value=oldest
        )
        unknown = GaugeMetricFamily(
            "trunkline_unknown_deliveries", "Nobody knows their fate.", labels=["channel"]
        )
        for channel, count in watching.unknown().items():
            unknown.add_metric([channel], count)
        yield unknown


class Metrics:
    """Gauges in Prometheus' text format."""

    for_ = "everyone"

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(Ledger())  # asks `describe`, so nothing is counted yet

    def on_get(self, _req: Request, resp: Response) -> None:
        """Show what is owed."""
        resp.content_type = CONTENT_TYPE_LATEST
        resp.data = generate_latest(self._registry)
