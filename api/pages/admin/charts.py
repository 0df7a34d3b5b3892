"""Small charts, drawn on the server: a day's counts as stacked bars, an hour each."""

from dataclasses import dataclass

from models.recent import Day

WIDTH, HEIGHT, TOP, LEFT, GAP = 480.0, 120.0, 8.0, 34.0, 2.0  # of the drawing, in its own units


@dataclass(frozen=True)
class Word:
    """One of the things counted: its colour is the class `tone` in the style sheet."""

    name: str
    label: str
    tone: str


@dataclass(frozen=True)
class Bar:
    """A piece of an hour's bar; `told` is what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    told: str


@dataclass(frozen=True)
class Chart:
    """What a template draws, and the same as a table.

    Parameters:
      told: the whole in a sentence, for who does not see it.
      marks: where the clock's hours stand below the bars.
      rows: for each hour with anything in it, its name and the counts by word.
      most: the highest bar, which the axis names.
    """

    title: str
    told: str
    words: tuple[Word, ...]
    totals: tuple[int, ...]
    bars: tuple[Bar, ...]
    marks: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    most: int
    day: Day


def drawn(title: str, day: Day, words: tuple[Word, ...]) -> Chart:
    """Draw a day.

    Parameters:
      words: what is counted, in the order in which it is stacked.
    """
    named = [(f"{hour:02}:00", _at(day, number, words)) for number, hour in enumerate(day.hours)]
    totals = tuple(sum(day.counts.get(word.name, ())) for word in words)
    most = max((sum(counts) for _, counts in named), default=0)
    parts = ", ".join(f"{total} {word.label}" for word, total in zip(words, totals, strict=True) if total)
    step = (WIDTH - LEFT) / len(named)
    bars = [
        bar
        for number, (name, counts) in enumerate(named)
        for bar in _stack(number, step, name, counts, words, most)
    ]
    marks = tuple(
        (LEFT + step * number, name) for number, (name, _) in enumerate(named) if day.hours[number] % 6 == 0
    )
    rows = tuple((name, counts) for name, counts in named if any(counts))
    told = f"{title}: {parts or 'none yet'}."
    return Chart(title, told, words, totals, tuple(bars), marks, rows, most, day)


def _at(day: Day, number: int, words: tuple[Word, ...]) -> tuple[int, ...]:
    return tuple(day.counts[word.name][number] if word.name in day.counts else 0 for word in words)


def _stack(
    number: int, step: float, name: str, counts: tuple[int, ...], words: tuple[Word, ...], most: int
) -> list[Bar]:
    bars, foot = [], HEIGHT
    for word, count in zip(words, counts, strict=True):
        height = (HEIGHT - TOP) * count / most if count else 0.0
        foot -= height
        if count:
            place = round(LEFT + step * number + GAP / 2, 1)
            told = f"{name}: {count} {word.label}"
            bars.append(Bar(place, round(foot, 1), round(step - GAP, 1), round(height, 1), word.tone, told))
    return bars
