"""Webhooks: customers' own systems are told what happened, signed as standardwebhooks.com says. They cannot be asked.

What is told twice has the same `webhook-id`: who keeps the ids that he has seen hears everything once.
"""

import ssl
from collections.abc import Callable
from datetime import datetime

import standardwebhooks

from providers.base import Hook, Receipt
from providers.errors import Rejected, Unavailable
from providers.reaching import Permitted, Reach, Resolve

GONE = 410  # "do not tell me again", as the standard has it


class Webhook:
    """Whoever customers named.

    Parameters:
      now: the clock, for the signature: what is older than some minutes is not believed.
      permitted: whether the machine with an IP address may be asked.
      tls, resolve: as `Reach` has them.
    """

    name = "webhook"
    acceptance = 0.0  # told again, they know it by its id

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        permitted: Permitted,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._now = now
        self._reach = Reach(self.name, permitted=permitted, tls=tls, resolve=resolve)

    def tell(self, hook: Hook, *, reference: str, timeout: float) -> Receipt:
        """Tell one; see `Hooks.tell`. Of the answer only its status is read: 2xx is yes, 410 is never again."""
        moment = self._now()
        signature = standardwebhooks.Webhook(hook.secret).sign(reference, moment, hook.body)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": reference,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
        }
        answer = self._reach.ask("POST", hook.place, headers, hook.body.encode(), timeout=timeout, most=0)
        if 200 <= answer.status < 300:
            return Receipt(reference)
        if answer.status == GONE:
            raise Rejected(f"{self.name} said {answer.status}: it wants to hear nothing more")
        raise Unavailable(f"{self.name} said {answer.status}")
