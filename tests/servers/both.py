"""Starts PostgreSQL and RabbitMQ side by side: both are there when the slower one is."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.servers.postgres import PrivatePostgres
from tests.servers.rabbit import PrivateRabbit


def start_both(
    directory: Path | None = None, *, durable: bool = False
) -> tuple[PrivatePostgres, PrivateRabbit]:
    """Start the two servers at the same time; when one fails, the other is stopped and its error raised.

    Parameters:
      directory: where their data goes (each makes its own folder there); None: the system's temporary place.
      durable: whether PostgreSQL waits for the disk at every commit.

    Raises:
      ServerTrouble: a server did not start; the text carries the end of its log.
    """
    with ThreadPoolExecutor(2) as pool:
        postgres = pool.submit(PrivatePostgres.start, directory, durable=durable)
        rabbit = pool.submit(PrivateRabbit.start, directory)
    try:
        return postgres.result(), rabbit.result()
    except BaseException:
        for server in (postgres, rabbit):
            if server.exception() is None:
                server.result().stop()
        raise
