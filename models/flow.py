"""The pipelines in force: pipelines.yaml, loaded once and checked against what the code can do."""

from pathlib import Path

from models import settings
from models.commands import COMMANDS
from models.pipelines import CommandInfo, Pipelines, load
from models.vocabulary import EVENTS, PROVIDERS, REMINDERS

DEFAULT_FILE = Path(__file__).resolve().parent.parent / "pipelines.yaml"

_current: Pipelines | None = None


def read(path: Path | None = None) -> Pipelines:
    """Load a file and check it.

    Parameters:
      path: by default `PIPELINES_FILE`, else the pipelines.yaml beside the code.

    Raises:
      models.pipelines.PipelinesError: with every problem's line, what is wrong and what would be right.
    """
    path = path or Path(settings.current().pipelines_file or DEFAULT_FILE)
    commands = {name: CommandInfo(name, command.needs()) for name, command in COMMANDS.items()}
    return load(path, commands=commands, events=EVENTS, providers=PROVIDERS, reminders=REMINDERS)


def current() -> Pipelines:
    """The pipelines of this process, read at the first call."""
    global _current
    if _current is None:
        _current = read()
    return _current


def use(pipelines: Pipelines | None) -> None:
    """Take these pipelines for this process; None reads them anew at the next call."""
    global _current
    _current = pipelines
