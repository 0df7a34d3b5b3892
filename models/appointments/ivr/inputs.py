"""Inputs: what a carrier heard on the line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys were pressed."""

    pressed: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed, or said, in time."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something was recorded, `seconds` long; `file` is the carrier's name of it."""

    file: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """A transfer or a conference is over, or came to nothing.

    Parameters:
      cause: why the other leg of a transfer ended, as Q.850 names it; empty: nobody says.
      seconds: how long they talked.
    """

    cause: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over."""


Input = Digits | Silence | Recorded | Done | HungUp
