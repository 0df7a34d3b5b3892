"""The picture an operator sees of the pipelines."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from models.pipelines import picture
from tests.models.pipelines_of_a_shop import FILE, loaded

Raises = Mapping[str, Sequence[str]]
Draw = Callable[..., str]

RAISES: Raises = {"dial": ["call.dialled", "call.failed"], "sweep": ["call.failed"]}

DRAWN = """\
── What follows what ─────────────────────────────────────────────────────────────────────────────────────────

  when this happens    this follows   queue     attempts   backoff     timeout   expires
  call.requested ──┬─▶ dial           dialing          3   5s..5m      15s       10m
                   │   ╰┄▷ call.dialled, call.failed
                   ╰─▶ sweep          sms              1
                       ╰┄▷ call.failed
  message.created ───▶ send_text      sms              8   500ms..2h
  message.sent ────╴   nothing

── Who carries what: the first line that fits; a carrier that is unavailable ▸ the next ──────────────────────

  voice    +9111…       oniondev               at most 600/m   shows +15550100
           +91…         oniondev ▸ simulator                   shows +15550101
           the others   simulator                              shows +15550102
  texts    everybody    simulator                              shows +15550103
  mails    everybody    simulator
  pushes   everybody    simulator
  hooks    everybody    webhook

── What the clock brings ─────────────────────────────────────────────────────────────────────────────────────

  every 30s   sweep   in queue sms
              ╰┄▷ call.failed
  reminders   call    1d, 15m before and at the time

── Queues: threads of each worker process; a rate holds for all of them together ─────────────────────────────

  dialing    16 threads   at most 10/s   dial
  sms         4 threads                  send_text, sweep
"""


@pytest.fixture
def pictured(tmp_path: Path) -> Draw:
    def draw(content: str, raises: Raises | None = None) -> str:
        path = tmp_path / "pipelines.yaml"
        path.write_text(content)
        return picture(loaded(str(path)), raises)

    return draw


def test_the_picture_shows_all_that_the_file_says(pictured: Draw) -> None:
    assert pictured(FILE.replace("[dial]", "[dial, sweep]"), RAISES) == DRAWN


def test_an_actor_that_follows_nothing_is_shown_as_asked_for_directly(pictured: Draw) -> None:
    assert "(asked for directly) ───▶ dial" in pictured(FILE.replace("[dial]", "[]"))


def test_the_picture_fits_a_terminal_of_110_columns_however_much_there_is_to_say(pictured: Draw) -> None:
    offsets = ", ".join(f"{minutes}m" for minutes in range(200, 100, -1))

    drawn = pictured(FILE.replace("[24h, 15m, 0m]", f"[{offsets}]"), {"dial": ["call.dialled"] * 50})

    assert max(map(len, drawn.splitlines())) == 110
