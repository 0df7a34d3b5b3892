"""The mentor's home: what stands on it, what its forms do, and how it is kept fresh."""

import hmac
from collections.abc import Callable
from datetime import timedelta

import pytest

from api.pages.local_times import typed
from models import clock
from models.mentoring import Call, Event, Message, Task
from models.people import Contact
from tests.api.calls_at_work import REPORT, reported
from tests.api.looking import statements
from tests.conformance import holds
from tests.house import MENTEE, NUMBERS, SERVICE, STRANGER, Client, Staff, run_due
from tests.pages.reader import Reader, forms_of


def received(client: Client, body: str, name: str = MENTEE) -> None:
    """A mentee's text has come in."""
    answer = client.post("/comms/onion_dev_message/", {"mobile": NUMBERS[name], "text": body}, user=SERVICE)
    assert answer.status_code == 201


@holds(
    "web: text input and send button",
    "web: event log of recent events",
    "web: incoming messages in the event log",
)
def test_what_the_two_write_stands_in_the_thread_and_what_comes_in_also_in_the_log(
    mentor: Reader, client: Client
):
    answer = mentor.fill("/", "/messages", content="First line\r\nsecond line")
    received(client, "An answer")
    page = mentor.get("/").text

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert Message.get_by_id(1).content == "First line\nsecond line"
    assert page.index("First line\nsecond line") < page.index("An answer")
    log = page[page.index('id="log"') :]
    assert "Message received" in log
    assert "An answer" in log


def test_what_was_done_is_said_once(mentor: Reader):
    mentor.fill("/", "/messages", content="Hello")

    assert "Your message is on its way." in mentor.get("/").text
    assert "Your message is on its way." not in mentor.get("/").text


def test_nobody_else_can_have_a_page_say_something(mentor: Reader):
    mentor.cookies["trunkline_said"] = "R2l2ZSBtZSB5b3VyIHBhc3N3b3Jk." + "0" * 64
    assert "Give me your password" not in mentor.get("/").text
    mentor.cookies["trunkline_said"] = "é.é"
    assert mentor.get("/").status_code == 200


@pytest.mark.parametrize("text", ["R2l2ZSBtZSB5b3VyIHBhc3N3b3Jk", "x", "____"])
def test_nobody_can_have_the_login_page_say_something(mentor: Reader, text: str):
    """Who is not logged in shares no secret with us: the seal of what he is told could be anybody's."""
    stranger = Reader()
    stranger.cookies["trunkline_said"] = f"{text}.{hmac.digest(b'', text.encode(), 'sha256').hex()}"
    answer = stranger.get("/login")

    assert (answer.status_code, "Give me your password" in answer.text) == (200, False)
    assert "trunkline_said" not in stranger.cookies


@pytest.mark.parametrize(
    ("content", "said"), [("", "1 to 1600"), (" \n ", "blanks alone"), ("x" * 1601, "1 to 1600")]
)
def test_a_message_that_cannot_be_sent_stays_in_the_composer(mentor: Reader, content: str, said: str):
    answer = mentor.fill("/", "/messages", content=content)

    assert answer.status_code == 400
    assert said in answer.text
    assert forms_of(answer.text)["/messages"]["content"] == content
    assert Message.select().count() == 0


def test_the_same_form_sent_twice_sends_one_message(mentor: Reader):
    form = {**mentor.form("/", "/messages"), "content": "Once"}
    first, second = mentor.post("/messages", form), mentor.post("/messages", form)

    assert [first.status_code, second.status_code] == [303, 303]
    assert Message.select().count() == 1


def test_another_text_from_the_same_form_is_asked_about_and_then_sent(mentor: Reader):
    form = {**mentor.form("/", "/messages"), "content": "One"}
    mentor.post("/messages", form)
    answer = mentor.post("/messages", {**form, "content": "Two"})

    assert answer.status_code == 400
    assert "press send again" in answer.text
    again = forms_of(answer.text)["/messages"]
    assert again["content"] == "Two"
    assert mentor.post("/messages", again).status_code == 303
    assert [message.content for message in Message.select().order_by(Message.id)] == ["One", "Two"]


def test_the_call_button_rings_once_however_often_and_wherever_it_is_pressed(
    mentor: Reader, logged_in: Callable[[], Reader]
):
    here, there = mentor.form("/", "/calls"), logged_in()
    elsewhere = there.form("/", "/calls")
    answers = [mentor.post("/calls", here), mentor.post("/calls", here), there.post("/calls", elsewhere)]

    assert [answer.status_code for answer in answers] == [303] * 3
    assert Call.select().count() == 1
    assert "started already" in there.get("/").text


@holds("web: call and end-call buttons")
def test_the_buttons_follow_the_call(mentor: Reader, client: Client):
    assert "Call Tony" in mentor.get("/").text
    mentor.fill("/", "/calls")
    page = mentor.get("/").text
    assert "Starting the call" in page
    assert "/calls" not in forms_of(page)
    assert mentor.fill("/", "/calls/1/end").status_code == 303

    page = mentor.get("/").text
    assert "No call now" in page
    assert "Complete feedback for call at" in page
    assert mentor.fill("/", "/calls").status_code == 303
    assert Call.select().count() == 2


def test_a_call_of_which_nobody_heard_again_can_be_followed_by_another(
    mentor: Reader, jump: Callable[[float], None]
):
    mentor.fill("/", "/calls")
    jump(3 * 3600)

    assert "Call Tony" in mentor.get("/").text
    assert "inactive" in mentor.get("/").text


def test_the_script_gets_what_has_changed_and_nothing_when_nothing_has(mentor: Reader, client: Client):
    first = mentor.get("/live", Accept="application/json")
    mark = first.headers["ETag"]
    assert set(first.json) == {"state", "buttons", "thread", "log", "todo"}
    assert mentor.get("/live", Accept="application/json", If_None_Match=mark).status_code == 304
    received(client, "News")
    second = mentor.get("/live", Accept="application/json", If_None_Match=mark)

    assert second.status_code == 200
    assert "News" in second.json["thread"]
    assert second.json["buttons"] == first.json["buttons"]
    assert second.headers["Cache-Control"] == "no-store"


def test_the_parts_are_what_the_page_shows(mentor: Reader, client: Client):
    received(client, "<i>Hi</i>")
    page, parts = mentor.get("/").text, mentor.get("/live", Accept="application/json").json

    for part in parts.values():
        assert part in page


PATHS = (
    "/",
    "/live",
    "/messages",
    "/calls",
    "/calls/1",
    "/schedule",
    "/schedule/1",
    "/tasks",
    "/tasks?show=all",
    "/events",
)


def fill_house(client: Client, staff: Staff, times: int) -> None:
    """So many of everything."""
    now = clock.now()
    for number in range(times):
        received(client, f"message {number}")
        client.post("/mentor/message/", {"content": f"answer {number}"})
        call = client.post("/mentor/call/").json["id"]
        client.put(f"/mentor/call/{call}/")
        client.post("/mentor/schedule/", {"call_time": (now + timedelta(days=1 + number)).isoformat()})


def test_a_page_asks_the_database_equally_often_for_few_rows_and_for_many(
    mentor: Reader, client: Client, staff: Staff
):
    def counted(path: str) -> int:
        with statements() as seen:
            assert mentor.get(path).status_code == 200
        return len(seen)

    fill_house(client, staff, 2)
    few = {path: counted(path) for path in PATHS}
    fill_house(client, staff, 12)

    assert {path: counted(path) for path in PATHS} == few
    assert max(few.values()) <= 8


def test_long_histories_are_read_screen_by_screen(mentor: Reader, client: Client, staff: Staff):
    for number in range(60):
        Message.create(
            sender=staff.mentee, recipient=staff.mentor, content=f"text {number:02}.", state="received"
        )
    first = mentor.get("/messages").text
    older = first.partition('href="/messages?before=')[2].partition('"')[0]
    second = mentor.get(f"/messages?before={older}").text

    assert [f"text {number:02}." in first for number in (59, 10, 9)] == [True, True, False]
    assert [f"text {number:02}." in second for number in (10, 9, 0)] == [False, True, True]
    assert "Newest" in second
    assert "Older" not in second
    assert mentor.get("/messages?before=x").status_code == 404
    assert "text 59." in mentor.get("/").text
    assert "text 09." not in mentor.get("/").text


NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7777 * 7777 }}",
    "' onmouseover='x",
    "</textarea><b>x",
]


@pytest.mark.parametrize("hostile", NAMES)
@holds("web: every text is escaped")
def test_whatever_people_write_is_shown_and_never_obeyed(
    mentor: Reader, client: Client, staff: Staff, hostile: str
):
    for person in (staff.mentor, staff.mentee):
        type(person.user).update(first_name=hostile).where(type(person.user).id == person.user_id).execute()
    received(client, hostile)
    mentor.fill("/", "/messages", content=hostile)
    client.put(f"/mentor/call/{client.post('/mentor/call/').json['id']}/")
    Task.create(mentor=staff.mentor, description=hostile, link="javascript:alert(1)")
    mentor.fill("/calls/1", "/calls/1", rating="3", call_quality="good", discussion=hostile)
    refused = mentor.fill("/", "/messages", content=hostile * 200).text
    pages = [mentor.get(path).text for path in ("/", "/messages", "/calls/1", "/tasks", "/events", "/live")]

    for page in [*pages, refused]:
        assert hostile not in page or hostile.startswith("{{")
        assert str(7777 * 7777) not in page
        assert 'href="javascript:' not in page
    assert forms_of(refused)["/messages"]["content"] == hostile * 200


def test_no_page_shows_a_number_a_username_or_a_mail_address(
    mentor: Reader, client: Client, staff: Staff, logged_in: Callable[[str], Reader]
):
    user = type(staff.mentee.user)
    user.update(email="tony@secret.example", last_name="Surname").where(user.username == MENTEE).execute()
    fill_house(client, staff, 1)
    dialled_call = client.post("/mentor/call/").json["id"]
    run_due()
    reported(client, {**REPORT, "scheduledCallId": None}, recordingUrl="https://recordings.example/1.mp3")
    received(client, "My answer")
    everything = "".join(mentor.get(path).text for path in (*PATHS, f"/calls/{dialled_call}"))
    everything += mentor.fill("/", "/messages", content="").text + mentor.get("/calls/999").text

    for name, number in NUMBERS.items():
        for digits in (number, number[1:], number[-7:]):
            assert digits not in everything, name
    for secret in ("tony@secret.example", "Surname", ">tony<", '"tony"', "recordings.example", "argon2"):
        assert secret not in everything
    assert Event.select().count() > 5
    assert "My answer" not in logged_in(STRANGER).get("/").text


def test_nothing_of_an_earlier_mentees_is_put_down_to_the_one_of_today(
    mentor: Reader, client: Client, staff: Staff
):
    """An administrator gives the mentor another mentee, while a call of the first one is under way."""
    received(client, "From Tony")
    mentor.fill("/", "/messages", content="To Tony")
    mentor.fill("/schedule", "/schedule", call_time=typed(clock.now() + timedelta(days=1)))
    mentor.fill("/", "/calls")
    Contact.update(mentee=staff.other_mentee).where(Contact.id == staff.mentor.id).execute()
    mentor.fill("/", "/messages", content="To Theo")
    pages = {path: mentor.get(path).text for path in ("/messages", "/schedule", "/schedule/1", "/calls/1")}
    moved = mentor.fill("/schedule/1", "/schedule/1", call_time=typed(clock.now() + timedelta(days=2)))

    said = {
        "/messages": (
            "You to an earlier mentee",
            ">You,",
            ">an earlier mentee,",
            "Trunkline to an earlier mentee",
        ),
        "/schedule": ("with an earlier mentee",),
        "/schedule/1": ("A text tells an earlier mentee.",),
        "/calls/1": ("Call with an earlier mentee",),
    }
    counts = {path: [pages[path].count(text) for text in texts] for path, texts in said.items()}
    assert counts == {path: [1] * len(texts) for path, texts in said.items()}
    assert "Theo" not in pages["/schedule/1"] + pages["/calls/1"]
    assert moved.status_code == 303
    assert "A text tells an earlier mentee." in mentor.get("/schedule").text
