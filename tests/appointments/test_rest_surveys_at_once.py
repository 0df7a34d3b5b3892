"""Many hands at one survey: what they write at the same moment is whole, in order, and never changes what is sealed."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from models.appointments.surveys import (
    AudioFile,
    BranchingTemplate,
    SealedSection,
    SealedSurvey,
    SectionTemplate,
)
from models.appointments.surveys.sealing import seal
from models.database import transaction
from tests.appointments.planned import Planned
from tests.appointments.sounds import wav
from tests.appointments.surveys import written
from tests.appointments.test_rest_audio import upload
from tests.house import wait_for
from tests.mentoring.racing import Track, somebody_waits

pytestmark = pytest.mark.servers


def sections(survey_id: int) -> list[Any]:
    mine = SectionTemplate.select().where(SectionTemplate.survey == survey_id)
    return list(mine.order_by(SectionTemplate.order, SectionTemplate.id))


def test_sections_added_moved_and_deleted_at_once_stay_in_order(planned: Planned, track: Track) -> None:
    planned.get("")  # the password is known from here on
    for number in range(15):
        template = written(planned.mine.manager, *({"question": name} for name in "ABCD"))
        a, b, c, _ = (row.id for row in sections(template.id))

        answers = track.race(
            partial(planned.post, "section-template/", {"survey": template.id, "question": "E", "order": 1}),
            partial(planned.patch, f"section-template/{a}/", {"order": 4}),
            partial(planned.delete, f"section-template/{b}/"),
            partial(planned.patch, f"section-template/{c}/", {"order": 1 + number % 3}),
        )

        assert [answer.status_code for answer in answers] == [201, 200, 204, 200]
        rows = sections(template.id)
        assert sorted(row.question for row in rows) == ["A", "C", "D", "E"]
        assert [row.order for row in rows] == [1, 2, 3, 4]


def test_one_key_of_a_section_leads_to_one_place(planned: Planned, track: Track) -> None:
    planned.get("")
    for _ in range(15):
        template = written(planned.mine.manager, {}, {})
        here, there = (row.id for row in sections(template.id))
        body = {"keys": "7", "section": here, "goto": there}

        answers = track.race(*[partial(planned.post, "branching-template/", body)] * 4)

        assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
        assert BranchingTemplate.select().where(BranchingTemplate.keys == "7").count() == 1
        BranchingTemplate.delete().execute()


def test_no_branch_leads_to_what_was_deleted_meanwhile(planned: Planned, track: Track) -> None:
    planned.get("")
    for _ in range(15):
        template = written(planned.mine.manager, {}, {})
        here, there = (row.id for row in sections(template.id))

        made, gone = track.race(
            partial(planned.post, "branching-template/", {"keys": "7", "section": here, "goto": there}),
            partial(planned.delete, f"section-template/{there}/"),
        )

        assert (made.status_code in (201, 400), gone.status_code) == (True, 204)
        assert not BranchingTemplate.select().where(BranchingTemplate.goto == there).exists()
        seal(template.id)


def test_a_file_is_not_replaced_while_a_survey_is_sealed_that_plays_it(
    planned: Planned, track: Track
) -> None:
    assert upload(planned, name="Greeting", audio_file=wav()).status_code == 201
    audio = AudioFile.get(AudioFile.name == "Greeting")
    template = written(planned.mine.manager, {"audiofile": audio})

    with ThreadPoolExecutor(1) as other, transaction():
        seal(template.id)
        path = f"audio-files/{audio.id}/"
        later = other.submit(upload, planned, path, "PATCH", audio_file=wav(level=5))
        wait_for(somebody_waits)
        assert not later.done()
        committed = SealedSection.select().where(SealedSection.audiofile == audio).count()

    assert (committed, later.result().status_code) == (1, 409)
    assert AudioFile.get_by_id(audio.id).digest == audio.digest


def test_a_survey_that_is_deleted_meanwhile_is_sealed_whole_or_not_at_all(
    planned: Planned, track: Track
) -> None:
    planned.get("")
    for _ in range(15):
        template = written(planned.mine.manager, {}, {}, {})

        sealed, gone = track.race(
            partial(planned.post, f"survey-template/{template.id}/seal/", {}),
            partial(planned.delete, f"survey-template/{template.id}/"),
        )

        assert (sealed.status_code in (201, 404), gone.status_code) == (True, 204)
        if sealed.status_code == 201:
            survey = SealedSurvey.select().order_by(SealedSurvey.id.desc()).get()
            assert SealedSection.select().where(SealedSection.survey == survey).count() == 3
