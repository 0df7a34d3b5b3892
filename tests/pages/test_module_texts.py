"""The page of texts: how many segments the templates and what one types take, and why."""

import pytest

from models.appointments.templates import SmsTemplate
from models.people.permissions import give
from tests.api.looking import statements
from tests.conformance import holds
from tests.pages.module import Office

PAGE = "/module/text"


@pytest.fixture(autouse=True)
def templates(office: Office) -> None:
    for key, text in (
        ("short", "Come at nine, {name}"),
        ("long", "Grüße – " + "x" * 70),
        ("<b>", "<script>"),
    ):
        SmsTemplate.create(label=f"The {key} one", template_key=key, sms_text=text)


@holds("segments: the character that made it UCS-2 is named")
def test_every_template_is_shown_with_its_segments_and_what_made_it_so_long(office: Office) -> None:
    page = office.reader().get(PAGE).text
    assert "because of – (en dash), character 7" in page
    assert "Come at nine, {name}" in page
    assert "&lt;script&gt;" in page
    assert "<script>x" not in page


def test_what_is_typed_is_counted_and_stays_in_the_form(office: Office) -> None:
    reader = office.reader()
    answer = reader.fill(PAGE, PAGE, text="Hi {name}, €", data='{"name": "<Ann>"}', number="")
    assert answer.status_code == 200
    assert "1 segment" in answer.text
    assert "Hi &lt;Ann&gt;, €" in answer.text
    assert "GSM-7" in answer.text
    assert "Hi {name}, €</textarea>" in answer.text


def test_a_template_is_put_into_the_form(office: Office) -> None:
    reader = office.reader()
    assert reader.form(f"{PAGE}?template=short", PAGE)["text"] == "Come at nine, {name}"
    assert reader.form(f"{PAGE}?template=nothing", PAGE)["text"] == ""


@pytest.mark.parametrize(
    ("values", "said"),
    [({"text": "x", "number": "nobody"}, "write a phone number"), ({"text": "x", "data": "{"}, "Send JSON")],
)
def test_what_is_wrong_is_said_beside_its_field(office: Office, values: dict[str, str], said: str) -> None:
    answer = office.reader().fill(PAGE, PAGE, **values)
    assert answer.status_code == 400
    assert said in answer.text


def test_it_is_for_who_may_view_templates(office: Office) -> None:
    assert office.reader("fred").get(PAGE).status_code == 200
    assert office.reader("root").get(PAGE).status_code == 200
    give(office.world.mine.user.id, ["view_event"])
    assert office.reader("doc").get(PAGE).status_code == 403


def test_many_templates_take_as_many_statements_as_few(office: Office) -> None:
    reader = office.reader()
    with statements() as few:
        reader.get(PAGE)
    for place in range(20):
        SmsTemplate.create(label="One more", template_key=f"more{place}", sms_text="x" * 400)
    with statements() as many:
        reader.get(PAGE)
    assert len(many) == len(few)
