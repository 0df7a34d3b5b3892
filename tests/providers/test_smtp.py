"""Mail over SMTP, against real servers: taken, refused now and for good, died on, made to wait, and lied to."""

import base64
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from providers.base import Letter
from providers.errors import NoAnswer, Rejected, Unavailable
from providers.smtp import Smtp
from providers.smtp_line import SmtpLine, TooLate
from tests.conformance import holds
from tests.house import wait_for
from tests.providers.mail_server import HUNG_UP, SILENT, MailServer, certificate, mail_server

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENDER = "Trunkline <calls@trunkline.example>"
ICS = "BEGIN:VCALENDAR\r\nSUMMARY:Zoë\r\nEND:VCALENDAR\r\n"
FILE = ("call.ics", "text/calendar; method=REQUEST; charset=utf-8", base64.b64encode(ICS.encode()).decode())
LETTER = Letter(
    "ann@example.org", "Your call with Zoë", "Grüße,\n.\n..dots\nFrom here", "<p>Grüße &amp; more</p>", (FILE,),
    "https://api.example/unsubscribe/abc",
)  # fmt: skip
BIG = replace(
    LETTER, attachments=(("a.bin", "application/octet-stream", base64.b64encode(bytes(6 * 2**20)).decode()),)
)
PROMPT, SHORT = 10.0, 0.3


@pytest.fixture(scope="module")
def standing() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def server(standing: MailServer) -> MailServer:
    return standing.fresh()


def _smtp(server: MailServer, *, login: str = "", scheme: str = "smtp", **more: Any) -> Smtp:
    return Smtp(server.url(scheme, login), **{"sender": SENDER, "now": lambda: NOON, **more})


def _sent(server: MailServer, letter: Letter, **more: Any) -> EmailMessage:
    _smtp(server, **more).post(letter, reference="N2:7:3", timeout=PROMPT)
    return server.letters[-1]


def _words(part: Any) -> str:
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n")


def _failure(server: MailServer, letter: Letter = LETTER, timeout: float = PROMPT, **more: Any) -> Exception:
    with pytest.raises((Unavailable, Rejected)) as caught:
        _smtp(server, **more).post(letter, reference="N2:7:3", timeout=timeout)
    return caught.value


@holds("§6 from the configured sender", "§6 text and HTML parts")
def test_a_letter_arrives_with_all_that_was_written(server: MailServer) -> None:
    got = _sent(server, LETTER)

    assert (server.taken[0].mail_from, server.taken[0].rcpt_tos) == (
        "calls@trunkline.example",
        ["ann@example.org"],
    )
    assert (got["From"], got["To"], got["Subject"]) == (SENDER, LETTER.to, LETTER.subject)
    assert _words(got.get_body(("plain",))) == LETTER.text
    assert _words(got.get_body(("html",))) == LETTER.html
    (file,) = got.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file["Content-Type"].params["method"]) == (
        "call.ics", "text/calendar", "REQUEST",
    )  # fmt: skip
    assert file.get_payload(decode=True) == ICS.encode()


@holds("§5.15 mail: from_name, FAILURE and retry")
def test_a_letter_of_somebody_else_names_him_and_comes_back_to_us(server: MailServer) -> None:
    got = _sent(server, replace(LETTER, sender="Praxis Dr. Zoë <praxis@clinic.example>"))

    assert str(got["From"]) == '"Praxis Dr. Zoë" <praxis@clinic.example>'
    assert got["Sender"] == "calls@trunkline.example"
    assert got["Message-ID"].endswith("@trunkline.example>")
    assert server.taken[0].mail_from == "calls@trunkline.example"


@pytest.mark.parametrize("sender", ["calls@trunkline.example", "Clinic <calls@trunkline.example>"])
def test_a_letter_of_ours_has_no_other_sender(server: MailServer, sender: str) -> None:
    got = _sent(server, replace(LETTER, sender=sender))

    assert (str(got["From"]), got["Sender"]) == (sender, None)


@pytest.mark.parametrize(
    "sender", ["A\r\nBcc: eve@example.org <a@example.org>", 'A" <eve@e.org>, "B <a@example.org>']
)
def test_nobody_else_hears_of_a_letter_whatever_its_senders_name(server: MailServer, sender: str) -> None:
    got = _sent(server, replace(LETTER, sender=sender))

    assert (got["Bcc"], server.taken[-1].rcpt_tos) == (None, ["ann@example.org"])
    assert [one.addr_spec for one in got["From"].addresses] == ["a@example.org"]


@pytest.mark.parametrize(
    "sender", ["Praxis", "<>", "a@example.org\r\nBcc: eve@example.org", "A <a b@example.org>"]
)
def test_who_cannot_be_written_back_to_sends_no_letter(server: MailServer, sender: str) -> None:
    assert isinstance(_failure(server, replace(LETTER, sender=sender)), Rejected)
    assert server.taken == []


def test_a_letter_says_when_it_was_written_that_no_person_did_and_how_to_end_such_letters(
    server: MailServer,
) -> None:
    got = _sent(server, LETTER)

    assert got["Date"].datetime == NOON
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == "<https://api.example/unsubscribe/abc>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_letter_that_nobody_may_end_does_not_say_how(server: MailServer) -> None:
    got = _sent(server, replace(LETTER, unsubscribe=""))

    assert [name for name in got if name.startswith("List-")] == []


def test_what_is_only_text_has_one_part(server: MailServer) -> None:
    got = _sent(server, Letter("ann@example.org", "Hi", "text"))

    assert (got.get_content_type(), _words(got)) == ("text/plain", "text")


def test_the_reference_is_the_message_id_and_the_receipt_at_every_attempt(server: MailServer) -> None:
    carrier = _smtp(server)

    receipts = [carrier.post(LETTER, reference="N2:7:3", timeout=PROMPT) for _ in range(2)]

    assert {receipt.provider_id for receipt in receipts} == {"<N2.7.3@trunkline.example>"}
    assert {letter["Message-ID"] for letter in server.letters} == {"<N2.7.3@trunkline.example>"}


def test_no_two_references_have_one_message_id(server: MailServer) -> None:
    references = ["N2:7:3", "N2.7:3", "N2:7.3", "N2::7", ":N2:7", "N2=3A7", "N2 7", "Zoë", "x" * 120]

    ids = [_smtp(server).post(LETTER, reference=one, timeout=PROMPT).provider_id for one in references]

    assert len(set(ids)) == len(references)
    assert [str(letter["Message-ID"]) for letter in server.letters] == ids
    assert [defect for letter in server.letters for defect in letter["Message-ID"].defects] == []


def test_it_greets_by_the_senders_domain(server: MailServer) -> None:
    _sent(server, LETTER)

    assert server.greetings == ["trunkline.example"]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
def test_a_server_that_says_later_is_unavailable_and_has_not_taken_it(server: MailServer, step: str) -> None:
    server.answers[step] = "451 4.7.1 greylisted, come again"

    failure = _failure(server)

    assert isinstance(failure, Unavailable)
    assert not isinstance(failure, NoAnswer)
    assert "451" in str(failure)
    assert "greylisted" in str(failure)
    assert server.taken == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
def test_a_server_that_says_no_is_believed(server: MailServer, step: str) -> None:
    server.answers[step] = "550 5.1.1 no such user here"

    failure = _failure(server)

    assert isinstance(failure, Rejected)
    assert "550" in str(failure)
    assert "no such user" in str(failure)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("code", [530, 535])
def test_what_a_server_says_of_our_login_is_no_letters_fault(
    server: MailServer, step: str, code: int
) -> None:
    server.answers[step] = f"{code} log in first"

    failure = _failure(server)

    assert isinstance(failure, Unavailable)
    assert not isinstance(failure, NoAnswer)


@pytest.mark.parametrize("greeting", ["421 too busy", "554 no service here", "hello", HUNG_UP])
def test_a_server_that_will_not_talk_is_unavailable(server: MailServer, greeting: str) -> None:
    server.answers["CONNECT"] = greeting

    failure = _failure(server)

    assert isinstance(failure, Unavailable)
    assert not isinstance(failure, NoAnswer)


def test_a_server_that_is_not_there_is_unavailable(free_port: int) -> None:
    with pytest.raises(Unavailable) as caught:
        Smtp(f"smtp://127.0.0.1:{free_port}", sender=SENDER, now=lambda: NOON).post(
            LETTER, reference="N2:7:3", timeout=PROMPT
        )
    assert not isinstance(caught.value, NoAnswer)


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
@pytest.mark.parametrize("answer", [HUNG_UP, "250", "what?"])
def test_who_dies_or_babbles_before_the_letter_has_not_taken_it(
    server: MailServer, step: str, answer: str
) -> None:
    server.answers[step] = "zzz rubbish" if answer == "what?" else answer
    if answer == "250":
        server.answers[step], server.answers["DATA"] = "250 ok", "999 rubbish"

    failure = _failure(server)

    assert isinstance(failure, Unavailable)
    assert not isinstance(failure, NoAnswer)
    assert server.taken == []


def test_who_dies_in_the_midst_of_a_letter_has_not_taken_it(server: MailServer) -> None:
    server.answers["DATA"] = HUNG_UP

    failure = _failure(server, BIG)

    assert isinstance(failure, Unavailable)
    assert not isinstance(failure, NoAnswer)


@pytest.mark.parametrize("answer", [HUNG_UP, "what?", "999 eh", "354 more, please"])
def test_who_dies_or_babbles_after_the_letter_may_have_taken_it(server: MailServer, answer: str) -> None:
    server.answers["END"] = answer

    assert isinstance(_failure(server), NoAnswer)
    assert len(server.taken) == 1


@pytest.mark.parametrize("step", ["CONNECT", "MAIL", "RCPT"])
def test_who_falls_silent_before_the_letter_is_left_in_time_and_has_nothing(
    server: MailServer, step: str
) -> None:
    server.answers[step] = SILENT
    began = time.monotonic()

    failure = _failure(server, timeout=SHORT)

    assert isinstance(failure, Unavailable)
    assert not isinstance(failure, NoAnswer)
    assert time.monotonic() - began < SHORT + 2


def test_who_falls_silent_after_the_letter_may_have_taken_it(server: MailServer) -> None:
    server.answers["END"] = SILENT
    began = time.monotonic()

    assert isinstance(_failure(server, timeout=SHORT), NoAnswer)
    assert time.monotonic() - began < SHORT + 2


def test_who_drips_his_answer_byte_by_byte_gains_no_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()
        thread = threading.Thread(target=_drip, args=(listener, over), daemon=True)
        thread.start()
        began = time.monotonic()
        carrier = Smtp(f"smtp://127.0.0.1:{listener.getsockname()[1]}", sender=SENDER, now=lambda: NOON)

        with pytest.raises(Unavailable):
            carrier.post(LETTER, reference="N2:7:3", timeout=SHORT)
        assert time.monotonic() - began < SHORT + 2
        over.set()
        thread.join()


def _drip(listener: socket.socket, over: threading.Event) -> None:
    connection, _ = listener.accept()
    with connection:
        while not over.wait(SHORT / 10):
            try:
                connection.sendall(b"2")
            except OSError:
                return


def test_the_dot_that_ends_a_letter_does_not_leave_when_its_time_is_over(server: MailServer) -> None:
    """As when this process is frozen with all but the dot sent: somebody else may be sending the letter by then."""
    deadline = time.monotonic() + SHORT
    line = SmtpLine("127.0.0.1", server.port, "tests.example", deadline, None)
    line.ehlo()
    line.mail("calls@trunkline.example")
    line.rcpt("ann@example.org")
    line.docmd("DATA")
    line.write(b"Subject: Hi\r\n\r\nHi\r\n")
    wait_for(lambda: time.monotonic() > deadline)

    with pytest.raises(TooLate):
        line.send(b".\r\n")

    line.close()
    assert server.taken == []


def test_the_certificate_of_starttls_is_checked_and_the_password_goes_inside(tmp_path: Path) -> None:
    theirs, ours = certificate(tmp_path)
    with mail_server(tls=theirs, password="s3cret@:/") as server:
        got = _sent(server, LETTER, login="trunk%40x:s3cret%40%3A%2F", tls=ours)

        assert got["Subject"] == LETTER.subject
        assert server.logins == [("trunk@x", "s3cret@:/", True)]


def test_who_has_no_certificate_that_we_trust_gets_neither_password_nor_letter(tmp_path: Path) -> None:
    theirs, _ = certificate(tmp_path)
    with mail_server(tls=theirs, password="s3cret") as server:
        failure = _failure(server, login="trunk:s3cret")

        assert isinstance(failure, Unavailable)
        assert "certificate" in str(failure)
        assert (server.logins, server.taken) == ([], [])


def test_smtps_is_encrypted_from_the_start(tmp_path: Path) -> None:
    theirs, ours = certificate(tmp_path)
    with mail_server(tls=theirs, from_the_start=True) as server:
        _sent(server, LETTER, scheme="smtps", tls=ours)
        failure = _failure(server, scheme="smtps")

        assert len(server.taken) == 1
        assert isinstance(failure, Unavailable)
        assert "certificate" in str(failure)


def test_on_this_machine_a_password_may_go_unencrypted(server: MailServer) -> None:
    with mail_server(password="s3cret") as local:
        _sent(local, LETTER, login="trunk:s3cret")

        assert local.logins == [("trunk", "s3cret", False)]


def test_anywhere_else_a_password_stays_here_without_encryption() -> None:
    """This machine's address in its network is as good as another machine."""
    address = _outside()
    with mail_server(password="s3cret", address=address) as server:
        failure = _failure(server, login="trunk:s3cret")

        assert isinstance(failure, Unavailable)
        assert "no encryption" in str(failure)
        assert (server.logins, server.taken) == ([], [])


def _outside() -> str:
    """An address of this machine that is not the loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: it only picks an address
        except OSError:
            pytest.skip("this machine has no address besides the loopback")
        return str(probe.getsockname()[0])


def test_a_login_that_is_refused_is_no_letters_fault_and_names_no_password(server: MailServer) -> None:
    with mail_server(password="s3cret") as strict:
        failure = _failure(strict, login="trunk:wr0ng")

        assert isinstance(failure, Unavailable)
        assert not isinstance(failure, NoAnswer)
        assert "535" in str(failure)
        assert "wr0ng" not in str(failure)
    assert isinstance(_failure(server, login="trunk:s3cret"), Unavailable)  # this one knows no logins at all


HOSTILE = [
    "Bye\r\nBcc: eve@example.org\r\n\r\n<p>not mine</p>", "a\nb", "a\rb", "nul\0nul", "\x85\u2028\u2029lines",
    "😀" * 500, "x" * 10_240, "word " * 2048, "ü" * 10_240, "مرحبا \u202eevil", "שלום", "=?utf-8?q?Bcc=3A?= x", "",
    "   ", '"; x=', "<b>&amp;",
]  # fmt: skip


@pytest.mark.parametrize("subject", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_subject_is_it_stays_one(server: MailServer, subject: str) -> None:
    got = _sent(server, replace(LETTER, subject=subject))

    assert _seen(got["Subject"]) == _seen(subject)
    assert sorted(got.keys()) == sorted(_sent(server, LETTER).keys())
    assert _words(got.get_body(("plain",))) == LETTER.text
    assert max(map(len, server.taken[0].content.split(b"\r\n"))) <= 998  # type: ignore[arg-type,union-attr]  # bytes


def _seen(text: str) -> str:
    """What a reader sees of it."""
    return " ".join(text.replace("\0", "").replace("\x85", " ").split())


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_written_arrives_as_it_was(server: MailServer, text: str) -> None:
    got = _sent(server, replace(LETTER, text=text, html=f"<p>{text}</p>"))

    assert _lines(_words(got.get_body(("plain",)))) == _lines(text.replace("\0", ""))
    assert _lines(_words(got.get_body(("html",)))) == _lines(f"<p>{text}</p>".replace("\0", ""))
    content = bytes(server.taken[0].content)  # type: ignore[arg-type]  # bytes
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_file_or_the_sender_is_called_adds_nothing(server: MailServer, name: str) -> None:
    got = _sent(
        server,
        replace(LETTER, attachments=((name, f"text/plain; name={name}", "aGk="),)),
        sender=f"{name} <a@b.example>",
    )

    assert got["From"].addresses[0].addr_spec == "a@b.example"
    assert sorted(got.keys()) == sorted(_sent(server, LETTER).keys())
    (file,) = got.iter_attachments()
    assert file.get_payload(decode=True) == b"hi"


@pytest.mark.parametrize(
    "media", ["", "text", "multipart/mixed", "message/rfc822", "text/x\r\nBcc: eve@example.org", "é/é"]
)
def test_a_file_of_no_known_kind_is_bytes(server: MailServer, media: str) -> None:
    got = _sent(server, replace(LETTER, attachments=(("a", media, "aGk="),)))

    (file,) = got.iter_attachments()
    assert (file.get_payload(decode=True), "Bcc" in got) == (b"hi", False)


def test_a_file_that_cannot_be_read_is_refused_before_anybody_is_asked(server: MailServer) -> None:
    failure = _failure(server, replace(LETTER, attachments=(("a", "text/plain", "no base64!"),)))

    assert isinstance(failure, Rejected)
    assert server.greetings == []


@pytest.mark.parametrize(
    "to", ["", "ann", "ann@", "@example.org", "a@b@c", "ann@example.org\r\nBcc: x@y", "<ann@example.org>",
           "a,b@example.org", "a b@example.org", "ann@exa\0mple.org", "ann@" + "é" * 300]
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused_before_anybody_is_asked(server: MailServer, to: str) -> None:
    failure = _failure(server, replace(LETTER, to=to))

    assert isinstance(failure, Rejected)
    assert server.greetings == []
    assert str(failure) == "this cannot be a mail address"


def test_a_domain_in_any_script_is_reached_by_its_other_name(server: MailServer) -> None:
    _sent(server, replace(LETTER, to="ann@bücher.example"))

    assert server.taken[0].rcpt_tos == ["ann@xn--bcher-kva.example"]


def test_a_name_in_any_script_needs_a_server_that_knows_it(server: MailServer) -> None:
    zoe = replace(LETTER, to="zoë@bücher.example")

    got = _sent(server, zoe)

    assert (server.taken[0].rcpt_tos, got["To"]) == (
        ["zoë@xn--bcher-kva.example"],
        "zoë@xn--bcher-kva.example",
    )
    with mail_server(international=False) as old:
        assert isinstance(_failure(old, zoe), Rejected)
        assert _sent(old, LETTER)["Subject"] == LETTER.subject


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("code", [450, 550])
def test_no_error_repeats_an_address_a_number_or_a_word_of_the_letter(
    server: MailServer, step: str, code: int
) -> None:
    letter = replace(
        LETTER, to="ann.secret@example.org", subject="A private matter", text="Meet me at the mill"
    )
    server.answers[step] = (
        f"{code} <{letter.to}> calls@trunkline.example user ann.secret +919812345678 "
        f"'{letter.subject}' '{letter.text}' blocked"
    )

    told = str(_failure(server, letter))

    assert "blocked" in told
    for secret in ("ann.secret", "example.org", "trunkline.example", "98123", "private matter", "the mill"):
        assert secret not in told


def test_a_letter_larger_than_the_server_takes_is_refused_without_being_sent(server: MailServer) -> None:
    huge = replace(
        LETTER, attachments=(("a.bin", "application/x", base64.b64encode(bytes(10 * 2**20)).decode()),)
    )

    failure = _failure(server, huge)

    assert isinstance(failure, Rejected)
    assert "552" in str(failure)


def test_many_send_at_once(server: MailServer) -> None:
    carrier = _smtp(server)
    threads = [
        threading.Thread(
            target=carrier.post, args=(LETTER,), kwargs={"reference": f"N1:{n}", "timeout": PROMPT}
        )
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {str(letter["Message-ID"]) for letter in server.letters} == {
        f"<N1.{n}@trunkline.example>" for n in range(16)
    }
