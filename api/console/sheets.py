"""A sheet of people: CSV as spreadsheets write it, read line by line and checked by the rules of the API."""

import csv
import difflib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from marshmallow import Schema, ValidationError

from api.mentoring.people import SCHEMAS
from models.people import MENTEE, MENTOR

COLUMNS = (
    "kind", "username", "first_name", "last_name", "email", "password", "contact_number", "external_id",
    "mentee", "profile_pic", "job_title", "motivation", "inspiration",
)  # fmt: skip
NEEDED = ("kind", "username", "first_name", "contact_number")
MENTORS_OWN = ("mentee", "profile_pic", "job_title", "motivation", "inspiration")
LARGEST = 64 * 1024 * 1024  # bytes: some 300,000 people

TEMPLATE = """\
kind,username,first_name,last_name,email,password,contact_number,external_id,mentee,profile_pic,job_title,motivation,\
inspiration
mentee,tony,Tony,,tony@example.org,choose another,+27123456789,,,,,,
mentor,adam,Adam,Smith,adam@example.org,choose another,+27 98 765 4321,crm-7,tony,,Engineer,"To help, and to learn",
"""


_QUOTES = "does a quote not end, or stand within quotes and not twice?"


class Fault(NamedTuple):
    """What is wrong in one place, in words that say what would be right. Never the cell: it may be a number."""

    line: int
    column: str
    text: str


class Person(NamedTuple):
    """One line. `facts` are the API's fields that are right; `mentee` is what was written in that column."""

    line: int
    kind: str
    facts: dict[str, Any]
    mentee: str


class Sheet:
    """A file of people, held in memory so that every reading reads the same.

    Parameters:
      data: UTF-8, with or without a byte order mark; cells parted by commas or semicolons.
      making: whether a password is made for who has none.
    """

    def __init__(self, data: bytes, *, making: bool = False) -> None:
        self.faults: list[Fault] = []
        self._making = making
        self._text = self._decoded(data)
        first = self._text.partition("\n")[0]
        self._delimiter = ";" if first.count(";") > first.count(",") else ","
        self._header: list[str] = []
        for _, cells in self._records():
            self._header = [cell.strip().lower() for cell in cells]
            break
        if not self.faults:
            self._check_header()
        self._schemas = {kind: rules(partial=("password", "mentee")) for kind, rules in SCHEMAS.items()}

    def people(self) -> Iterator[Person]:
        """The people on all lines that can be read. What is wrong goes to `faults`, with each reading anew."""
        self.faults.clear()
        records = self._records()
        next(records, None)
        for line, cells in records:
            if not any(cell.strip() for cell in cells):
                continue
            wrong, person = self._person(line, cells)
            self.faults += [Fault(line, column, text) for column, text in wrong]
            if person:
                yield person

    def _decoded(self, data: bytes) -> str:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            text, right = "", "save the file as UTF-8 (in Excel: CSV UTF-8)"
            self.faults.append(Fault(line, "", f"byte 0x{data[error.start]:02X} is not UTF-8: {right}"))
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            text = ""
            self.faults.append(Fault(line, "", "holds a NUL character: take it out"))
        return text

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line it begins on."""
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.faults.append(Fault(line, "", f"is not CSV ({error}): {_QUOTES}"))
                continue
            yield line, cells

    def _check_header(self) -> None:
        names = self._header
        for name in dict.fromkeys(names):
            if name not in COLUMNS:
                near = difflib.get_close_matches(name, COLUMNS, 1)
                right = f"did you mean {near[0]}?" if near else f"there are {', '.join(COLUMNS)}"
                self.faults.append(Fault(1, name, f"is no column: {right}"))
            elif names.count(name) > 1:
                self.faults.append(Fault(1, name, "stands here twice: keep one"))
        needed = [*NEEDED, *([] if self._making else ["password"])]
        for name in (name for name in needed if name not in names):
            more = ", or name a new file by --passwords to have them made" if name == "password" else ""
            self.faults.append(Fault(1, name, f"is missing: add the column{more}"))

    def _person(self, line: int, cells: Sequence[str]) -> tuple[list[tuple[str, str]], Person | None]:
        if len(cells) != len(self._header):
            right = f"put a cell that holds {self._delimiter!r} in quotes"
            return [("", f"has {len(cells)} cells, the header {len(self._header)}: {right}")], None
        row = {
            name: cell if name == "password" else cell.strip()
            for name, cell in zip(self._header, cells, strict=True)
        }
        body = {name: cell for name, cell in row.items() if cell and name not in ("kind", "mentee")}
        kind, mentee = row["kind"].lower(), row.get("mentee", "")
        if kind not in SCHEMAS:
            return [("kind", "write mentee or mentor")], None
        wrong: list[tuple[str, str]] = []
        if kind == MENTEE:
            told = "only a mentor has one: leave it empty"
            wrong += [
                (name, told) for name in MENTORS_OWN if body.pop(name, "") or (name == "mentee" and mentee)
            ]
        elif not mentee:
            wrong.append(("mentee", "is empty: write the username of his mentee, or a contact id"))
        if "password" not in body and not self._making:
            wrong.append(
                ("password", "is empty: write one, or name a new file by --passwords to have it made")
            )
        facts, more = _checked(self._schemas[kind], body)
        return wrong + more, Person(line, kind, facts, mentee if kind == MENTOR else "")


def _checked(rules: Schema, body: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The fields that are right, and what is wrong with the others."""
    try:
        return dict(rules.load(body)), []
    except ValidationError as error:
        empty = "is empty: everybody has one"
        wrong = [
            (name, empty if name not in body else " ".join(texts))
            for name, texts in error.messages_dict.items()
        ]
        return dict(error.valid_data or {}), wrong
