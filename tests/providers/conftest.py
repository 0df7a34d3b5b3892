"""An exchange, a customer, and a carrier that answers with bytes of the test's choice."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from providers.exchange import Exchange
from tests.providers.box import SECRET, Box, Customer

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture
def customer() -> Iterator[Customer]:
    customer = Customer()
    yield customer
    customer.stop()


@pytest.fixture
def exchange(tmp_path: Path, customer: Customer) -> Iterator[Exchange]:
    with Exchange(
        journal=tmp_path / "journal.jsonl",
        now=lambda: NOON,
        secret=SECRET,
        api_url=customer.url,
        oniondev_credentials=("onion", "dev"),
        threads=24,
    ) as exchange:
        yield exchange


@pytest.fixture
def box(exchange: Exchange) -> Box:
    return Box(exchange.url)


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def answering() -> Iterator[Callable[[bytes | None], str]]:
    """Starts a carrier that reads one request per connection, says these bytes and closes; None says nothing
    and keeps the connection open.
    """
    with contextlib.ExitStack() as stack:

        def start(answer: bytes | None) -> str:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            held: list[socket.socket] = []
            thread = threading.Thread(target=_serve, args=(listener, answer, held), daemon=True)
            thread.start()
            stack.callback(_end, listener, thread, held)
            return f"http://127.0.0.1:{listener.getsockname()[1]}"

        yield start


def _serve(listener: socket.socket, answer: bytes | None, held: list[socket.socket]) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.recv(65536)
            if answer is None:
                held.append(connection)
                continue
            connection.sendall(answer)
            connection.close()


def _end(listener: socket.socket, thread: threading.Thread, held: list[socket.socket]) -> None:
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    for connection in held:
        connection.close()
