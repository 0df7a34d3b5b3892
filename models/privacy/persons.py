"""Who is meant by what operators type, and what he is: a login, a contact, an account, or all of these."""

from dataclasses import dataclass
from typing import Self

from models.numbers import ERASED
from models.people import Contact, User
from models.people.accounts import Account

NONE = -1  # no row has this id
USER = "user:"  # before the id of a login; a bare number is a contact's


class NoSuchPerson(LookupError):
    """Nobody is called this."""


@dataclass(frozen=True)
class Person:
    """Somebody with all that he is here. `contact` and `account` are None when he is no such thing."""

    user: User
    contact: Contact | None
    account: Account | None

    @classmethod
    def called(cls, name: str) -> Self:
        """Whoever this is: a contact's id, an account's uuid or mail address, a username, or `user:` and a user's id.

        Raises:
          NoSuchPerson: nobody is.
        """
        return cls.of(_user(name.strip()))

    @classmethod
    def of(cls, user_id: int | None) -> Self:
        """The owner of a login.

        Raises:
          NoSuchPerson: there is none.
        """
        user: User | None = User.get_or_none(User.id == user_id)
        if user is None:
            raise NoSuchPerson
        contact = Contact.get_or_none(Contact.user == user)
        return cls(user, contact, Account.get_or_none(Account.user == user))

    @property
    def erased(self) -> bool:
        """Whether he was erased."""
        return str(self.user.username).startswith(f"{ERASED}:")

    @property
    def ids(self) -> dict[str, int]:
        """His ids, as the places of `places.py` name them."""
        return {
            "user": self.user.id,
            "me": self.contact.id if self.contact else NONE,
            "account": self.account.id if self.account else NONE,
        }

    @property
    def numbers(self) -> list[str]:
        """The digits of his phone numbers."""
        if self.erased:
            return []
        contact = str(self.contact.msisdn) if self.contact else ""
        account = self.account.phone.msisdn if self.account and self.account.phone else ""
        return [number for number in dict.fromkeys((contact, account)) if number]

    @property
    def addresses(self) -> list[str]:
        """His mail addresses, in small letters."""
        if self.erased:
            return []
        account = str(self.account.email) if self.account else ""
        return [mail for mail in dict.fromkeys((str(self.user.email).lower(), account.lower())) if mail]

    @property
    def word(self) -> str:
        """What he is called in a question: `mentee 7`."""
        if self.contact:
            return f"{self.contact.kind} {self.contact.id}"
        return f"account {self.account.uuid}" if self.account else f"{USER}{self.user.id}"


def _user(name: str) -> int | None:
    """Whose login this is."""
    if name.isascii() and name.isdigit():
        contact: Contact | None = Contact.get_or_none(Contact.id == int(name)) if len(name) < 19 else None
        return contact.user_id if contact else None
    his = Account.email == name.lower() if "@" in name else Account.uuid == name.lower()
    account: Account | None = Account.get_or_none(his)
    return account.user_id if account else _login(name)


def _login(name: str) -> int | None:
    """Who has this username, or this id after `user:`, by which one is still known who was erased."""
    given = name.removeprefix(USER)
    if given != name and given.isascii() and given.isdigit() and len(given) < 19:
        user = User.get_or_none(User.id == int(given))
    else:
        user = User.get_or_none(User.username == name)
    return None if user is None else int(user.id)
