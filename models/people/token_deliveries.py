"""How one-time tokens travel: in a text or a mail, which is wiped as soon as a carrier has it, or nobody will."""

from typing import Any

from models import clock
from models.database import Sql
from models.deliveries import Text
from models.events import emit, listens
from models.letters import accounts as letters
from models.letters import paper
from models.numbers import ERASED, PhoneNumber
from models.people import one_time_tokens
from models.people.accounts import Account
from models.people.one_time_tokens import LIVES, PASSWORD, Made

ORIGIN = letters.ORIGIN
OVER = ("accepted", "delivered", "failed", "expired")  # whatever happens next, it is not sent once more

# By its reference, which is unique and so indexed; a mail by whose it is: one that is still to be sent stays readable.
_WIPE_TEXT = Sql(f"""UPDATE delivery_text SET body = '', "to" = '{ERASED}' WHERE reference = %s""")
_WIPE_MAILS = Sql(
    """
    UPDATE delivery_mail SET text = '', html = '' WHERE origin = 'token' AND origin_id = %s AND text <> ''
        AND status IN ('sent', 'delivered', 'failed', 'expired')
    """
)

_WIPE_OLD = (
    Sql(
        f"""UPDATE delivery_text SET body = '', "to" = '{ERASED}' """
        "WHERE origin = 'token' AND body <> '' AND created_at <= %s"
    ),
    Sql(
        "UPDATE delivery_mail SET text = '', html = '' WHERE origin = 'token' AND text <> '' AND created_at <= %s"
    ),
)


def text(number: PhoneNumber, made: Made) -> None:
    """Have a token sent to a phone, in the caller's transaction. Better twice than not at all: it is good once."""
    body = f"{made.token} is your code for {paper.sender()}. It is good for a week. Tell it to nobody."
    sent = Text.create(
        reference=_reference(made.id),
        origin=ORIGIN,
        origin_id=made.id,
        to=number,
        body=body,
        at_least_once=True,
    )
    emit("text.requested", until=made.until, text_id=sent.id)


def mail(kind: str, account: Account, to: str, made: Made) -> None:
    """Have a token mailed, in the caller's transaction.

    Parameters:
      kind: of the token: what it is for, `email` or `password`.
      account: with its user.
    """
    letter = letters.password_token if kind == PASSWORD else letters.email_token
    letter(account, to, made.token, _reference(made.id), made.until)


def prune() -> int:
    """Wipe those of which nobody ever learned whether they were sent, once no token can be good; returns how many."""
    latest = clock.now() - max(LIVES.values())
    return sum(wipe.count(latest) for wipe in _WIPE_OLD)


def _reference(token_id: int) -> str:
    return f"token:{token_id}"


def _text_over(token_id: int, **_facts: Any) -> None:
    _WIPE_TEXT(_reference(token_id))


def _text_lost(token_id: int, **_facts: Any) -> None:
    """Nobody got it: the number may ask for another one."""
    _WIPE_TEXT(_reference(token_id))
    one_time_tokens.forget(token_id)


def _mail_over(account_id: int, **_facts: Any) -> None:
    _WIPE_MAILS(account_id)


for _happened in OVER:
    _lost = _happened in ("failed", "expired")
    listens(f"text.{_happened}", ORIGIN)(_text_lost if _lost else _text_over)
    listens(f"mail.{_happened}", ORIGIN)(_mail_over)
