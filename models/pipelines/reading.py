"""A YAML file as spots that know their line; what is wrong is noted and reading goes on, to show it all."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import yaml

from models.pipelines.values import Wrong, quoted

T = TypeVar("T")


class PipelinesError(Exception):
    """A pipelines.yaml that cannot be used; its text is one problem per line.

    Parameters:
      problems: in order of lines, sentences like
        `pipelines.yaml:14: message.created: no actor 'send_txt'; did you mean 'send_text'?`
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Notes:
    """What is wrong in one file, collected."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found: set[tuple[int, str]] = set()  # a set: what is read twice is wrong once

    def add(self, line: int, text: str) -> None:
        """Note what is wrong on a line, counted from 1."""
        self._found.add((line, text))

    def raise_any(self) -> None:
        """Raise `PipelinesError` when something was noted."""
        if self._found:
            raise PipelinesError([f"{self.path}:{line}: {text}" for line, text in sorted(self._found)])


def listed(words: Iterable[str]) -> str:
    """The words for an error to offer, in order of the alphabet."""
    return ", ".join(sorted(words)) or "none"


@dataclass(frozen=True)
class Spot:
    """A place in the file: what stands there, its line, and the keys that lead to it.

    An absent one stands for what was not written; what is wrong with it is not noted.
    """

    node: yaml.Node
    line: int
    path: tuple[str, ...]
    notes: Notes
    absent: bool = False

    def wrong(self, text: str) -> None:
        """Note what is wrong here. The section's name is left out where a name inside it says enough."""
        if not self.absent:
            self.notes.add(self.line, ": ".join((*(self.path[1:] or self.path), text)))

    def read(self, how: Callable[[str], T], otherwise: T) -> T:
        """The single value here as `how` reads it; a wrong one is noted and `otherwise` stands in for it."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.wrong(f"one value is wanted here, not {_shape(self.node)}")
            return otherwise
        try:
            return how(self.node.value)
        except Wrong as error:
            self.wrong(str(error))
            return otherwise

    def choose(self, kind: str, options: Collection[str]) -> str | None:
        """The word here, one of the options; the likely one when it is misspelt, None when none is likely."""
        word = self.read(str, None)
        return word if word is None or word in options else self._guess(kind, word, options)

    def items(self, sample: str, label: str = "") -> list["Spot"]:
        """What stands in the list here. With a label, each is called by it and its number: `route 2`."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong(f"a list is wanted here, not {_shape(self.node)}; write it like {sample}, or []")
            return []
        return [
            Spot(node, _line(node), (*self.path, f"{label} {n}") if label else self.path, self.notes)
            for n, node in enumerate(self.node.value, 1)
        ]

    def entries(self) -> dict[str, "Spot"]:
        """What stands under each key here. A section whose lines are all commented out has none."""
        if not isinstance(self.node, yaml.MappingNode):
            if _shape(self.node) != "nothing":
                self.wrong(f"'name: value' pairs are wanted here, not {_shape(self.node)}")
            return {}
        found: dict[str, Spot] = {}
        for key, value in self.node.value:
            here = Spot(key, _line(key), self.path, self.notes)
            if not isinstance(key, yaml.ScalarNode):
                here.wrong(f"a key is a plain word, not {_shape(key)}")
            elif key.value in found:
                before = found[key.value].line
                here.wrong(f"{quoted(key.value)} is written twice, first on line {before}; leave one of them")
            else:
                found[key.value] = Spot(value, here.line, (*self.path, _called(key.value)), self.notes)
        return found

    def keys(
        self, kind: str, required: Mapping[str, str], optional: Collection[str] = ()
    ) -> dict[str, "Spot"]:
        """What stands under each known key here, in order of writing; unknown and missing ones are noted.

        Every known key is in the answer, absent ones at its end. A misspelt key stands for the one it is
        like, which then is not called missing as well.

        Parameters:
          kind: what a key is, for the error: `no section 'queus'`.
          required: the keys that must be there, each with a sample of its value.
          optional: the keys that may be there.
        """
        entries = self.entries()
        known = [*required, *optional]
        found = {key: spot for key, spot in entries.items() if key in known}
        for key in [key for key in entries if key not in known]:
            spot = entries[key]
            guess = Spot(spot.node, spot.line, self.path, self.notes)._guess(kind, key, known)
            if guess and guess not in found:
                found[guess] = spot
        for key in [key for key in required if key not in found]:
            self.wrong(f"'{key}' is missing; write it like {key}: {required[key]}")
        return found | {key: self._absent(key) for key in known if key not in found}

    def _absent(self, key: str) -> "Spot":
        return Spot(yaml.ScalarNode("", ""), self.line, (*self.path, key), self.notes, absent=True)

    def _guess(self, kind: str, word: str, options: Collection[str]) -> str | None:
        close = get_close_matches(word, sorted(options), n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"possible here: {listed(options)}"
        self.wrong(f"no {kind} {quoted(word)}; {hint}")
        return close[0] if close else None


def opened(notes: Notes) -> Spot:
    """The top of the notes' file.

    Raises:
      PipelinesError: it is not there, not UTF-8 or not YAML; nothing can be read then.
    """
    text = _text(notes.path)
    loader = _loader(notes.path, text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise PipelinesError([f"{notes.path}:{_syntax(error, text)}"]) from error
    except (ValueError, OverflowError, RecursionError) as error:  # PyYAML lets these out: "\UFFFFFFFF", [[[[…
        raise PipelinesError([f"{notes.path}:{loader.line + 1}: this is not YAML: {error}"]) from error
    return Spot(node, _line(node), (), notes) if node else Spot(yaml.ScalarNode("", ""), 1, (), notes)


def _loader(path: Path, text: str) -> yaml.SafeLoader:
    try:
        return yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"character {error.character:#04x} is not allowed in YAML; take it out"
        raise PipelinesError([f"{path}:{line}: {what}"]) from error


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PipelinesError([f"{path}:1: cannot be read: {error.strerror}"]) from error
    try:
        # NEL, LS and PS: YAML would count lines by them, and no editor does.
        return raw.decode("utf-8-sig").translate(dict.fromkeys((0x85, 0x2028, 0x2029), " "))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PipelinesError([f"{path}:{line}: this is not UTF-8; save the file as UTF-8"]) from error


def _syntax(error: yaml.MarkedYAMLError, text: str) -> str:
    mark = error.problem_mark or error.context_mark
    lines = text.count("\n", 0, len(text.rstrip())) + 1
    line = min(mark.line + 1, lines) if mark else 1
    said = f"{line}: this is not YAML: {error.problem or error.context}"
    if "'\\t'" in said:
        return f"{said}; indent with blanks, not with tabs"
    began = f" that begins on line {error.context_mark.line + 1}" if error.context_mark else ""
    return f"{said} ({error.context}{began})" if error.context and error.problem else said


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _called(key: str) -> str:
    return key if key.isprintable() and 0 < len(key) <= 40 else quoted(key)


def _shape(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "'name: value' pairs"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return quoted(node.value) if node.value else "nothing"
