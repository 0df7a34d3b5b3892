"""Members: accounts for tests, made without the API, and the API as each of them asks it."""

from collections.abc import Mapping
from typing import Any

import falcon.testing

from models.numbers import PhoneNumber
from models.people import User
from models.people.accounts import Account
from models.people.heroes import Hero
from models.people.tokens import AuthToken
from tests.house import Client, password_hash

PROFILE = {
    "discipline": "BE", "title": "Engineer", "description": "Databases", "position": "Lead", "company": "Acme",
    "short_bio": "Long in the field", "years_of_exp": 9, "rate_in_cents": 250, "linkedin_url": "https://linkedin.com/in/x",
}  # fmt: skip


class Member:
    """Somebody with an account, logged in. `account` is the row as it was made, `token` his token."""

    def __init__(self, client: Client, account: Account) -> None:
        self._client, self.account, self.token = client, account, AuthToken.open(account)

    @property
    def id(self) -> str:
        """As the API calls him."""
        return str(self.account.uuid)

    @property
    def hero_id(self) -> int:
        """His hero's id."""
        return int(Hero.get(Hero.account == self.account).id)

    @property
    def fresh(self) -> Account:
        """His account as it is now."""
        return Account.get_by_id(self.account.id)  # type: ignore[no-any-return]  # Peewee is untyped

    def ask(self, verb: str, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        """One request below `/api/v1/`, with his token."""
        headers: Mapping[str, str] = {"Authorization": self.token, **more.pop("headers", {})}
        return self._client.ask(verb, f"/api/v1/{path}", body, user=None, headers=headers, **more)

    def get(self, path: str, **more: Any) -> falcon.testing.Result:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        return self.ask("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        return self.ask("PATCH", path, body, **more)


_count = 0


def member(
    client: Client, first: str, last: str, *, staff: bool = False, hero: bool = False, **facts: Any
) -> Member:
    """Somebody new: verified in every way, unless the facts say otherwise. His password is `tests.house.PASSWORD`.

    Parameters:
      hero: whether he is a hero, accepted and active.
      facts: of the account, by column.
    """
    global _count
    _count += 1
    user = User.create(
        username=f"account:{_count}",
        first_name=first,
        last_name=last,
        password=password_hash(),
        is_staff=staff,
    )
    usual = {
        "email": f"{first}.{_count}@example.com".lower(), "email_verified": True, "phone_verified": True,
        "phone": PhoneNumber(f"+1312{5560000 + _count:07}"), "payment_verified": True,
    }  # fmt: skip
    account = Account.create(user=user, **{**usual, **facts})
    if hero:
        Hero.create(account=account, slug=f"{first}-{last}-{_count}".lower(), accepted=True, **PROFILE)
    return Member(client, account)


class Members:
    """Rita Requester, Tom Brady who is a hero, Heidi who is another one, eve a stranger, and Sam of the staff."""

    def __init__(self, client: Client) -> None:
        self.rita = member(client, "Rita", "Requester", timezone="Europe/Berlin")
        self.tom = member(client, "Tom", "Brady", hero=True)
        self.heidi = member(client, "Heidi", "Hero", hero=True, timezone="Asia/Kolkata")
        self.eve = member(client, "Eve", "Stranger")
        self.sam = member(client, "Sam", "Staff", staff=True)
