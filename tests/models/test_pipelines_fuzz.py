"""Whatever is done to a pipelines.yaml, it loads or says what is wrong with it."""

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.commands import COMMANDS
from models.pipelines import CommandInfo, PipelinesError, load, picture
from models.vocabulary import EVENTS, PROVIDERS

OURS = (Path(__file__).parents[2] / "pipelines.yaml").read_text()
KNOWN = {name: CommandInfo(name, command.needs()) for name, command in COMMANDS.items()}
WORDS = [*"[]{}:,-#|+0é\t\n\r\x00\x85\"'", "&a", "*a", "!x", "..", "- ", ": ", "? "]
Edit = tuple[str, int, str | int | None]
PLACES = st.integers(0, len(OURS))
EDITS: st.SearchStrategy[Edit] = st.one_of(
    st.tuples(st.just("put in"), PLACES, st.sampled_from(WORDS) | st.text(max_size=3)),
    st.tuples(st.just("take out"), PLACES, st.integers(1, 40)),
    st.tuples(st.just("drop a line"), PLACES, st.none()),
    st.tuples(st.just("double a line"), PLACES, st.none()),
)


def edited(text: str, edit: Edit) -> str:
    kind, at, what = edit
    if isinstance(what, str):
        return text[:at] + what + text[at:]
    if isinstance(what, int):
        return text[:at] + text[at + what :]
    lines = text.splitlines(keepends=True)
    n = text.count("\n", 0, at)
    lines[n : n + 1] *= 0 if kind == "drop a line" else 2
    return "".join(lines)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_whatever_is_done_to_our_file_it_loads_or_says_which_line_is_wrong(
    tmp_path: Path, edits: list[Edit]
) -> None:
    text = OURS
    for edit in edits:
        text = edited(text, edit)
    path = tmp_path / "pipelines.yaml"
    path.write_bytes(text.encode(errors="surrogatepass"))

    problems, drawn = looked_at(path)

    lines = [re.fullmatch(r".*/pipelines\.yaml:([0-9]+): \S.*", problem) for problem in problems]
    last = len(re.split(r"\r\n|\r|\n", text))
    assert all(line and 1 <= int(line[1]) <= last for line in lines), problems
    assert all(len(line) <= 110 for line in drawn)
    assert bool(problems) != bool(drawn)


def looked_at(path: Path) -> tuple[tuple[str, ...], list[str]]:
    """What is wrong with the file, or the lines of its picture when nothing is."""
    try:
        pipelines = load(path, commands=KNOWN, events=EVENTS, providers=PROVIDERS, reminders=["call"])
    except PipelinesError as error:
        return error.problems, []
    return (), picture(pipelines).splitlines()
