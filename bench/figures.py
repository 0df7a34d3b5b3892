"""Figures: medians of interleaved runs with the noise around them, and how a case tells its result."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


def spread(values: Sequence[float], digits: int = 3) -> dict[str, float]:
    """The median, and the least and the most, which show the machine's noise."""
    return {
        "median": round(median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all stays below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def interleaved(rounds: int, *runs: Callable[[], Any]) -> list[list[Any]]:
    """What each run gives, taken in turns so that a slow minute of the machine hits all of them."""
    seen: list[list[Any]] = [[] for _ in runs]
    for turn in range(rounds):
        order = list(enumerate(runs))
        for number, run in order if turn % 2 == 0 else reversed(order):
            seen[number].append(run())
    return seen


@dataclass
class Result:
    """What a case found, and whether its targets hold.

    `targets` maps the name of a figure to its test: (`>=` or `<=`, the limit).
    """

    case: str
    figures: dict[str, Any] = field(default_factory=dict)
    targets: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    how: str = ""

    @property
    def holds(self) -> bool:
        """Whether every target is met."""
        return all(self._met(name) for name in self.targets)

    def _value(self, name: str) -> float:
        value = self.figures[name]
        return float(value["median"] if isinstance(value, dict) else value)

    def _met(self, name: str) -> bool:
        sign, limit = self.targets[name]
        return self._value(name) >= limit if sign == ">=" else self._value(name) <= limit

    def summary(self) -> str:
        """For people."""
        lines = [f"{self.case}: {self.how}"]
        for name, value in self.figures.items():
            shown = _shown(value)
            if name in self.targets:
                sign, limit = self.targets[name]
                shown += f"   wanted {sign} {limit}: {'yes' if self._met(name) else 'NO'}"
            lines.append(f"    {name:<34} {shown}")
        return "\n".join(lines)

    def json(self) -> str:
        """For programs, in one line."""
        wanted = {name: f"{sign} {limit}" for name, (sign, limit) in self.targets.items()}
        return json.dumps({"case": self.case, "holds": self.holds, "targets": wanted, **self.figures})


def _shown(value: Any) -> str:
    if isinstance(value, dict) and "median" not in value:
        return ", ".join(f"{name} {figure:g}" for name, figure in value.items())
    if isinstance(value, dict):
        return f"{value['median']:g}  ({value['min']:g} to {value['max']:g})"
    return f"{value:g}" if isinstance(value, float) else str(value)
