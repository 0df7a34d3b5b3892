"""Serving the API: gunicorn in production, one threaded server inside the embedded mode."""

import contextlib
import socket
import sys
import threading
from typing import Any

from gunicorn.app.base import BaseApplication
from waitress.server import create_server

from api.app import create
from api.bodies import LARGEST
from models import database, settings

# Seconds after which threads give way; the default of 5 ms makes short requests wait for long ones (measured: +7 %).
SWITCH = 0.0005


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn with our application and our settings."""

    def load_config(self) -> None:
        """What gunicorn is told."""
        ours = settings.current()
        told = {
            "bind": f"{ours.web_host}:{ours.web_port}",
            "workers": ours.web_processes,
            "worker_class": "gthread",
            "threads": ours.web_threads,
            "reuse_port": True,  # without it, kept-alive connections may all land on one process
            "keepalive": 30,
            "timeout": 60,
            "graceful_timeout": 8,
            "control_socket_disable": True,
            "proc_name": "trunkline-web",
            "loglevel": "warning",
            "post_fork": _forked,
        }
        for name, value in told.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in each worker."""
        return create()


def _forked(_arbiter: object, _worker: object) -> None:
    sys.setswitchinterval(SWITCH)
    database.bind()


def serve() -> None:
    """Serve until told to stop."""
    sys.argv = sys.argv[:1]
    database.close()
    Web().run()


class Site:
    """The API in threads of this process.

    Parameters:
      port: where to listen on the loopback; 0 takes a free one.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._map: dict[int, Any] = {}
        self._server: Any = create_server(
            create(), map=self._map, sockets=[self._socket], threads=8, max_request_body_size=LARGEST * 64,
            ident=None, clear_untrusted_proxy_headers=True,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._run, name="site")

    def start(self) -> None:
        """Answer requests."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._stopping = True
        with contextlib.suppress(OSError):
            self._server.pull_trigger()
        self._thread.join(5)

    _stopping = False

    def _run(self) -> None:
        from waitress import wasyncore

        while not self._stopping:
            wasyncore.loop(timeout=0.2, map=self._map, count=1)
        self._server.task_dispatcher.shutdown(timeout=3)
        wasyncore.close_all(self._map)
