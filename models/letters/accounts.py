"""Letters about an account itself: tokens that show that an address is somebody's, or give him a new password."""

from datetime import datetime

from models.letters import paper
from models.letters.posting import post, unwelcome
from models.people.accounts import Account

ORIGIN = "token"  # whose letters are wiped when they have ended: see models/people/token_deliveries.py


def email_token(account: Account, to: str, token: str, reference: str, until: datetime | None = None) -> None:
    """Mail a token that shows that an address is his.

    Parameters:
      to: the address to be shown; it need not be the account's yet.
      until: when the token ends.
    """
    _mail("verification", account, to, token, reference, until)


def password_token(
    account: Account, to: str, token: str, reference: str, until: datetime | None = None
) -> None:
    """Mail a token for a new password; parameters as `email_token`."""
    _mail("password", account, to, token, reference, until)


def _mail(
    template: str, account: Account, to: str, token: str, reference: str, until: datetime | None
) -> None:
    if unwelcome(account):
        return
    written = paper.sheet(template, str(account.user.first_name), token=token)
    envelope = {"origin": ORIGIN, "origin_id": account.id, "to": to, "at_least_once": True}
    post(written, reference=reference, until=until, **envelope)
