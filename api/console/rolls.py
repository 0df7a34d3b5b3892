"""A roll of people to be added: a sheet checked as a whole, against itself and the database, then added as a whole."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from api.console.sheets import Fault, Person, Sheet
from api.paging import LARGEST_ID
from models import settings
from models.database import transaction
from models.people import MENTEE, MENTOR
from models.people.enrolling import CHUNK, Newcomer, enrol, spoken_of, taken
from models.people.passwords import hashed_all

# No letter or digit that looks like another: passwords are read out and typed.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"

# Shows how far a long list has come: given the list, its length and what is done to it.
Watched = Callable[[Iterable[Any], int, str], Iterable[Any]]


class Roll:
    """Who is to be added.

    Parameters:
      sheet: where they stand.
      watched: passes lists on, and shows how far they have come.
    """

    def __init__(self, sheet: Sheet, watched: Watched) -> None:
        self.made: dict[str, str] = {}
        self.counts = {MENTEE: 0, MENTOR: 0}
        self._sheet = sheet
        self._watched = watched
        self._users: dict[str, tuple[int, str]] = {}
        self._numbers: dict[str, int] = {}
        self._wanted: dict[str, list[int]] = {}
        self._there_already: set[int] = set()
        self._known: dict[str, int] = {}
        self._hashes: list[str] = []

    @property
    def count(self) -> int:
        """How many people."""
        return sum(self.counts.values())

    def check(self) -> list[Fault]:
        """Everything that is wrong, by line. A few statements for every few hundred lines."""
        faults = list(self._sheet.faults)
        if faults:
            return faults
        people = self._sheet.people()
        while chunk := list(islice(people, CHUNK)):
            faults += self._check_together(chunk)
        faults += self._sheet.faults
        words = iter(sorted(self._wanted))
        while chunk_of_words := list(islice(words, CHUNK)):
            faults += self._check_mentees(chunk_of_words)
        return sorted(faults)

    def hash_passwords(self, threads: int) -> None:
        """Make the passwords that are missing, and hash all: the slow part, so it comes before the transaction."""
        self._hashes = list(
            self._watched(hashed_all(self._passwords(), threads), self.count, "hashing passwords")
        )

    def add(self, before_commit: Callable[[], None]) -> None:
        """Add everybody in one transaction, mentees first.

        Parameters:
          before_commit: what has to succeed as well.

        Raises:
          peewee.IntegrityError: somebody took a username or a number meanwhile; nothing was written.
        """
        with transaction():
            for kind in (MENTEE, MENTOR):
                added = (person for person in self._newcomers() if person[0] == kind)
                people = iter(self._watched(added, self.counts[kind], f"adding {kind}s"))
                while chunk := [person for _, person in islice(people, CHUNK)]:
                    enrol(kind, chunk)
            before_commit()

    def _check_together(self, people: list[Person]) -> Iterator[Fault]:
        facts = [person.facts for person in people]
        names = {fact["username"] for fact in facts if "username" in fact}
        numbers = {fact["contact_number"].msisdn for fact in facts if "contact_number" in fact}
        has_name, has_number = taken(names, numbers)
        for line, kind, fact, mentee in people:
            self.counts[kind] += 1
            if mentee:
                self._wanted.setdefault(mentee, []).append(line)
            if name := fact.get("username"):
                if name in has_name:
                    self._there_already.add(line)
                    yield Fault(line, "username", "somebody in the database has it: choose another")
                if self._users.setdefault(name, (line, kind))[0] != line:
                    yield Fault(line, "username", f"line {self._users[name][0]} has it too: choose another")
            if number := fact.get("contact_number"):
                if number.msisdn in has_number:
                    yield Fault(
                        line, "contact_number", "somebody in the database has it: is he there already?"
                    )
                if (other := self._numbers.setdefault(number.msisdn, line)) != line:
                    yield Fault(line, "contact_number", f"line {other} has it too: everybody has his own")

    def _check_mentees(self, words: list[str]) -> Iterator[Fault]:
        found = spoken_of(words, LARGEST_ID)
        for word in words:
            here = self._users.get(word)
            there = found.get(word, set())
            wrong = ""
            if here and here[0] in self._there_already:
                continue  # that line is told so
            if len(there) + (here is not None) > 1:
                wrong = "is both a username and a contact id: write the other one of the person you mean"
            elif any(person.kind != MENTEE for person in there):
                wrong = "is a mentor: write a mentee's username or contact id"
            elif here and here[1] != MENTEE:
                wrong = f"is a mentor, on line {here[0]}: write a mentee's username or contact id"
            elif not here and not there:
                wrong = (
                    "is nobody's: write the username of a mentee here or in the database, or his contact id"
                )
            yield from (Fault(line, "mentee", wrong) for line in self._wanted[word] if wrong)
            if there:
                self._known[word] = next(iter(there)).contact_id

    def _passwords(self) -> Iterator[str]:
        for person in self._sheet.people():
            if "password" not in person.facts:
                self.made[person.facts["username"]] = _made()
            yield person.facts.get("password") or self.made[person.facts["username"]]

    def _newcomers(self) -> Iterator[tuple[str, Newcomer]]:
        for person, password in zip(self._sheet.people(), self._hashes, strict=True):
            mentee = self._known.get(person.mentee, person.mentee or None)
            yield person.kind, Newcomer(person.facts, password, mentee)


def _made() -> str:
    """Four groups of four letters, 80 bits; more where passwords must be longer."""
    groups = max(4, settings.current().password_min_length // 5 + 1)
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(groups))
