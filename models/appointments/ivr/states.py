"""States: where a call is in its script, small enough to be kept as JSON between two reports of a carrier."""

import json
from dataclasses import asdict, dataclass

KEYS, RECORDING, OTHERS, NOTHING = "keys", "recording", "others", "nothing"  # what is awaited


@dataclass(frozen=True, slots=True)
class State:
    """Where a call is.

    Parameters:
      section_id: the node; None before the first and of a script without any.
      awaits: what of the line: `keys`, `recording`, `others` (the end of a transfer or conference), `nothing`.
      tries: how often the node has asked in vain.
      steps: nodes entered, questions put and inputs heard so far: a bound, and a number of its own for every turn.
      then: the node after a transfer that no node asked for.
      ended: nothing is said any more.
    """

    section_id: int | None = None
    awaits: str = NOTHING
    tries: int = 0
    steps: int = 0
    then: int | None = None
    ended: bool = False

    def as_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "State":
        return cls(**json.loads(text))
