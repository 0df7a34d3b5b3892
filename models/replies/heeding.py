"""Heeding a text that came in: an answer to an alarm, or a wish to be left alone, beside whatever else it is."""

from models import donotcall
from models.numbers import PhoneNumber
from models.receipts import Receipt
from models.replies import alarms, optouts
from models.replies.words import ANSWERS, STOP, WISHES, fold


def may_mean(body: str) -> bool:
    """Whether a text is one of the words that mean something."""
    word = fold(body)
    return word in ANSWERS or word in WISHES


def heed(sender: str, recipient: str, body: str, receipt: Receipt, *, believed: bool = True) -> str | None:
    """Do what a text asks for, in the transaction that takes it.

    CANCEL answers the alarm that waits for an answer; where none does, it asks to be left alone.

    Parameters:
      sender, recipient: who wrote it, to which number of ours, as the carrier has them.
      receipt: of the carrier's report.
      believed: whether the carrier itself reports it. Of anybody else only STOP is believed: who wrongly is left alone
        is harmed less than who is not.

    Returns:
      The reference of the text that it answers, empty for a wish; None when it is neither.
    """
    word = fold(body)
    if word not in ANSWERS and word not in WISHES:
        return None
    number = _number(sender)
    if number is None:
        return None
    answered = (
        alarms.answer(number, ANSWERS[word], receipt.received_at) if word in ANSWERS and believed else None
    )
    if answered is not None:
        return answered
    wish = WISHES.get(word)
    if wish is None or not (believed or wish.kind == STOP):
        return None
    ours = _number(recipient)
    optouts.heed(number, ours.e164() if ours else "", wish, body.strip(), receipt.id)
    return ""


def _number(text: str) -> PhoneNumber | None:
    """None for a sender that is a name or a short code: nobody can be called there."""
    try:
        return PhoneNumber.parse(f"+{donotcall.digits(text)}")
    except ValueError:
        return None
