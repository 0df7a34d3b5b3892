"""A carrier that repeats in its answers all it was told, in every form it can think of: refusing, failing, hanging."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import Any, ClassVar, Self

HANG = 2.0  # seconds: longer than it is waited for
NO_ID, HANGS = 0, -1  # a yes without an id; a yes too late


class _Rude(BaseHTTPRequestHandler):
    """Answers each request in another way."""

    turns: ClassVar[Iterator[int]]

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        turn = next(self.turns)
        if turn == HANGS:
            time.sleep(HANG)
        status = 200 if turn in (NO_ID, HANGS) else turn
        texts = " ".join(map(str, json.loads(told).values()))
        answer = f"{texts} {told.decode()} {' '.join(_forms(told))}".encode()
        self.send_response(status, f"no {_forms(told)[0]}")
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("X-Number", _forms(told)[0])
        self.end_headers()
        with suppress(OSError):  # who asked has gone
            self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


def _forms(told: bytes) -> list[str]:
    """The numbers of a request as people write them."""
    forms = []
    for number in re.findall(r"\d{10,}", told.decode()):
        land, rest = number[:2], number[2:]
        forms += [number, f"+{number}", f"00{number}", f"0{rest}", f"+{land} (0) {rest[:4]}-{rest[4:]}",
                  f"{rest[:5]} {rest[5:]}", f"({rest[:3]}) {rest[3:6]}-{rest[6:]}", f"tel:{number}"]  # fmt: skip
    return forms or ["nothing"]


class RudeCarrier:
    """It, at work.

    Parameters:
      turns: its answers, over and over: a status, `NO_ID` or `HANGS`.
    """

    def __init__(self, *turns: int) -> None:
        self._turns = turns or (400, 503, NO_ID, HANGS, 422)

    def __enter__(self) -> Self:
        handler = type("Rude", (_Rude,), {"turns": cycle(self._turns)})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
