"""`/api/v1/accounts/payment-method`: whether an account's owner can pay [D-28].

The answer holds what the payment provider says, so the provider is asked while the client waits, and with no
transaction open. No carrier is ever asked so; see `providers.payments`.
"""

import hmac
import re
import threading
from functools import cache

import falcon
import structlog
from falcon import Request, Response
from marshmallow import Schema, ValidationError, fields

from api.bodies import checked
from api.callrequests import limits
from api.callrequests.profiles import own_profile
from api.errors import refuse
from models import clock, settings
from models.keys import key_for
from models.people.accounts import Account
from models.people.verifying import with_user
from providers.errors import Rejected, Unavailable
from providers.payments import Payments, Stripe

PATIENCE = 10.0  # seconds that the provider may take
QUEUE = 0.5  # seconds that a request waits until fewer are asking
LATER = 5  # seconds until a client should try again

log = structlog.get_logger(__name__)


_SHAPE = "^[A-Za-z0-9_-]{1,255}$"


def _of_a_provider(token: str) -> None:
    if not re.fullmatch(_SHAPE.strip("^$"), token):
        raise ValidationError("Send the token that the payment provider gave you.")


class PaymentToken(Schema):
    """What the payment provider's script gave the browser."""

    token = fields.String(
        required=True,
        validate=_of_a_provider,
        metadata={"description": "The payment provider's token for a card or the like.", "pattern": _SHAPE},
    )  # fmt: skip


_TOKEN = PaymentToken()


class PaymentMethod:
    """How one pays."""

    for_ = "members"

    def __init__(self) -> None:
        # A provider that hangs shall not hold every thread that answers requests.
        self._asking = threading.BoundedSemaphore(max(1, settings.current().web_threads // 2))

    def on_post(self, req: Request, resp: Response) -> None:
        """Have one's payment method checked by the payment provider. Nothing is charged, and the token is not kept."""
        member, token = req.context.member, checked(req, _TOKEN)["token"]
        provider = _provider()
        with limits.only_failures(
            req, "payment", member.uuid
        ):  # a site where cards can be tried is used for that
            away = self._ask(provider, member.uuid, token)
        if away:
            raise _later(away)
        here = (Account.id == member.account_id) & ~Account.payment_verified
        Account.update(payment_verified=True, updated_at=clock.now()).where(here).execute()
        resp.media = own_profile(with_user(member.account_id))

    def _ask(self, provider: Payments, uuid: str, token: str) -> str:
        """Ask the provider; returns why nobody can say, empty when the payment method is good."""
        if not self._asking.acquire(timeout=QUEUE):
            return "Many are asking the payment provider just now: try again in a moment."
        try:
            provider.check(token, reference=_reference(uuid, token), timeout=PATIENCE)
        except Rejected as error:
            log.info("payment.refused", code=str(error))
            raise refuse("token", f"The payment provider refused this: {error}.") from None
        except Unavailable as error:
            log.warning("payment.unavailable", error=str(error))
            return "The payment provider is away for the moment: try again."
        finally:
            self._asking.release()
        return ""


def _provider() -> Payments:
    ours = settings.current()
    if ours.stripe_url:
        return _stripe(ours.stripe_url, ours.stripe_key)
    if ours.embedded:
        return _stripe(f"{ours.simulator_url}/stripe", "simulator")
    raise _later("No payment provider is set up here: the operator has to set STRIPE_URL and STRIPE_KEY.")


@cache
def _stripe(url: str, key: str) -> Stripe:
    return Stripe(url, key)


def _reference(uuid: str, token: str) -> str:
    """The same for the same token of the same account; it tells nothing of either."""
    return hmac.digest(key_for("payments"), f"{uuid} {token}".encode(), "sha256").hex()


def _later(text: str) -> falcon.HTTPServiceUnavailable:
    return falcon.HTTPServiceUnavailable(description=text, retry_after=LATER)
