"""Audio files: uploaded, checked by what is in them, served as what they are, and never lost or left lying about."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models import keeping, settings
from models.appointments.surveys import AudioFile, files
from models.appointments.surveys.sealing import seal
from models.appointments.surveys.sounds import MP3, OGG, WAV, NoSound, media_of
from models.people.permissions import give
from models.privacy.erasing import erase
from models.privacy.persons import Person
from models.settings import Settings
from tests.appointments.planned import BASE, Planned
from tests.appointments.sounds import form, mp3, ogg, wav
from tests.appointments.surveys import written
from tests.conformance import holds
from tests.house import Client

PLAYED = {"section": "audiofile", "after a wrong entry": "invalid_audiofile"}


def upload(planned: Planned, path: str = "audio-files/", verb: str = "POST", **parts: Any) -> Any:
    raw, headers = form(**parts)
    return planned.ask(verb, path, raw=raw, headers=headers)


def uploaded(planned: Planned, content: bytes = wav(), name: str = "Greeting") -> dict[str, Any]:
    answer = upload(planned, name=name, audio_file=content)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def at(row: dict[str, Any]) -> str:
    return str(row["url"]).removeprefix(f"{BASE}/")


def download(row: dict[str, Any], user: str = "mona", **headers: str) -> Any:
    """The file itself; the document says no more of it than that it is audio."""
    path = f"/rest-api/{at(row)}file/"
    return Client().get(
        path, user=user, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def kept(home: Settings) -> set[str]:
    folder = Path(home.audio_folder)
    return set(os.listdir(folder)) if folder.exists() else set()


@holds(
    "audio-files: url", "audio-files: name", "audio-files: audio_file", "audio-files: user",
    "audio-files: created_date", "audio-files: updated_date",
)  # fmt: skip
@pytest.mark.parametrize(
    ("content", "media", "suffix"),
    [
        (wav(), WAV, ".wav"),
        (mp3(), MP3, ".mp3"),
        (mp3(tag=300, padding=64), MP3, ".mp3"),
        (ogg(), OGG, ".ogg"),
    ],
)
def test_a_file_is_uploaded_and_served_as_what_it_is(
    planned: Planned, content: bytes, media: str, suffix: str
) -> None:
    row = uploaded(planned, content)

    assert list(row) == ["url", "name", "audio_file", "user", "created_date", "updated_date"]
    assert (row["name"], row["user"], row["audio_file"]) == ("Greeting", "mona", f"{row['url']}file/")
    assert planned.get(at(row)).json == row
    answer = download(row)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == media
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("inline")
    assert f"Greeting{suffix}" in answer.headers["content-disposition"]
    stored = AudioFile.get(AudioFile.name == "Greeting")
    assert (stored.size, stored.media) == (len(content), media)
    assert len(stored.digest) == 64
    assert stored.audio_file.startswith(stored.digest)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"x", b"RIFF", wav()[:60], wav(0), b"RIFF\xff\xff\xff\x7fWAVEfmt ", wav()[:20] + b"\x07" + wav()[21:],
        mp3(1), mp3()[:417], b"ID3" + b"\xff" * 600, b"\xff\xfb\x90\x00" * 99, ogg(b"\x80theora"), ogg()[:27],
        b"OggS\x00\x00" + ogg()[6:], b"<script>alert(1)</script>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"MZ" * 99,
        b"GIF89a" + b"\0" * 900,
    ],
)  # fmt: skip
def test_what_is_no_sound_is_refused_whatever_it_is_called(
    planned: Planned, home: Settings, content: bytes
) -> None:
    answer = upload(planned, name="greeting.wav", audio_file=content)

    assert (answer.status_code, set(answer.json)) == (400, {"audio_file"})
    assert kept(home) == set()
    with pytest.raises(NoSound):
        media_of(content)


def test_a_file_and_a_name_are_needed_and_both_are_told_at_once(planned: Planned, home: Settings) -> None:
    for answer in (upload(planned), planned.post("audio-files/", {}), upload(planned, audio_file="text")):
        assert (answer.status_code, set(answer.json)) == (400, {"name", "audio_file"})
    assert set(upload(planned, audio_file=wav()).json) == {"name"}
    assert set(upload(planned, name="x" * 151, audio_file=wav()).json) == {"name"}
    assert set(planned.post("audio-files/", {"name": "x", "audio_file": "UklGRg=="}).json) == {"audio_file"}
    assert kept(home) == set()


def test_a_file_may_be_as_large_as_the_operator_says(planned: Planned, home: Settings) -> None:
    settings.use(replace(home, audio_limit=1))
    most = wav((1 << 20) / 16000 - 0.01)

    assert upload(planned, name="long", audio_file=most).status_code == 201
    for content in (wav((1 << 20) / 16000 + 0.01), most * 2):
        answer = upload(planned, name="too long", audio_file=content)
        assert (answer.status_code, answer.json) == (413, {"detail": "The file is over 1 MiB."})
    settings.use(replace(home, audio_limit=2))
    assert upload(planned, name="longer", audio_file=wav(1.5 * (1 << 20) / 16000)).status_code == 201


def test_other_bodies_stay_as_small_as_they_were(planned: Planned) -> None:
    raw, headers = form(name="x" * 2_000_000)

    assert planned.ask("POST", "survey-template/", raw=raw, headers=headers).status_code == 413


def test_a_file_is_renamed_and_replaced(planned: Planned, home: Settings) -> None:
    row = uploaded(planned)

    renamed = planned.patch(at(row), {"name": "Welcome"}).json
    assert (renamed["name"], renamed["audio_file"]) == ("Welcome", row["audio_file"])
    again = planned.put(at(row), {**renamed, "name": "Hello"})  # as it was told
    assert (again.status_code, again.json["name"], download(row).content) == (200, "Hello", wav())
    replaced = upload(planned, at(row), "PATCH", audio_file=mp3())
    assert (replaced.status_code, download(row).content) == (200, mp3())
    assert download(row).headers["content-type"] == MP3
    assert upload(planned, at(row), "PATCH", audio_file=b"no sound").status_code == 400
    for other in ({"audio_file": None}, {"audio_file": "http://localhost/rest-api/audio-files/99/file/"}):
        assert set(planned.patch(at(row), other).json) == {"audio_file"}
    assert download(row).content == mp3()


@pytest.mark.parametrize("column", ["audiofile", "invalid_audiofile"])
def test_what_a_sealed_survey_plays_is_neither_replaced_nor_deleted(planned: Planned, column: str) -> None:
    row = uploaded(planned)
    template = written(planned.mine.manager, {column: AudioFile.get(AudioFile.name == "Greeting").id})
    assert planned.delete(at(row)).status_code == 409  # a survey that is written plays it
    assert upload(planned, at(row), "PATCH", audio_file=wav(level=1)).status_code == 200
    seal(template.id)
    assert planned.delete(f"survey-template/{template.id}/").status_code == 204

    assert planned.delete(at(row)).status_code == 409
    for verb in ("PUT", "PATCH"):
        answer = upload(planned, at(row), verb, name="Other", audio_file=wav(level=2))
        assert (answer.status_code, list(answer.json)) == (409, ["detail"])
    assert download(row).content == wav(level=1)
    assert planned.get(at(row)).json["name"] == "Greeting"
    assert planned.patch(at(row), {"name": "Renamed"}).status_code == 200


def test_a_part_of_a_file_is_given_to_who_asks_for_one(planned: Planned) -> None:
    row, content = uploaded(planned), wav()
    size = len(content)

    for asked, first, last in (
        ("bytes=0-9", 0, 9), ("bytes=10-", 10, size - 1), ("bytes=-5", size - 5, size - 1),
        ("bytes=0-99999", 0, size - 1), ("bytes=-99999", 0, size - 1),
    ):  # fmt: skip
        answer = download(row, Range=asked)
        assert answer.content == content[first : last + 1], asked
        whole = (first, last) == (0, size - 1)
        assert answer.status_code == (200 if whole else 206)
        assert whole or answer.headers["content-range"] == f"bytes {first}-{last}/{size}"
    for odd in ("bytes=0-1,3-4", "bytes=9-1", "lines=1-2", "x", "bytes="):
        assert (download(row, Range=odd).status_code, download(row, Range=odd).content) == (200, content)
    beyond = download(row, Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    etag = download(row).headers["etag"]
    assert download(row, If_None_Match=etag).status_code == 304
    assert download(row, Range="bytes=0-9", If_Range=etag).status_code == 206
    assert download(row, Range="bytes=0-9", If_Range='"other"').status_code == 200


@holds("visible: survey-template, sealed-survey, audio-files, callrequest by user")
def test_what_is_a_users_own_is_seen_by_nobody_else(planned: Planned) -> None:
    row = uploaded(planned)
    template = written(planned.mine.manager)
    paths = (at(row), f"survey-template/{template.id}/", f"sealed-survey/{planned.mine.survey.id}/")

    for path in paths:
        assert [planned.get(path, user=who).status_code for who in ("mona", "root", "fred", "eve")] == [
            200, 200, 404, 403
        ]  # fmt: skip
        listed = planned.get(f"{path.partition('/')[0]}/", user="fred").json["results"]
        assert f"{BASE}/{path}" not in [one["url"] for one in listed]
    assert [download(row, who).status_code for who in ("mona", "root", "fred", "eve")] == [200, 200, 404, 403]
    assert (
        upload(planned, f"audio-files/{planned.theirs.audio.id}/", "PATCH", audio_file=wav()).status_code
        == 404
    )
    assert download({"url": f"{BASE}/audio-files/{planned.mine.audio.id}/"}).status_code == 404  # has no file


def test_names_of_files_reach_no_path_and_no_header(planned: Planned, home: Settings) -> None:
    row = uploaded(planned, name='../../etc/passwd"; x=\r\nSet-Cookie: y=1')

    headers = download(row).headers
    assert "set-cookie" not in headers
    assert len(kept(home)) == 1
    AudioFile.update(audio_file="../trunkline.db").execute()
    assert download(row).status_code == 404


def test_what_no_row_names_is_swept_when_its_row_cannot_come_any_more(
    planned: Planned, home: Settings, jump: Callable[[float], None]
) -> None:
    row = uploaded(planned)
    alone = files.keep(wav(level=3), WAV)  # as a process leaves it that died before the row
    before = AudioFile.get(AudioFile.name == "Greeting").audio_file
    assert upload(planned, at(row), "PATCH", audio_file=mp3()).status_code == 200
    gone = uploaded(planned, name="Gone")
    assert planned.delete(at(gone)).status_code == 204
    Path(home.audio_folder, "of-somebody-else.txt").write_text("?", encoding="ascii")

    assert (files.sweep(), {alone, before} < kept(home), len(kept(home))) == (0, True, 5)
    jump(3700)
    assert keeping.prune()["audio_files"] == 3
    assert kept(home) == {"of-somebody-else.txt", AudioFile.get(AudioFile.name == "Greeting").audio_file}
    assert download(row).content == mp3()


def test_the_voice_of_who_is_erased_goes_as_well(
    planned: Planned, home: Settings, jump: Callable[[float], None]
) -> None:
    settings.use(replace(home, secret_key="any long random text"))
    give(planned.eve.id, ["add_audiofile", "view_audiofile"])
    raw, headers = form(name="Eve speaking", audio_file=wav())
    assert planned.ask("POST", "audio-files/", raw=raw, headers=headers, user="eve").status_code == 201
    others = uploaded(planned)

    erase(Person.of(planned.eve.id))
    jump(3700)
    keeping.prune()

    assert kept(home) == {AudioFile.get(AudioFile.name == "Greeting").audio_file}
    assert download(others).content == wav()


def test_a_row_is_only_there_when_its_file_is(planned: Planned, home: Settings) -> None:
    Path(home.audio_folder).write_text("no folder", encoding="ascii")
    before = AudioFile.select().count()

    assert upload(planned, name="x", audio_file=wav()).status_code == 500
    assert AudioFile.select().count() == before
