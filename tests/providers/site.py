"""Somebody's own web server: it keeps what it hears, and answers as a test has it, byte by byte."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit


class Heard(NamedTuple):
    """One request. Headers by their names in small letters."""

    verb: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True, strict_parsing=True)


def said(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer as it travels."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    return (
        "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()
        + body
    )


class Site:
    """Listens at an address of this machine.

    `answers` are given one after the other, the last one for ever; None is silence. `then` is what happens before an
    answer; `names` are the names by which it was asked for over TLS.
    """

    def __init__(self, address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self.answers: list[bytes | None] = [said(204)]
        self.then: Callable[[], None] = lambda: None
        self.names: list[str | None] = []
        self.connections = 0
        self._tls = tls
        if tls is not None:
            tls.sni_callback = lambda _line, name, _context: self.names.append(name)
        self._ending = threading.Event()
        self._listener = socket.create_server((address, port))
        self.address, self.port = address, int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://{self.address}:{self.port}{path}"

    def stop(self) -> None:
        self._ending.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self.connections += 1
                thread = threading.Thread(target=self._talk, args=(line,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _talk(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(line):
            line.settimeout(10)
            if self._tls is not None:
                line = self._tls.wrap_socket(line, server_side=True)
            with contextlib.closing(line):
                self._answer(line)

    def _answer(self, line: socket.socket) -> None:
        with line.makefile("rb") as reader:
            verb, target, _ = reader.readline().decode().split(" ", 2)
            headers = {}
            while (one := reader.readline().decode().strip()) != "":
                name, _, value = one.partition(":")
                headers[name.lower()] = value.strip()
            body = reader.read(int(headers.get("content-length", 0)))
        self.heard.append(Heard(verb, target, headers, body))
        self.then()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            self._ending.wait(10)
        else:
            line.sendall(answer)


@contextmanager
def site(address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """One that runs as long as the test does."""
    running = Site(address, port, tls)
    try:
        yield running
    finally:
        running.stop()
