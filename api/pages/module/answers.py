"""Answers to a sealed survey as charts: a bar for each, drawn on the server; and the same as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from models.appointments.ivr.entries import BANDS
from models.appointments.surveys import SealedSection, SurveyAggregate
from models.appointments.surveys.sections import CALL_TRANSFER, CONFERENCE, DNC, RECORD, SMS

WIDTH, ROW, BAR, LABEL = (
    480.0,
    46.0,
    14.0,
    26.0,
)  # of the drawing, in its own units; LABEL: where a bar begins
MOST = 12  # answers that a chart shows; the rest are one bar
READ = 5000  # answers that are read at all, the most frequent first
SHORT = 44  # characters of an answer in the drawing

# What these leave behind names a number or a room: it is counted together.
TOGETHER = {
    SMS: "a text was sent", DNC: "put on the do-not-call list", CALL_TRANSFER: "put through",
    CONFERENCE: "joined the conference",
}  # fmt: skip
_BANDS = [name for _, name in BANDS]


@dataclass(frozen=True)
class Bar:
    """One answer: where its bar is, and what stands above it. `told` is the whole of it, in a sentence."""

    y: float
    width: float
    label: str
    share: str
    told: str


@dataclass(frozen=True)
class Chart:
    """The answers at one section.

    Parameters:
      told: all of it in a sentence, for who does not see it.
      rows: every answer with its count, for the table.
    """

    section_id: int
    question: str
    total: int
    told: str
    height: float
    bars: tuple[Bar, ...]
    rows: tuple[tuple[str, int], ...]


def of_survey(survey_id: int) -> list[Chart]:
    """The charts of a sealed survey, section by section; in one statement."""
    query: Any = (
        SurveyAggregate.select(
            SealedSection.order, SealedSection.id, SealedSection.type, SealedSection.question,
            SurveyAggregate.response, SurveyAggregate.count,
        )
        .join(SealedSection, on=SurveyAggregate.section == SealedSection.id)
        .where(SurveyAggregate.survey == survey_id)
        .order_by(SurveyAggregate.count.desc(), SurveyAggregate.id)
        .limit(READ)
    )  # fmt: skip
    found = sorted(query.tuples(), key=lambda row: row[:2])
    return [
        drawn(section_id, question, _counts(type_, [row[4:] for row in rows]))
        for (_, section_id, type_, question), rows in groupby(found, key=lambda row: tuple(row[:4]))
    ]


def _counts(type_: int, rows: Iterable[Sequence[Any]]) -> list[tuple[str, int]]:
    """Answers and how often each was given, in the order in which they are shown."""
    counts: dict[str, int] = {}
    for response, count in rows:
        name = TOGETHER.get(type_, str(response))
        counts[name] = counts.get(name, 0) + int(count)
    if type_ == RECORD:
        lengths = {name: place for place, name in enumerate(_BANDS)}
        ordered = sorted(counts.items(), key=lambda pair: lengths.get(pair[0], len(lengths)))
        return [(f"recorded {name} s", count) for name, count in ordered]
    return sorted(counts.items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))


def drawn(section_id: int, question: str, rows: Sequence[tuple[str, int]]) -> Chart:
    """Draw the answers at one section.

    Parameters:
      rows: answers and their counts, in order.
    """
    total = sum(count for _, count in rows)
    shown = list(rows if len(rows) <= MOST else rows[: MOST - 1])
    if len(rows) > MOST:
        shown.append((f"{len(rows) - len(shown)} other answers", sum(count for _, count in rows[MOST - 1 :])))
    most = max((count for _, count in shown), default=0)
    bars = tuple(_bar(place, name, count, total, most) for place, (name, count) in enumerate(shown))
    parts = ", ".join(f"{name}: {count}" for name, count in shown)
    told = f"{total} {'answer' if total == 1 else 'answers'}: {parts}."
    return Chart(section_id, question, total, told, ROW * len(shown), bars, tuple(rows))


def _bar(place: int, name: str, count: int, total: int, most: int) -> Bar:
    share = f"{count} · {count / total:.0%}" if total else str(count)
    label = name if len(name) <= SHORT else f"{name[: SHORT - 1]}…"
    width = round(WIDTH * count / most, 1) if most else 0.0
    return Bar(ROW * place, width, label, share, f"{name}: {share}")
