"""What is found by somebody's numbers and mail addresses alone, for as long as these are known."""

from typing import Any

from peewee import fn

from models import events
from models.database import Sql, transaction
from models.deliveries import Delivery, Mail, Text
from models.deliveries.life import QUEUED, SENDING
from models.deliveries.texts import OPT_OUT
from models.numbers import ERASED, PhoneNumber
from models.people import token_deliveries
from models.people.one_time_tokens import OneTimeToken
from models.privacy import late
from models.privacy.persons import Person
from models.privacy.places import mentioning, reports
from models.receipts import Receipt

_BLANK_TEXT = {"to": ERASED, "body": ""}
_BLANK_MAIL = {"to": ERASED, "subject": "", "text": "", "html": "", "attachments": "[]", "unsubscribe": ""}
_TOKENS = Sql("DELETE FROM one_time_token WHERE target IN (%s, %s)")
_REQUESTS = Sql("DELETE FROM password_request WHERE LOWER(email) = %s")


def wipe(person: Person, after: int = 0) -> dict[str, int]:
    """Reports that mention his numbers, and what was to be carried to him. Returns how many rows were changed.

    Parameters:
      after: only reports of a higher id.
    """
    return {
        "receipts": sum(receipts(mentioning(number), after) for number in person.numbers),
        "texts": _wipe(Text, _texts_to(person), _BLANK_TEXT),
        "mails": sum(_wipe(Mail, fn.LOWER(Mail.to) == mail, _BLANK_MAIL) for mail in person.addresses),
        "tokens": _tokens(person),
    }


def receipts(here: str, after: int = 0) -> int:
    """Leave of these reports' bodies what is nobody's."""
    count = 0
    for rows in reports(f"({here}) AND t.body <> ''", ("id", "source", "body"), after):
        with transaction("erase"):
            for receipt_id, source, body in rows:
                bare = late.redacted(source, body)
                if bare != body:
                    count += Receipt.update(body=bare).where(Receipt.id == receipt_id).execute()
    return count


def call_off(table: type[Delivery], his: Any) -> int:
    """What no carrier has yet is wanted no more; its surface hears so, as of anything that was not carried."""
    count = 0
    for delivery in list(table.select().where(his & table.status.in_((QUEUED, SENDING)))):
        with transaction("erase"):
            count += called_off(delivery)
    return count


def called_off(delivery: Delivery) -> bool:
    """One of these, in the caller's transaction; False when it is too late."""
    if not type(delivery).call_off(delivery.reference):
        return False
    events.tell(f"{delivery.word}.expired", delivery.origin, delivery.origin_id, cause=ERASED)
    return True


def _texts_to(person: Person) -> Any:
    """Texts with tokens, to his numbers and to those that are not his yet; and those that said that he is left alone.
    Others are found by what asked for them.
    """
    numbers = [form for number in person.numbers for form in (PhoneNumber(number).e164(), number)]
    out = OneTimeToken.select(OneTimeToken.id).where(OneTimeToken.account == person.ids["account"])
    references = [f"{token_deliveries.ORIGIN}:{token.id}" for token in out]
    with_token = (Text.origin == token_deliveries.ORIGIN) & (
        Text.to.in_(numbers) | Text.reference.in_(references)
    )
    return with_token | ((Text.origin == OPT_OUT) & Text.to.in_(numbers))


def _wipe(table: type[Delivery], his: Any, blank: dict[str, str]) -> int:
    call_off(table, his)  # nothing blank is carried anywhere
    with transaction("erase"):
        return int(table.update(blank).where(his).execute())


def _tokens(person: Person) -> int:
    with transaction("erase"):
        count = 0
        for number in person.numbers:
            count += _TOKENS.count(f"+{number}", number)
        for mail in person.addresses:
            count += _TOKENS.count(mail, mail) + _REQUESTS.count(mail)
        return count
