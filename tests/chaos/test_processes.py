"""Processes under chaos: what one says is not what another one of its name said before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chaos.processes import Child, spawn


@pytest.fixture
def children() -> Iterator[list[Child]]:
    """To be let go of."""
    born: list[Child] = []
    yield born
    for child in born:
        child.kill()


def test_what_a_process_says_is_not_what_its_predecessor_said(tmp_path: Path, children: list[Child]):
    for words in ("Worker was sent SIGKILL", "all is well"):
        child = spawn("web", ["/bin/echo", words], {}, tmp_path)
        children.append(child)
        assert child.died(10) == 0

    first, second = children
    assert first.said("SIGKILL")
    assert second.said("all is well")
    assert not second.said("SIGKILL")
