"""What must be the case for a process to pass the points of appointments that no alarm on its way passes."""

import io
import re
import time
import wave
from typing import Any

import requests

from chaos import patients
from chaos.ground import ADMIN, PASSWORD
from chaos.outside import Outside

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def while_migrating(lane: Any, point: str) -> bool:
    """The tables are brought up to date by a command that dies, and once more."""
    died = lane.system.command("migrate", crash_at=point).returncode == -9
    return died and lane.system.command("migrate").returncode == 0


def while_sealing(lane: Any, point: str) -> bool:
    """A survey is sealed by an API that dies, and once more: no copy is there in part."""
    office = Office(lane.system)
    survey = office.send("survey-template/", {"name": point})["url"]
    office.send("section-template/", {"survey": survey, "question": "Will you come?"})
    path = survey.partition("/rest-api/")[2] + "seal/"
    lane.rearm("web", point)
    first = office.try_(path, {})
    died = lane.died("web")
    lane.rearm("web")
    return died and first is None and office.send(path, {})["name"] == point


def while_uploading(lane: Any, point: str) -> bool:
    """An audio file is uploaded to an API that dies when it is on disk, and once more: there is one."""
    office = Office(lane.system)
    lane.rearm("web", point)
    first = office.try_("audio-files/", {"name": point}, files={"audio_file": _silence()})
    died = lane.died("web")
    lane.rearm("web")
    second = office.try_("audio-files/", {"name": point}, files={"audio_file": _silence()})
    found = lane.system.ask("/rest-api/audio-files/")["results"]
    return (
        died and first is None and second == 201 and len([row for row in found if row["name"] == point]) == 1
    )


def while_adding(lane: Any, point: str) -> bool:
    """A calendar is added on a page of an API that dies, and the same form is sent once more: there is one."""
    office = Office(lane.system)
    office.log_in()
    form = {**office.form("/module/calendar/add"), "name": point, "user": str(_doctor(lane.system))}
    lane.rearm("web", point)
    first = office.page("/module/calendar/add", form)
    died = lane.died("web")
    lane.rearm("web")
    second = office.page("/module/calendar/add", form)
    found = lane.system.ask("/rest-api/calendar/?page=last")["results"]
    return (
        died and first is None and second in (200, 303) and [row["name"] for row in found].count(point) == 1
    )


def while_granting(lane: Any, point: str) -> bool:
    """A doctor is to see his events and alarms, says a page of an API that dies, and once more: then he may."""
    office = Office(lane.system)
    office.log_in()
    path = f"/module/calendar_user/{_doctor(lane.system)}"
    form = {**office.form(path), "view_event": "true", "view_alarm": "true"}
    lane.rearm("web", point)
    first = office.page(f"{path}/access", form)
    died = lane.died("web")
    lane.rearm("web")
    second = office.page(f"{path}/access", form)
    return died and first is None and second in (200, 303) and office.shows(path).count(" checked") == 2


class Office:
    """A practice's manager at his programs and pages."""

    def __init__(self, system: Outside) -> None:
        self._url = system.url
        self._session = requests.Session()

    def send(self, path: str, body: Any) -> Any:
        """What the API answers to a POST, which it must take."""
        answer = self._post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def try_(self, path: str, body: Any, **more: Any) -> int | None:
        """The status; None for no answer."""
        try:
            sent = {"data": body, **more} if more else {"json": body}
            return self._post(path, **sent).status_code
        except requests.RequestException:
            return None

    def log_in(self) -> None:
        """By the login page."""
        form = {**self.form("/login"), "username": patients.MANAGER, "password": PASSWORD}
        if self.page("/login", form) not in (200, 303):
            raise RuntimeError("the practice's manager cannot log in")

    def shows(self, path: str) -> str:
        """A page, as it is."""
        return self._session.get(self._url + path, timeout=10).text

    def form(self, path: str) -> dict[str, str]:
        """What a page's form sends without being asked."""
        return dict(HIDDEN.findall(self.shows(path)))

    def page(self, path: str, form: dict[str, str]) -> int | None:
        """The status of a form that is sent; None for no answer."""
        try:
            return self._session.post(
                self._url + path, data=form, timeout=10, allow_redirects=False
            ).status_code
        except requests.RequestException:
            return None

    def _post(self, path: str, **sent: Any) -> requests.Response:
        who = (patients.MANAGER, PASSWORD)
        return requests.post(f"{self._url}/rest-api/{path}", auth=who, timeout=10, **sent)


def _doctor(system: Outside) -> int:
    return int(system.ask("/rest-api/calendar-user/", ADMIN)["url"].rsplit("/", 2)[1])


def _silence() -> tuple[str, bytes, str]:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1600))
    return f"{time.monotonic()}.wav", buffer.getvalue(), "audio/wav"
