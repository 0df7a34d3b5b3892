"""The load: keep-alive clients on raw sockets in a process of their own, cheap beside what they measure."""

import argparse
import base64
import json
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

USERS, PASSWORD = 8, "correct horse"
ROOT = Path(__file__).parents[1]


def user(number: int) -> str:
    """The name of a mentor of the bench."""
    return f"mentor{number % USERS}"


def request(number: int, port: int) -> bytes:
    """One message of one mentor."""
    body = json.dumps({"content": "See you at five, at the same place as last time"}).encode()
    credentials = base64.b64encode(f"{user(number)}:{PASSWORD}".encode()).decode()
    head = (
        f"POST /mentor/message/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {credentials}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Client:
    """One kept connection that asks again as soon as it is answered."""

    def __init__(self, number: int, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request(number, port)
        self._buffer = b""

    def ask(self) -> None:
        self.socket.sendall(self._request)

    def answered(self) -> bytes | None:
        """The answer's head, when all of it has come."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        self._buffer += part
        head, gap, body = self._buffer.partition(b"\r\n\r\n")
        if not gap:
            return None
        _, _, length = head.lower().partition(b"content-length: ")
        if len(body) < int(length.split(b"\r\n", 1)[0]):
            return None
        self._buffer = b""
        return head

    def converse(self) -> None:
        """Ask, and wait for the answer."""
        self.ask()
        while self.answered() is None:
            pass


def flood(port: int, connections: int, seconds: float, count: int) -> dict[str, Any]:
    """Ask as fast as it is answered, for `seconds` or until `count` were asked, whichever is first."""
    selector = selectors.DefaultSelector()
    clients = [Client(number, port) for number in range(connections)]
    begun = time.time()
    asked = answered = refused = 0
    for client in clients:
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.ask()
        asked += 1
    started = time.monotonic()
    until, waiting = started + seconds, len(clients)
    while waiting:
        for key, _ in selector.select(30):
            client = key.data
            head = client.answered()
            if head is None:
                continue
            if head.startswith(b"HTTP/1.1 201"):
                answered += 1
            else:
                refused += 1
            if time.monotonic() < until and asked < count:
                client.ask()
                asked += 1
            else:
                waiting -= 1
    return {
        "answered": answered, "refused": refused, "seconds": time.monotonic() - started, "begun": begun,
    }  # fmt: skip


def fire(
    port: int, *, connections: int = USERS, seconds: float = 3600.0, count: int = 10**9
) -> dict[str, Any]:
    """Run the load in a process of its own and return what it saw."""
    given = [str(port), "--connections", str(connections), "--seconds", str(seconds), "--count", str(count)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", *given],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=600,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    if seen["refused"]:
        raise RuntimeError(f"{seen['refused']} requests of {seen['answered'] + seen['refused']} were refused")
    return seen


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--connections", type=int, default=USERS)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--count", type=int, default=10**9)
    given = parser.parse_args()
    print(json.dumps(flood(given.port, given.connections, given.seconds, given.count)))


if __name__ == "__main__":
    main()
