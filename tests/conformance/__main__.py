"""`python -m tests.conformance`: every item of the references and the specifications, and the tests that stand for it.

With `--run` the tests are run first, and each is told with how it went; arguments after it are pytest's.
"""

import sys
from collections import defaultdict
from itertools import groupby

import click
import pytest

from tests.conformance.holders import holders, unheld, unknown
from tests.conformance.items import ITEMS


class Watch:
    """What became of each test function."""

    def __init__(self) -> None:
        self.outcomes: dict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid.partition("[")[0]].add(report.outcome)

    def word(self, test: str) -> str:
        """How it went, at worst."""
        seen = self.outcomes.get(test, set())
        return next((word for word in ("failed", "skipped", "passed") if word in seen), "not run")


def main(arguments: list[str]) -> int:
    """Print the table; 0 when every item is held, and every test that was run passed."""
    held, watch = holders(), Watch()
    tests, code = {test for names in held.values() for test in names}, 0
    if arguments[:1] == ["--run"]:
        code = int(pytest.main(["-q", *arguments[1:], *sorted(tests)], plugins=[watch]))
    for (surface, place), items in groupby(ITEMS, key=lambda item: (item.surface, item.place)):
        click.echo(f"\n{surface}: {place}")
        for item in items:
            click.echo(f"  {item.name}")
            for test in held.get(item.name, ["NO TEST"]):
                click.echo(f"      {test}" + (f"  {watch.word(test)}" if watch.outcomes else ""))
    click.echo(f"\n{len(ITEMS)} items, {len(ITEMS) - len(unheld())} of them held, by {len(tests)} tests")
    for name in unknown():
        click.echo(f"NO SUCH ITEM: {name}")
    return code or bool(unheld() or unknown())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
