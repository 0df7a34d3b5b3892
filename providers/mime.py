"""Letters as they travel: headers that nobody can add to, text and HTML side by side, and what is attached."""

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from providers.base import Letter
from providers.errors import Rejected

LONGEST_NAME = 100  # characters of a sender's or a file's name
SHORT = 60  # characters of a subject that stands in its line as it is
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = re.compile(rf"(?!.*=\?)[\x20-\x7e]{{0,{SHORT}}}")  # nothing of it is read as an encoded word
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@]{1,64}@[^\s<>()\[\]\\,;:\"@]{1,255}")
_LINK = re.compile(r"[!-;=?-~]{1,900}")  # printable, without <, > and blanks, and fits into one line
_MEDIA = re.compile(r"[a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*", re.ASCII | re.IGNORECASE)


class Parcel(NamedTuple):
    """A letter that can be handed over. `international`: its addresses need a server that knows SMTPUTF8."""

    message_id: str
    sender: str
    to: str
    body: bytes
    international: bool


def packed(letter: Letter, sender: str, reference: str, date: datetime) -> Parcel:
    """A letter, ready to be handed over.

    It is from whom the letter says, else from us. If not from us, we are named as who handed it over; what comes back
    comes back to us in any case.

    Parameters:
      sender: our address, with or without a name before it.
      reference: becomes the Message-ID, the same at every attempt: who gets it twice is shown it once by most readers.

    Raises:
      Rejected: its address cannot be one, or something attached cannot be read.
    """
    ours, author, to = _parts(sender)[1], _parts(letter.sender or sender), reachable(letter.to)
    international = not (ours + author[1] + to).isascii()
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=international))
    message_id = f"<{_local(reference)}@{domain(ours)}>"
    message["From"] = _mailbox(author[1], author[0])
    if author[1] != ours:
        message["Sender"] = _mailbox(ours)
    message["To"] = _mailbox(to)
    message["Date"] = date
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(letter.text))
    if letter.html:
        message.add_alternative(_text(letter.html), subtype="html")
    for file in letter.attachments:
        _attach(message, *file)
    lines = (
        f"Message-ID: {message_id}",
        _subject(_line(letter.subject)),
        *_unsubscribing(letter.unsubscribe),
    )
    head = "".join(f"{line}\r\n" for line in lines).encode()
    return Parcel(message_id, ours, to, head + bytes(message), international)


def _parts(sender: str) -> tuple[str, str]:
    """The name and the address of `Name <address>`.

    Raises:
      Rejected: this cannot be one.
    """
    name, _, address = sender.rpartition("<")
    return _line(name).strip('"')[:LONGEST_NAME], reachable(address.strip("> "))


def reachable(address: str) -> str:
    """A mail address as it is asked for: its domain in letters that every server knows.

    Raises:
      Rejected: this cannot be one.
    """
    local, _, host = address.rpartition("@")
    try:
        known = f"{local}@{host if host.isascii() else host.encode('idna').decode()}"
    except UnicodeError:
        known = ""
    if not _ADDRESS.fullmatch(known) or _CONTROLS.search(known):
        raise Rejected("this cannot be a mail address")
    return known


def _mailbox(address: str, name: str = "") -> Address:
    local, _, host = address.rpartition("@")
    return Address(name, local, host)


def domain(address: str) -> str:
    """What follows the @."""
    return address.rpartition("@")[2]


def _local(reference: str) -> str:
    """Our reference as the left part of a Message-ID, which knows no colons: `N2:7` is `N2.7`, and no other one is."""
    dotted = re.sub(r"(?<=[\w-]):(?=[\w-])", "\0", reference, flags=re.ASCII)
    return re.sub(r"[^\w\0-]", lambda odd: f"={ord(odd[0]):02X}", dotted, flags=re.ASCII).replace("\0", ".")


def _line(text: str) -> str:
    """One line: whatever would end it, or is no character, is a blank."""
    return _CONTROLS.sub(" ", _text(text)).strip()


def _text(text: str) -> str:
    """What can be written down: without NULs, and without halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _subject(text: str) -> str:
    """The subject's lines, whatever is in it and however long it is."""
    if _PLAIN.fullmatch(text):
        return f"Subject: {text}"
    return "Subject: " + Header(text, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _unsubscribing(link: str) -> Sequence[str]:
    """How a mail reader's own button ends letters of this kind, with one click and no page (RFC 8058)."""
    if not _LINK.fullmatch(link):
        return ()
    return f"List-Unsubscribe: <{link}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def _attach(message: EmailMessage, name: str, media: str, content: str) -> None:
    """Attach one file, as bytes; its media type may have parameters, like a calendar's `method`."""
    try:
        data = base64.b64decode(content, validate=True)
    except ValueError:
        raise Rejected("an attachment is not written in base64") from None
    kind, *more = _line(media).split(";")
    if not _MEDIA.fullmatch(kind.strip()) or kind.startswith(("multipart/", "message/")):
        kind, more = "application/octet-stream", []
    main, _, sub = kind.strip().partition("/")
    told = (part.partition("=") for part in more)
    params = {
        key.strip(): value.strip(' "')[:LONGEST_NAME] for key, _, value in told if _PLAIN.fullmatch(value)
    }
    message.add_attachment(data, main, sub, filename=_line(name)[:LONGEST_NAME] or "file", params=params)
