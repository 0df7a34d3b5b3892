"""`make bench`: every case, or one. A summary for people on stderr, one JSON line per case on stdout."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import accepting, alarming, lists, standing, working
from bench.figures import Result
from bench.ground import Ground, ground
from models import logs

CASES: dict[str, Callable[[Ground, bool], Result]] = {
    "accept": accepting.accept,
    "ask": accepting.ask,
    "naive": accepting.naive,
    "latency": working.latency,
    "carrier": working.carrier,
    "drained": working.drained,
    "alarms": alarming.alarms,
    "reminders": standing.reminders,
    "memory": standing.memory,
    "lists": lists.lists,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", metavar="NAME", choices=CASES, action="append", help=", ".join(CASES))
    parser.add_argument("--quick", action="store_true", help="shorter runs and fewer of them: noisier")
    given = parser.parse_args()
    logs.configure("bench", least="WARNING")
    results = []
    for name in given.only or CASES:
        with (
            tempfile.TemporaryDirectory(prefix="trunkline-bench-") as folder,
            ground(Path(folder)) as servers,
        ):
            result = CASES[name](servers, given.quick)
        print(result.summary(), file=sys.stderr, flush=True)
        print(result.json(), flush=True)
        results.append(result)
    return 0 if all(result.holds for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
