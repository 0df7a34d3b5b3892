"""What a scenario is given, and what it hands back."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chaos.ground import Ground
from chaos.judge import Verdict


@dataclass
class Plan:
    """What a scenario is given.

    Parameters:
      scale: multiplies the number of commands and the length of outages.
      tell: shows how far it is.
    """

    ground: Ground
    folder: Path
    seed: int
    scale: float
    tell: Callable[[str], None] = lambda _text: None

    def rng(self, name: str) -> random.Random:
        """Dice of its own, from the seed."""
        return random.Random(f"{self.seed}:{name}")

    def count(self, number: int) -> int:
        """So many commands, scaled."""
        return max(10, round(number * self.scale))


@dataclass
class Outcome:
    """What a scenario saw: the verdict, and whatever else it counted."""

    verdict: Verdict
    facts: dict[str, Any] = field(default_factory=dict)
