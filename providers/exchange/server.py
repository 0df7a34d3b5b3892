"""The exchange as one thing: a WSGI application and a server in a thread of its own."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, Self, cast

import falcon
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from providers.exchange import bodies, control, intake
from providers.exchange.calling_in import CallsIn
from providers.exchange.desk import Broken, Desk, HungUp, Refused
from providers.exchange.faults import Faults
from providers.exchange.journal import Journal
from providers.exchange.page import FrontPage
from providers.exchange.payments import SetupIntents
from providers.exchange.phones import PhoneBook
from providers.exchange.promises import Promises
from providers.exchange.ringing import Ringer
from providers.exchange.timers import Timers
from providers.exchange.webhooks import Courier

LARGEST = 32 * 1024 * 1024  # bytes of a request: a mail with attachments


class Exchange:
    """A carrier for rehearsals, in this process.

    Parameters:
      journal: the file of accepted requests; it is the oracle of what was really asked for.
      now: the product's clock, so that reports follow a rehearsal's offset.
      secret: signs reports by Standard Webhooks (`whsec_` and base64).
      api_url: whom reports are posted to; None drops them.
      oniondev_credentials: user name and password for reports in OnionDev's words.
      host, port: where to listen; port 0 takes a free one.
      conference_number: a number of ours whose calls are answered by the API's TwiML.
      seed: of the dice that faults are drawn with.
      answer_after: seconds between accepting a request and answering it.
      threads: requests in hand at one time, held ones included.

    Raises:
      RuntimeError: another exchange has this journal.
      OSError: the port is taken.
    """

    def __init__(
        self,
        *,
        journal: Path,
        now: Callable[[], datetime],
        secret: str,
        api_url: str | None = None,
        oniondev_credentials: tuple[str, str] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        conference_number: str = "+13125550100",
        seed: int = 0,
        answer_after: float = 0.0,
        threads: int = 128,
    ) -> None:
        self._socket = socket.create_server((host, port))
        self._closing = threading.Event()
        try:
            self._journal = Journal(journal)
        except RuntimeError:
            self._socket.close()
            raise
        self._timers = Timers()
        self._courier = Courier(api_url, secret=secret, credentials=oniondev_credentials, timers=self._timers)
        self._promises = Promises(journal.with_suffix(".reported"))
        self._book, self._faults = PhoneBook(conference_number), Faults(seed)
        self._calls_in = CallsIn(self._book, self._faults, self._courier, self._timers, now)
        ringer = Ringer(self._book, self._courier, self._timers)
        kept = self._journal, self._book, self._faults, self._courier, self._promises
        self._desk = Desk(*kept, ringer, now=now, answer_after=answer_after, closing=self._closing)
        self._channels: dict[int, Any] = {}
        self._server = self._listen(threads)
        self._thread = threading.Thread(target=self._serve, name="exchange", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self._socket.getsockname()[:2]
        return f"http://{host}:{port}"

    def start(self) -> None:
        """Begin to answer, and to report what was accepted before a restart and not reported on."""
        self._desk.resume(self._journal.entries())
        self._thread.start()

    def report_to(self, api_url: str | None) -> None:
        """Post reports to this address from now on."""
        self._courier.aim(api_url)

    def stop(self) -> None:
        """Hang up on everybody and let go of everything; reports not yet taken are lost. Twice is once."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._thread.ident is not None:
            self._server.pull_trigger()  # wakes the loop
            self._thread.join()
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._channels, ignore_all=True)
        self._timers.close()
        self._courier.close()
        self._promises.close()
        self._journal.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def _listen(self, threads: int) -> BaseWSGIServer:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line per waiting request is no news
        server = create_server(
            self._application(),
            map=self._channels,
            sockets=[self._socket],
            threads=threads,
            ident=None,
            connection_limit=4096,
            max_request_body_size=LARGEST,
            log_socket_errors=False,  # HungUp is one, and meant
        )
        return cast(BaseWSGIServer, server)  # several sockets would make another kind

    def _serve(self) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(OSError):
                wasyncore.loop(timeout=1.0, use_poll=True, map=self._channels, count=1)

    def _application(self) -> falcon.App[Any, Any]:
        app = falcon.App()
        app.req_options.strip_url_path_trailing_slash = True
        app.add_route("/", FrontPage(self._journal, self._book))
        app.add_route("/call", intake.Requests(self._desk, "call", bodies.CALL))
        app.add_route("/ring", intake.Requests(self._desk, "ring", bodies.RING))
        app.add_route("/text", intake.Requests(self._desk, "text", bodies.TEXT))
        app.add_route("/mail", intake.Requests(self._desk, "mail", bodies.MAIL))
        app.add_route("/push", intake.Requests(self._desk, "push", bodies.PUSH))
        app.add_route("/find", intake.Find(self._desk))
        app.add_route("/oniondev/call", intake.OnionDevCalls(self._desk))
        app.add_route("/oniondev/message", intake.OnionDevMessages(self._desk))
        app.add_route("/stripe/v1/setup_intents", SetupIntents())
        app.add_route("/log", control.Log(self._journal))
        app.add_route("/faults", control.FaultList(self._faults))
        app.add_route("/numbers", control.Numbers(self._book))
        app.add_route("/inbound", control.Inbound(self._book, self._courier, self._calls_in))
        app.add_route("/calls", control.Calls(self._calls_in))
        app.add_route("/hangup", control.HangUp(self._calls_in))
        app.add_route("/health", control.Health(self._journal, self._courier))
        app.add_error_handler(bodies.WrongBody, _wrong_body)
        app.add_error_handler(Refused, _refused)
        app.add_error_handler(Broken, _broken)
        app.add_error_handler(HungUp, _hang_up)
        return app


def _wrong_body(
    _req: falcon.Request, resp: falcon.Response, error: bodies.WrongBody, _params: dict[str, Any]
) -> None:
    resp.status = falcon.HTTP_400
    resp.media = error.fields


def _refused(_req: falcon.Request, resp: falcon.Response, error: Refused, _params: dict[str, Any]) -> None:
    resp.status = falcon.HTTP_403
    resp.media = {"detail": str(error)}


def _broken(_req: falcon.Request, resp: falcon.Response, error: Broken, _params: dict[str, Any]) -> None:
    resp.status = falcon.HTTP_500
    resp.media = {"detail": str(error)}


def _hang_up(
    _req: falcon.Request, _resp: falcon.Response, error: HungUp, _params: dict[str, Any]
) -> NoReturn:
    raise error  # the server closes the connection on an OSError
