"""Letters: what parties, heroes and staff are told by mail, each once."""

from models.commands import (
    MailAcceptance,
    MailAgreement,
    MailApplication,
    MailCancellation,
    MailDecline,
    MailRequest,
    MailReset,
    MailTimes,
)
from models.letters import callrequests, heroes
from models.people import recovering
from workers.actor import actor


@actor(MailRequest)
def mail_request(call_request_id: int) -> None:
    """To the hero who is asked for a call."""
    callrequests.requested(call_request_id)


@actor(MailTimes)
def mail_times(suggestion_id: int) -> None:
    """To the party to whom times are offered."""
    callrequests.suggested(suggestion_id)


@actor(MailDecline)
def mail_decline(call_request_id: int) -> None:
    """To the requester."""
    callrequests.declined(call_request_id)


@actor(MailAgreement)
def mail_agreement(call_request_id: int) -> None:
    """To the party whose time was taken."""
    callrequests.agreed(call_request_id)


@actor(MailCancellation)
def mail_cancellation(call_request_id: int) -> None:
    """To both parties."""
    callrequests.cancelled(call_request_id)


@actor(MailApplication)
def mail_application(hero_id: int) -> None:
    """To all staff."""
    heroes.applied(hero_id)


@actor(MailAcceptance)
def mail_acceptance(hero_id: int) -> None:
    """To the hero."""
    heroes.accepted(hero_id)


@actor(MailReset)
def mail_reset(password_request_id: int) -> None:
    """To whose address it is, if it is anybody's."""
    recovering.answer(password_request_id)
