"""What people write back: STOP and START in their languages, kept and confirmed once; 1, 2 and 3 to alarms."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from api.replaying import replay
from models import clock, donotcall
from models.appointments.alarms import Alarm
from models.deliveries import Hook, Text
from models.deliveries.segments import counted
from models.donotcall import DoNotCall, DoNotCallEntry
from models.mentoring import Message
from models.numbers import PhoneNumber
from models.receipts import Receipt
from models.replies import optouts
from models.replies.words import ANSWERS, START, STOP, WISHES, Wish, fold
from tests.api.test_simulator_reports import told
from tests.appointments.planned import AT, Planned
from tests.conformance import holds
from tests.house import MENTEE, MENTOR, NUMBERS, SERVICE, Client, Staff, run_due
from tests.mentoring.racing import Track

PHONE, OURS = "+27123456700", "+15550100"
ONIONDEV = "/comms/onion_dev_message/"


_IDS = itertools.count(1)


def wrote(client: Client, body: str, *, number: str = PHONE, message: str = "") -> Any:
    """Somebody has texted us, as the carrier reports."""
    data = {"id": message or f"mo-{next(_IDS)}", "from": number, "to": OURS, "body": body}
    return told(client, "text.received", data).json["outcome"]


def confirmations() -> list[Text]:
    return list(Text.select().where(Text.origin == "opt_out").order_by(Text.id))


SAID = [
    ("STOP", "en"), ("stop", "en"), (" Stop. ", "en"), ("“STOP!”", "en"), ("ＳＴＯＰ", "en"), ("s\u200btop", "en"),
    ("STOP\nALL", "en"), ("StopAll", "en"), ("UNSUBSCRIBE", "en"), ("end", "en"), ("Quit", "en"), ("CANCEL", "en"),
    ("opt-out", "en"), ("ARRET", "fr"), ("Arrêt", "fr"), ("ARRE\u0302T", "fr"), ("STOPP", "de"), ("baja", "es"),
    ("ALTO", "es"), ("Sair", "pt"), ("СТОП", "ru"), ("Отписаться", "ru"), ("توقف", "ar"), ("توقّف", "ar"),
    ("إيقاف", "ar"), ("停止", "zh"), ("退订", "zh"), ("TD", "zh"),
    ("हटाओ", "hi"), ("हटाओ।", "hi"), ("बंद करो", "hi"), ("הסר", "he"),
    ("配信停止", "ja"), ("수신거부", "ko"), ("AVSLUTA", "sv"), ("🛑 stop 🛑", "en"), ("\u202estop\u202c", "en"),
]  # fmt: skip


@holds("opt-out: words of several languages, when they are the whole text", "opt-out: proof is kept")
@pytest.mark.parametrize(("body", "language"), SAID, ids=[ascii(body) for body, _ in SAID])
def test_who_writes_stop_in_his_language_is_left_alone(client: Client, body: str, language: str):
    assert wrote(client, body) == "done"

    kept, receipt = DoNotCallEntry.get(), Receipt.get()
    assert donotcall.refused(PHONE)
    assert (kept.done, kept.source, kept.language) == ("added", "text", language)
    assert kept.proof == f"receipt {receipt.id}: {body.strip()}"
    assert abs(kept.at - clock.now()) < timedelta(minutes=1)
    assert (receipt.outcome, receipt.about) == ("done", "")


@pytest.mark.parametrize(
    "body",
    ["stop it please", "Don't stop", "please STOP", "stopped", "Let's end here", "нестоп", "no", "1", "", "?!", "acha",
     "I will be at the bus stop", "stop " * 20, "s t o p"],
)  # fmt: skip
def test_who_says_more_than_the_word_or_something_else_is_not(client: Client, body: str):
    assert wrote(client, body) == "unmatched"
    assert DoNotCallEntry.select().count() == 0


@holds("opt-out: confirmed by one text", "opt-in: lifts it")
def test_each_change_is_confirmed_by_one_text_from_the_number_he_wrote_to(client: Client):
    for body in ("stop", "STOP", "quit", "Start", "start", "unstop"):
        wrote(client, body)

    assert [(text.to.e164(), text.sender, text.body) for text in confirmations()] == [
        (
            PHONE,
            OURS,
            "Trunkline: you will get no more calls or texts from us. To get them again, text START.",
        ),
        (PHONE, OURS, "Trunkline: you may get calls and texts from us again. To end them, text STOP."),
    ]
    assert [row.done for row in DoNotCallEntry.select().order_by(DoNotCallEntry.id)] == [
        "added", "added", "added", "lifted",
    ]  # fmt: skip
    assert not donotcall.refused(PHONE)


def test_the_same_report_again_is_heeded_once(client: Client):
    for _ in range(3):
        wrote(client, "STOP", message="mo-same")
    assert (DoNotCallEntry.select().count(), len(confirmations())) == (1, 1)


def test_reports_at_once_confirm_once(client: Client):
    ours = Client()
    with Track(4) as track:
        for turn in range(5):
            jobs = [partial(wrote, ours, "STOP", message=f"mo-{turn}-{lane % 2}") for lane in range(4)]
            assert set(track.race(*jobs)) == {"done"}
            donotcall.lift(PHONE, "test")
    assert len(confirmations()) == 5
    assert DoNotCallEntry.select().where(DoNotCallEntry.done == "added").count() == 10


@pytest.mark.pipeline
def test_the_confirmation_arrives_and_nothing_else_does(client: Client, staff: Staff, carrier: Any):
    client.post("/mentor/message/", {"content": "Are you there?"})
    wrote(client, "STOP", number=NUMBERS[MENTEE])
    run_due()
    assert [(one["to"], one["body"][:10]) for one in carrier.log("text")] == [(NUMBERS[MENTEE], "Trunkline:")]
    assert Message.get_by_id(1).state == "failed"


@holds("opt-out: a mentor still reads it")
@pytest.mark.parametrize("body", ["STOP", "START", "1", "yes"])
def test_a_mentor_reads_what_his_mentee_wrote(client: Client, staff: Staff, body: str):
    assert wrote(client, body, number=NUMBERS[MENTEE]) == "done"
    message = Message.get()
    assert (message.content, message.recipient_id, message.state) == (body, staff.mentor.id, "received")
    assert Receipt.get().about == f"message:{message.id}"
    assert donotcall.refused(NUMBERS[MENTEE]) == (body == "STOP")


@pytest.mark.parametrize("sender", ["INFO", "12345", "+1", "0", "+" + "9" * 16])
def test_names_and_short_codes_opt_nobody_out(client: Client, sender: str):
    wrote(client, "STOP", number=sender)
    assert (DoNotCall.select().count(), confirmations()) == (0, [])


@holds("opt-out: STOP is believed of anybody, START only of the carrier")
def test_only_the_carrier_is_believed_that_somebody_wants_to_be_called_again(client: Client, staff: Staff):
    def reported(body: str, by: str, number: str = NUMBERS[MENTEE]) -> int:
        return client.post(ONIONDEV, {"mobile": number, "text": body}, user=by).status_code

    assert reported("STOP", by=MENTOR) == 201
    assert donotcall.refused(NUMBERS[MENTEE])
    assert reported("START", by=MENTOR) == 201  # his mentor reads it, and that is all
    assert donotcall.refused(NUMBERS[MENTEE])
    assert reported("START", by=SERVICE) == 201
    assert not donotcall.refused(NUMBERS[MENTEE])

    assert reported("STOP", by=MENTOR, number=PHONE) == 400
    assert not donotcall.refused(PHONE)
    assert reported("hello", by=SERVICE, number=PHONE) == 400
    assert reported("1", by=SERVICE, number=PHONE) == 400  # no alarm waits for that
    assert reported("STOP", by=SERVICE, number=PHONE) == 201
    assert donotcall.refused(PHONE)


# Alarms.


def texted(alarm: Alarm, number: int = 1, to: str = PHONE, **more: Any) -> Text:
    """The alarm has been sent as a text."""
    row = {
        "reference": f"alarm:{alarm.id}:{number}",
        "origin": "alarm",
        "origin_id": alarm.id,
        "status": "sent",
    }
    return Text.create(**{**row, "to": PhoneNumber.parse(to), "body": "9 o'clock. 1 yes, 2 no", **more})  # type: ignore[no-any-return]  # Peewee is untyped


def waiting(planned: Planned, **more: Any) -> Alarm:
    return Alarm.create(  # type: ignore[no-any-return]  # Peewee is untyped
        event=planned.mine.event, alarm_phonenumber=PHONE, method=2, date_start_notice=AT, **more
    )


def result(alarm: Alarm) -> int:
    return int(Alarm.get_by_id(alarm.id).result)


ANSWERED = [
    ("1", 1), ("2", 2), ("3", 3), (" 1. ", 1), ("(2)", 2), ("１", 1), ("٢", 2), ("३", 3), ("Yes!", 1), ("ok", 1),
    ("No", 2), ("cancel", 2), ("later", 3), ("Oui", 1), ("Sí", 1), ("não", 2), ("Да", 1),
    ("нет", 2), ("نعم", 1), ("لا", 2),
    ("हाँ", 1), ("नहीं", 2), ("是", 1), ("いいえ", 2), ("später", 3), ("Ndiyo", 1), ("IPTAL", 2), ("İptal", 2),
]  # fmt: skip


@holds("reply: 1, 2, 3 or a word answers the latest alarm that waits")
@pytest.mark.parametrize(("body", "means"), ANSWERED, ids=[ascii(body) for body, _ in ANSWERED])
def test_a_reply_is_the_alarms_result(client: Client, planned: Planned, body: str, means: int):
    alarm = waiting(planned)
    texted(alarm)
    assert wrote(client, body) == "done"
    assert result(alarm) == means
    assert Receipt.get().about == f"alarm:{alarm.id}:1"
    assert not donotcall.refused(PHONE)  # not even by CANCEL: an alarm waited for that


@pytest.mark.parametrize("body", ["4", "0", "11", "12", "1 2", "maybe", "yes please", "one"])
def test_anything_else_is_no_answer(client: Client, planned: Planned, body: str):
    alarm = waiting(planned)
    texted(alarm)
    assert wrote(client, body) == "unmatched"
    assert result(alarm) == 0


def test_answers_go_to_the_latest_that_waits_then_to_the_one_before(client: Client, planned: Planned):
    first, second, third = (waiting(planned) for _ in range(3))
    for alarm in (first, second, third):
        texted(alarm)
    Alarm.update(result=2).where(Alarm.id == third.id).execute()

    for body in ("1", "3", "1"):
        wrote(client, body)

    assert [result(alarm) for alarm in (first, second, third)] == [3, 1, 2]
    assert Receipt.select().where(Receipt.outcome == "unmatched").count() == 1


@pytest.mark.parametrize("to", ["27123456700", "+27 (12) 345-6700", "+27-12-345-67-00"])
def test_a_number_spelled_otherwise_is_the_same_phone(client: Client, planned: Planned, to: str):
    alarm = waiting(planned)
    texted(alarm, to=to)
    wrote(client, "1", number="27123456700")
    assert result(alarm) == 1


def test_nobody_answers_for_another_phone(client: Client, planned: Planned):
    alarm = waiting(planned)
    texted(alarm, to="+27123456701")
    wrote(client, "1")
    assert result(alarm) == 0


@pytest.mark.parametrize(("status", "heard"), [
    ("queued", False), ("failed", False), ("expired", False), ("sending", True), ("sent", True), ("delivered", True),
    ("unknown", True),
])  # fmt: skip
def test_only_what_may_have_arrived_is_answered(client: Client, planned: Planned, status: str, heard: bool):
    alarm = waiting(planned)
    texted(alarm, status=status)
    wrote(client, "1")
    assert result(alarm) == int(heard)


@holds("reply: within a stated time")
def test_a_day_later_it_is_no_answer(client: Client, planned: Planned):
    day = timedelta(hours=24)
    old, new = waiting(planned), waiting(planned)
    texted(new, created_at=clock.now() - day + timedelta(minutes=1))
    texted(old, created_at=clock.now() - day - timedelta(minutes=1))
    wrote(client, "1")
    wrote(client, "1")
    assert (result(old), result(new)) == (0, 1)


def test_a_reply_that_is_taken_again_answers_nothing_that_was_said_after_it(
    client: Client, planned: Planned, jump: Callable[[float], None]
):
    assert wrote(client, "1") == "unmatched"
    jump(60)
    alarm = waiting(planned)
    texted(alarm)

    assert replay(Receipt.get().id) == ("unmatched", "")
    assert result(alarm) == 0
    wrote(client, "1")
    assert result(alarm) == 1


@holds("reply: the customer's own system is told")
@pytest.mark.parametrize(("body", "url"), [("1", "confirm"), ("2", "cancel"), ("3", None)])
def test_the_customers_own_system_is_told_once(client: Client, planned: Planned, body: str, url: str | None):
    addresses = {"url_confirm": "https://x.example/confirm", "url_cancel": "https://x.example/cancel"}
    texted(waiting(planned, **addresses))
    for _ in range(2):
        wrote(client, body, message="mo-same")
    assert [hook.url.rpartition("/")[2] for hook in Hook.select()] == ([url] if url else [])


@holds("reply: once")
def test_replies_at_once_answer_one_alarm_each(client: Client, planned: Planned):
    ours = Client()
    with Track(4) as track:
        for turn in range(5):
            alarms = [waiting(planned) for _ in range(3)]
            for alarm in alarms:
                texted(alarm)
            jobs = [partial(wrote, ours, str(lane % 3 + 1), message=f"mo-{turn}-{lane}") for lane in range(3)]
            again = partial(wrote, ours, "1", message=f"mo-{turn}-0")
            track.race(*jobs, again)
            assert sorted(result(alarm) for alarm in alarms) == [1, 2, 3]


# Words.


@pytest.mark.parametrize("fold_again", [str.upper, str.title, lambda word: f" “{word}”. "])
def test_every_word_is_found_however_it_is_written(fold_again: Callable[[str], str]):
    for word in (*WISHES, *ANSWERS):
        assert fold(fold_again(word)) == word


def test_no_word_means_two_things_but_cancel():
    assert set(WISHES) & set(ANSWERS) == {"cancel", "cancelar"}
    stops = {word for word, wish in WISHES.items() if wish.kind == STOP}
    starts = {word for word, wish in WISHES.items() if wish.kind == START}
    assert not stops & starts
    assert stops | starts == set(WISHES)
    assert not [word for word in (*WISHES, *ANSWERS) if not word or len(word) > 30]


def test_confirmations_are_short_and_name_the_word_that_undoes_them():
    for kind, undo in ((STOP, "START"), (START, "STOP")):
        for language in {wish.language for wish in WISHES.values()}:
            text = optouts.confirming(Wish(kind, language))
            assert undo in text
            assert "Trunkline" in text
            assert counted(text).parts <= 2, text


@pytest.mark.parametrize(
    "body", ["\0stop", "stop\0", "\ud83d", "é" * 60, "\u0301" * 50, "x" * 100_000, "\u202e" * 60]
)
def test_odd_texts_break_nothing(body: str):
    assert fold(body) in ("", "stop", fold("é" * 60))
