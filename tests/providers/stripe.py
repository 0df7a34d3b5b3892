"""A Stripe for tests: it notes what it hears, and says what it is told to."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.providers.box import Posted

TOKEN = "tok_1N3T00LkdIwHu7ixt44h1F8k"


def http(status: int, body: bytes = b"{}") -> bytes:
    head = b"HTTP/1.1 %d Whatever\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
    return head + body


def error(status: int, **facts: str) -> bytes:
    return http(status, json.dumps({"error": {"message": f"No such token: '{TOKEN}'", **facts}}).encode())


def intent(**facts: object) -> bytes:
    return http(200, json.dumps({"object": "setup_intent", **facts}).encode())


def good() -> bytes:
    return intent(id="seti_1", status="succeeded")


class Recorder:
    """Answers each request with what `answers` gives, which may take its time."""

    def __init__(self, answers: Callable[[], bytes] = good) -> None:
        self.heard: list[Posted] = []
        self.answers = answers
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                recorder.heard.append(Posted(self.path, dict(self.headers), body))
                self.wfile.write(recorder.answers())

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler
