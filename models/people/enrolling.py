"""Enrolling: many people at once, a few statements for hundreds of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from models.numbers import ERASED
from models.people.changing import CONTACT_FIELDS, USER_FIELDS
from models.people.users import MENTEE, Contact, User

CHUNK = 500  # people a statement: far below what either database takes as parameters


class Newcomer(NamedTuple):
    """Somebody to be added, checked.

    Parameters:
      facts: as `add_contact` takes them, but for the two below.
      password: its hash.
      mentee: of a mentor: the contact id of his mentee, or the username of one who was added before.
    """

    facts: Mapping[str, Any]
    password: str
    mentee: int | str | None = None


def enrol(kind: str, people: Sequence[Newcomer]) -> None:
    """Add mentees, or mentors, with the users they log in as; part of the caller's transaction.

    Raises:
      peewee.IntegrityError: a username or a number is taken; the transaction is to be given up.
    """
    names = [str(person.facts["username"]) for person in people]
    rows = [
        {**{name: person.facts.get(name, "") for name in USER_FIELDS}, "password": person.password}
        for person in people
    ]
    User.insert_many(rows).execute()
    users = _pairs(User.select(User.username, User.id).where(User.username.in_(names)))
    named = [person.mentee for person in people if isinstance(person.mentee, str)]
    mentees = _contact_ids(named) if named else {}
    Contact.insert_many(
        [
            {
                **{name: person.facts.get(name, _EMPTY.get(name, "")) for name in CONTACT_FIELDS},
                "user": users[person.facts["username"]], "kind": kind, "device_token": "",
                "contact_number": person.facts["contact_number"],
                "msisdn": person.facts["contact_number"].msisdn,
                "mentee": mentees[person.mentee] if isinstance(person.mentee, str) else person.mentee,
            }
            for person in people
        ]
    ).execute()  # fmt: skip


_EMPTY = {"external_id": None}


def taken(usernames: Collection[str], msisdns: Collection[str]) -> tuple[set[str], set[str]]:
    """Which of these usernames, and which of these numbers' digits, somebody has already."""
    users, contacts = User.username.in_(usernames), Contact.msisdn.in_(msisdns)
    return (
        {user.username for user in User.select(User.username).where(users)},
        {contact.msisdn for contact in Contact.select(Contact.msisdn).where(contacts)},
    )


class Found(NamedTuple):
    """A contact that somebody spoke of."""

    contact_id: int
    kind: str


def spoken_of(words: Iterable[str], largest_id: int) -> dict[str, set[Found]]:
    """Whom each word means: the contact of this username, and the contact of this id.

    Parameters:
      largest_id: of those that the database can look for.
    """
    names = list(words)
    ids = {int(word): word for word in names if _short(word) and int(word) <= largest_id}
    found: dict[str, set[Found]] = {}
    query: Any = Contact.select(Contact.id, Contact.kind, User.username).join(User)
    here = User.username.in_(names)
    query = query.where((here | Contact.id.in_(list(ids))) & ~Contact.msisdn.startswith(ERASED))
    for contact_id, kind, username in query.tuples():
        if username in names:
            found.setdefault(username, set()).add(Found(contact_id, kind))
        if contact_id in ids:
            found.setdefault(ids[contact_id], set()).add(Found(contact_id, kind))
    return found


def _short(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 19


def _contact_ids(usernames: Collection[str]) -> dict[str, int]:
    query: Any = Contact.select(User.username, Contact.id).join(User)
    return _pairs(query.where(User.username.in_(usernames) & (Contact.kind == MENTEE)))


def _pairs(query: Any) -> dict[str, int]:
    return dict(query.tuples())
