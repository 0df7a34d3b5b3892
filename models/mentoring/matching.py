"""Which call a report is about, when the carrier gives only what it knows itself (specification 8)."""

from models.mentoring.calls import RUNNING, Call
from models.people import MENTOR, Contact


def reported_call(
    scheduled_call_id: str | None, conversation_id: str | None, handler: str | None
) -> Call | None:
    """The first that fits: the id of the dial's answer; the conversation's id; the mentor's latest running call.

    By the mentor's number only a call fits whose dial's answer has not been stored yet, when the report gives the id
    of that answer: the report has overtaken it. Where that finds none, the answer, or another report, may have been
    stored since we looked for the ids.
    """
    ids = (scheduled_call_id, conversation_id)
    return _by_ids(*ids) or _by_mentor(handler, scheduled_call_id) or _by_ids(*ids)


def _by_ids(scheduled_call_id: str | None, conversation_id: str | None) -> Call | None:
    if scheduled_call_id:
        call: Call | None = Call.get_or_none(Call.call_id == scheduled_call_id)
        if call is not None:
            return call
    return Call.from_partner_id(conversation_id) if conversation_id else None


def _by_mentor(handler: str | None, scheduled_call_id: str | None) -> Call | None:
    mentor = Contact.by_number(handler) if handler else None
    if mentor is None or mentor.kind != MENTOR:
        return None
    his = (Call.caller == mentor) & Call.standing.in_(RUNNING)
    if scheduled_call_id:
        his &= Call.call_id.is_null()
    return Call.select().where(his).order_by(Call.start_time.desc(), Call.id.desc()).first()  # type: ignore[no-any-return]  # Peewee is untyped


def conversation_is_anothers(conversation_id: str | None, call_id: int) -> bool:
    """Whether the conversation has been reported for another call already."""
    if not conversation_id:
        return False
    return Call.select().where((Call.partner_id == conversation_id) & (Call.id != call_id)).exists()


def fits(call: Call, handler: str | None, beneficiary: str | None) -> bool:
    """Whether the numbers in a report are those of the call's two people. Numbers change, so this is only noted."""
    pairs = ((handler, call.caller), (beneficiary, call.receiver))
    return all(given is None or Contact.by_number(given) == person for given, person in pairs)
