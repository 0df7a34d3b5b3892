"""What the routes of accounts take and give: registering, logging in, one's own profile and passwords."""

from marshmallow import fields

from api.callrequests.accounts import (
    NO_WAY,
    SUSPENDED,
    Credentials,
    EmailToken,
    NewAccount,
    Phone,
    PhoneToken,
)
from api.callrequests.passwords import ASKED, CHANGED, Forgotten, PasswordChange, PasswordReset
from api.callrequests.profile import Elsewhere, ProfileChanges
from api.docs.members import OWN, OwnProfile, meaning
from api.docs.shapes import Detail, Shape
from api.docs.told import Section, Told


class Nothing(Shape):
    """Nothing: what was made is told nobody but its receiver."""


class LoggedIn(OwnProfile):
    """Somebody's own profile, with the token that his app shows from now on."""

    token = fields.String(
        metadata=meaning("For the `Authorization` header of all that follows.", pattern="^[0-9a-f]{32}$")
    )


class LocalTime(Shape):
    """A moment by somebody's own clock."""

    user_local_datetime = fields.DateTime(
        metadata=meaning(
            "The moment, with the offset of his zone at that date.", pattern="[+-][0-9]{2}:[0-9]{2}$"
        )
    )


_IN = {**OWN, "token": "5f2b8c1de0a94b7f8a3c0a3c0b8e7d11"}
_NEW = {**_IN, "email_verified": False}
_PENDING = {**OWN, "email_pending": "brady@example.com"}
_REGISTER = {
    "first_name": "Tom", "last_name": "Brady", "email": "tom@example.com", "password": "touchdown 12",
    "phone": "3125550123", "phone_token": "k3w9qz", "timezone": "America/Chicago",
}  # fmt: skip
_NOT_GOOD = "There is no such token, or it was used, replaced, or has expired."

ENTERING = Section(
    "Accounts",
    "Everybody on `/api/v1` has an account. A phone is shown to be one's own before registering, a mail address "
    "afterwards. Attempts are counted by account and by the address that asks: too many are 429, and `Retry-After` "
    "says how long to wait. Where one can fail, only failures count.",
    {
        "/api/v1/accounts/phone-token/": {
            "POST": Told(
                takes=Phone, sent={"phone": "3125550123"}, status=201, gives=Nothing, shown={}, limited=True,
                errors={424: NO_WAY},
            ),
        },
        "/api/v1/accounts/register/": {
            "POST": Told(
                takes=NewAccount, sent=_REGISTER, status=201, gives=LoggedIn, shown=_NEW, limited=True,
                errors={409: "This mail address is in use."},
            ),
        },
        "/api/v1/accounts/login/": {
            "POST": Told(
                takes=Credentials, sent={"email": "tom@example.com", "password": "touchdown 12"}, gives=LoggedIn,
                shown=_IN, limited=True,
                errors={403: "Wrong mail address or password; or, with the right ones: the account is suspended."},
            ),
        },
        "/api/v1/accounts/logout/": {"DELETE": Told(status=204)},
    },
)  # fmt: skip

OWN_ACCOUNT = Section(
    "One's own account",
    "What members see and change of themselves. A new mail address or phone is pending until the token that was sent "
    "there is shown; the old one stays until then. Tokens for that are good for a week.",
    {
        "/api/v1/accounts/profile/": {
            "GET": Told(gives=OwnProfile, shown=OWN),
            "PATCH": Told(
                takes=ProfileChanges(partial=True), sent={"email": "brady@example.com"}, gives=OwnProfile,
                shown=_PENDING, limited=True, errors={424: NO_WAY},
            ),
        },
        "/api/v1/accounts/verify-email/": {
            "POST": Told(
                takes=EmailToken, sent={"token": "h2k84nmv0q"}, gives=OwnProfile, shown=OWN, limited=True,
                says="Show the token that was mailed",
                errors={404: _NOT_GOOD, 409: "Somebody else has this mail address meanwhile."},
            ),
        },
        "/api/v1/accounts/verify-phone/": {
            "POST": Told(
                takes=PhoneToken, sent={"token": "k3w9qz"}, gives=OwnProfile, shown=OWN, limited=True,
                says="Show the token that was texted",
                errors={404: _NOT_GOOD, 409: "Somebody else has this number meanwhile."},
            ),
        },
        "/api/v1/accounts/change-password/": {
            "POST": Told(
                takes=PasswordChange, sent={"old_password": "touchdown 12", "new_password": "interception 13"},
                gives=Detail, shown=CHANGED, limited=True,
            ),
        },
        "/api/v1/accounts/request-password/": {
            "POST": Told(takes=Forgotten, sent={"email": "tom@example.com"}, gives=Detail, shown=ASKED, limited=True),
        },
        "/api/v1/accounts/reset-password/": {
            "POST": Told(
                takes=PasswordReset, sent={"token": "m4x7c0aa", "new_password": "interception 13"}, gives=LoggedIn,
                shown=_IN, limited=True, errors={403: SUSPENDED, 404: _NOT_GOOD},
            ),
        },
        "/api/v1/accounts/get-time/": {
            "POST": Told(
                takes=Elsewhere, sent={"user_id": OWN["id"], "utc_datetime": "2017-12-25T06:00:00Z"}, gives=LocalTime,
                shown={"user_local_datetime": "2017-12-25T00:00:00.000000-06:00"},
            ),
        },
    },
)  # fmt: skip

SECTIONS = (ENTERING, OWN_ACCOUNT)
