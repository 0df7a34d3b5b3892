"""One request over a connection of its own, to a machine that was looked at first; all of it ends at one deadline.

Who answers may be anybody. So the machine that is connected to is the very one that was looked at (its name is looked
up once), nobody is followed to another place, and of the answer only so much is read, for only so long.
"""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from http.client import HTTPException, HTTPResponse, IncompleteRead
from queue import Empty, SimpleQueue

from providers.base import Place
from providers.errors import NoAnswer, Rejected, Unavailable
from providers.http import CONNECT, Answer

# The IP addresses that a name and a port have.
Resolve = Callable[[str, int], Sequence[str]]
# Whether the machine with this IP address may be asked.
Permitted = Callable[[str], bool]
Left = Callable[[], float]


class Reach:
    """How one carrier, or all customers, are asked.

    Parameters:
      carrier: its name, for error texts.
      permitted: which machines may be asked.
      tls: whose certificates are trusted; by default those that the machine trusts.
      resolve: who looks names up; by default the machine.
    """

    def __init__(
        self,
        carrier: str,
        *,
        permitted: Permitted,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._carrier, self._permitted = carrier, permitted
        self._tls, self._resolve = tls or ssl.create_default_context(), resolve or looked_up

    def ask(
        self,
        verb: str,
        place: Place,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        timeout: float,
        most: int,
    ) -> Answer:
        """Ask once, and return the answer, whatever its status.

        Parameters:
          timeout: seconds, for all of it.
          most: bytes of the answer's body that are read.

        Raises:
          Rejected: such a machine is not asked.
          NoAnswer: it was asked, and said nothing that can be read.
          Unavailable: it was certainly not asked.
        """
        left = _until(time.monotonic() + timeout)
        sent = _written(verb, place, headers, body)
        try:
            line = self._line(place, left)
        except ssl.SSLCertVerificationError as error:
            raise Unavailable(f"{self._carrier} has no certificate we trust") from error
        except OSError as error:
            raise Unavailable(f"{self._carrier} was not reached ({type(error).__name__})") from error
        with closing(line):
            try:
                line.settimeout(left())
            except TimeoutError:  # another may be asking by now
                raise Unavailable(f"{self._carrier} was not asked: it had become too late") from None
            try:
                line.sendall(sent)
                return _answer(line, verb, left, most)
            except (OSError, HTTPException, ValueError) as error:
                raise NoAnswer(f"{self._carrier} did not answer ({type(error).__name__})") from error

    def _line(self, place: Place, left: Left) -> socket.socket:
        """A connection to a machine that was looked at, encrypted if it is to be."""
        line = self._connected(place, left)
        if not place.tls:
            return line
        try:
            line.settimeout(left())
            return self._tls.wrap_socket(line, server_hostname=place.host)
        except BaseException:  # whatever ends it: nobody else has the line to close it
            line.close()
            raise

    def _connected(self, place: Place, left: Left) -> socket.socket:
        """A connection to the first of its machines that takes one; all of them must be such as may be asked."""
        machines = list(dict.fromkeys(_in_time(lambda: self._resolve(place.host, place.port), left)))
        if not all(map(self._permitted, machines)):
            raise Rejected(f"{self._carrier} is at a machine that is not asked: its address is not public")
        failure = OSError("the name leads nowhere")
        for machine in machines:
            try:
                return socket.create_connection((machine, place.port), min(CONNECT, left()))
            except OSError as error:
                failure = error
        raise failure


def looked_up(host: str, port: int) -> Sequence[str]:
    """The IP addresses of a name, as this machine knows them, in the order in which they are to be tried."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _until(deadline: float) -> Left:
    """How many seconds are left; TimeoutError when none are."""

    def left() -> float:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    return left


def _in_time(look: Callable[[], Sequence[str]], left: Left) -> Sequence[str]:
    """What a look-up finds, if it finds it in time: the machine's own looks as long as it likes."""
    answers: SimpleQueue[tuple[Sequence[str], Exception | None]] = SimpleQueue()

    def work() -> None:
        try:
            answers.put((look(), None))
        except (OSError, UnicodeError) as error:
            answers.put(((), error))

    threading.Thread(target=work, daemon=True, name="lookup").start()
    try:
        found, error = answers.get(timeout=left())
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise OSError("the name is not known") from error
    return found


def _written(verb: str, place: Place, headers: Mapping[str, str], body: bytes) -> bytes:
    host = f"[{place.host}]" if ":" in place.host else place.host
    usual = place.port == (443 if place.tls else 80)
    lines = {
        "Host": host if usual else f"{host}:{place.port}",
        "User-Agent": "trunkline",
        "Connection": "close",
        **({"Content-Length": str(len(body))} if body else {}),
        **headers,
    }
    head = [f"{verb} {place.target} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())]
    return "\r\n".join([*head, "", ""]).encode("ascii") + body


def _answer(line: socket.socket, verb: str, left: Left, most: int) -> Answer:
    response = HTTPResponse(_Heard(line, left), method=verb)  # type: ignore[arg-type]  # it asks a socket for a file only
    with closing(response):
        response.begin()
        body = response.read(most) if most else b""
        if len(body) < most and response.length:
            raise IncompleteRead(body, response.length)
        return Answer(response.status, body)


class _Heard(io.RawIOBase):
    """What a socket receives, waited for as long as there is time."""

    def __init__(self, line: socket.socket, left: Left) -> None:
        self._line, self._left = line, left

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Itself, to be read from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed allows any buffer
        """The next bytes."""
        self._line.settimeout(self._left())
        return self._line.recv_into(buffer)
