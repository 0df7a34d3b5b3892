"""A private PostgreSQL: Debian's binaries, data in a folder of its own, one loopback port and no socket file.

`TEST_DATABASE_URL` names a server to use instead; then starting and stopping do nothing.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Self, cast
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.servers import processes
from tests.servers.processes import Ports, Process, ServerTrouble

START = 60.0  # seconds: it takes one; a machine that needs more has another trouble
CONFIG = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''          # a socket's path may have 107 characters, a checkout's may be longer
max_connections = 300
dynamic_shared_memory_type = mmap     # in the data folder, so that SIGKILL leaves nothing in /dev/shm
log_min_messages = warning
"""
QUICK = """
fsync = off                           # safe against our kill -9; only the machine's own crash could lose data
full_page_writes = off
"""


def _binaries() -> Path | None:
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    initdb = newest_first[0] if newest_first else which("initdb")
    return Path(initdb).parent if initdb else None


def postgres_available() -> str | None:
    """None when PostgreSQL can be used, else the reason why not, fit to be shown."""
    if os.environ.get("TEST_DATABASE_URL") or _binaries():
        return None
    return (
        "PostgreSQL is not here: apt-get install --no-install-recommends postgresql, or set TEST_DATABASE_URL"
    )


class PrivatePostgres:
    """One PostgreSQL server that is ours alone; make it with `start`.

    `url` is its first database, `postgresql://app@127.0.0.1:PORT/trunkline`; `app` is its superuser.
    """

    def __init__(self, directory: Path | None, *, durable: bool) -> None:
        self._made: list[str] = []
        self._process: Process | None = None
        self.given = "TEST_DATABASE_URL" in os.environ
        if self.given:
            self.url = os.environ["TEST_DATABASE_URL"]
            return
        bin_ = _binaries()
        if bin_ is None:
            raise ServerTrouble(cast(str, postgres_available()))
        self._bin, self._durable = bin_, durable
        self.folder = processes.fresh_folder(directory, "postgres")
        self._reserved = Ports(1)
        self.ports = self._reserved.numbers
        self._data, self._log = self.folder / "data", self.folder / "postgres.log"
        self._env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        self.url = f"postgresql://app@127.0.0.1:{self.ports[0]}/trunkline"

    @classmethod
    def start(cls, directory: Path | None = None, *, durable: bool = False) -> Self:
        """A running server with an empty database.

        Parameters:
          directory: where its folder goes; None: the system's temporary place.
          durable: whether each commit waits for the disk, as in production.

        Raises:
          ServerTrouble: it did not start; the text carries the end of its log.
        """
        server = cls(directory, durable=durable)
        if not server.given:
            try:
                server._initialise()
                server._run()
                server.create_database("trunkline")
            except BaseException:
                server.stop()
                raise
        return server

    def _initialise(self) -> None:
        command = [str(self._bin / "initdb"), "-D", str(self._data), "-U", "app"]
        command += ["-A", "trust", "-E", "UTF8", "--no-sync"]
        Process(command, folder=self.folder, env=self._env, log=self._log).finish(timeout=START)
        with (self._data / "postgresql.conf").open("a") as config:
            config.write(CONFIG + ("" if self._durable else QUICK) + f"port = {self.ports[0]}\n")

    def _run(self) -> None:
        command = [str(self._bin / "postgres"), "-D", str(self._data)]
        self._process = Process(command, folder=self.folder, env=self._env, log=self._log)
        self._process.wait_for(self._answers, timeout=START)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._url_of("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _url_of(self, database: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    def create_database(self, name: str, *, template: str = "template0") -> str:
        """A new database and its URL; one of the same name is dropped first.

        Parameters:
          template: a database to copy, e.g. a migrated one; nobody may be connected to it.
        """
        with self._administering() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
            cursor.execute(made)
        self._made.append(name)
        return self._url_of(name)

    @contextlib.contextmanager
    def _administering(self) -> Iterator[psycopg.Cursor]:
        url = self.url if self.given else self._url_of("postgres")
        with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
            yield cursor

    def stop(self) -> None:
        """End it and remove its data; on a given server, drop the databases made here."""
        if self.given:
            with self._administering() as cursor:
                for name in self._made:
                    cursor.execute(
                        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                    )
            self._made.clear()
            return
        if self._process:
            self._process.end(signal.SIGQUIT)
            self._process = None
        self._drop_shared_memory()
        self._reserved.release()
        processes.remove_folder(self.folder)

    def kill(self) -> None:
        """SIGKILL to the server and all its backends, as when the machine loses its power."""
        self._refuse_given("killed")
        if self._process:
            self._process.end(signal.SIGKILL)
            self._process = None

    def restart(self) -> None:
        """Start it again on the same port and data; one that still runs is shut down first."""
        self._refuse_given("restarted")
        if self._process:
            self._process.end(signal.SIGINT)
        self._run()

    def _refuse_given(self, done: str) -> None:
        if self.given:
            raise ServerTrouble(
                f"the server of TEST_DATABASE_URL cannot be {done}: unset it to test on a private one"
            )

    def _drop_shared_memory(self) -> None:
        """A killed server leaves a System V segment; its number ends line 7 of its lock file."""
        with contextlib.suppress(OSError, IndexError):
            segment = (self._data / "postmaster.pid").read_text().splitlines()[6].split()[-1]
            subprocess.run(["ipcrm", "-m", segment], capture_output=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
