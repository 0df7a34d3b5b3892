"""`/api/v1/accounts/…-password`: a password is changed by who knows the old one, or by who reads the account's mail."""

import falcon
from falcon import Request, Response
from marshmallow import Schema

from api.bodies import checked
from api.callrequests.accounts import SUSPENDED, let_in
from api.callrequests.auth import token_of
from api.callrequests.limits import only_failures, send_code
from api.callrequests.personal import Code, MailAddress, NewPassword, Secret
from api.errors import FieldErrors, refuse
from models.people import recovering, verifying
from models.people.one_time_tokens import PASSWORD
from models.people.passwords import Verifier
from models.people.recovering import Stored, Suspended
from models.people.verifying import NoSuchToken


class PasswordChange(Schema):
    """The old password and the new one."""

    old_password = Secret("The password so far.", required=True)
    new_password = NewPassword("What he will log in with.", required=True)


class Forgotten(Schema):
    """Whose password is forgotten."""

    email = MailAddress("His mail address.", required=True)


class PasswordReset(Schema):
    """What was mailed, and the new password."""

    token = Code("The token in the mail.", PASSWORD, required=True)
    new_password = NewPassword("What he will log in with.", required=True)


_CHANGE, _FORGOTTEN, _RESET = PasswordChange(), Forgotten(), PasswordReset()
CHANGED = {"detail": "Your password is changed; wherever else you were logged in, you are not any more."}
ASKED = {"detail": "If this is an account's mail address, a code is on its way there."}


class ChangePassword:
    """A new password for who knows the old one."""

    for_ = "members"

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def on_post(self, req: Request, resp: Response) -> None:
        """Change one's password. The token that asks stays good; every other login of the account ends."""
        old, new = checked(req, _CHANGE).values()
        account = verifying.with_user(req.context.member.account_id)
        stored = Stored(account, str(account.user.password))
        with only_failures(req, "change password", str(account.id)):
            if not self._verifier.right(account.email, old, stored.password):
                raise _not_his()
        if not recovering.change_password(stored, new, token_of(req)):
            raise _not_his()
        resp.media = CHANGED


class RequestPassword:
    """A token for who has forgotten his password."""

    for_ = "everyone"

    def on_post(self, req: Request, resp: Response) -> None:
        """Have a token for a new password mailed. It is good for an hour, once.

        Whether there is such an account is looked up later, by somebody else: the answer, and the work for it, is the
        same.
        """
        email = checked(req, _FORGOTTEN)["email"]
        send_code(req, email)
        recovering.request_password(email)
        resp.media = ASKED


class ResetPassword:
    """A new password for who reads the account's mail."""

    for_ = "everyone"

    def on_post(self, req: Request, resp: Response) -> None:
        """Choose a new password, and log in. Every other login of the account ends."""
        body = checked(req, _RESET)
        with only_failures(req, "reset password"):
            try:
                account, token = recovering.reset_password(body["token"], body["new_password"])
            except NoSuchToken:
                raise falcon.HTTPNotFound(description="This code is not good, or not any more.") from None
            except Suspended:
                raise falcon.HTTPForbidden(description=SUSPENDED) from None
        let_in(resp, account, token)


def _not_his() -> FieldErrors:
    return refuse("old_password", "This is not your password.")
