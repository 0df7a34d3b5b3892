"""One connection to a mail server, all of whose waits together end at one deadline."""

import contextlib
import io
import ipaddress
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable

from providers.http import CONNECT


class TooLate(TimeoutError):
    """The time for this letter is over: looking up a name took long, the server did, or we were frozen.

    Who asked has lost his lease by then, and another may be asking.
    """


class SmtpLine(smtplib.SMTP):
    """One connection, all of whose waits together end at the deadline.

    Parameters:
      deadline: by the monotonic clock.
      tls: for a connection that is encrypted from the start.
    """

    def __init__(self, host: str, port: int, us: str, deadline: float, tls: ssl.SSLContext | None) -> None:
        self._deadline, self._from_the_start = deadline, tls
        super().__init__(host, port, local_hostname=us, timeout=self._left())

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TooLate
        return left

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = socket.create_connection((host, port), min(CONNECT, timeout))
        found.settimeout(self._left())
        return (
            self._from_the_start.wrap_socket(found, server_hostname=host) if self._from_the_start else found
        )

    @property
    def private(self) -> bool:
        """Whether nobody else can listen: encrypted, or on this machine."""
        here = ipaddress.ip_address(self._open.getpeername()[0].partition("%")[0]).is_loopback
        return here or isinstance(self.sock, ssl.SSLSocket)

    def send(self, s: bytes | str) -> None:  # type: ignore[override]  # typeshed allows any buffer
        """Send, unless it has become too late."""
        self._open.settimeout(self._left())
        super().send(s)

    @property
    def _open(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("closed")
        return self.sock

    def getreply(self) -> tuple[int, bytes]:
        """The server's next answer; -1 when it is none."""
        if self.file is None:
            self.file = io.BufferedReader(_Waiting(self._open, self._left))
        return super().getreply()

    def write(self, body: bytes) -> None:
        """Send a letter but for the dot that ends it, and see whether the server is still there.

        Raises:
          OSError: it is not, or says that it has heard enough.
        """
        dotted = re.sub(rb"(?m)^\.", b"..", body)
        self.send(dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n")
        self._open.settimeout(0)
        try:
            early = self._open.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        raise ConnectionAbortedError("early word" if early else "hung up")

    def leave(self) -> None:
        """Say goodbye; the letter is the server's, so whatever happens now does not matter."""
        with contextlib.suppress(OSError):
            self.putcmd("quit")


class _Waiting(io.RawIOBase):
    """What a socket receives, waited for as long as there is time."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock, self._left = sock, left

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed allows any buffer
        """The next bytes."""
        self._sock.settimeout(self._left())
        return self._sock.recv_into(buffer)
