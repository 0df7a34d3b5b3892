"""Secrets that occur nowhere else, planted in people and their texts; and the finding of them wherever they turn up."""

import re
from typing import NamedTuple

PASSWORD = "zwx pass phrase"
RECORDING = "https://recordings.example/zwxrecording.mp3"


class Planted(NamedTuple):
    """Somebody of whom every word is a secret."""

    name: str
    number: str

    def word(self, what: str) -> str:
        """A word of his that nobody else has: `user`, `first`, `last`, `mail`, `token`, `text`, `note`, `answer`."""
        return f"zwx{what}{self.name}"

    @property
    def user(self) -> str:
        return self.word("user")

    @property
    def text(self) -> str:
        """What he writes, in a mixture that escapes differently in JSON, HTML and logs."""
        return f"“{self.word('text')}” & <b>\n\tO'Neil \U0001f600"

    def body(self, **more: object) -> dict[str, object]:
        """Of a request that makes him."""
        return {
            "username": self.user, "first_name": self.word("first"), "last_name": self.word("last"),
            "email": f"{self.word('mail')}@example.org", "password": PASSWORD, "contact_number": self.number, **more,
        }  # fmt: skip


ADAM, TONY = Planted("adam", "+27 83-916 4275"), Planted("tony", "+27 61 738 5092")
EVE, THEO = Planted("eve", "+44 7946-821530"), Planted("theo", "+44 7359 164802")
UNKNOWN = Planted("unknown", "+44 7123 948567")  # somebody who is nobody's mentee
PEOPLE = (ADAM, TONY, EVE, THEO, UNKNOWN)
WORDS = ("user", "first", "last", "mail", "token", "text", "note", "answer")

RUN = 6  # digits of a number in a row that are no accident

# Digits that mean something else: times, spans in seconds, ids made of random hexadecimal digits.
_HARMLESS = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*|\d{4}-\d\d-\d\d|\b\d{1,10}\.\d+|\b(?=\d*[a-f])[0-9a-f]{10,}\b"
)
_BETWEEN = re.compile(r"(?<=\d)[ ()./\-]{1,3}(?=\d)")


def _runs(number: str) -> set[str]:
    digits = re.sub(r"\D", "", number)[2:]  # the country alone gives nobody away
    return {digits[at : at + RUN] for at in range(len(digits) - RUN + 1)}


NUMBERS = {person: _runs(person.number) for person in PEOPLE}


def found(told: str) -> set[str]:
    """The secrets in what was told: words as they are, `number:NAME`, `password`, `recording`, `hash`."""
    lowered = told.lower()
    plain = _HARMLESS.sub("·", lowered)
    close = _BETWEEN.sub("", plain)
    secrets = {word for person in PEOPLE for what in WORDS if (word := person.word(what)) in lowered}
    secrets |= {
        f"number:{person.name}"
        for person, runs in NUMBERS.items()
        if any(run in plain or run in close for run in runs)
    }
    marks = {"password": PASSWORD, "recording": "zwxrecording", "hash": "argon2"}
    return secrets | {name for name, mark in marks.items() if mark in lowered}


def own(*people: Planted, but: tuple[str, ...] = ()) -> set[str]:
    """All secrets of these people, but for some kinds."""
    words = {person.word(what) for person in people for what in WORDS if what not in but}
    return words | {f"number:{person.name}" for person in people if "number" not in but}
