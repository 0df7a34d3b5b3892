"""`make test`: gets servers and browser, then runs the whole suite part by part, each on harder ground.

Arguments are handed on to pytest. Without the servers only the embedded part runs, and that without its browser tests
where there is no browser: each with a loud line; with CI=true that is a failure.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.servers.debian import BROWSER, SERVERS, CannotInstall, prepare, say

TEMPORARY = Path(".cache/pytest", str(os.getpid()))  # pytest's own default lies outside the checkout
# What is compiled is kept, whatever the machine's habit: a process of ours then starts in half the time.
COMPILED = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(".cache/compiled").absolute())}
EMBEDDED = ["--backend=embedded", "-n", "3", "--dist=loadfile"]
FULL = ["--backend=full", "-n", "2", "--dist=loadfile"]  # each process with servers of its own
UNINVENTIVE = ["-p", "no:schemathesis"]  # it takes a second to load
LEGS = {
    "embedded (SQLite, hints in memory)": [
        *EMBEDDED,
        "-m",
        "not servers and not browser and not lengthy",
        *UNINVENTIVE,
    ],
    "embedded, at length (Chromium, made-up requests, whole systems)": [
        *EMBEDDED,
        "-m",
        "(browser or lengthy) and not servers",
    ],
    "full (PostgreSQL, RabbitMQ)": [
        *FULL,
        "-m",
        "not browser and (servers or not lengthy)",
        *UNINVENTIVE,
    ],
    "full, every message delivered twice": ["--backend=full", "--double", "-m", "pipeline", *UNINVENTIVE],
}
NOTHING_SELECTED = 5  # pytest's exit code; fine for a part when arguments chose the tests


def run(leg: str, arguments: list[str]) -> str | None:
    """Run the suite one time; None when it passed, else what to say."""
    say(f"tests, {leg}")
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", f"--basetemp={TEMPORARY}", *LEGS[leg], *arguments]
    code = subprocess.run(command, env={**os.environ, **COMPILED}).returncode
    if code == NOTHING_SELECTED and arguments:
        say(f"{leg}: none of the chosen tests is for this part")
        return None
    say(f"{leg}: {'FAILED' if code else 'passed'} in {time.monotonic() - began:.0f} s")
    return f"{leg}: pytest ended with {code}" if code else None


def main() -> int:
    """Run what can be run; 0 when all of it passed."""
    TEMPORARY.parent.mkdir(parents=True, exist_ok=True)
    try:
        missing = prepare({**SERVERS, **BROWSER})
    except CannotInstall as error:
        missing = dict.fromkeys(SERVERS, str(error))
    no_servers = [reason for package, reason in missing.items() if package in SERVERS]
    no_browser = [reason for package, reason in missing.items() if package in BROWSER]
    legs = [leg for leg in LEGS if not (no_servers and leg.startswith("full"))]
    try:
        failed = [said for leg in legs if (said := run(leg, sys.argv[1:]))]
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(TEMPORARY, ignore_errors=True)
    for reason in dict.fromkeys(no_servers):
        say(f"LEFT OUT, all tests on PostgreSQL and RabbitMQ: {reason}")
    for reason in no_browser:
        say(f"LEFT OUT, all tests in a browser: {reason}")
    for said in failed:
        say(said)
    in_ci = os.environ.get("CI", "").lower() in ("1", "true")
    return 1 if failed or (missing and in_ci) else 0


if __name__ == "__main__":
    sys.exit(main())
