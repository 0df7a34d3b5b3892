"""People as `/api/v1` shows them: in full to themselves, and what everybody may know of them."""

from typing import Any

from api.callrequests.times import written
from models.people.accounts import Account, ten_digits
from models.people.pending import pending_of


def limited(account: Account) -> dict[str, Any]:
    """What everybody may know of somebody: neither his address nor his number.

    Parameters:
      account: with its user; one that was not loaded with it costs a query.
    """
    return {
        "id": account.uuid,
        "first_name": account.user.first_name,
        "last_name": account.user.last_name,
        "profile_image": account.profile_image,
        "timezone": account.timezone,
        "created": written(account.created_at),
    }


def own_profile(account: Account) -> dict[str, Any]:
    """All that somebody is shown of himself: his account, with one query for what waits to be verified.

    Parameters:
      account: as `limited` takes it.
    """
    pending = pending_of(account.id)
    return {
        **limited(account),
        "email": account.email,
        "email_verified": account.email_verified,
        "email_pending": pending.email,
        "email_notifications": account.email_notifications,
        "phone": account.phone and ten_digits(account.phone),
        "phone_verified": account.phone_verified,
        "phone_pending": pending.phone,
        "payment_verified": account.payment_verified,
        "is_active": account.active,
        "call_me": account.call_me,
        "updated": written(account.updated_at),
    }
