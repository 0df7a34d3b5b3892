"""`/api/v1/accounts/users/:uuid/verification`: staff say what of somebody's account is verified [D-28]."""

import re

import falcon
from falcon import Request, Response
from marshmallow import Schema

from api.bodies import Flag, checked
from api.callrequests.profiles import own_profile
from api.errors import refuse
from models.people import vouching
from models.people.accounts import Account
from models.people.verifying import with_user


class Verification(Schema):
    """What staff vouch for, or no longer do; what is left out stays as it is."""

    email_verified = Flag(metadata={"description": "Whether the mail address is his."})
    phone_verified = Flag(metadata={"description": "Whether the number is his."})
    payment_verified = Flag(metadata={"description": "Whether he can pay."})


_VERIFICATION = Verification()
_ID = re.compile("[0-9a-f-]{36}")


class UserVerification:
    """What is verified of somebody."""

    for_ = "staff"

    def on_patch(self, req: Request, resp: Response, user_id: str) -> None:
        """Say what of somebody's account is verified. What is left out stays; an empty object changes nothing."""
        account = Account.get_or_none(Account.uuid == user_id) if _ID.fullmatch(user_id) else None
        if account is None:
            raise falcon.HTTPNotFound(description="There is no user with this id.")
        try:
            vouching.vouch(account.id, checked(req, _VERIFICATION))
        except vouching.NoPhone:
            raise refuse("phone_verified", "This user has no phone that could be verified.") from None
        resp.media = own_profile(with_user(account.id))
