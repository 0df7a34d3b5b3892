"""`/api/v1/accounts/profile`: one's own account, shown and changed; and anybody's local time."""

import falcon
from falcon import Request, Response
from marshmallow import Schema

from api.bodies import Flag, checked
from api.callrequests.accounts import LONGEST_NAME, NAME, NO_WAY, ZONE
from api.callrequests.fields import Trimmed
from api.callrequests.limits import send_code
from api.callrequests.personal import MailAddress, Picture, TenDigits, UserId, Zone
from api.callrequests.profiles import own_profile
from api.callrequests.times import Instant
from api.errors import refuse
from models.donotcall import Unwanted
from models.numbers import Erased
from models.people import amending, verifying
from models.people.accounts import Account
from models.pipelines import NoRoute


class ProfileChanges(Schema):
    """What somebody may change of himself; what is left out stays as it is."""

    first_name = Trimmed(LONGEST_NAME, metadata=NAME)
    last_name = Trimmed(LONGEST_NAME, metadata=NAME)
    email = MailAddress("His mail address, once the token that is mailed there is shown.")
    phone = TenDigits("His number, ten digits, once the token that is texted there is shown.")
    timezone = Zone(ZONE)
    profile_image = Picture("The https address of his picture, or null.")
    email_notifications = Flag(metadata={"description": "Whether he is mailed about call requests."})
    active = Flag(
        data_key="is_active", metadata={"description": "What he says of himself; it has no effect."}
    )
    call_me = Flag(
        metadata={"description": "Whether, at an agreed time, he would rather be rung than dial in."}
    )


class Elsewhere(Schema):
    """A moment, and for whom it is to be told."""

    user_id = UserId("Whose clock is meant.", required=True)
    utc_datetime = Instant(
        required=True, metadata={"description": "The moment, ISO 8601; without an offset it is UTC."}
    )


_CHANGES, _ELSEWHERE = ProfileChanges(), Elsewhere()


class Profile:
    """One's own account."""

    for_ = "members"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show one's own profile."""
        resp.media = own_profile(verifying.with_user(req.context.member.account_id))

    def on_patch(self, req: Request, resp: Response) -> None:
        """Change one's own profile. What is left out stays.

        A new mail address or phone shows as pending, and the old one stays until the token that was sent to the new
        one is shown. One that is not verified yet, sent again, gets a new token.
        """
        facts, me = checked(req, _CHANGES), req.context.member.account_id
        try:
            if receivers := amending.codes_for(me, facts):
                send_code(req, str(me), *receivers)
            resp.media = own_profile(amending.amend(me, facts))
        except NoRoute:
            raise falcon.HTTPFailedDependency(description=NO_WAY) from None
        except Unwanted as error:
            raise falcon.HTTPFailedDependency(description=str(error)) from None
        except Erased:  # since his token was looked at, which is gone by now
            raise falcon.HTTPForbidden(description="This account is not here any more.") from None


class LocalTime:
    """A moment elsewhere."""

    for_ = "members"

    def on_post(self, req: Request, resp: Response) -> None:
        """Tell a moment by a user's own clock, with its offset from UTC at that date."""
        user_id, moment = checked(req, _ELSEWHERE).values()
        account: Account | None = Account.get_or_none(Account.uuid == user_id)
        if account is None:
            raise refuse("user_id", "There is no such user.")
        resp.media = {"user_local_datetime": account.local(moment).isoformat(timespec="microseconds")}
