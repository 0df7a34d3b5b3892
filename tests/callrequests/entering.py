"""Coming in by the API, as somebody without an account does: with the tokens that were texted and mailed to him."""

import re
from typing import Any

from models.database import transaction
from models.deliveries import Mail, Text
from models.numbers import PhoneNumber
from models.people.recovering import PasswordRequest
from tests.house import Client
from workers.letters import mail_reset

GOOD, BETTER = "touchdown 12", "interception 13"
PHONE, OTHER_PHONE = "3125550190", "3125550191"
TOM = {
    "first_name": "Tom", "last_name": "Brady", "email": "tom@example.com", "password": GOOD, "phone": PHONE,
    "timezone": "America/New_York",
}  # fmt: skip
PROFILE = {
    "id", "first_name", "last_name", "email", "email_pending", "email_verified", "email_notifications", "phone",
    "phone_pending", "phone_verified", "payment_verified", "profile_image", "timezone", "is_active", "call_me",
    "created", "updated",
}  # fmt: skip
WRONG = {"email": "a" * 10, "phone": "a" * 6, "password": "a" * 8}  # codes that nobody was sent


class Door:
    """`/api/v1/accounts/` as apps ask it."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def ask(self, verb: str, path: str, body: Any = None, token: str = "", **more: Any) -> Any:
        """One request.

        Parameters:
          token: of the app that asks; without one it has none.
        """
        headers = {**more.pop("headers", {}), **({"Authorization": token} if token else {})}
        return self._client.ask(verb, f"/api/v1/accounts/{path}", body, user=None, headers=headers, **more)

    def post(self, path: str, body: Any = None, token: str = "", **more: Any) -> Any:
        return self.ask("POST", path, body, token, **more)

    def patch(self, body: Any, token: str, **more: Any) -> Any:
        """Change one's own profile."""
        return self.ask("PATCH", "profile/", body, token, **more)

    def profile(self, token: str) -> Any:
        """One's own profile."""
        return self.ask("GET", "profile/", None, token)

    def log_in(self, email: str, password: str = GOOD, **more: Any) -> Any:
        return self.post("login/", {"email": email, "password": password}, **more)

    def newcomer(self, phone: str = PHONE, **facts: Any) -> dict[str, Any]:
        """What somebody sends who registers, his phone having got its token."""
        assert self.post("phone-token/", {"phone": phone}).status_code == 201
        return {**TOM, "phone": phone, "phone_token": texted(phone), **facts}

    def registered(self, phone: str = PHONE, **facts: Any) -> dict[str, Any]:
        """Who has registered: his profile, and the token of his app."""
        answer = self.post("register/", self.newcomer(phone, **facts))
        assert answer.status_code == 201, answer.text
        return dict(answer.json)

    def forgetful(self, email: str) -> str:
        """The token for a new password that was mailed to an account."""
        assert self.post("request-password/", {"email": email}).status_code == 200
        answer_requests()
        return mailed(email)


def answer_requests() -> None:
    """Answer all requests for a new password, as the worker does, and leave the mails unsent."""
    for request in list(PasswordRequest.select()):
        with transaction():
            mail_reset(request.id)


def texted(phone: str) -> str:
    """The token in the last text to a phone."""
    number = PhoneNumber("+1" + phone)
    body = str(Text.select().where(Text.to == number).order_by(Text.id.desc()).get().body)
    return body[:6]


def mailed(address: str) -> str:
    """The token in the last mail to an address."""
    letter = Mail.select().where(Mail.to == address).order_by(Mail.id.desc()).get()
    found = re.search(r"^ +([a-z0-9]+)$", str(letter.text), re.MULTILINE)
    assert found, letter.text
    return found[1]
