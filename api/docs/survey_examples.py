"""Examples of surveys, their sections and branches, audio files and answers, as `/rest-api` takes and tells them."""

from collections.abc import Mapping

from api.docs.rest_examples import Example, Of

_HERE = "http://localhost:8000/rest-api"
_DATES: Example = {"created_date": "2013-12-16T11:19:29.994Z", "updated_date": "2013-12-16T11:19:29.994Z"}
_SURVEY: Example = {
    "url": f"{_HERE}/survey-template/2/", "user": "manager", "name": "Reminder", "tts_language": "en",
    "description": "Asks whether somebody will come.", **_DATES,
}  # fmt: skip
_SECTION: Example = {
    "url": f"{_HERE}/section-template/7/", "survey": f"{_HERE}/survey-template/2/", "type": 3,
    "question": "Press 1 to confirm, 2 to cancel, 3 to reschedule.",
    "script": "Press 1 to confirm, 2 to cancel, 3 to reschedule.", "order": 1, "audiofile": None,
    "invalid_audiofile": None, "retries": 1, "timeout": 5, **{f"key_{digit}": "" for digit in range(10)},
    "rating_laps": 3, "validate_number": True, "number_digits": 2, "min_number": 0, "max_number": 99,
    "phonenumber": "", "confirm_script": "", "confirm_key": "", "conference": "", "sms_text": "", "completed": True,
    **_DATES,
}  # fmt: skip
_BRANCH: Example = {
    "url": f"{_HERE}/branching-template/11/", "keys": "1", "section": f"{_HERE}/section-template/7/",
    "goto": f"{_HERE}/section-template/8/", **_DATES,
}  # fmt: skip
_AUDIO: Example = {
    "url": f"{_HERE}/audio-files/4/", "name": "Greeting", "audio_file": f"{_HERE}/audio-files/4/file/",
    "user": "manager", **_DATES,
}  # fmt: skip
SEALED: Example = {
    "url": f"{_HERE}/sealed-survey/1/", "name": "Reminder", "tts_language": "en",
    "description": "Asks whether somebody will come.", "user": f"{_HERE}/users/2/", "campaign": None, **_DATES,
}  # fmt: skip
ANSWERS = [
    {"section__question": "Press 1 to confirm, 2 to cancel, 3 to reschedule.", "response": "1", "count": 12}
]


def _of(row: Example, *sent: str, part: str = "") -> Of:
    return Of(row, {name: row[name] for name in sent}, {part: row[part]} if part else {}, row, row)


EXAMPLES: Mapping[str, Of] = {
    "survey-template": _of(_SURVEY, "name", "description", part="name"),
    "section-template": _of(_SECTION, "survey", "type", "question", "rating_laps", part="question"),
    "branching-template": _of(_BRANCH, "keys", "section", "goto", part="goto"),
    "sealed-survey": _of(SEALED),
    "audio-files": Of(
        _AUDIO, {"name": "Greeting", "audio_file": "(the file)"}, {"name": "Greeting"}, _AUDIO, _AUDIO
    ),
}
