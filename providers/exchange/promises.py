"""Which requests have been reported on: so that an exchange that was killed reports the others when it is back."""

from pathlib import Path
from typing import Any


class Promises:
    """A file of the ids whose report the customer took or refused, one a line, beside the journal.

    Written without fsync: a killed process loses none; after a power cut some are reported twice.
    """

    def __init__(self, path: Path) -> None:
        self._kept = set(path.read_text(encoding="ascii").split()) if path.exists() else set[str]()
        self._file = path.open("ab", buffering=0)

    def keep(self, id: str) -> None:
        """The request's report is settled."""
        if not self._file.closed:
            self._file.write(id.encode() + b"\n")

    def owed(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those entries of the journal that were not reported on before this process began."""
        kept, self._kept = self._kept, set()
        return [entry for entry in entries if entry["id"] not in kept]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
