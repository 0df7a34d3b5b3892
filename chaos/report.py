"""What is shown: a line as each scenario starts and ends, where it stands meanwhile, a table, and one line of JSON."""

import json
import shutil
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from chaos.judge import Verdict
from chaos.plan import Outcome

WIDTH = 14  # of a scenario's name
SHOWN = 12  # lines of what went wrong in one scenario
COLUMN = 14
COUNTS = ("commands", "lost", "dialled_twice", "texts_doubled", "mails_lost", "mails_doubled")
PLAIN = {"kills": "kills-plain", "carrier": "carrier-plain"}


class Board:
    """Lines on standard output; on a terminal also one that changes, with what is going on now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: dict[str, str] = {}
        self._live = sys.stderr.isatty()

    def say(self, text: str) -> None:
        """One line that stays."""
        with self._lock:
            self._wipe()
            print(text, flush=True)
            self._draw()

    def teller(self, name: str) -> Callable[[str], None]:
        """What a scenario tells how far it is with."""

        def tell(text: str) -> None:
            with self._lock:
                self._now[name] = text
                self._wipe()
                self._draw()

        return tell

    def over(self, name: str) -> None:
        """Nothing more is told of it."""
        with self._lock:
            self._now.pop(name, None)

    def _wipe(self) -> None:
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def _draw(self) -> None:
        if self._live and self._now:
            line = " | ".join(f"{name}: {text}" for name, text in self._now.items())
            print(line[: shutil.get_terminal_size().columns - 1], end="", file=sys.stderr, flush=True)


class Report:
    """All outcomes. Those of the plain pipeline are there to be compared with, and may be bad."""

    def __init__(self, seed: int, scale: float) -> None:
        self._facts: dict[str, Any] = {"seed": seed, "scale": scale}
        self._begun = time.monotonic()
        self._outcomes: dict[str, Outcome] = {}
        self._seconds: dict[str, float] = {}
        self._broken: dict[str, str] = {}

    def add(self, name: str, outcome: Outcome, seconds: float) -> str:
        """Take an outcome; the line that tells it."""
        self._outcomes[name], self._seconds[name] = outcome, seconds
        verdict, told = outcome.verdict, [f"{outcome.verdict.commands} commands"]
        told += [_fact(key, value) for key, value in outcome.facts.items()]
        bad = {key: count for key, count in verdict.counts().items() if count and key != "commands"}
        result = ", ".join(f"{count} {key.replace('_', ' ')}" for key, count in bad.items())
        return (
            f"{name:{WIDTH}}{seconds:5.0f} s  {', '.join(told)}: {result or 'nothing lost, nothing doubled'}"
        )

    def break_off(self, name: str, why: str) -> None:
        """A scenario could not be run to its end."""
        self._broken[name] = why

    @property
    def ours(self) -> dict[str, Outcome]:
        """Without the plain pipeline's."""
        return {name: outcome for name, outcome in self._outcomes.items() if name not in PLAIN.values()}

    @property
    def clean(self) -> bool:
        """Whether nothing at all went wrong with ours."""
        return not self._broken and not any(outcome.verdict.troubles for outcome in self.ours.values())

    def table(self) -> list[str]:
        """Ours, scenario by scenario, and the plain pipeline beside it where it was run."""
        heads = [*(count.replace("_", " ") for count in COUNTS), "other trouble"]
        lines = ["", " " * WIDTH + "".join(f"{head:>{COLUMN}}" for head in heads)]
        for name, outcome in self.ours.items():
            lines.append(_row(name, outcome.verdict))
            beside = self._outcomes.get(PLAIN.get(name, ""))
            if beside:
                lines.append(_row("  plain", beside.verdict))
        return [*lines, ""]

    def wrong(self) -> list[str]:
        """What went wrong, reference by reference, with the story of the first."""
        lines = [f"{name} broke off: {why}" for name, why in self._broken.items()]
        for name, outcome in self.ours.items():
            texts = outcome.verdict.wrong
            stories = [text for text in texts if text.startswith("trunkline trace")]
            others = [text for text in texts if text not in stories]
            lines += [f"{name}: {text}" for text in [*others[:SHOWN], *stories]]
            if len(others) > SHOWN:
                lines.append(f"{name}: … and {len(others) - SHOWN} more")
        return lines

    def line(self) -> str:
        """The JSON object that ends the run."""
        total, plain = Verdict(), Verdict()
        for name, outcome in self._outcomes.items():
            (total if name in self.ours else plain).add(outcome.verdict)
        killed = sum(outcome.facts.get("kills", 0) for outcome in self.ours.values())
        doubled = plain.dialled_twice + plain.texts_doubled
        scenarios = {
            name: {
                **{key: value for key, value in outcome.verdict.counts().items() if value or key in COUNTS},
                **outcome.facts, "seconds": round(self._seconds[name], 1),
            }
            for name, outcome in self._outcomes.items()
        }  # fmt: skip
        told = {
            **self._facts, **total.counts(), "looked_at": dict(total.looked_at), "ok": self.clean, "kills": killed,
            "points": sum(outcome.facts.get("points", 0) for outcome in self.ours.values()),
            "plain": {"commands": plain.commands, "lost": plain.lost, "doubled": doubled},
            "scenarios": scenarios, "broken": sorted(self._broken), "seconds": round(time.monotonic() - self._begun, 1),
        }  # fmt: skip
        return json.dumps(told)


def _fact(key: str, value: Any) -> str:
    words = key.removesuffix("_s").replace("_", " ")
    return f"{words} {value} s" if key.endswith("_s") else f"{words} {value}"


def _row(name: str, verdict: Verdict) -> str:
    counts = verdict.counts()
    other = verdict.troubles - sum(counts[key] for key in COUNTS[1:])
    return f"{name:{WIDTH}}" + "".join(
        f"{value:>{COLUMN},}" for value in [*(counts[key] for key in COUNTS), other]
    )
