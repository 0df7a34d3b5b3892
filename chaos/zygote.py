"""The mother of all processes under test: it has imported everything, so that a new one is there at once.

Run as `python -m chaos.zygote`, it reads one JSON object a line: `trunkline`'s arguments, the environment, the folder
and the log of a process. It answers with the process's number, and later with its exit code. A start that cost a
second of processor would make a storm of starts and not of deaths.
"""

import gc
import json
import os
import random
import select
import signal
import sys
from typing import Any, NoReturn

import api.app
import api.serving
import providers.exchange
import trunkline
import workers.processes

LOADED = (api.app, api.serving, providers.exchange, workers.processes)
LOOK = 0.02  # seconds between two looks for who has ended


def main() -> None:
    """Serve until the harness hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    buffer = b""
    while True:
        if select.select([0], [], [], LOOK)[0]:
            if not (got := os.read(0, 65536)):
                return
            *orders, buffer = (buffer + got).split(b"\n")
            for order in orders:
                _tell({"born": _born(json.loads(order))})
        _bury()


def _born(order: dict[str, Any]) -> int:
    if pid := os.fork():
        return pid
    try:
        _live(order)
    finally:
        os._exit(70)  # not reached but by an error before the process is itself


def _live(order: dict[str, Any]) -> NoReturn:
    os.setsid()
    os.chdir(order["folder"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    null = os.open(os.devnull, os.O_RDONLY)
    for theirs, ours in ((null, 0), (log, 1), (log, 2)):
        os.dup2(theirs, ours)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(order["env"])
    random.seed()
    sys.argv = ["trunkline", *order["arguments"]]
    code = 1
    try:
        trunkline.main(order["arguments"])
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    os._exit(code)


def _bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell({"dead": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(what: dict[str, int]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
