"""How long things are kept, and their deletion when that is over."""

from datetime import timedelta

from models import clock, idempotency
from models.idempotency import IdempotencyKey
from models.people.sessions import WebSession
from models.privacy import erasing
from models.receipts import Receipt

RECEIPTS = timedelta(
    days=90
)  # specification 13: a webhook's body; its row stays, so that a replay has no effect


def prune() -> dict[str, int]:
    """Delete what is over its time. Returns how many of each."""
    now = clock.now()
    old = (Receipt.received_at < now - RECEIPTS) & (Receipt.body != "")
    keys = IdempotencyKey.created_at < now - idempotency.LIFE
    return {
        "receipt_bodies": Receipt.update(body="").where(old).execute(),
        "idempotency_keys": IdempotencyKey.delete().where(keys).execute(),
        "of_the_erased": erasing.again(),
        "web_sessions": WebSession.delete().where(WebSession.expires_at < now).execute(),
    }
