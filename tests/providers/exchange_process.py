"""An exchange in a process of its own, to be killed. Arguments: the journal and the port."""

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from providers.exchange import Exchange
from tests.providers.box import SECRET

if __name__ == "__main__":
    with Exchange(
        journal=Path(sys.argv[1]),
        now=lambda: datetime.now(UTC),
        secret=SECRET,
        port=int(sys.argv[2]),
        threads=24,
    ):
        print("ready", flush=True)  # noqa: T201 (the test waits for it)
        threading.Event().wait()
