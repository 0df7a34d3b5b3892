"""Every mistake in a pipelines.yaml is a sentence with its line: what is wrong, and what would be right."""

from pathlib import Path

import pytest

from models.pipelines import PipelinesError
from tests.models.pipelines_of_a_shop import FILE, loaded

DURATIONS = "durations are written like 5s, 10m, 2h, 1d, 500ms"
RATES = "rates are written like 10/s, 600/m, 1000/h"
BACKOFFS = "a back-off is written like 5s..5m, from the first wait to the longest"


@pytest.fixture(autouse=True)
def _in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def problems(content: str | bytes) -> list[str]:
    """What is said of a file with this content."""
    Path("pipelines.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PipelinesError) as error:
        loaded()
    return list(error.value.problems)


MISTAKES = {
    # sections, keys, shapes
    "misspelt section": ("every:", "evry:", "24: no section 'evry'; did you mean 'every'?"),
    "unknown section": (
        "every:",
        "zzz: 1\nevery:",
        "24: no section 'zzz'; possible here: actors, every, pipelines, queues, reminders, routes",
    ),
    "missing section": (
        "reminders:\n  call: [24h, 15m, 0m]\n",
        "",
        "1: 'reminders' is missing; write it like reminders: {scheduled_call: [24h, 15m]}",
    ),
    "key twice": (
        "  sms: {threads: 4}\n",
        "  sms: {threads: 4}\n  sms: {threads: 5}\n",
        "4: queues: 'sms' is written twice, first on line 3; leave one of them",
    ),
    "section twice": (
        "every:",
        "queues: {}\nevery:",
        "24: 'queues' is written twice, first on line 1; leave one of them",
    ),
    "section is a list": (
        "every:\n  sweep: 30s",
        "every: [sweep]",
        [
            "24: every: 'name: value' pairs are wanted here, not a list",
            "24: every: 'sweep' is missing; write it like sweep: 1h",
        ],
    ),
    "list is a word": (
        "[dial]",
        "dial",
        "9: call.requested: a list is wanted here, not 'dial'; write it like [dial], or []",
    ),
    "list is left empty": (
        "message.sent: []",
        "message.sent:",
        "12: message.sent: a list is wanted here, not nothing; write it like [dial], or []",
    ),
    "value is a list": (
        "threads: 4",
        "threads: [4]",
        "3: sms: threads: one value is wanted here, not a list",
    ),
    "key is a list": (
        "  sweep: 30s",
        "  sweep: 30s\n  [a]: 1s",
        "26: every: a key is a plain word, not a list",
    ),
    # queues
    "no queue": (
        "  dialing: {threads: 16, rate: 10/s}\n  sms: {threads: 4}\n",
        "",
        "1: queues: no queue is written here; write one like {dialing: {threads: 16}}",
    ),
    "queue's name": (
        "  sms: {threads: 4}",
        "  sms: {threads: 4}\n  Bulk.Sms: {threads: 4}",
        [
            "4: Bulk.Sms: 'Bulk.Sms' is no name; "
            "write small letters, digits and _, a letter first, at most 40",
            "4: Bulk.Sms: no actor works in this queue; name it as an actor's queue, or take this line out",
        ],
    ),
    "queue nobody works in": (
        "  sms: {threads: 4}",
        "  sms: {threads: 4}\n  mail: {threads: 4}",
        "4: mail: no actor works in this queue; name it as an actor's queue, or take this line out",
    ),
    "threads are no number": (
        "threads: 4",
        "threads: many",
        "3: sms: threads: 'many' will not do; write a whole number from 1 to 256",
    ),
    "no threads": (
        "threads: 4",
        "threads: 0",
        "3: sms: threads: '0' will not do; write a whole number from 1 to 256",
    ),
    "threads are missing": ("{threads: 4}", "{}", "3: sms: 'threads' is missing; write it like threads: 4"),
    "misspelt setting": (
        "{threads: 4}",
        "{thread: 4}",
        "3: sms: no setting 'thread'; did you mean 'threads'?",
    ),
    "rate without time": ("10/s", "10", f"2: dialing: rate: '10' is no rate; {RATES}"),
    "rate of nothing": ("10/s", "0/s", f"2: dialing: rate: '0/s' is no rate; {RATES}"),
    "rate in unknown time": ("600/m", "600/w", f"15: voice: route 1: rate: '600/w' is no rate; {RATES}"),
    # actors
    "actor in no such queue": (
        "queue: dialing",
        "queue: dialling",
        "5: dial: queue: no queue 'dialling'; did you mean 'dialing'?",
    ),
    "actor in a strange queue": (
        "queue: sms, attempts: 8",
        "queue: xyz, attempts: 8",
        "6: send_text: queue: no queue 'xyz'; possible here: dialing, sms",
    ),
    "actor in a strange queue, the only one of its own": (
        "queue: dialing",
        "queue: xyz",
        "5: dial: queue: no queue 'xyz'; possible here: dialing, sms",
    ),
    "actor the code does not know": (
        "  sweep: {queue",
        "  juggle: {queue: sms}\n  sweep: {queue",
        "7: actors: no actor 'juggle'; possible here: dial, send_text, sweep",
    ),
    "misspelt actor": (
        "  send_text: {",
        "  send_txt: {",
        "6: actors: no actor 'send_txt'; did you mean 'send_text'?",
    ),
    "actor of the code is missing": (
        "  send_text: {queue: sms, attempts: 8, backoff: 500ms..2h}\n",
        "",
        "4: actors: 'send_text' is missing; write it like "
        "send_text: {queue: dialing, attempts: 3, backoff: 5s..5m}",
    ),
    "wrong unit": ("timeout: 15s", "timeout: 5x", f"5: dial: timeout: '5x' is no duration; {DURATIONS}"),
    "no unit": ("expires: 10m", "expires: 600", f"5: dial: expires: '600' is no duration; {DURATIONS}"),
    "clock time": ("expires: 10m", "expires: 1:30", f"5: dial: expires: '1:30' is no duration; {DURATIONS}"),
    "value left empty": ("expires: 10m", "expires: ", f"5: dial: expires: '' is no duration; {DURATIONS}"),
    "no patience": (
        "timeout: 15s",
        "timeout: 0s",
        "5: dial: timeout: 0s is out of bounds; write 100ms to 10m",
    ),
    "too much patience": (
        "timeout: 15s",
        "timeout: 1h",
        "5: dial: timeout: 1h is out of bounds; write 100ms to 10m",
    ),
    "expires before a request ends": (
        "expires: 10m",
        "expires: 15s",
        "5: dial: expires: 15s is over before one request of 15s is; write more than 15s",
    ),
    "expires before a second attempt": (
        "timeout: 15s, expires: 10m",
        "expires: 5s",
        "5: dial: expires: 5s is over before a second attempt; write more than 5s, or attempts: 1",
    ),
    "back-off is one duration": ("5s..5m", "5s", f"5: dial: backoff: '5s' is no back-off; {BACKOFFS}"),
    "back-off runs backwards": ("5s..5m", "5m..5s", "5: dial: backoff: 5m..5s runs backwards; write 5s..5m"),
    "back-off in a wrong unit": ("5s..5m", "5s..5x", f"5: dial: backoff: '5x' is no duration; {DURATIONS}"),
    "back-off from nothing": (
        "5s..5m",
        "0s..5m",
        "5: dial: backoff: 0s is out of bounds; write 100ms to 366d",
    ),
    "no attempt": (
        "attempts: 3",
        "attempts: 0",
        "5: dial: attempts: '0' will not do; write a whole number from 1 to 1000",
    ),
    "half an attempt": (
        "attempts: 3",
        "attempts: 2.5",
        "5: dial: attempts: '2.5' will not do; write a whole number from 1 to 1000",
    ),
    # pipelines
    "misspelt follower": (
        "    - send_text",
        "    - send_txt",
        "11: message.created: no actor 'send_txt'; did you mean 'send_text'?",
    ),
    "follower the code does not know": (
        "    - send_text",
        "    - send_text\n    - juggle",
        "12: message.created: no actor 'juggle'; possible here: dial, send_text, sweep",
    ),
    "misspelt event": (
        "message.sent",
        "message.sentt",
        "12: pipelines: no event 'message.sentt'; did you mean 'message.sent'?",
    ),
    "event is missing": (
        "  message.sent: []\n",
        "",
        "8: pipelines: 'message.sent' is missing; write it like message.sent: []",
    ),
    "event without the ids": (
        "message.sent: []",
        "message.sent: [dial]",
        "12: message.sent: 'dial' needs bridge_id, but the event carries message_id; "
        "actors that can follow it: none",
    ),
    "event with other ids": (
        "[dial]",
        "[dial, send_text]",
        "9: call.requested: 'send_text' needs text_id, but the event carries bridge_id, call_id; "
        "actors that can follow it: dial",
    ),
    "follower twice": (
        "[dial]",
        "[dial, dial]",
        "9: call.requested: 'dial' is in this list twice; leave one of them",
    ),
    # routes
    "misspelt channel": ("  texts: [", "  text: [", "18: routes: no channel 'text'; did you mean 'texts'?"),
    "channel is missing": (
        "  mails: [{use: [simulator]}]\n",
        "",
        "13: routes: 'mails' is missing; write it like mails: [{use: [simulator]}]",
    ),
    "channel nobody carries": (
        "mails: [{use: [simulator]}]",
        "mails: []",
        "19: mails: nobody carries this; write at least one route like [{use: [simulator]}]",
    ),
    "misspelt provider": (
        "- {use: [simulator], shown",
        "- {use: [simulater], shown",
        "17: voice: route 3: use: no provider 'simulater'; did you mean 'simulator'?",
    ),
    "provider of other channels": (
        "mails: [{use: [simulator]}]",
        "mails: [{use: [oniondev]}]",
        "19: mails: route 1: use: 'oniondev' does not carry mails; providers that do: simulator",
    ),
    "provider twice": (
        "[oniondev, simulator]",
        "[oniondev, oniondev]",
        "16: voice: route 2: use: 'oniondev' is in this list twice; leave one of them",
    ),
    "nobody to use": (
        "- {use: [simulator], shown",
        "- {use: [], shown",
        "17: voice: route 3: use: nobody is named; providers that carry voice: oniondev, simulator",
    ),
    "route that takes everything too early": (
        '- {prefix: "+91", use',
        "- {use",
        "17: voice: route 3: never reached, as line 16 takes everything; write it above that line",
    ),
    "prefix inside an earlier one": (
        '"+91"',
        '"+91112"',
        "16: voice: route 2: never reached, as line 15 takes every +9111… number; write it above that line",
    ),
    "prefix without plus": (
        '"+91"',
        '"0091"',
        "16: voice: route 2: prefix: '0091' begins no number; write a + and the first digits, like \"+91\"",
    ),
    "prefix for mails": (
        "mails: [{use",
        'mails: [{prefix: "+91", use',
        "19: mails: route 1: prefix: only voice and texts go to phone numbers; take it out",
    ),
    "masking number": (
        '"+15550100"',
        "5550100",
        "15: voice: route 1: shown: '5550100' is no phone number; "
        'write it like "+15550100", without blanks',
    ),
    "price without a currency": (
        'shown: "+15550103"',
        'shown: "+15550103", price: 0.0079',
        "18: texts: route 1: price: '0.0079' is no price; prices of one segment are written like 0.0079 USD",
    ),
    "price of a call": (
        "rate: 600/m}",
        "rate: 600/m, price: 0.01 EUR}",
        "15: voice: route 1: price: only texts have segments to pay for; take it out",
    ),
    # reminders and periodic actors
    "reminders out of order": (
        "[24h, 15m, 0m]",
        "[15m, 24h]",
        "23: call: 1d stands after 15m; write the longest first",
    ),
    "reminder twice": (
        "[24h, 15m, 0m]",
        "[60m, 1h]",
        "23: call: 1h is in this list twice; leave one of them",
    ),
    "reminders of what nobody knows": (
        "  call: [24h, 15m, 0m]",
        "  cal: [24h, 15m, 0m]",
        "23: reminders: no kind of reminder 'cal'; did you mean 'call'?",
    ),
    "reminder without unit": ("[24h, 15m, 0m]", "[24h, 0]", f"23: call: '0' is no duration; {DURATIONS}"),
    "period for an actor that needs ids": (
        "  sweep: 30s",
        "  sweep: 30s\n  dial: 30s",
        "26: every: no periodic actor 'dial'; possible here: sweep",
    ),
    "periodic actor without period": (
        "every:\n  sweep: 30s",
        "every: {}",
        "24: every: 'sweep' is missing; write it like sweep: 1h",
    ),
    "no period": ("sweep: 30s", "sweep: 0s", "25: sweep: 0s is out of bounds; write 1s to 366d"),
    # not YAML
    "tab": (
        "  sms: {threads: 4}",
        "\tsms: {threads: 4}",
        "3: this is not YAML: found character '\\t' that cannot start any token; "
        "indent with blanks, not with tabs",
    ),
    "bracket left open": (
        "  sweep: 30s\n",
        "  sweep: [30s\n",
        "25: this is not YAML: expected ',' or ']', but got '<stream end>' "
        "(while parsing a flow sequence that begins on line 25)",
    ),
    "unknown alias": ("[dial]", "*dial", "9: this is not YAML: found undefined alias 'dial'"),
    "impossible character": ("[dial]", '["\\UFFFFFFFF"]', None),
    "control character": ("[dial]", "[\x07]", "9: character 0x07 is not allowed in YAML; take it out"),
}


@pytest.mark.parametrize(("written", "instead", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_a_sentence_with_its_line(
    written: str, instead: str, said: str | list[str] | None
) -> None:
    assert FILE.count(written) >= 1

    found = problems(FILE.replace(written, instead, 1))

    if said is None:
        assert [one[:35] for one in found] == ["pipelines.yaml:9: this is not YAML:"]
    else:
        expected = said if isinstance(said, list) else [said]
        assert found == [f"pipelines.yaml:{one}" for one in expected]


def test_all_mistakes_are_shown_at_once_in_order_of_lines() -> None:
    content = FILE.replace("5s..5m", "soon").replace("- send_text", "- send_txt").replace("0m]", "never]")

    assert [one.split(":")[1] for one in problems(content)] == ["5", "11", "23"]


def test_the_error_shows_one_mistake_per_line() -> None:
    found = problems(FILE.replace("threads: 4", "threads: x").replace("[dial]", "[dail]"))

    with pytest.raises(PipelinesError) as error:
        loaded()

    assert str(error.value) == "\n".join(found)


def test_a_mistake_in_a_shared_part_is_said_for_each_place_that_uses_it() -> None:
    content = FILE.replace("10/s", "&pace 10").replace("600/m", "*pace")

    assert problems(content) == [
        f"pipelines.yaml:2: dialing: rate: '10' is no rate; {RATES}",
        f"pipelines.yaml:15: voice: route 1: rate: '10' is no rate; {RATES}",
    ]


def test_a_name_over_two_lines_does_not_break_the_list_of_mistakes() -> None:
    (named, worked) = problems(FILE.replace("  sms: {", '  "a\\nb": {threads: 4}\n  sms: {', 1))

    assert named.startswith("pipelines.yaml:3: 'a\\nb': 'a\\nb' is no name; ")
    assert worked.startswith("pipelines.yaml:3: 'a\\nb': no actor works in this queue; ")


def test_lines_are_counted_as_an_editor_does() -> None:
    content = FILE.replace("queues:", "# \u2028 \x85\nqueues:").replace("10/s", "10").replace("\n", "\r\n")

    assert problems(content) == [f"pipelines.yaml:3: dialing: rate: '10' is no rate; {RATES}"]


def test_an_empty_file_misses_every_section() -> None:
    assert [one.split(";")[0] for one in problems("")] == [
        f"pipelines.yaml:1: '{section}' is missing"
        for section in ("actors", "every", "pipelines", "queues", "reminders", "routes")
    ]


def test_a_file_that_is_not_there_is_said_so() -> None:
    with pytest.raises(PipelinesError, match=r"^nowhere\.yaml:1: cannot be read: No such file or directory$"):
        loaded("nowhere.yaml")


def test_bytes_that_are_no_utf_8_have_their_line() -> None:
    assert problems(b"queues: {}\n# caf\xe9\n") == [
        "pipelines.yaml:2: this is not UTF-8; save the file as UTF-8"
    ]


def test_a_bottomless_file_is_refused_and_not_fallen_into() -> None:
    (found,) = problems("queues: " + "[" * 1000)

    assert found.startswith("pipelines.yaml:1: this is not YAML: ")
