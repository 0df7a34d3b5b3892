"""One way of asking a carrier over HTTP: connections are kept, waits are bounded, failures become ours."""

import base64
import json
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from providers.errors import NoAnswer, Rejected, Unavailable

CONNECT = 3.0  # seconds: who cannot be connected to by then is away, and has heard nothing
LONGEST = 65_536  # bytes of an answer; no carrier needs more to say yes or no
LATER = {408, 425, 429}  # of the 4xx, those that are about the moment and not about the request
ANYBODYS_GUESS = {502, 504}  # a gateway speaks: what stands behind it may have taken the request

TELLING = 12  # characters in a row that are no accident
SAYS_NOTHING = 4  # a text this short is found in any other

_NONE: Mapping[str, str] = {}
_NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){4,}")


class Answer(NamedTuple):
    """What came back, whatever its status."""

    status: int
    body: bytes

    def fields(self) -> dict[str, Any]:
        """The answer's JSON object; empty if it is anything else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def excerpt(self, sent: Mapping[str, Any]) -> str:
        """The start of the answer for an operator's eyes, with anything like a phone number blotted out, and whatever
        the carrier repeats of what it was sent: what people write to each other is not for operators.
        """
        told = self.body[:400].decode("utf-8", "replace")
        for value in sent.values():
            for text in (value, json.dumps(value)[1:-1]):
                told = _without(told, text) if isinstance(text, str) else told
        return _NUMBER.sub("…", told)[:200]


def agreed(carrier: str, sent: Mapping[str, Any], answer: Answer) -> Answer:
    """The answer, if its status says yes (2xx).

    Parameters:
      sent: what was asked, none of which is told again.

    Raises:
      Rejected, NoAnswer, Unavailable: what its status means.
    """
    if 200 <= answer.status < 300:
        return answer
    said = f"{carrier} said {answer.status}: {answer.excerpt(sent)}"
    if answer.status in ANYBODYS_GUESS:
        raise NoAnswer(said)
    if 400 <= answer.status < 500 and answer.status not in LATER:
        raise Rejected(said)
    raise Unavailable(said)


def _without(told: str, secret: str) -> str:
    """A text without what it has of another one: every run of `TELLING` characters that stand there, too."""
    length = min(TELLING, max(len(secret), SAYS_NOTHING))
    runs = {secret[at : at + length] for at in range(len(secret) - length + 1)}
    kept, end = [], 0
    for at in range(len(told)):
        if told[at : at + length] in runs:
            kept.append("…" if at >= end else "")
            end = at + length
        elif at >= end:
            kept.append(told[at])
    return "".join(kept)


class TooLate(Exception):
    """The body of a request was held back."""


def _in_time(body: bytes, deadline: float) -> Iterator[bytes]:
    """The body, unless it is too late when it is about to leave: looking up a name took long, or we were frozen.

    Who asked has lost his lease by then, and another may be asking. Without its body a request is none.
    """
    if time.monotonic() > deadline:
        raise TooLate
    yield body


class Line:
    """The connections to one carrier's address, shared by all threads.

    Parameters:
      carrier: its name, for error texts.
      url: where it lives; paths are appended, an empty path leaves it as it is.
      username, password: for HTTP Basic, when a user name is given.
      connections: how many are kept open; more are opened when needed and closed afterwards.
    """

    def __init__(
        self, carrier: str, url: str, *, username: str = "", password: str = "", connections: int = 64
    ) -> None:
        self._carrier = carrier
        where = urlsplit(url)
        self._target = f"{where.path or '/'}?{where.query}" if where.query else where.path or "/"
        self._pool = urllib3.connection_from_url(url, maxsize=connections, block=False)
        self._headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "trunkline",
        }
        if username:
            credentials = base64.b64encode(f"{username}:{password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {credentials}"

    def post(self, path: str, fields: Mapping[str, Any], *, timeout: float) -> Answer:
        """Ask for something to be done, and return the answer if it is a yes (2xx).

        Parameters:
          timeout: seconds, for connecting and for waiting until the answer has come.

        Raises:
          Rejected: the carrier will never take this (4xx).
          NoAnswer: it may have been taken.
          Unavailable: it has certainly not been taken.
        """
        return agreed(
            self._carrier,
            fields,
            self._exchange("POST", self._at(path), json.dumps(fields).encode(), timeout),
        )

    def submit(
        self, path: str, form: Mapping[str, str], headers: Mapping[str, str], *, timeout: float
    ) -> Answer:
        """Ask for something to be done by a form; any status is returned, for who knows better what it means.

        Raises:
          NoAnswer, Unavailable: as for `post`, where no answer came.
        """
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._exchange("POST", self._at(path), urlencode(form).encode(), timeout, sent)

    def get(self, path: str, query: Mapping[str, str], *, timeout: float) -> Answer:
        """Ask for something that changes nothing; any status is returned.

        Raises:
          Unavailable: no answer came.
        """
        try:
            return self._exchange("GET", f"{self._at(path)}?{urlencode(query)}", None, timeout)
        except NoAnswer as error:
            raise Unavailable(str(error)) from error

    def _exchange(
        self, method: str, target: str, body: bytes | None, timeout: float, more: Mapping[str, str] = _NONE
    ) -> Answer:
        headers, sent = {**self._headers, **more}, None
        if body is not None:
            headers = {**headers, "Content-Length": str(len(body))}
            sent = _in_time(body, time.monotonic() + timeout)
        # A kept connection that the other side closes just as we write looks the same as one closed after
        # reading; only the pool's own look before writing tells them apart, so the rest is NoAnswer.
        try:
            response = self._pool.urlopen(
                method,
                target,
                body=sent,
                headers=headers,
                retries=False,
                redirect=False,
                timeout=urllib3.Timeout(connect=min(CONNECT, timeout), total=timeout),
                preload_content=False,
            )
            content = response.read(LONGEST + 1)
            if len(content) > LONGEST:
                response.close()
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise Unavailable(f"{self._carrier} was not reached ({type(error).__name__})") from error
        except TooLate as error:
            raise Unavailable(f"{self._carrier} was not asked: it had become too late") from error
        except SSLError as error:
            raise self._tls_failure(error) from error
        except (HTTPError, OSError) as error:
            raise NoAnswer(f"{self._carrier} did not answer ({type(error).__name__})") from error
        return Answer(response.status, content)

    def _at(self, path: str) -> str:
        return self._target.rstrip("/") + path if path else self._target

    def _tls_failure(self, error: SSLError) -> Unavailable:
        if error.args and isinstance(error.args[0], ssl.SSLCertVerificationError):
            return Unavailable(f"{self._carrier} has no certificate we trust")
        return NoAnswer(f"{self._carrier} broke off the encrypted connection")


def identifier(value: object) -> str | None:
    """A carrier's id as text: a printable text of 1 to 64 characters or a whole number; else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**63 else ""
    return value if isinstance(value, str) and value.isprintable() and 0 < len(value) <= 64 else None
