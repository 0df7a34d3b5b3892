"""`/api/v1/accounts/users/:uuid/verification`: staff say what of somebody's account is verified [D-28]."""

import falcon
from falcon import Request, Response
from marshmallow import Schema

from api.bodies import Flag, checked
from api.callrequests.profiles import own_profile_of
from api.errors import refuse
from models import clock
from models.people.accounts import Account


class Verification(Schema):
    """What staff vouch for, or no longer do; what is left out stays as it is."""

    email_verified = Flag(metadata={"description": "Whether the mail address is his."})
    phone_verified = Flag(metadata={"description": "Whether the number is his."})
    payment_verified = Flag(metadata={"description": "Whether he can pay."})


_VERIFICATION = Verification()


class UserVerification:
    """What is verified of somebody."""

    for_ = "staff"

    def on_patch(self, req: Request, resp: Response, user_id: str) -> None:
        """Say what of somebody's account is verified. What is left out stays; an empty object changes nothing."""
        account = Account.get_or_none(Account.uuid == user_id)
        if account is None:
            raise falcon.HTTPNotFound(description="There is no user with this id.")
        changes = checked(req, _VERIFICATION)
        here = Account.id == account.id
        if changes.get("phone_verified"):
            here &= Account.phone.is_null(False)
        if changes and not Account.update(**changes, updated_at=clock.now()).where(here).execute():
            raise refuse("phone_verified", "This user has no phone that could be verified.")
        resp.media = own_profile_of(account.id)
