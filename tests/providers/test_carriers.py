"""The contract: whatever the carrier, the same thing happening to it means the same thing to us."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from providers.errors import NoAnswer, Rejected, Unavailable
from providers.exchange import Exchange
from providers.simulator import Simulator
from tests.providers.box import Box
from tests.providers.carriers import CASES, SMS, Case

every_carrier = pytest.mark.parametrize("case", CASES, ids=str)
every_askable = pytest.mark.parametrize("case", [case for case in CASES if case.askable], ids=str)
PROMPT = 5.0
SHORT = 0.05


def _http(status: int, body: bytes = b"{}") -> bytes:
    return b"HTTP/1.1 %d Whatever\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


@every_carrier
def test_what_is_accepted_stands_in_the_log_once_and_unchanged(
    case: Case, exchange: Exchange, box: Box
) -> None:
    receipt = case.ask(case.make(exchange.url), "ref:1", PROMPT)

    (entry,) = box.log()
    assert (entry["channel"], entry["reference"], entry["id"]) == (case.channel, "ref:1", receipt.provider_id)
    assert {name: entry[name] for name in case.logged} == case.logged


@every_carrier
def test_a_refusal_is_for_good(case: Case, exchange: Exchange, box: Box) -> None:
    box.fault("refuse")

    with pytest.raises(Rejected):
        case.ask(case.make(exchange.url), "ref:1", PROMPT)
    assert box.log() == []


@every_carrier
def test_a_carrier_that_stumbles_is_unavailable_and_has_not_taken_it(
    case: Case, exchange: Exchange, box: Box
) -> None:
    box.fault("error")

    with pytest.raises(Unavailable) as caught:
        case.ask(case.make(exchange.url), "ref:1", PROMPT)
    assert not isinstance(caught.value, NoAnswer)
    assert box.log() == []


@every_carrier
def test_a_carrier_that_is_not_there_is_unavailable(case: Case, free_port: int) -> None:
    with pytest.raises(Unavailable) as caught:
        case.ask(case.make(f"http://127.0.0.1:{free_port}"), "ref:1", PROMPT)
    assert not isinstance(caught.value, NoAnswer)


@every_carrier
def test_silence_after_accepting_is_no_answer(case: Case, exchange: Exchange, box: Box) -> None:
    box.fault("timeout_after_accept", seconds=30)

    with pytest.raises(NoAnswer):
        case.ask(case.make(exchange.url), "ref:1", SHORT)
    box.wait_until("/log", lambda _status, body: len(body["requests"]) == 1)


@every_carrier
def test_a_connection_closed_without_a_word_is_no_answer(case: Case, exchange: Exchange, box: Box) -> None:
    box.fault("timeout_after_accept", seconds=0.01)

    with pytest.raises(NoAnswer):
        case.ask(case.make(exchange.url), "ref:1", PROMPT)


@every_carrier
def test_a_slow_carrier_is_waited_for(case: Case, exchange: Exchange, box: Box) -> None:
    box.fault("slow", seconds=0.05)

    receipt = case.ask(case.make(exchange.url), "ref:1", PROMPT)

    assert [entry["id"] for entry in box.log()] == [receipt.provider_id]


@every_carrier
@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_lost_its_carrier_is_no_answer(
    case: Case, status: int, answering: Callable[[bytes], str]
) -> None:
    with pytest.raises(NoAnswer):
        case.ask(case.make(answering(_http(status))), "ref:1", PROMPT)


@every_carrier
@pytest.mark.parametrize("status", [301, 307, 408, 429, 500, 503])
def test_later_means_later(case: Case, status: int, answering: Callable[[bytes], str]) -> None:
    with pytest.raises(Unavailable) as caught:
        case.ask(case.make(answering(_http(status))), "ref:1", PROMPT)
    assert not isinstance(caught.value, NoAnswer)


@every_carrier
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_no_means_no(case: Case, status: int, answering: Callable[[bytes], str]) -> None:
    with pytest.raises(Rejected):
        case.ask(case.make(answering(_http(status))), "ref:1", PROMPT)


@every_carrier
@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"]
)
def test_half_an_answer_is_no_answer(case: Case, answer: bytes, answering: Callable[[bytes], str]) -> None:
    with pytest.raises(NoAnswer):
        case.ask(case.make(answering(answer)), "ref:1", PROMPT)


@every_carrier
def test_a_carrier_that_never_says_a_word_is_no_answer(
    case: Case, answering: Callable[[bytes | None], str]
) -> None:
    with pytest.raises(NoAnswer):
        case.ask(case.make(answering(None)), "ref:1", SHORT)


@every_carrier
def test_an_id_that_is_a_number_is_taken_as_text(case: Case, answering: Callable[[bytes], str]) -> None:
    yes = _http(200, b'{"%s": 123}' % case.id_field.encode())

    assert case.ask(case.make(answering(yes)), "ref:1", PROMPT).provider_id == "123"


@every_carrier
def test_what_a_carrier_says_is_told_without_the_numbers_in_it(
    case: Case, answering: Callable[[bytes], str]
) -> None:
    said = b'{"detail": "no route to +91 98123-45678, 919887654321 or (981) 234.5678"}'

    with pytest.raises(Rejected) as caught:
        case.ask(case.make(answering(_http(400, said))), "ref:1", PROMPT)
    assert "no route to" in str(caught.value)
    assert sum(character.isdigit() for character in str(caught.value)) == len("400")


@pytest.mark.parametrize(
    "text", ["Meet me “behind” the\nold mill at six", "मिलते हैं पुरानी चक्की के पीछे", "at six"]
)
@pytest.mark.parametrize("repeated", ["{}", "too long: '{}' ({})", "{}{}"])
def test_what_people_write_is_not_repeated_from_a_carriers_answer(
    text: str, repeated: str, answering: Callable[[bytes], str]
) -> None:
    for told in (text, json.dumps(text)):
        said = repeated.format(told, told).encode()
        with pytest.raises(Rejected, match="simulator said 400") as caught:
            Simulator(answering(_http(400, said))).send(
                replace(SMS, body=text), reference="ref:1", timeout=PROMPT
            )
        words = {*text.split(), *json.dumps(text)[1:-1].split()}
        assert [word for word in words if len(word) > 4 and word in str(caught.value)] == []


def test_what_a_carrier_says_of_its_own_is_told_whatever_was_sent(answering: Callable[[bytes], str]) -> None:
    carrier = Simulator(answering(_http(400, b"the sender is not registered at this number")))

    with pytest.raises(Rejected, match="the sender is not registered at this number"):
        carrier.send(replace(SMS, body="my number is not here"), reference="ref:1", timeout=PROMPT)


@every_askable
def test_a_carrier_finds_what_it_took_and_only_that(case: Case, exchange: Exchange, box: Box) -> None:
    carrier = case.make(exchange.url)
    box.fault("timeout_after_accept", seconds=30, times=1)
    with pytest.raises(NoAnswer):
        case.ask(carrier, "ref:1", SHORT)
    box.wait_until("/log", lambda _status, body: len(body["requests"]) == 1)

    assert carrier.find(case.channel, "ref:1", timeout=PROMPT).provider_id == box.log()[0]["id"]
    assert carrier.find(case.channel, "ref:2", timeout=PROMPT) is None


@every_askable
@pytest.mark.parametrize("kind", ["slow", "hang"])
def test_a_request_under_way_is_neither_found_nor_never_seen(
    case: Case, kind: str, exchange: Exchange, box: Box
) -> None:
    carrier = case.make(exchange.url)
    box.fault(kind, seconds=60)
    with pytest.raises(NoAnswer):
        case.ask(carrier, "ref:1", SHORT)
    box.wait_until(f"/find?channel={case.channel}&reference=ref:1", lambda status, _body: status == 409)

    with pytest.raises(Unavailable, match="409"):
        carrier.find(case.channel, "ref:1", timeout=PROMPT)


@every_askable
def test_what_a_carrier_let_hang_was_never_seen(case: Case, exchange: Exchange, box: Box) -> None:
    carrier = case.make(exchange.url)
    box.fault("hang", seconds=0.02)

    with pytest.raises(NoAnswer):
        case.ask(carrier, "ref:1", PROMPT)

    assert carrier.find(case.channel, "ref:1", timeout=PROMPT) is None
    assert box.log() == []


@every_askable
def test_what_a_slow_carrier_took_after_we_gave_up_is_found(case: Case, exchange: Exchange, box: Box) -> None:
    carrier = case.make(exchange.url)
    box.fault("slow", seconds=0.1)
    with pytest.raises(NoAnswer):
        case.ask(carrier, "ref:1", SHORT)
    box.wait_until("/log", lambda _status, body: len(body["requests"]) == 1)

    assert carrier.find(case.channel, "ref:1", timeout=PROMPT) is not None


@every_askable
def test_from_under_way_to_found_nobody_ever_says_never_seen(
    case: Case, exchange: Exchange, box: Box
) -> None:
    box.fault("slow", seconds=0.03)
    carrier = case.make(exchange.url)
    thread = threading.Thread(target=case.ask, args=(carrier, "ref:1", PROMPT))
    thread.start()
    question = f"/find?channel={case.channel}&reference=ref:1"
    box.wait_until(question, lambda status, _body: status == 409)

    answers = {409}
    while 200 not in answers and len(answers) == 1:
        answers.add(box.ask("GET", question)[0])

    thread.join()
    assert answers == {409, 200}


@every_askable
def test_only_the_carrier_itself_can_say_never_seen(case: Case, answering: Callable[[bytes], str]) -> None:
    somebody_else = answering(_http(404, b'{"title": "404 Not Found"}'))

    with pytest.raises(Unavailable):
        case.make(somebody_else).find(case.channel, "ref:1", timeout=PROMPT)


@every_askable
def test_a_carrier_that_cannot_be_asked_now_is_unavailable(case: Case, free_port: int) -> None:
    with pytest.raises(Unavailable):
        case.make(f"http://127.0.0.1:{free_port}").find(case.channel, "ref:1", timeout=PROMPT)


def test_a_kept_connection_that_was_closed_meanwhile_leaves_nothing_unknown(exchange: Exchange) -> None:
    case = CASES[1]
    carrier = case.make(exchange.url)
    case.ask(carrier, "ref:1", PROMPT)
    exchange.stop()

    with pytest.raises(Unavailable) as caught:
        case.ask(carrier, "ref:2", PROMPT)
    assert not isinstance(caught.value, NoAnswer)


def test_sixty_four_threads_ask_one_carrier_at_once(exchange: Exchange, box: Box) -> None:
    case = CASES[0]
    carrier = case.make(exchange.url)
    box.fault("no_callback")
    threads = [threading.Thread(target=case.ask, args=(carrier, f"ref:{n}", PROMPT)) for n in range(64)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {entry["reference"] for entry in box.log()} == {f"ref:{n}" for n in range(64)}
    assert [entry["n"] for entry in box.log()] == list(range(1, 65))


def test_oniondev_saying_yes_without_a_call_id_has_refused(answering: Callable[[bytes], str]) -> None:
    case = CASES[4]

    with pytest.raises(Rejected, match="scheduled_call_id"):
        case.ask(case.make(answering(_http(200))), "ref:1", PROMPT)


def test_a_text_that_oniondev_takes_without_an_id_goes_by_our_reference(
    answering: Callable[[bytes], str],
) -> None:
    case = CASES[5]

    assert case.ask(case.make(answering(_http(202, b""))), "ref:1", PROMPT).provider_id == "ref:1"


def test_the_simulator_saying_yes_without_an_id_may_have_taken_it(answering: Callable[[bytes], str]) -> None:
    case = CASES[0]

    with pytest.raises(NoAnswer):
        case.ask(case.make(answering(_http(200))), "ref:1", PROMPT)
