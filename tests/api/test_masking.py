"""Nobody learns the other's number, name or mail address: not from an answer, a push, an event, a log or a metric."""

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from models import logs, settings
from models.deliveries import Push
from models.ledger import LedgerRow
from models.mentoring import notices
from models.numbers import PhoneNumber
from models.people import Contact, User
from tests.api.calls_at_work import FAILURE, REPORT, dialled, pressed, reported
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, SERVICE, STRANGER, Client, Staff, run_due

# Digits and words that occur nowhere else.
SECRETS = {
    MENTOR: ("+27 83-916 4275", "zwxmentor", "zwxmentor@mail.example", "Qwomentor"),
    MENTEE: ("+27 61 738 5092", "zwxmentee", "zwxmentee@mail.example", "Qwomentee"),
    STRANGER: ("+44 7946-821530", "zwxother", "zwxother@mail.example", "Qwoother"),
    "theo": ("+44 7359 164802", "zwxtheo", "zwxtheo@mail.example", "Qwotheo"),
}
RECORDING = "https://recordings.example/zwxrecording.mp3"


def _parts(number: str) -> set[str]:
    """Every run of four digits in a number."""
    digits = re.sub(r"\D", "", number)
    return {digits[at : at + 4] for at in range(len(digits) - 3)}


def _secrets_of(*names: str) -> set[str]:
    words = {RECORDING, "zwxrecording"}
    for name in names:
        number, username, mail, first_name = SECRETS[name]
        words |= {number, username, mail, first_name, *_parts(number)}
    return words


@dataclass
class Listener:
    """A person at the API, who notes down everything he is told."""

    client: Client
    name: str
    heard: list[str] = field(default_factory=list)

    def ask(self, verb: str, path: str, body: Any = None) -> Any:
        username = SECRETS[self.name][1] if self.name in SECRETS else self.name
        answer = self.client.ask(verb, path, body, user=username)
        assert answer.status_code < 500, (verb, path)
        # Times, spans in seconds and trace ids are no leak, whatever their digits.
        told = (answer.text + repr(sorted(answer.headers.items()))).replace(answer.headers["x-trace"], "")
        told = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d{1,9}\.\d+", "", told)
        self.heard.append(f"{verb} {path}: {told}")
        return answer

    def heard_of(self, *names: str) -> list[str]:
        secrets = _secrets_of(*names)
        return [line for line in self.heard if any(secret.lower() in line.lower() for secret in secrets)]


@pytest.fixture
def people(staff: Staff, client: Client) -> Staff:
    """The four people with what nobody may see; a call that was talked, one that failed, and messages both ways."""
    contacts = {
        MENTOR: staff.mentor,
        MENTEE: staff.mentee,
        STRANGER: staff.stranger,
        "theo": staff.other_mentee,
    }
    for name, (text, username, mail, first_name) in SECRETS.items():
        number = PhoneNumber.parse(text)
        Contact.update(contact_number=number, msisdn=number.msisdn).where(
            Contact.id == contacts[name].id
        ).execute()
        User.update(username=username, email=mail, first_name=first_name, last_name=first_name).where(
            User.username == name
        ).execute()
    mentor, stranger = SECRETS[MENTOR][1], SECRETS[STRANGER][1]
    talked, failed = pressed(client, user=mentor), pressed(client, user=mentor)
    dialled(talked), dialled(failed, "sc-2")
    dialled(pressed(client, user=stranger), "sc-3")
    numbers = {"handler": SECRETS[MENTOR][0], "beneficiary": SECRETS[MENTEE][0], "recordingUrl": RECORDING}
    assert reported(client, REPORT, **numbers).status_code == 200
    assert (
        reported(
            client, FAILURE, **{**numbers, "scheduledCallId": "sc-2", "conversationId": "24"}
        ).status_code
        == 200
    )
    client.post("/mentor/message/", {"content": "hello"}, user=mentor)
    client.post("/mentor/message/", {"content": "theirs"}, user=stranger)
    client.post(
        "/comms/onion_dev_message/", {"mobile": SECRETS[MENTEE][0], "text": "hello back"}, user=SERVICE
    )
    return staff


READS = ["/mentor/call/", "/mentor/message/", "/mentor/event/", "/comms/call/", "/comms/message/", "/mentor/mentee",
         "/mentor/mentor", "/docs/", "/health", "/metrics"]  # fmt: skip


def _look_at_everything(person: Listener) -> None:
    for path in READS:
        person.ask("GET", path)
        for number in range(1, 9):
            person.ask("GET", f"{path.rstrip('/')}/{number}/")


def _do_everything(person: Listener) -> None:
    bodies: list[Any] = [{"content": "hi"}, {"content": ""}, {"content": "hi", "recipient_id": 4}, {}]
    for body in bodies:
        person.ask("POST", "/mentor/message/", body)
    for verb, path in (
        ("POST", "/mentor/call/"), ("PUT", "/mentor/call/1/"), ("PUT", "/comms/call/2/"), ("PATCH", "/comms/call/1/"),
        ("PUT", "/mentor/call/3/"), ("DELETE", "/mentor/call/1/"), ("POST", "/mentor/event/"),
    ):  # fmt: skip
        person.ask(verb, path)
    for body in (
        {**REPORT, "handler": "x"},
        {**REPORT, "scheduledCallId": "sc-3", "conversationId": "23", "handler": "x"},
        {},
    ):
        body.pop("recordingUrl", None)
        person.ask("POST", "/comms/onion_dev_call_end/", body)
    person.ask("POST", "/comms/onion_dev_message/", {"mobile": "4915100000", "text": "hi"})
    person.ask("POST", "/comms/message/", {"sender_contact": "1", "recipient_contact": "2", "content": "x"})


@pytest.mark.parametrize(
    ("name", "others"),
    [
        (MENTOR, (MENTEE, STRANGER, "theo")),
        (MENTEE, (MENTOR, STRANGER, "theo")),
        (STRANGER, (MENTOR, MENTEE, "theo")),
    ],
)
@holds("another's number is hidden in everything", "M-7")
def test_nothing_a_mentor_or_mentee_is_told_gives_another_away(
    client: Client, people: Staff, name: str, others: tuple[str, ...]
) -> None:
    person = Listener(client, name)

    _do_everything(person)
    _look_at_everything(person)

    assert person.heard_of(*others) == []
    own = _parts(SECRETS[name][0])
    assert any(part in line for line in person.heard for part in own), "he sees his own number"


def test_a_mentees_number_may_be_used_to_hand_in_a_message_but_is_masked_in_the_answer(
    client: Client, people: Staff
) -> None:
    body = {"sender_contact": SECRETS[MENTEE][0], "recipient_contact": SECRETS[MENTOR][0], "content": "x"}

    answer = client.post("/comms/message/", body, user=SECRETS[MENTOR][1])

    assert (answer.status_code, answer.json["sender_contact"]) == (201, f"hidden:{people.mentee.id}")


@pytest.mark.parametrize("name", [ADMIN, SERVICE])
def test_the_back_office_sees_numbers_where_it_may_and_passwords_nowhere(
    client: Client, people: Staff, name: str
) -> None:
    office = Listener(client, name)

    _look_at_everything(office)

    heard = "\n".join(office.heard)
    assert all(SECRETS[who][0] in heard for who in (MENTOR, MENTEE))
    assert RECORDING in heard
    assert "argon2" not in heard
    for who in SECRETS:  # names and mail addresses are for those who manage people
        assert (SECRETS[who][1] in heard) == (name == ADMIN)


def test_pushes_and_the_ledger_hold_no_number_name_or_text(client: Client, people: Staff) -> None:
    Contact.update(device_token=Contact.id.cast("TEXT")).where(Contact.kind == "mentor").execute()
    owed = json.dumps([{**row, "trace": ""} for row in LedgerRow.select().dicts()], default=str)
    LedgerRow.delete().where(LedgerRow.name.in_(("dial", "send_text"))).execute()
    LedgerRow.update(expires_at=None).execute()
    while LedgerRow.select().where(LedgerRow.name != "send_push").exists():
        LedgerRow.delete().where(LedgerRow.name == "send_push").execute()
        assert run_due()

    pushed = json.dumps(list(Push.select(Push.title, Push.body, Push.data, Push.reference).dicts()))

    assert Push.select().count() == 3
    for secret in {*_secrets_of(*SECRETS), "hello back"}:
        assert secret not in pushed
        assert secret not in re.sub(r"\d{4}-\d\d-\d\d [\d:.+]+", "", owed)


def test_logs_of_everything_even_of_our_own_bugs_show_no_number(
    client: Client, people: Staff, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.use(replace(settings.current(), log_level="DEBUG"))
    logs.configure("tests")
    for name in (MENTOR, MENTEE, ADMIN):
        _do_everything(Listener(client, name))
        _look_at_everything(Listener(client, name))

    monkeypatch.setattr(Contact, "by_number", classmethod(_broken))
    broken = client.post(
        "/comms/onion_dev_message/", {"mobile": SECRETS[MENTEE][0], "text": "x"}, user=SERVICE
    )

    told = capsys.readouterr().err
    assert (broken.status_code, list(broken.json)) == (500, ["detail"])
    assert "request.broken" in told
    told = re.sub(r'"(at|trace)": ?"[^"]*"|\.py:\d+', "", told)
    assert [secret for secret in _secrets_of(*SECRETS) if secret in told + broken.text] == []


def test_a_command_that_failed_for_good_keeps_no_number_in_its_error(
    client: Client, people: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(message_id: int) -> None:
        raise RuntimeError(
            f"cannot push {message_id} to {SECRETS[MENTOR][0]} or {PhoneNumber(SECRETS[MENTEE][0])}"
        )

    monkeypatch.setattr(notices, "about_message", broken)
    LedgerRow.delete().where(LedgerRow.name != "notify_message").execute()
    LedgerRow.update(tries=99).execute()

    run_due()

    dead = LedgerRow.get()
    assert (dead.state, "cannot push" in dead.error) == ("dead", True)
    assert [secret for secret in _secrets_of(*SECRETS) if secret in re.sub(r"\.py:\d+", "", dead.error)] == []


def _broken(_cls: type[Contact], text: str) -> Contact:
    raise RuntimeError(f"cannot find {text}")
