"""Scripts: a sealed survey, loaded once, and the one person that it is played to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from models.appointments.placeholders import filled
from models.appointments.surveys.sealed import SealedBranching, SealedSection, SealedSurvey
from models.appointments.surveys.sections import CALL_TRANSFER


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its columns, and where its branches lead by their keys; None hangs up."""

    section: SealedSection
    branches: Mapping[str, int | None]

    @property
    def id(self) -> int:
        return int(self.section.id)

    @property
    def type(self) -> int:
        return int(self.section.type)


@dataclass(frozen=True)
class Script:
    """All nodes of one sealed survey, in order, and the language that it speaks (ISO 639-1)."""

    survey_id: int
    language: str
    nodes: tuple[Node, ...]

    @classmethod
    def load(cls, survey: SealedSurvey) -> "Script":
        """Read it whole, in two statements; it never changes."""
        sections = list(SealedSection.select().where(SealedSection.survey == survey.id))
        branches: dict[int, dict[str, int | None]] = {section.id: {} for section in sections}
        for branch in SealedBranching.select().where(SealedBranching.section.in_(list(branches))):
            branches[branch.__data__["section"]][branch.keys] = branch.__data__["goto"]
        sections.sort(key=lambda section: (section.order, section.id))
        nodes = tuple(Node(section, branches[section.id]) for section in sections)
        return cls(int(survey.id), survey.tts_language, nodes)

    @cached_property
    def by_id(self) -> Mapping[int, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def transfers(self) -> bool:
        """Whether it has a node of its own that transfers."""
        return any(node.type == CALL_TRANSFER for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Talk:
    """A script as it is played to one person.

    Parameters:
      contact: the number that was dialled.
      callerid: the number that texts are sent from.
      values: of placeholders (`placeholders.known`), and `sms_phonenumber`, `transfer_phonenumber`, `transfer_ref`.
      transfer_to: who is connected when the answer is 3 and the script has no transfer of its own; empty for nobody.
      unwanted: who, of all that could be connected, is to be left alone, as it is written.
    """

    script: Script
    contact: str
    callerid: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    transfer_to: str = ""
    unwanted: Collection[str] = ()

    def spoken(self, text: str) -> str:
        return filled(text, self.values, speech=True).strip()

    def written(self, text: str) -> str:
        return filled(text, self.values)

    def told(self, key: str) -> str:
        """A special value of the event's data, as one line; empty when it says nothing."""
        value = self.values.get(key)
        if not isinstance(value, str | int) or isinstance(value, bool):
            return ""
        return "".join(character for character in str(value) if character.isprintable()).strip()

    def connected(self, node: Node) -> str:
        """Whom a node connects with; empty for nobody."""
        return self.told("transfer_phonenumber") or str(node.section.phonenumber).strip()

    @property
    def connectable(self) -> set[str]:
        """All that could be connected in this call, as it is written."""
        own = [self.connected(node) for node in self.script.nodes if node.type == CALL_TRANSFER]
        return {*(own if self.script.transfers else [self.transfer_to])} - {""}
