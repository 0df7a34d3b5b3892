"""One AMQP connection on a thread of its own: it answers in bounded time and comes back by itself."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from typing import Any, TypeVar

import pika
import structlog
from pika.adapters.select_connection import IOLoop
from pika.exceptions import AMQPConnectionError

from workers.queues import addresses

FIRST_PAUSE = (
    0.1  # seconds before the first new try after all nodes failed; each further one is twice as long
)
LONGEST_PAUSE = 2.0  # seconds: a broker that is back is noticed about as soon as by the consumers
GRACE = 1.0  # seconds for our own thread to say that time is over

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


class Cable(pika.SelectConnection):
    """A connection that can send much in one piece.

    pika sends each frame by itself, three for a message: three system calls of ours, and three packets that wake the
    broker (measured: together they are half of what publishing costs). It has no public way to join them.
    """

    _bundle: list[bytes] | None = None

    @contextmanager
    def bundled(self) -> Iterator[None]:
        """What is written inside is sent together at the end."""
        self._bundle = []
        try:
            yield
        finally:
            data, self._bundle = b"".join(self._bundle), None
            if data:
                self._adapter_emit_data(data)

    def _adapter_emit_data(self, data: bytes) -> None:
        if self._bundle is None:
            super()._adapter_emit_data(data)  # type: ignore[misc]  # pika hides it from type checkers
        else:
            self._bundle.append(data)


class Wire:
    """A connection to be asked things from any thread.

    Parameters:
      url: one or more AMQP URLs, `;` between them. They are tried in turn, and again after growing pauses.
    """

    def __init__(self, url: str) -> None:
        nodes = addresses(url)
        self._nodes, self._round = cycle(nodes), len(nodes)
        self._failures = 0
        self._connection: Any = None
        self._attempt: Any = None  # a connection that is being opened
        self._tried = threading.Event()
        self._closing = False
        self._unanswered: set[Future[Any]] = set()
        self._loop = IOLoop()
        self._thread = threading.Thread(target=self._live, name="wire", daemon=True)
        self._thread.start()

    @property
    def up(self) -> bool:
        """Whether the broker is there, as far as we know."""
        return self._connection is not None

    def ask(
        self, question: Callable[[Any, Callable[[Answer], None]], None], patience: float
    ) -> Answer | None:
        """The answer, or None: the broker is away, went away, or took too long and was hung up on.

        Only the very first question waits for the connection; later ones are not kept waiting for a lost one.

        Parameters:
          question: run on the wire's thread with the connection and a function to be called with the answer.
          patience: seconds.
        """
        self._tried.wait(patience)
        if self._closing:
            return None
        answer: Future[Answer | None] = Future()
        self._loop.add_callback_threadsafe(partial(self._put, question, answer, patience))
        try:
            return answer.result(patience + GRACE)
        except TimeoutError:
            return None

    def close(self) -> None:
        """Hang up and end the thread, within a second or two."""
        if not self._closing:
            self._closing = True
            self._loop.add_callback_threadsafe(self._leave)
            self._thread.join(2 * GRACE)

    def _live(self) -> None:
        self._connect()
        while not self._closing:
            try:
                self._loop.start()
            except Exception:  # a thread that ended here would leave the process deaf
                log.exception("wire.broke")
                self._hang_up("our own error")
        self._loop.close()

    def _connect(self) -> None:
        try:
            self._attempt = Cable(
                next(self._nodes),
                on_open_callback=self._opened,
                on_open_error_callback=self._lost,
                on_close_callback=self._lost,
                custom_ioloop=self._loop,
            )
        except OSError as error:  # out of file descriptors, say
            self._lost(None, error)

    def _opened(self, connection: Any) -> None:
        log.info("wire.up", host=connection.params.host, port=connection.params.port)
        self._connection, self._attempt, self._failures = connection, None, 0
        self._tried.set()
        if self._closing:
            self._leave()

    def _lost(self, _connection: Any, reason: BaseException) -> None:
        self._connection = self._attempt = None
        self._failures += 1
        rounds, rest = divmod(self._failures, self._round)
        if rest == 0:
            self._tried.set()
        if self._failures == 1 and not self._closing:
            log.warning("wire.lost", reason=str(reason) or repr(reason))
        for answer in list(self._unanswered):
            _give(answer, None)
        if self._closing:
            self._loop.stop()
        else:
            pause = 0.0 if rest else min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(rounds - 1, 10))
            self._loop.call_later(pause, self._connect)

    def _put(self, question: Callable[[Any, Any], None], answer: Future[Any], patience: float) -> None:
        if self._connection is None:
            answer.set_result(None)
            return
        self._unanswered.add(answer)
        timer = self._loop.call_later(patience, partial(self._hang_up, "it took too long"))
        answer.add_done_callback(self._unanswered.discard)
        answer.add_done_callback(lambda _: self._loop.remove_timeout(timer))
        question(self._connection, partial(_give, answer))

    def _hang_up(self, why: str) -> None:
        """End the connection without a farewell, for which a frozen broker would keep us waiting.

        pika has no public way to do it; its own heartbeat checker does it like this.
        """
        if self._connection is not None:
            self._connection._terminate_stream(AMQPConnectionError(why))

    def _leave(self) -> None:
        """Stop the loop, after a farewell if there is somebody to hear it."""
        if self._connection is None and self._attempt is None:
            self._loop.stop()
            return
        self._loop.call_later(GRACE, self._loop.stop)
        if self._connection is not None and self._connection.is_open:
            self._connection.close()


def _give(answer: Future[Any], result: Any) -> None:
    if not answer.done():
        answer.set_result(result)


def ready_messages(name: str, connection: Any, answer: Callable[[int | None], None]) -> None:
    """A question for `Wire.ask`: how many messages wait in a queue? No such queue: none do."""

    def opened(channel: Any) -> None:
        channel.queue_declare(name, passive=True, callback=counted)

    def counted(frame: Any) -> None:
        answer(frame.method.message_count)
        channel.close()

    def closed(_channel: Any, reason: Any) -> None:
        answer(0 if getattr(reason, "reply_code", None) == 404 else None)

    channel = connection.channel(on_open_callback=opened)
    channel.add_on_close_callback(closed)
