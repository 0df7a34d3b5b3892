"""The pages of surveys: written section by section, sealed, read as charts; by the rules of REST, nobody else's."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from models.appointments.calendars import CalendarSetting
from models.appointments.surveys import (
    AudioFile,
    BranchingTemplate,
    SealedSection,
    SealedSurvey,
    SectionTemplate,
    SurveyAggregate,
    SurveyTemplate,
)
from models.appointments.surveys.sections import (
    CALL_TRANSFER,
    CAPTURE_DIGITS,
    CONFERENCE,
    DNC,
    HANGUP,
    MULTI_CHOICE,
    PLAY_MESSAGE,
    RATING,
    RECORD,
    SMS,
)
from models.people.permissions import VERBS, give
from tests.api.looking import rows, statements
from tests.appointments.surveys import nodes, reminder, written
from tests.conformance import holds
from tests.pages.module import Office
from tests.pages.reader import Reader, forms_of

HERE = "/module/survey"


@pytest.fixture
def mona(office: Office) -> Reader:
    return office.reader()


def draft(office: Office) -> SurveyTemplate:
    """A rating, and what is said after it."""
    asked = {"type": RATING, "question": "Will you come?", "branches": {"1": 1, "timeout": None}}
    return written(office.world.mine.manager, asked, {"type": HANGUP, "question": "Good bye."}, name="Draft")


def parts(template: SurveyTemplate) -> list[SectionTemplate]:
    mine = SectionTemplate.select().where(SectionTemplate.survey == template.id)
    return list(mine.order_by(SectionTemplate.order))


def leads(section: SectionTemplate) -> dict[str, int | None]:
    found: Any = BranchingTemplate.select().where(BranchingTemplate.section == section.id)
    return {branch.keys: branch.goto_id for branch in found}


@holds("flow 2: a survey with nodes is made on its page", "screen: survey")
def test_a_survey_is_written_on_its_pages(office: Office, mona: Reader) -> None:
    made = mona.fill(
        f"{HERE}/add", f"{HERE}/add", name="Reminder", tts_language="de", description="Of a visit"
    )
    survey = SurveyTemplate.get()
    assert (made.status_code, made.headers["location"]) == (303, f"{HERE}/{survey.id}")
    assert (survey.name, survey.tts_language, survey.user_id) == (
        "Reminder",
        "de",
        office.world.mine.manager.id,
    )

    form = f"{HERE}/{survey.id}/section"
    asked = {"question": "Will you come?", "rating_laps": "3", "completed": "true"}
    added = mona.fill(f"{form}?type={RATING}", f"{form}", **asked)
    first = SectionTemplate.get()
    assert added.headers["location"] == f"{HERE}/section/{first.id}"
    assert (first.type, first.rating_laps, first.completed, first.script) == (
        RATING,
        3,
        True,
        "Will you come?",
    )
    mona.fill(f"{form}?type={HANGUP}", form, question="Good bye.")
    _, last = parts(survey)
    here = f"{HERE}/section/{first.id}"
    assert mona.fill(here, f"{here}/branch", keys="1", goto=str(last.id)).headers["location"] == here
    assert leads(first) == {"timeout": None, "1": last.id}


def test_a_survey_is_read_section_by_section(office: Office, mona: Reader) -> None:
    template = draft(office)

    text = mona.get(f"{HERE}/{template.id}").text
    for told in (
        "Will you come?",
        "Takes 1 to 9.",
        "On 1:",
        "2. Good bye.",
        "When nothing is pressed:",
        "hang up",
    ):
        assert told in text
    listed = re.sub(r"<[^>]*>|\s+", " ", mona.get(HERE).text)
    assert re.search(r"Draft\s+en\s+2 ", listed)


OF_TYPE = {
    PLAY_MESSAGE: {}, RECORD: {"timeout"}, HANGUP: {}, DNC: {}, CONFERENCE: {"conference"}, SMS: {"sms_text"},
    CALL_TRANSFER: {"phonenumber", "confirm_script", "confirm_key"},
    RATING: {"rating_laps", "timeout", "retries", "invalid_audiofile"},
    CAPTURE_DIGITS: {
        "number_digits", "min_number", "max_number", "timeout", "retries", "invalid_audiofile"
    },
    MULTI_CHOICE: {*(f"key_{digit}" for digit in range(10)), "timeout", "retries", "invalid_audiofile"},
}  # fmt: skip


@pytest.mark.parametrize("type_", OF_TYPE)
def test_the_form_of_a_section_has_what_its_type_needs(office: Office, mona: Reader, type_: int) -> None:
    template = written(office.world.mine.manager, {"type": type_, "question": "?"})
    always = {"csrf", "once", "question", "audiofile"}

    new = mona.form(f"{HERE}/{template.id}/section?type={type_}", f"{HERE}/{template.id}/section")
    ticked = {"validate_number"} if type_ == CAPTURE_DIGITS else set()
    assert set(new) == {*always, "type", *OF_TYPE[type_], *ticked}
    section = parts(template)[0]
    old = mona.form(f"{HERE}/section/{section.id}", f"{HERE}/section/{section.id}")
    assert set(old) == {*always, "script", *OF_TYPE[type_], *ticked}
    answer = mona.post(f"{HERE}/section/{section.id}", {**old, "script": "Say this"})
    assert answer.headers["location"] == f"{HERE}/{template.id}"
    assert SectionTemplate.get_by_id(section.id).script == "Say this"
    assert "Say this" in mona.get(f"{HERE}/{template.id}").text


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(office: Office, mona: Reader) -> None:
    template = draft(office)
    form = f"{HERE}/{template.id}/section"

    answer = mona.fill(f"{form}?type={RATING}", form, question="Really?", rating_laps="0", timeout="soon")
    assert answer.status_code == 400
    again = forms_of(answer.text)[form]
    assert (again["question"], again["rating_laps"], again["type"]) == ("Really?", "0", str(RATING))
    assert "Send a whole number" in answer.text
    assert mona.fill(f"{form}?type={RATING}", form, question="").status_code == 400
    section = parts(template)[0]
    here = f"{HERE}/section/{section.id}"
    assert mona.fill(here, here, question="x" * 501).status_code == 400
    assert (len(parts(template)), SectionTemplate.get_by_id(section.id).question) == (2, "Will you come?")
    assert mona.fill(f"{HERE}/add", f"{HERE}/add", name="x", tts_language="german").status_code == 400
    for odd in ("0", "11", "x", "", "99999"):
        assert mona.get(f"{form}?type={odd}").status_code == 404


def test_sections_move_up_and_down_and_go(office: Office, mona: Reader) -> None:
    template = written(office.world.mine.manager, *({"question": name} for name in "ABC"))
    a, b, c = parts(template)

    def order() -> str:
        return "".join(section.question for section in parts(template))

    page = f"{HERE}/{template.id}"
    assert mona.fill(page, f"{HERE}/section/{c.id}/move", order="2").headers["location"] == page
    assert order() == "ACB"
    mona.fill(page, f"{HERE}/section/{a.id}/move", order="2")
    assert order() == "CAB"
    assert mona.fill(page, f"{HERE}/section/{a.id}/move", order="up").status_code == 400
    gone = f"{HERE}/section/{a.id}/delete"
    assert "“A”" in mona.get(gone).text
    assert mona.fill(gone, gone).headers["location"] == page
    assert (order(), [section.order for section in parts(template)]) == ("CB", [1, 2])
    assert mona.get(f"{HERE}/section/{a.id}").status_code == 404
    assert b.id != c.id


def test_branches_are_changed_and_taken_away(office: Office, mona: Reader) -> None:
    template = draft(office)
    first, last = parts(template)
    here = f"{HERE}/section/{first.id}"
    branch = BranchingTemplate.get((BranchingTemplate.section == first) & (BranchingTemplate.keys == "1"))
    form = f"{HERE}/branch/{branch.id}"

    assert mona.form(here, form)["goto"] == str(last.id)
    assert mona.fill(here, form, keys="2", goto=str(first.id), do="keep").headers["location"] == here
    assert leads(first) == {"2": first.id, "timeout": None}
    for keys in ("timeout", "no digits"):
        refused = mona.fill(here, form, keys=keys, goto="", do="keep")
        assert (refused.status_code, 'role="alert"' in refused.text) == (400, True)
    twice = mona.fill(here, f"{here}/branch", keys="2", goto="")
    assert (twice.status_code, "lead somewhere" in twice.text) == (400, True)
    lost = mona.fill(here, f"{here}/branch", keys="no digits", goto=str(first.id)).text
    assert '<option value="no digits" selected>' in lost
    assert lost.count(f'<option value="{first.id}" selected>') == 2
    elsewhere = parts(draft(office))[0]
    assert "another survey" in mona.fill(here, form, keys="2", goto=str(elsewhere.id), do="keep").text
    assert mona.fill(here, form, do="delete").headers["location"] == here
    assert leads(first) == {"timeout": None}


def test_a_section_nobody_comes_to_is_pointed_at(office: Office, mona: Reader) -> None:
    template = written(office.world.mine.manager, {"question": "First"}, {"question": "Lost"})

    assert mona.get(f"{HERE}/{template.id}").text.count("no branch leads here") == 1
    assert "No branch leads to “Lost”" in mona.get(f"{HERE}/{template.id}/seal").text


@holds("flow 3: sealing a survey on its page", "O-17")
def test_a_survey_is_sealed_once_under_another_name(office: Office, mona: Reader) -> None:
    template = draft(office)
    before = SealedSurvey.select().count()
    here = f"{HERE}/{template.id}/seal"
    form = mona.form(here, here)
    assert form["name"] == "Draft"

    answers = [mona.post(here, {**form, "name": "Spring"}) for _ in range(2)]  # pressed twice

    sealed = SealedSurvey.get(SealedSurvey.name == "Spring")
    assert {answer.headers["location"] for answer in answers} == {f"{HERE}/sealed/{sealed.id}"}
    assert SealedSurvey.select().count() == before + 1
    assert [section.question for section in nodes(sealed)] == ["Will you come?", "Good bye."]
    assert mona.post(here, {**form, "name": "Summer"}).status_code == 400
    for name in ("", "x" * 91):
        assert mona.fill(here, here, name=name).status_code == 400
    mona.fill(f"{HERE}/{template.id}/delete", f"{HERE}/delete", sure="yes")
    assert not SurveyTemplate.select().where(SurveyTemplate.id == template.id).exists()
    assert "Will you come?" in mona.get(f"{HERE}/sealed/{sealed.id}").text
    assert "Spring" in mona.get(f"{HERE}/sealed").text
    assert re.search(r"<option[^>]*>Spring, sealed [A-Z]", mona.get("/module/calendar_setting/add").text)
    for path in (f"{HERE}/sealed/{sealed.id}/change", f"{HERE}/sealed/{sealed.id}/delete"):
        assert mona.get(path).status_code == 404


def test_surveys_are_dated_on_the_clock_of_who_looks(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    at = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)
    draft(office)
    CalendarSetting.update(timezone="Asia/Tokyo").where(CalendarSetting.user == mine.manager).execute()
    SurveyTemplate.update(updated_date=at).execute()
    SealedSurvey.update(created_date=at).execute()
    AudioFile.update(created_date=at).execute()

    for page in (
        "/module/survey", "/module/survey/sealed", f"/module/survey/sealed/{mine.survey.id}",
        "/module/survey/audio",
    ):  # fmt: skip
        text = mona.get(page).text
        assert "Wed 11 Mar" in text, page
        assert "05:30" in text, page
        assert "Times are in the zone Asia/Tokyo." in text, page
    assert "Asia/Tokyo" not in office.reader("fred").get("/module/survey/sealed").text


@holds("screen: bulk delete")
def test_several_surveys_are_deleted_at_once(office: Office, mona: Reader) -> None:
    kept, *gone = (draft(office) for _ in range(3))
    ticked = {f"row-{template.id}": "on" for template in gone}

    asked = mona.fill(HERE, f"{HERE}/delete", **ticked)
    assert "Delete 2 surveys?" in asked.text
    assert "sealed copies stay" in asked.text
    done = mona.post(f"{HERE}/delete", forms_of(asked.text)[f"{HERE}/delete"])
    assert done.headers["location"] == HERE
    assert [row.id for row in SurveyTemplate.select()] == [kept.id]
    assert len(parts(kept)) == SectionTemplate.select().count() == 2


def answered(survey: SealedSurvey, section: SealedSection, **counts: int) -> None:
    for response, count in counts.items():
        SurveyAggregate.create(survey=survey, section=section, response=response, count=count)


def test_answers_are_drawn_and_told_and_no_number_is_among_them(office: Office, mona: Reader) -> None:
    sealed = reminder(office.world.mine.manager)
    first, second, third, *_ = nodes(sealed)
    answered(sealed, first, **{"1": 30, "2": 9, "3": 1})
    SealedSection.update(type=SMS).where(SealedSection.id == second.id).execute()
    answered(sealed, second, **{"SMS: +4930555001": 1, "SMS: +4930555002": 1})
    SealedSection.update(type=RECORD).where(SealedSection.id == third.id).execute()
    answered(sealed, third, **{">90": 1, "0-20": 2})

    text = mona.get(f"{HERE}/sealed/{sealed.id}").text

    assert "40 answers: 1: 30, 2: 9, 3: 1." in text
    assert "30 · 75%" in text
    assert text.count("<svg") == 3
    assert text.count('class="good"') == 3 + 1 + 2
    assert "a text was sent: 2" in text
    assert "+4930" not in text
    assert text.index("recorded 0-20 s") < text.index("recorded &gt;90 s")
    assert "<script" not in text.partition("<main")[2]
    assert "style=" not in text


def test_many_different_answers_are_summed_up(office: Office, mona: Reader) -> None:
    sealed = reminder(office.world.mine.manager)
    first = nodes(sealed)[0]
    answered(sealed, first, **{f"{n:03}": 200 - n for n in range(150)})

    text = mona.get(f"{HERE}/sealed/{sealed.id}").text

    assert text.count('class="good"') == 12
    assert "139 other answers" in text
    assert "And 50 more" in text


def test_what_people_wrote_is_shown_as_they_wrote_it(office: Office, mona: Reader) -> None:
    odd = "<script>alert(1)</script>"
    template = written(
        office.world.mine.manager, {"type": MULTI_CHOICE, "question": odd, "key_1": odd}, name=odd
    )
    section = parts(template)[0]
    mona.fill(f"{HERE}/{template.id}/seal", f"{HERE}/{template.id}/seal")
    sealed = SealedSurvey.get(SealedSurvey.name == odd)
    answered(sealed, nodes(sealed)[0], **{odd: 3})

    for path in (
        f"{HERE}/{template.id}", f"{HERE}/section/{section.id}", f"{HERE}/{template.id}/seal",
        f"{HERE}/section/{section.id}/delete", f"{HERE}/sealed/{sealed.id}", HERE, f"{HERE}/sealed",
    ):  # fmt: skip
        text = mona.get(path).text
        assert odd not in text
        assert "&lt;script&gt;" in text, path


def pages(template: SurveyTemplate, sealed: SealedSurvey) -> list[str]:
    section = parts(template)[0]
    return [
        f"{HERE}/{template.id}", f"{HERE}/{template.id}/change", f"{HERE}/{template.id}/delete",
        f"{HERE}/{template.id}/seal", f"{HERE}/{template.id}/section?type=1", f"{HERE}/section/{section.id}",
        f"{HERE}/section/{section.id}/delete", f"{HERE}/sealed/{sealed.id}",
    ]  # fmt: skip


def deeds(template: SurveyTemplate) -> list[tuple[str, dict[str, str]]]:
    section = parts(template)[0]
    branch = BranchingTemplate.get(BranchingTemplate.section == section)
    here = f"{HERE}/section/{section.id}"
    return [
        (f"{HERE}/{template.id}/change", {"name": "taken"}),
        (f"{HERE}/delete", {f"row-{template.id}": "on", "sure": "yes"}), (f"{HERE}/{template.id}/seal", {"name": "x"}),
        (f"{HERE}/{template.id}/section", {"type": "1", "question": "?"}), (here, {"question": "taken"}),
        (f"{here}/move", {"order": "2"}), (f"{here}/delete", {}), (f"{here}/branch", {"keys": "5"}),
        (f"{HERE}/branch/{branch.id}", {"keys": "5"}), (f"{HERE}/branch/{branch.id}", {"do": "delete"}),
    ]  # fmt: skip


@holds("screen: only the owner's rows")
def test_another_managers_surveys_are_not_there(office: Office) -> None:
    template, sealed = draft(office), reminder(office.world.mine.manager)
    fred = office.reader("fred")
    csrf = fred.form(f"{HERE}/add", f"{HERE}/add")["csrf"]
    before = rows()

    assert {fred.get(path).status_code for path in pages(template, sealed)} == {404}
    assert {fred.post(path, {"csrf": csrf, **form}).status_code for path, form in deeds(template)} == {404}
    assert "Draft" not in fred.get(HERE).text
    assert rows() == before
    root = office.reader("root")
    assert {root.get(path).status_code for path in pages(template, sealed)} == {200}


def test_each_deed_needs_its_permission(office: Office) -> None:
    template, sealed = draft(office), reminder(office.world.mine.manager)
    doc = office.world.mine.user
    SurveyTemplate.update(user=doc).where(SurveyTemplate.id == template.id).execute()
    SealedSurvey.update(user=doc).where(SealedSurvey.id == sealed.id).execute()
    give(doc.id, ["view_event"])
    reader = office.reader("doc")
    csrf = forms_of(reader.get("/module/event").text)["/logout"]["csrf"]

    def refused() -> int:
        answers = [reader.get(path) for path in pages(template, sealed)]
        answers += [reader.post(path, {"csrf": csrf, **form}) for path, form in deeds(template)[:1]]
        return sum(answer.status_code == 403 for answer in answers)

    assert refused() == 9
    before = rows()
    give(doc.id, ["view_surveytemplate", "view_sealedsurvey"])
    assert refused() == 7
    assert rows().keys() == before.keys()
    words = ("surveytemplate", "sectiontemplate", "branchingtemplate", "sealedsurvey")
    give(doc.id, [f"{verb}_{word}" for verb in VERBS for word in words])
    assert refused() == 0


def test_every_form_needs_the_token_of_its_page(office: Office, mona: Reader) -> None:
    template = draft(office)
    before = rows()

    for path, form in deeds(template):
        assert mona.post(path, form).status_code == 403
        assert mona.post(path, {**form, "csrf": "guessed"}).status_code == 403
    assert rows() == before


def test_pages_take_as_many_statements_for_a_long_survey_as_for_a_short_one(
    office: Office, mona: Reader
) -> None:
    def counts(size: int) -> list[int]:
        audio = AudioFile.create(name="Beep", user=office.world.mine.manager)
        sections = [{"type": RATING, "audiofile": audio, "branches": {"1": n}} for n in range(size)]
        template = written(office.world.mine.manager, *sections)
        sealed = reminder(office.world.mine.manager)
        for section in nodes(sealed)[:size]:
            answered(sealed, section, **{str(n): n for n in range(1, size + 1)})
        found = []
        for path in [*pages(template, sealed), HERE, f"{HERE}/sealed"]:
            mona.get(path)
            with statements() as taken:
                assert mona.get(path).status_code == 200
            found.append(len(taken))
        return found

    few = counts(2)
    assert counts(30) == few
    assert max(few) <= 12


def test_the_way_to_the_pages_is_in_the_menu_of_who_may_see_them(office: Office, mona: Reader) -> None:
    assert f'href="{HERE}"' in mona.get("/module/event").text
    give(office.world.mine.user.id, ["view_event"])
    assert f'href="{HERE}"' not in office.reader("doc").get("/module/event").text
