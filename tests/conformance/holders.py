"""Which test stands for which item: read from the decorators of all tests, without running any."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.conformance.items import ITEMS

TESTS = Path(__file__).parent.parent


def holders() -> dict[str, list[str]]:
    """The tests by item, each as `file::name`; items that nothing holds are left out."""
    found = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        if "holds(" in source:
            for test, item in _marked(ast.parse(source)):
                found[item].append(f"{path.relative_to(TESTS.parent)}::{test}")
    return dict(found)


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    named = dict(_constants(tree))
    for name, node in _tests(tree):
        for call in (call for decorator in node.decorator_list for call in ast.walk(decorator)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "holds":
                for argument in call.args:
                    item = argument.id if isinstance(argument, ast.Name) else ""
                    yield name, named[item] if item else str(ast.literal_eval(argument))


def _tests(inside: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """The tests of a module, and of the classes in it, named as pytest names them."""
    for node in inside.body:
        if isinstance(node, ast.ClassDef):
            yield from _tests(node, f"{prefix}{node.name}::")
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield prefix + node.name, node


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The texts that a module gives a name, for an item that several of its tests hold."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from (
                (name.id, str(node.value.value)) for name in node.targets if isinstance(name, ast.Name)
            )


def unheld() -> list[str]:
    """Items that no test stands for."""
    held = holders()
    return [item.name for item in ITEMS if item.name not in held]


def unknown() -> list[str]:
    """Names in decorators that are no item's."""
    known = {item.name for item in ITEMS}
    return sorted(set(holders()) - known)
