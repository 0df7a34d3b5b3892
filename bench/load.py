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


def token(number: int) -> str:
    """The token of an account of the bench: of the askers first, then of the others."""
    return f"{number:032x}"


def message(number: int, _turn: int) -> tuple[str, str, dict[str, Any]]:
    """A message of one mentor, the same each time."""
    credentials = base64.b64encode(f"{user(number)}:{PASSWORD}".encode()).decode()
    return (
        "/mentor/message/",
        f"Basic {credentials}",
        {"content": "See you at five, at the same place as last time"},
    )


def call_request(number: int, turn: int) -> tuple[str, str, dict[str, Any]]:
    """One asker's request: each turn is another hero's, who has no open one of hers yet."""
    body = {"hero_id": turn + 1, "message": "How to measure without fooling oneself", "estimated_length": 30}
    return "/api/v1/call-requests/", token(number % USERS), body


# What is asked for, and the status of its answer when all is well.
KINDS = {"message": (message, b"HTTP/1.1 201"), "call_request": (call_request, b"HTTP/1.1 200")}


def request(kind: str, number: int, turn: int, port: int) -> bytes:
    """One request of the connection of this number, its `turn`th."""
    path, credentials, fields = KINDS[kind][0](number, turn)
    body = json.dumps(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {credentials}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Client:
    """One kept connection that asks again as soon as it is answered."""

    def __init__(self, number: int, port: int, kind: str = "message", turn: int = 0) -> None:
        self.turn = turn
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._kind, self._number, self._port = kind, number, port
        self._buffer = b""

    def ask(self) -> None:
        self.socket.sendall(request(self._kind, self._number, self.turn, self._port))
        self.turn += 1

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


def flood(
    port: int, connections: int, seconds: float, count: int, kind: str = "message", turn: int = 0
) -> dict[str, Any]:
    """Ask as fast as it is answered, for `seconds` or until `count` were asked, whichever is first.

    Parameters:
      turn: the first of each connection; those before are used up.
    """
    selector = selectors.DefaultSelector()
    clients, granted = [Client(number, port, kind, turn) for number in range(connections)], KINDS[kind][1]
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
            if head.startswith(granted):
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
        "turn": max(client.turn for client in clients),
    }  # fmt: skip


def fire(
    port: int, *, connections: int = USERS, seconds: float = 3600.0, count: int = 10**9, kind: str = "message",
    turn: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """Run the load in a process of its own and return what it saw."""
    given = [str(port), "--connections", str(connections), "--seconds", str(seconds), "--count", str(count)]
    given += ["--kind", kind, "--turn", str(turn)]
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
    parser.add_argument("--kind", choices=KINDS, default="message")
    parser.add_argument("--turn", type=int, default=0)
    given = parser.parse_args()
    print(
        json.dumps(flood(given.port, given.connections, given.seconds, given.count, given.kind, given.turn))
    )


if __name__ == "__main__":
    main()
