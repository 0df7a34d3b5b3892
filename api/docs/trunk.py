"""What the routes below the surfaces take and give: signed reports, health, gauges, and the documentation itself."""

from prometheus_client import CONTENT_TYPE_LATEST

from api.docs import examples as of
from api.docs import shapes
from api.docs.signed import SIGNED
from api.docs.told import Section, Told

CARRIERS = Section(
    "Carriers",
    "Webhooks that are signed by Standard Webhooks. The raw report is kept, takes its effects once, and is answered "
    "only after both are on disk.",
    {
        "/carriers/simulator/": {
            "POST": Told(
                takes=SIGNED, sent=of.SIGNED, gives=(shapes.TakenReport, shapes.TakenTurn), shown={"outcome": "done"},
                security="signature",
                errors={
                    401: "The signature is not ours, or is more than five minutes off the clock.",
                    404: "No simulator reports here: SIMULATOR_SECRET is not set.",
                },
                note="A `type` that is none of these is kept, and has no further effect. A `ring.heard` is answered by "
                "what is done next in the call, however often it is posted.",
            )
        },
    },
)  # fmt: skip

WATCHING = Section(
    "Watching",
    "For load balancers, Prometheus and readers.",
    {
        "/health": {
            "GET": Told(
                gives=shapes.Health, shown={"database": "up", "oldest_due_s": 0.012},
                errors={503: ("It does not.", shapes.HealthGone, {"database": "away", "oldest_due_s": None})},
            ),
        },
        "/metrics": {"GET": Told(media=CONTENT_TYPE_LATEST, shown=of.METRICS)},
        "/docs/": {"GET": Told(media="text/html; charset=utf-8")},
        "/docs/openapi.json": {"GET": Told()},
    },
)  # fmt: skip

SECTIONS = (CARRIERS, WATCHING)
