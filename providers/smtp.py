"""Mail over SMTP, to any server that takes it. It cannot be asked afterwards what became of a letter.

Until the dot that ends a letter has left, the server has not taken it, whatever happens (RFC 5321, 4.2.5). After that
only its answer tells. So the dot leaves last, by itself, and only in time.
"""

import re
import smtplib
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import unquote, urlsplit

from providers.base import Letter, Receipt
from providers.errors import NoAnswer, Rejected, Unavailable
from providers.http import Answer
from providers.mime import Parcel, domain, packed, reachable
from providers.smtp_line import SmtpLine, TooLate

ACCEPTANCE = 60.0  # seconds: a server that got the dot may take a while to believe it; nothing is published
OURS = {530, 534, 535, 538}  # what servers say of our login, at whatever step; no letter is to blame
PORTS = {"smtp": 587, "smtps": 465}

_ADDRESS = re.compile(r"[^\s<>]*@[^\s<>]*")


class Smtp:
    """One mail server, one connection for each letter.

    Parameters:
      url: like `smtp://user:password@mail.example.com:587`. STARTTLS is used where it is offered, and always from the
        start with `smtps://`; the certificate is checked. A password leaves only encrypted, or for this machine.
      sender: who hands letters over, and whom they are from unless they say so: `Trunkline <calls@example.com>`.
      now: the clock, for the date in the letter.
      tls: whose certificates are trusted; by default those that the machine trusts.
      acceptance: seconds after a request during which the server might still take it.
    """

    name = "smtp"

    def __init__(
        self,
        url: str,
        *,
        sender: str,
        now: Callable[[], datetime],
        tls: ssl.SSLContext | None = None,
        acceptance: float = ACCEPTANCE,
    ) -> None:
        self.acceptance = acceptance
        where = urlsplit(url)
        self._host, self._port = where.hostname or "", where.port or PORTS[where.scheme]
        self._implicit = where.scheme == "smtps"
        self._user, self._password = unquote(where.username or ""), unquote(where.password or "")
        self._sender, self._now = sender, now
        self._us = domain(reachable(sender.rpartition("<")[2].strip("> ")))
        self._tls = tls or ssl.create_default_context()

    def post(self, letter: Letter, *, reference: str, timeout: float) -> Receipt:
        """Hand over one mail; see `Mails.post`. The receipt has its Message-ID."""
        deadline = time.monotonic() + timeout
        parcel = packed(letter, self._sender, reference, self._now())
        session = self._session(deadline)
        try:
            self._hand_over(session, parcel, letter)
            session.leave()
        finally:
            session.close()
        return Receipt(parcel.message_id)

    def _session(self, deadline: float) -> SmtpLine:
        """A connection that is as encrypted as it can be, and logged in."""
        session: SmtpLine | None = None
        try:
            session = SmtpLine(
                self._host, self._port, self._us, deadline, self._tls if self._implicit else None
            )
            session.ehlo_or_helo_if_needed()
            if not self._implicit and session.has_extn("starttls"):
                session.starttls(context=self._tls)
                session.ehlo()
            if self._user:
                self._log_in(session)
        except (OSError, ValueError, Unavailable) as error:
            if session is not None:
                session.close()
            raise error if isinstance(error, Unavailable) else _away(self.name, error) from error
        return session

    def _log_in(self, session: SmtpLine) -> None:
        if not session.private:
            raise Unavailable(f"{self.name} offers no encryption: the password stays here")
        session.login(self._user, self._password)

    def _hand_over(self, session: SmtpLine, parcel: Parcel, letter: Letter) -> None:
        options = [f"size={len(parcel.body)}"] if session.has_extn("size") else []
        if parcel.international:
            if not session.has_extn("smtputf8"):
                raise Rejected(f"{self.name} does not know SMTPUTF8, and this address needs it")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        said = _Said(self.name, letter)
        try:
            said.yes("MAIL", *session.mail(parcel.sender, options))
            said.yes("RCPT", *session.rcpt(parcel.to))
            said.yes("DATA", *session.docmd("DATA"), wanted=3)
            session.write(parcel.body)
        except OSError as error:
            raise Unavailable(
                f"{self.name} broke off before it had the letter ({type(error).__name__})"
            ) from error
        try:
            session.send(b".\r\n")
            answer = session.getreply()
        except TooLate as error:
            raise Unavailable(f"{self.name} got no letter: it had become too late") from error
        except OSError as error:
            raise NoAnswer(f"{self.name} got a letter and did not answer ({type(error).__name__})") from error
        said.yes("the letter", *answer, taken=True)


class _Said:
    """What the server says of one letter, and what that means."""

    def __init__(self, carrier: str, letter: Letter) -> None:
        self._carrier = carrier
        local = letter.to.rpartition("@")[0]
        self._sent = {"to": letter.to, "local": local, "subject": letter.subject, "text": letter.text}

    def yes(self, step: str, code: int, text: bytes, *, wanted: int = 2, taken: bool = False) -> None:
        """Go on if the answer is a yes.

        Parameters:
          wanted: the first digit of a yes.
          taken: whether the letter may have been taken, when nobody can read the answer.
        """
        if code // 100 == wanted:
            return
        excerpt = Answer(code, _ADDRESS.sub("…", text.decode("utf-8", "replace")).encode()).excerpt(
            self._sent
        )
        said = f"{self._carrier} said {code} to {step}: {excerpt}"
        if code // 100 == 5 and code not in OURS:
            raise Rejected(said)
        if code // 100 in (4, 5) or not taken:
            raise Unavailable(said)
        raise NoAnswer(said)


def _away(carrier: str, error: OSError | ValueError) -> Unavailable:
    """Nothing was handed over: the server is not there, or does not want us, which is no letter's fault."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable(f"{carrier} has no certificate we trust")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Unavailable(f"{carrier} refused our login ({error.smtp_code}): see SMTP_URL")
    if isinstance(error, smtplib.SMTPResponseException):
        return Unavailable(f"{carrier} said {error.smtp_code} before it heard of a letter")
    return Unavailable(f"{carrier} was not reached ({type(error).__name__})")
