"""The timeline of one thing: from the request through every attempt and report to the last effect."""

from collections.abc import Callable, Collection, Iterator, Mapping

from models.appointments import story as appointments
from models.callrequests import story as callrequests
from models.deliveries import story as deliveries
from models.deliveries.story import Entry, Story
from models.mentoring import story as mentoring
from models.receipts import Receipt

STORIES: Mapping[str, Callable[[int], Story | None]] = {
    **mentoring.STORIES, **callrequests.STORIES, **appointments.STORIES,
}  # fmt: skip
EXAMPLES = "call:12, message:7, schedule:5, callrequest:3 or alarm:9"


class Unknown(LookupError):
    """Nothing has this reference."""


def timeline(reference: str) -> list[dict[str, str]]:
    """What happened, in order.

    Parameters:
      reference: like `call:12` or `alarm:9`: a surface's word and its row's id; or a delivery's own.

    Returns:
      Entries with `at` (ISO 8601, UTC), `what` and `detail`. No phone number is in them.

    Raises:
      Unknown: nothing has this reference.
    """
    kind, _, digits = reference.partition(":")
    tell, row_id = STORIES.get(kind), _id(digits)
    story = tell(row_id) if tell is not None and row_id is not None else None
    references = {reference, *(story.references if story else ())}
    entries = [*(story.entries if story else ()), *deliveries.told(references), *_reports(references)]
    if not entries:
        raise Unknown(f"nothing is called {reference}; write a kind and an id, like {EXAMPLES}")
    entries.sort(key=lambda entry: entry[0])
    return [
        {"at": at.isoformat(timespec="milliseconds"), "what": what, "detail": detail}
        for at, what, detail in entries
    ]


def _id(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _reports(references: Collection[str]) -> Iterator[Entry]:
    for receipt in Receipt.select().where(Receipt.about.in_(references)):
        yield receipt.received_at, "report", f"receipt {receipt.id} from {receipt.source}: {receipt.outcome}"
