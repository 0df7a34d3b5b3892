"""`/api/v1/accounts/`: a phone's token, registering, logging in and out, and showing that an address is one's own."""

import falcon
from falcon import Request, Response
from marshmallow import Schema

from api.bodies import checked
from api.callrequests.auth import token_of
from api.callrequests.fields import Trimmed
from api.callrequests.limits import only_failures, send_code
from api.callrequests.personal import Code, MailAddress, NewPassword, Secret, TenDigits, Zone
from api.callrequests.profiles import own_profile
from api.errors import refuse
from models.donotcall import Unwanted
from models.people import recovering, registering, verifying
from models.people.accounts import Account
from models.people.changing import Taken
from models.people.one_time_tokens import EMAIL, PHONE
from models.people.passwords import Verifier
from models.people.registering import Person, TokenIsOut
from models.people.tokens import AuthToken
from models.people.verifying import NoSuchToken
from models.pipelines import NoRoute

LONGEST_NAME = 50
NAME = {"description": f"At most {LONGEST_NAME} characters, not only blanks.", "pattern": r"\S"}
ZONE = "The zone he reads times in, by its name in the tz database."
NO_WAY = "No text can be sent to this number."
SUSPENDED = "This account is suspended."


class Phone(Schema):
    """A number that would register."""

    phone = TenDigits("The number, ten digits.", required=True)


class NewAccount(Schema):
    """Who registers."""

    first_name = Trimmed(LONGEST_NAME, required=True, metadata=NAME)
    last_name = Trimmed(LONGEST_NAME, required=True, metadata=NAME)
    email = MailAddress("His mail address; nobody else's.", required=True)
    password = NewPassword("What he will log in with.", required=True)
    phone = TenDigits("His number, ten digits; nobody else's.", required=True)
    phone_token = Code("The token that was texted to it.", PHONE, required=True)
    timezone = Zone(ZONE, required=True)


class Credentials(Schema):
    """Who logs in."""

    email = MailAddress("His mail address.", required=True)
    password = Secret("His password.", required=True)


class EmailToken(Schema):
    """What was mailed."""

    token = Code("The token in the mail.", EMAIL, required=True)


class PhoneToken(Schema):
    """What was sent to a phone."""

    token = Code("The token in the text.", PHONE, required=True)


_PHONE, _NEW, _CREDENTIALS = Phone(), NewAccount(), Credentials()
_TOKENS = {EMAIL: EmailToken(), PHONE: PhoneToken()}
_WORDS = {EMAIL: "mail address", PHONE: "number"}


def let_in(resp: Response, account: Account, token: str) -> None:
    """Answer somebody who has just come in with his profile and the token that his app is to show from now on.

    Nothing on the way may keep that answer.
    """
    resp.cache_control = ["no-store"]
    resp.media = {**own_profile(account), "token": token}


class PhoneTokens:
    """Tokens for phones."""

    for_ = "everyone"

    def on_post(self, req: Request, resp: Response) -> None:
        """Text a token to a phone that would register. It is good for a week, once.

        While it is out, none is sent again, unless the text could not be delivered. No carrier is asked here: 424 says
        that none is set up for such numbers, or that whose phone it is wants no texts.
        """
        number = checked(req, _PHONE)["phone"]
        send_code(req, number.e164())
        try:
            registering.send_phone_token(number)
        except NoRoute:
            raise falcon.HTTPFailedDependency(description=NO_WAY) from None
        except Unwanted as error:
            raise falcon.HTTPFailedDependency(description=str(error)) from None
        except Taken:
            raise refuse("phone", "Somebody has this number already.") from None
        except TokenIsOut:
            raise refuse("phone", "A code was sent to this number already, and is still good.") from None
        resp.status = falcon.HTTP_201
        resp.media = {}


class Registration:
    """Becoming somebody."""

    for_ = "everyone"

    def on_post(self, req: Request, resp: Response) -> None:
        """Register. The phone is verified from the start; a token to verify the mail address is mailed to it.

        A wrong phone token counts as an attempt on its number, and so does a mail address that is in use.
        """
        person = Person(**checked(req, _NEW))
        with only_failures(req, "register", person.phone.e164()):
            try:
                account, token = registering.register(person)
            except NoSuchToken:
                raise refuse("phone_token", "This is not the code that was sent to this phone.") from None
            except Taken as error:
                if error.field == "phone":
                    raise refuse("phone", "Somebody has this number already.") from None
                raise falcon.HTTPConflict(description="This mail address is in use.") from None
        resp.status = falcon.HTTP_201
        let_in(resp, account, token)


class Login:
    """Coming in."""

    for_ = "everyone"

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def on_post(self, req: Request, resp: Response) -> None:
        """Log in. The token is good for a week, and for a day only while the mail address is not verified.

        Nothing tells a wrong mail address from a wrong password: neither the answer nor the time that it takes.
        """
        email, password = checked(req, _CREDENTIALS).values()
        with only_failures(req, "login", email):
            found = recovering.of_address(email)
            if not self._verifier.right(email, password, found and found.password) or found is None:
                raise _wrong()
        if not found.account.user.is_active:
            raise falcon.HTTPForbidden(description=SUSPENDED)
        token = AuthToken.open_with(found.account, found.password)
        if token is None:
            raise _wrong()
        let_in(resp, found.account, token)


class Logout:
    """Going out."""

    for_ = "members"

    def on_delete(self, req: Request, resp: Response) -> None:
        """Log out: the token that asks is good for nothing any more. Others of the same account stay."""
        AuthToken.end(token_of(req))
        resp.status = falcon.HTTP_204


class Verification:
    """Showing that an address or a number is one's own.

    Parameters:
      kind: `email` or `phone`.
    """

    for_ = "members"

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def on_post(self, req: Request, resp: Response) -> None:
        """Show the token that was sent there; what waited to be verified takes the place of the old one."""
        kind, member = self._kind, req.context.member
        token = checked(req, _TOKENS[kind])["token"]
        with only_failures(req, f"verify {kind}", str(member.account_id)):
            try:
                account = verifying.verify(kind, member.account_id, token)
            except NoSuchToken:
                raise falcon.HTTPNotFound(description="This code is not good, or not any more.") from None
            except Taken:
                text = f"Somebody else has this {_WORDS[kind]} meanwhile."
                raise falcon.HTTPConflict(description=text) from None
        resp.media = own_profile(account)


def _wrong() -> falcon.HTTPForbidden:
    return falcon.HTTPForbidden(description="Wrong mail address or password.")
