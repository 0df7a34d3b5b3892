"""The house rules that no linter knows: small modules, plain names, one door for settings, and the third law."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from models.settings import Settings

HOUSE = Path(__file__).parent.parent
ROOMS = ("api", "workers", "models", "providers")
MODULES = sorted(
    path
    for place in ("trunkline.py", *ROOMS, "tests", "chaos", "bench")
    for path in ([HOUSE / place] if place.endswith(".py") else (HOUSE / place).rglob("*.py"))
)
PRODUCT = [path for path in MODULES if path.relative_to(HOUSE).parts[0] in (*ROOMS, "trunkline.py")]
WORKERS = [path for path in PRODUCT if path.relative_to(HOUSE).parts[0] == "workers"]
MIGRATIONS = HOUSE / "models/migrations"  # written once, from top to bottom; never to be tidied afterwards

LONGEST_MODULE = 250  # lines: what a reader keeps in mind; one idea each
LONGEST_FUNCTION = 40  # lines: what a reader sees at once
EMPTY_NAMES = re.compile(r"^_?(utils?|helpers?|common|managers?|misc)$")
PATIENCE_OF_DRAMATIQ = {
    "Retries",
    "send_with_options",
    "max_retries",
    "min_backoff",
    "max_backoff",
    "retry_when",
}


def name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(text(path)))


def test_a_module_says_in_its_first_line_what_it_is_for():
    silent = [name(path) for path in MODULES if not re.match(r'r?"""\S', text(path))]

    assert silent == []


def test_a_module_is_short():
    judged = [path for path in MODULES if MIGRATIONS not in path.parents and "tests" not in path.parts]
    long = {name(path): lines for path in judged if (lines := len(text(path).splitlines())) > LONGEST_MODULE}

    assert long == {}


def test_a_function_is_short():
    long = {
        f"{name(path)}:{node.lineno} {node.name}": lines
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and MIGRATIONS not in path.parents
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }

    assert long == {}


def test_a_module_is_named_by_a_word_of_the_domain():
    empty = [
        name(path)
        for path in MODULES
        if any(map(EMPTY_NAMES.match, (*path.relative_to(HOUSE).parts[:-1], path.stem)))
    ]

    assert empty == []


def test_nothing_waits_inside_the_broker_or_a_workers_memory():
    """Law 3: delays and retries are rows with a due time, so Dramatiq's own are not used."""
    found = [
        f"{name(path)}:{node.lineno} {word}"
        for path in WORKERS
        for node in nodes(path)
        for word in words_of(node)
        if word in PATIENCE_OF_DRAMATIQ or (word == "delay" and isinstance(node, ast.keyword))
    ]

    assert found == []


def words_of(node: ast.AST) -> list[str]:
    """The names that a node uses, as a caller would write them."""
    match node:
        case ast.Attribute(attr=word) | ast.Name(id=word) | ast.keyword(arg=str(word)):
            return [word]
        case ast.ImportFrom(names=aliases):
            return [alias.name for alias in aliases]
    return []


def test_the_environment_is_read_in_one_place():
    readers = {
        name(path)
        for path in PRODUCT
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }

    assert readers <= {"models/settings.py"}


def test_every_setting_stands_in_the_example():
    example = text(HOUSE / ".env.example")
    written = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, flags=re.MULTILINE))

    assert written == {field.name.upper() for field in fields(Settings)}


def test_every_room_says_what_lives_there():
    silent = [room for room in ROOMS if not (HOUSE / room / "README.md").exists()]

    assert silent == []


def test_everything_that_runs_is_locked_with_hashes():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        locked = text(HOUSE / lock)
        entries = re.split(r"\n(?=\w)", re.sub(r"^#.*\n", "", locked, flags=re.MULTILINE))
        assert [
            entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry
        ] == []
        assert "index-url" not in locked
        assert "file:" not in locked
