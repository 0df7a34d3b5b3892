"""The verdict: what went wrong, counted and named."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Verdict:
    """What came of some promises. Everything but `commands` should be 0.

    `looked_at` counts what was there to be judged, so that a 0 can be believed.
    """

    commands: int = 0
    lost: int = 0
    dialled_twice: int = 0
    texts_doubled: int = 0
    pushes_lost: int = 0
    pushes_doubled: int = 0
    pushes_stray: int = 0
    mails_lost: int = 0
    mails_doubled: int = 0
    mails_stray: int = 0
    refused: int = 0
    unasked: int = 0
    unended: int = 0
    eventless: int = 0
    misplaced: int = 0
    unanswered: int = 0
    dead: int = 0
    fallen: int = 0
    survived: int = 0
    looked_at: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    suspects: list[str] = field(default_factory=list)

    @property
    def troubles(self) -> int:
        """How much went wrong; 0 when every promise was kept once."""
        return sum(self.counts().values()) - self.commands

    def blame(self, count: str, told: str, suspect: str = "", *, by: int = 1) -> None:
        """Something went wrong.

        Parameters:
          count: the field that counts such.
          told: what, for people.
          suspect: the reference whose story may tell why.
        """
        setattr(self, count, getattr(self, count) + by)
        self.wrong.append(f"{suspect}: {told}" if suspect else told)
        self.suspects += [suspect] if suspect else []

    def add(self, other: "Verdict") -> None:
        """Count another one in."""
        for name, count in other.counts().items():
            setattr(self, name, getattr(self, name) + count)
        self.looked_at += other.looked_at
        self.wrong += other.wrong

    def counts(self) -> dict[str, int]:
        """The numbers, by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}
