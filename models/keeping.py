"""How long things are kept, and their deletion when that is over."""

from datetime import timedelta

from models import allowances, clock, idempotency
from models.appointments.surveys import files
from models.idempotency import IdempotencyKey
from models.people import one_time_tokens, token_deliveries
from models.people.recovering import PasswordRequest
from models.people.sessions import WebSession
from models.people.tokens import AuthToken
from models.privacy import erasing
from models.receipts import Receipt

RECEIPTS = timedelta(
    days=90
)  # specification 13: a webhook's body; its row stays, so that a replay has no effect
REQUESTS = timedelta(days=1)  # for a new password: one that no worker answered is not wanted any more


def prune() -> dict[str, int]:
    """Delete what is over its time. Returns how many of each."""
    now = clock.now()
    old = (Receipt.received_at < now - RECEIPTS) & (Receipt.body != "")
    keys = IdempotencyKey.created_at < now - idempotency.LIFE
    unanswered = PasswordRequest.created_at < now - REQUESTS
    return {
        "receipt_bodies": Receipt.update(body="").where(old).execute(),
        "idempotency_keys": IdempotencyKey.delete().where(keys).execute(),
        "of_the_erased": erasing.again(),
        "web_sessions": WebSession.delete().where(WebSession.expires_at < now).execute(),
        "auth_tokens": AuthToken.delete().where(AuthToken.expires_at < now).execute(),
        "one_time_tokens": one_time_tokens.prune(),
        "tokens_sent": token_deliveries.prune(),
        "password_requests": PasswordRequest.delete().where(unanswered).execute(),
        "allowances": allowances.prune(),
        "audio_files": files.sweep(),
    }
