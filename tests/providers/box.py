"""An exchange with its control doors at hand, and a customer that takes its reports, over real sockets."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import urllib3

SECRET = "whsec_c2VjcmV0LW9mLXRoZS1yZWhlYXJzYWw="
HTTP = urllib3.PoolManager(maxsize=16)


class Posted(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Customer:
    """Takes webhooks; `answers` is asked for the status of each, with the number of posts so far, and `says` for the
    body.
    """

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.answers: Callable[[int], int] = lambda _count: 200
        self.says: Callable[[Posted], bytes] = lambda _posted: b""
        self._came = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def wait_for(self, count: int, patience: float = 5.0) -> list[Posted]:
        with self._came:
            assert self._came.wait_for(lambda: len(self.posted) >= count, patience), self.posted
        return self.posted

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        customer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with customer._came:
                    posted = Posted(self.path, dict(self.headers), body)
                    customer.posted.append(posted)
                    status = customer.answers(len(customer.posted))
                    customer._came.notify_all()
                said = customer.says(posted)
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


class Box:
    """The control doors of an exchange at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = HTTP.request(method, self.url + path, json=body, retries=False, timeout=10)
        return answer.status, json.loads(answer.data) if answer.data else None

    def fault(self, kind: str, **more: Any) -> None:
        status, body = self.ask("POST", "/faults", {"kind": kind, **more})
        assert status == 201, body

    def number(self, number: str, **behaviour: Any) -> None:
        status, body = self.ask("POST", "/numbers", {"number": number, **behaviour})
        assert status == 200, body

    def log(self, since: int = 0) -> list[dict[str, Any]]:
        requests: list[dict[str, Any]] = self.ask("GET", f"/log?since={since}")[1]["requests"]
        return requests

    def wait_until(self, path: str, holds: Callable[[int, Any], bool], patience: float = 5.0) -> None:
        """Ask again and again until the answer is as wanted."""
        end = time.monotonic() + patience
        while not holds(*(answer := self.ask("GET", path))):
            assert time.monotonic() < end, answer
            time.sleep(0.005)
