"""A real mail server that takes letters, refuses them, hangs, or dies, as a test has it."""

import asyncio
import gc
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

HUNG_UP, SILENT = "hung up", "silent"  # besides answers: what it may do instead of one


class MailServer:
    """Takes letters on a port of its own, in a thread of its own.

    `answers` has what it says to MAIL, RCPT, DATA (before the letter), END (after its dot), CONNECT and AUTH, instead
    of yes; `taken` are the envelopes of the letters that it has believed, `logins` who has tried to log in.

    Parameters:
      tls: for STARTTLS, or for all of the connection with `from_the_start`.
      password: without it nobody need log in.
    """

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, from_the_start: bool = False, password: str = "",
        international: bool = True, address: str = "127.0.0.1",
    ) -> None:  # fmt: skip
        self.answers: dict[str, str] = {}
        self.taken: list[Envelope] = []
        self.logins: list[tuple[str, str, bool]] = []
        self.greetings: list[str] = []
        self.then: Callable[[], None] = lambda: (
            None
        )  # what happens when a letter has come, before it is answered
        self._tls, self._from_the_start, self._password = tls, from_the_start, password
        self._international, self._address = international, address
        self._lines: list[_Line] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(self._listen())
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def _listen(self) -> asyncio.Server:
        tls = self._tls if self._from_the_start else None
        return await asyncio.get_running_loop().create_server(self._line, self._address, 0, ssl=tls)

    def _line(self) -> "_Line":
        line = _Line(
            self, self, tls_context=None if self._from_the_start else self._tls, hostname="tests",
            enable_SMTPUTF8=self._international, authenticator=self._who if self._password else None,
            auth_require_tls=False, data_size_limit=12 * 2**20,
        )  # fmt: skip
        self._lines.append(line)
        return line

    def url(self, scheme: str = "smtp", login: str = "") -> str:
        """Where it is, as SMTP_URL has it."""
        return f"{scheme}://{login}{'@' if login else ''}{self._address}:{self.port}"

    @property
    def letters(self) -> list[EmailMessage]:
        """The letters it has, as mail readers see them."""
        return [message_from_bytes(one.content, policy=default) for one in self.taken]  # type: ignore[arg-type]  # they are bytes

    def fresh(self) -> "MailServer":
        """It, as it was at first."""
        for kept in (self.taken, self.logins, self.greetings):
            kept.clear()
        self.answers.clear()
        self.then = lambda: None
        return self

    def stop(self) -> None:
        """Close every connection, and end."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        for line in self._lines:
            if isinstance(line.transport, asyncio.WriteTransport):
                line.transport.abort()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._lines.clear()
        gc.collect()  # what is left of the connections goes while there is a loop

    def _do(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    def _who(self, _server: Any, session: Session, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        login, password = data.login.decode(), data.password.decode()
        self.logins.append((login, password, session.ssl is not None))
        return AuthResult(success=password == self._password, handled=False)

    async def handle_EHLO(  # noqa: N802  # as aiosmtpd calls it
        self, _server: Any, session: Session, _envelope: Any, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        self.greetings.append(name)
        return answers

    async def handle_MAIL(  # noqa: N802  # as aiosmtpd calls it
        self, line: "_Line", _session: Any, envelope: Envelope, who: str, options: list[str]
    ) -> str:
        envelope.mail_from, envelope.mail_options = who, options
        if self._password and not line.session.authenticated:  # type: ignore[union-attr]  # it is connected
            return "530 log in first"
        return await line.instead("MAIL") or "250 OK"

    async def handle_RCPT(  # noqa: N802  # as aiosmtpd calls it
        self, line: "_Line", _session: Any, envelope: Envelope, who: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(who)
        return await line.instead("RCPT") or "250 OK"

    async def handle_DATA(self, line: "_Line", _session: Any, envelope: Envelope) -> str:  # noqa: N802  # as aiosmtpd calls it
        refused = self.answers.get("END", "2")[0] in "45"
        if not refused:
            self.taken.append(envelope)
        self.then()
        return await line.instead("END") or "250 OK"


class _Line(SMTP):
    """One connection."""

    def __init__(self, server: MailServer, *args: Any, **more: Any) -> None:
        self._owner = server
        super().__init__(*args, **more)

    async def instead(self, step: str) -> str | None:
        """What it says instead of yes; it may also hang up or fall silent."""
        answer = self._owner.answers.get(step)
        if answer == HUNG_UP:
            self.transport.abort()  # type: ignore[union-attr]  # it is connected
        elif answer == SILENT:
            await asyncio.Event().wait()  # for ever
        return answer

    async def push(self, status: Any) -> None:
        """Its greeting and its answer to a login may be others, too."""
        text = status if isinstance(status, str) else status.decode()
        step = "CONNECT" if text.startswith("220 tests") else "AUTH" if text[:3] in ("235", "535") else ""
        await super().push(await self.instead(step) or status if step else status)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # as aiosmtpd calls it
        """It may die with the half of a letter."""
        answer = self._owner.answers.get("DATA")
        if answer == HUNG_UP:
            await self.push("354 go on")
            await self._reader.read(1000)
            self.transport.abort()  # type: ignore[union-attr]  # it is connected
        elif answer is not None:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


@contextmanager
def mail_server(**how: Any) -> Iterator[MailServer]:
    """A server for as long as a test needs it."""
    server = MailServer(**how)
    try:
        yield server
    finally:
        server.stop()


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for this address or name. Returns the server's side, and that of a client who trusts it."""
    whose = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    key, subject = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([whose]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(public, private)
    return server, ssl.create_default_context(cafile=str(public))
