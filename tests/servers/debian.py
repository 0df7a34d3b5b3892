"""Installs PostgreSQL, RabbitMQ and Chromium from Debian's packages when we may, without letting services run.

`python -m tests.servers.debian` does it by hand for the two servers, which chaos and bench need too. Where we may not
(no root, no apt), it says what is missing and what to do about it.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.servers.browser import chromium_available, font_available
from tests.servers.postgres import postgres_available
from tests.servers.rabbit import rabbit_available

Checks = Mapping[str, Callable[[], str | None]]

SERVERS: Checks = {"postgresql": postgres_available, "rabbitmq-server": rabbit_available}
BROWSER: Checks = {"chromium": chromium_available, "fonts-dejavu-core": font_available}
POLICY = Path("/usr/sbin/policy-rc.d")  # Debian asks it before it starts a service; 101 means: do not
CLUSTER = Path(
    "/etc/postgresql-common/createcluster.conf"
)  # whether installing PostgreSQL makes a database of its own
LOG = Path(".cache/apt.log")


class CannotInstall(Exception):
    """apt-get failed; the text is the end of what it said."""


def prepare(wanted: Checks) -> dict[str, str]:
    """Install what is missing, saying so; returns what still is, and why (nothing: all can be used).

    Parameters:
      wanted: how to find out whether each package is missing.

    Raises:
      CannotInstall: apt-get failed.
    """
    missing = [package for package, reason in wanted.items() if reason()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"installing {' and '.join(missing)} (Debian packages; about {30 * len(missing)} s)")
        began = time.monotonic()
        _install(missing)
        say(f"installed in {time.monotonic() - began:.0f} s")
    return {package: reason for package, check in wanted.items() if (reason := check())}


def say(line: str) -> None:
    """One line about what is being done, at once."""
    print(f"==> {line}", flush=True)


def _install(packages: list[str]) -> None:
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    with _instead(POLICY, "#!/bin/sh\nexit 101\n", mode=0o755):
        with contextlib.suppress(CannotInstall):  # an old list of packages may still do
            _apt_get("update")
        if "postgresql" in packages:
            _apt_get("install", "postgresql-common")
            with _instead(CLUSTER, "create_main_cluster = false\n"):
                _apt_get("install", *packages)
        else:
            _apt_get("install", *packages)
    _disable()


def _apt_get(order: str, *packages: str) -> None:
    options = [
        "-qq",
        "-y",
        "--no-install-recommends",
        "-o",
        "Dpkg::Use-Pty=0",
        "-o",
        "DPkg::Lock::Timeout=120",
    ]
    keep = ["-o", "Dpkg::Options::=--force-confold"]
    quiet: Mapping[str, str] = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "l"}
    with LOG.open("a") as log:
        command = ["apt-get", *options, *keep, order, *packages]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=quiet
        )
    if done.returncode:
        last = "\n".join(LOG.read_text(errors="replace").splitlines()[-15:])
        raise CannotInstall(f"apt-get {order} ended with {done.returncode}:\n{last}")


def _disable() -> None:
    """Debian would start them at the next boot, listening to the network: they are here for us only."""
    if shutil.which("systemctl"):
        units = ["postgresql", "rabbitmq-server", "epmd.service", "epmd.socket"]
        for unit in units:
            subprocess.run(["systemctl", "--quiet", "disable", unit], capture_output=True)


@contextlib.contextmanager
def _instead(path: Path, text: str, *, mode: int | None = None) -> Iterator[None]:
    """Put another text into a file of the system, and the old one (or its absence) back afterwards."""
    old = path.read_bytes() if path.exists() else None
    old_mode = path.stat().st_mode if old is not None else 0
    try:
        path.write_text(text)
        if mode is not None:
            path.chmod(mode)
        yield
    finally:
        if old is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(old)
            path.chmod(old_mode)


def main() -> int:
    """Say what is missing; 0 when nothing is. `--browser` asks for the browser instead of the servers."""
    try:
        missing = prepare(BROWSER if "--browser" in sys.argv else SERVERS)
    except CannotInstall as error:
        missing = {"": str(error)}
    for reason in missing.values():
        print(reason, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
