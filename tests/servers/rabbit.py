"""A private RabbitMQ: Debian's binaries, data in a folder of its own, its ports and epmd on loopback only.

`TEST_BROKER_URL` names a broker to use instead; then starting and stopping do nothing.
"""

import os
import signal
import socket
import subprocess
from pathlib import Path
from shutil import which
from typing import Self, cast
from urllib.parse import quote, urlsplit, urlunsplit

from tests.servers import processes
from tests.servers.processes import Ports, Process, ServerTrouble

START = 120.0  # seconds: it takes six to ten, twice that on a busy machine
NODE = "trunkline@localhost"
LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}"
CONFIG = """
listeners.tcp.default = 127.0.0.1:{port}
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 1GB
log.console = false
"""


def _scripts() -> Path | None:
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    return found[-1].parent if found and which("epmd") else None


def rabbit_available() -> str | None:
    """None when RabbitMQ can be used, else the reason why not, fit to be shown."""
    if os.environ.get("TEST_BROKER_URL") or _scripts():
        return None
    install = "apt-get install --no-install-recommends rabbitmq-server"
    return f"RabbitMQ is not here: {install}, or set TEST_BROKER_URL"


class PrivateRabbit:
    """One RabbitMQ node that is ours alone; make it with `start`.

    `url` is its default virtual host, `amqp://guest:guest@127.0.0.1:PORT/%2F`.
    """

    def __init__(self, directory: Path | None) -> None:
        self._process: Process | None = None
        self._epmd: Process | None = None
        self.given = "TEST_BROKER_URL" in os.environ
        if self.given:
            self.url = os.environ["TEST_BROKER_URL"]
            return
        scripts = _scripts()
        if scripts is None:
            raise ServerTrouble(cast(str, rabbit_available()))
        self._scripts = scripts
        self.folder = processes.fresh_folder(directory, "rabbit")
        self._reserved = Ports(8)
        self.ports = self._reserved.numbers
        self._env = self._environment()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.ports[0]}/%2F"

    @classmethod
    def start(cls, directory: Path | None = None) -> Self:
        """A running, empty node.

        Parameters:
          directory: where its folder goes; None: the system's temporary place.

        Raises:
          ServerTrouble: it did not start; the text carries the end of its log.
        """
        node = cls(directory)
        if not node.given:
            try:
                node._run_epmd()
                node._run()
            except BaseException:
                node.stop()
                raise
        return node

    def _environment(self) -> dict[str, str]:
        """What keeps the node, its tools and epmd in the folder and on loopback."""
        amqp, dist, epmd, *ctl = self.ports
        folder = self.folder
        (folder / "rabbitmq.conf").write_text(CONFIG.format(port=amqp))
        (folder / "enabled_plugins").write_text("[].\n")
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),  # the Erlang cookie is made here
            "TMPDIR": str(folder),
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_PORT": str(epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_AFLAGS": "-start_epmd false",  # one started by Erlang itself would outlive every node
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_DIST_PORT": str(dist),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_MNESIA_DIR": str(folder / "mnesia/node"),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_LOGS": str(folder / "rabbit.log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{LOOPBACK} +sbwt none +sbwtdcpu none +sbwtdio none",
            "RABBITMQ_CTL_ERL_ARGS": LOOPBACK,
            "RABBITMQ_CTL_DIST_PORT_MIN": str(ctl[0]),
            "RABBITMQ_CTL_DIST_PORT_MAX": str(ctl[-1]),
        }

    def _run_epmd(self) -> None:
        """Our own, in the foreground, so that we can end it."""
        port = self.ports[2]
        command = [cast(str, which("epmd")), "-address", "127.0.0.1", "-port", str(port)]
        self._epmd = Process(command, folder=self.folder, env=self._env, log=self.folder / "epmd.log")
        self._epmd.wait_for(lambda: _speaks(port, b""), timeout=START)

    def _run(self) -> None:
        command = [str(self._scripts / "rabbitmq-server")]
        self._process = Process(
            command, folder=self.folder, env=self._env, log=self.folder / "rabbit-out.log"
        )
        # A greeting in a wrong version is answered with the right one, but only when the start is over.
        self._process.wait_for(lambda: _speaks(self.ports[0], b"AMQP\0\0\0\0"), timeout=START)

    def ctl(self, *args: str) -> str:
        """What `rabbitmqctl ARGS` prints (takes over a second; four may run at a time).

        Raises:
          ServerTrouble: it failed; the text says with what words.
        """
        self._refuse_given("asked by rabbitmqctl")
        command = [str(self._scripts / "rabbitmqctl"), "--quiet", *args]
        user = processes.ordinary_user()
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, capture_output=True, text=True, cwd=self.folder, env=self._env, **user
        )
        if done.returncode:
            raise ServerTrouble(
                f"rabbitmqctl {' '.join(args)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def vhost(self, name: str) -> str:
        """The URL of a virtual host of this name, made when missing (a given broker has only its own)."""
        if self.given:
            return self.url
        self.ctl("add_vhost", name)
        self.ctl("set_permissions", "--vhost", name, "guest", ".*", ".*", ".*")
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{quote(name, safe='')}"))

    def settle(self) -> None:
        """Have the node write down which queues it has; worth it before `kill`.

        It does so only every few seconds (seen on 3.10.8). A quorum queue declared just before a SIGKILL has no
        leader afterwards: publishing and consuming hang, until somebody deletes and declares it again.
        """
        self.ctl("eval", "[dets:sync(Table) || Table <- dets:all()].")

    def close_connections(self) -> None:
        """Have the broker close every client's connection, as a restart or a failing network would."""
        self.ctl("close_all_connections", "--global", "asked for by a test")

    def stop(self) -> None:
        """End the node and its epmd and remove its data; a given broker stays as it is."""
        if self.given:
            return
        for process in (self._process, self._epmd):
            if process:
                process.end(signal.SIGKILL)  # its data goes too: nothing to be tidy about
        self._process = self._epmd = None
        self._reserved.release()
        processes.remove_folder(self.folder)

    def kill(self) -> None:
        """SIGKILL to the node, as when the machine loses its power."""
        self._refuse_given("killed")
        if self._process:
            self._process.end(signal.SIGKILL)
            self._process = None

    def restart(self) -> None:
        """Start it again on the same port and data; one that still runs is shut down first."""
        self._refuse_given("restarted")
        if self._process:
            self._process.end(signal.SIGTERM, patience=30)
        self._run()

    def _refuse_given(self, done: str) -> None:
        if self.given:
            raise ServerTrouble(
                f"the broker of TEST_BROKER_URL cannot be {done}: unset it to test on a private one"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _speaks(port: int, greeting: bytes) -> bool:
    """Whether a server answers on the port (for an empty greeting, whether it listens)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(greeting)
            return not greeting or client.recv(4) == b"AMQP"
    except OSError:
        return False
