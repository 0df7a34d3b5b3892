"""Files: where the bytes of audio files are. Each is written once, under a name that no other ever has.

First the file, for good, then the row that names it: a process that dies in between leaves a file without a row, which
`sweep` finds. A row that names another file, or goes, leaves the old one to `sweep` as well. So no row is ever without
its file, no file that somebody still reads is overwritten, and none is kept that nothing names.
"""

import hashlib
import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from models import clock, rehearsal, settings
from models.appointments.surveys.audio import AudioFile
from models.appointments.surveys.sounds import SUFFIXES

GRACE = timedelta(hours=1)  # longer than any transaction: a file's row may still come
_NAME = re.compile(r"[0-9a-f]{64}-[0-9a-f]{16}\.(wav|mp3|ogg)")
_CHUNK = 500  # names looked up at once


def digest_of(content: bytes) -> str:
    """What content is known by."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes, media: str) -> str:
    """Write a file; it is on disk when this returns. Returns its name."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{digest_of(content)}-{secrets.token_hex(8)}{SUFFIXES[media]}"
    now = clock.now().timestamp()
    with (folder / name).open("xb") as file:
        file.write(content)
        file.flush()
        os.utime(file.fileno(), (now, now))
        os.fsync(file.fileno())
    _onto_disk(folder)
    rehearsal.point("audio.kept")
    return name


def path_of(row: AudioFile) -> Path | None:
    """Where a row's file is; None when it has none."""
    return _folder() / row.audio_file if _NAME.fullmatch(row.audio_file) else None


def sweep() -> int:
    """Delete files that no row names and whose row cannot come any more. Returns how many."""
    before, folder = clock.now() - GRACE, _folder()
    if not folder.is_dir():
        return 0
    old = [entry.name for entry in os.scandir(folder) if _NAME.fullmatch(entry.name) and _of(entry) < before]
    count = 0
    for first in range(0, len(old), _CHUNK):
        names = old[first : first + _CHUNK]
        named = AudioFile.select(AudioFile.audio_file).where(AudioFile.audio_file.in_(names))
        for name in set(names) - {row.audio_file for row in named}:
            (folder / name).unlink(missing_ok=True)
            count += 1
    return count


def _folder() -> Path:
    return Path(settings.current().audio_folder)


def _of(entry: "os.DirEntry[str]") -> datetime:
    return datetime.fromtimestamp(entry.stat().st_mtime, tz=clock.now().tzinfo)


def _onto_disk(folder: Path) -> None:
    """Have a new name in a folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
