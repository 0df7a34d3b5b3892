"""Payment providers: is somebody's way to pay good? They are no carriers: the API itself asks, and waits.

Stripe: a card's token is turned into a SetupIntent that is confirmed at once, which has the bank say whether the card
could be charged later; nothing is charged. https://docs.stripe.com/api/setup_intents/create
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from providers.base import Receipt
from providers.errors import NoAnswer, Rejected, Unavailable
from providers.http import ANYBODYS_GUESS, Answer, Line, identifier

_CODE = re.compile("[a-z_]{1,64}")
_NOT_OURS = (
    "payment_method_data",
    "confirmation_token",
    "card",
    "token",
)  # parameters that hold what people send
_GONE = ("resource_missing", "token_already_used")


class Payments(Protocol):
    """Whom the API asks."""

    name: str

    def check(self, token: str, *, reference: str, timeout: float) -> Receipt:
        """Have a payment method checked.

        Parameters:
          token: what the provider's own script gave the browser for it. No error repeats it.
          reference: the same for the same question, so that a question asked again is not another one.
          timeout: seconds, for the whole of it.

        Raises:
          Rejected: it is no good; the text is the provider's word for why.
          Unavailable: nobody can say now.
        """


class Stripe:
    """Stripe, or what speaks like it.

    Parameters:
      url: `https://api.stripe.com`.
      key: the secret key.
    """

    name = "stripe"

    def __init__(self, url: str, key: str) -> None:
        self._line = Line(self.name, url, username=key, connections=8)

    def check(self, token: str, *, reference: str, timeout: float) -> Receipt:
        """Confirm a SetupIntent with the token; see `Payments.check`."""
        form = {"confirm": "true", "usage": "off_session", "payment_method_types[]": "card", **_method(token)}
        answer = self._line.submit("/v1/setup_intents", form, {"Idempotency-Key": reference}, timeout=timeout)
        if answer.status == 200:
            return _outcome(answer)
        error = answer.fields().get("error")
        raise _failure(answer.status, error if isinstance(error, dict) else {})


def _method(token: str) -> Mapping[str, str]:
    """The parameters that carry a token: of a payment method, of a confirmation, or the older one of a card."""
    if token.startswith("pm_"):
        return {"payment_method": token}
    if token.startswith("ctoken_"):
        return {"confirmation_token": token}
    return {"payment_method_data[type]": "card", "payment_method_data[card][token]": token}


def _outcome(answer: Answer) -> Receipt:
    fields = answer.fields()
    id, status = identifier(fields.get("id")), fields.get("status")
    if id is not None and status == "succeeded":
        return Receipt(id)
    if status == "requires_action":
        raise Rejected(
            "authentication_required"
        )  # the bank wants a word with its customer, whom we have not here
    if status == "requires_payment_method":
        raise Rejected("card_declined")
    raise NoAnswer(f"{Stripe.name} said 200 and nothing that can be read")


def _failure(status: int, error: Mapping[str, Any]) -> Exception:
    """What an error means. What people sent is refused; all else is about us or the moment, so that they try later."""
    code = error.get("code")
    code = code if isinstance(code, str) and _CODE.fullmatch(code) else "refused"
    if status == 402 or (status == 400 and _about_the_token(error)):
        return Rejected(code)
    if status in ANYBODYS_GUESS:
        return NoAnswer(f"{Stripe.name} said {status}")
    hint = ": look at STRIPE_KEY" if status in (401, 403) else ""
    return Unavailable(f"{Stripe.name} said {status} ({code}){hint}")


def _about_the_token(error: Mapping[str, Any]) -> bool:
    param = str(error.get("param", ""))
    sent = param == "payment_method" or param.startswith(_NOT_OURS)
    return error.get("type") == "card_error" or error.get("code") in _GONE or sent
