"""What pipelines.yaml says, loaded and checked: what follows what, with which patience, through whom.

>>> pipelines = load("pipelines.yaml", commands=…, events=…, providers=…, reminders=…)
>>> pipelines.follow("message.created")
('send_text',)
>>> pipelines.actors["send_text"].backoff.delay(1, jitter=0.0)
datetime.timedelta(seconds=5)
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from models.pipelines.checking import Vocabulary, checked
from models.pipelines.parts import Actor, Backoff, CommandInfo, NoRoute, Pipelines, Price, Queue, Rate, Route
from models.pipelines.picture import picture
from models.pipelines.reading import Notes, PipelinesError, opened

__all__ = [
    "Actor",
    "Backoff",
    "CommandInfo",
    "NoRoute",
    "Pipelines",
    "PipelinesError",
    "Price",
    "Queue",
    "Rate",
    "Route",
    "load",
    "picture",
]


def load(
    path: str | Path,
    *,
    commands: Mapping[str, CommandInfo],
    events: Mapping[str, frozenset[str]],
    providers: Mapping[str, frozenset[str]],
    reminders: Collection[str],
) -> Pipelines:
    """Read a pipelines.yaml and check it against what the code can do.

    Parameters:
      commands: every command, by name.
      events: every event, and the ids it carries.
      providers: every carrier, and those of the channels `voice`, `texts`, `mails`, `pushes`, `hooks` that it has.
      reminders: what people are reminded of.

    Raises:
      PipelinesError: with every problem in the file: its line, what is wrong and what would be right.
    """
    notes = Notes(Path(path))
    pipelines = checked(opened(notes), Vocabulary(commands, events, providers, reminders))
    notes.raise_any()
    return pipelines
