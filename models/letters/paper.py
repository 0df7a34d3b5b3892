"""Paper: a template becomes a letter's subject, text and HTML; what people wrote is escaped, headers are one line."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models import settings

LONGEST_SUBJECT = 200  # characters: two full names and some words
_BLANKS = ("Cc", "Zl", "Zp")  # controls and line ends, by Unicode's categories
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))  # have a line run backwards


@dataclass(frozen=True)
class Sheet:
    """A letter without its envelope. Files are (file name, media type, content as base64)."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    files: tuple[tuple[str, str, str], ...] = ()


def sheet(template: str, name: str, *, files: tuple[tuple[str, str, str], ...] = (), **facts: Any) -> Sheet:
    """Write a letter.

    Parameters:
      template: its file in `templates/`, without the ending. It sets `subject`.
      name: whom the letter greets.
      facts: what the template speaks of, and for the layout `footer` (sentences) and `unsubscribe` (a URL).
    """
    known = {"unsubscribe": "", **facts}
    subject = header(str(getattr(_body("txt", template, known), "subject")))  # noqa: B009  # the template's own name
    about = {**known, "subject": subject, "name": one_line(name), "sender": sender()}
    text, html = (
        _paper(kind).get_template(f"layout.{kind}").render(about, body=_body(kind, template, known))
        for kind in ("txt", "html")
    )
    return Sheet(subject, text, html, files)


def one_line(text: str) -> str:
    """A name as it may stand in a sentence or a header: no line ends, no controls, nothing that turns its direction."""
    kept = (
        " " if unicodedata.category(character) in _BLANKS else character
        for character in text
        if character not in _TURNING and unicodedata.category(character) != "Cs"
    )
    return " ".join("".join(kept).split())


def header(text: str) -> str:
    """A header's value: one line of bounded length."""
    line = one_line(text)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def sender() -> str:
    """The name we sign with."""
    name, address = parseaddr(settings.current().mail_from)
    return name or address


def _body(kind: str, template: str, facts: Mapping[str, Any]) -> Any:
    return _paper(kind).get_template(f"{template}.jinja").make_module(dict(facts))


@cache
def _paper(kind: str) -> Environment:
    """The templates as text or as HTML; only the latter escapes. The parts of a letter are macros by the same names."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=kind == "html",  # noqa: S701  # plain text has nothing to escape
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["one_line"] = one_line
    parts = environment.get_template(f"parts.{kind}").module
    environment.globals |= {
        part: getattr(parts, part) for part in ("say", "quote", "times", "button", "link", "secret")
    }
    return environment
