"""How a practice plans alarms by the API, and what it concludes when there is no answer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chaos import patients
from chaos.asking import Asking, Errand, Heard
from chaos.outside import authorization
from chaos.wishes import Step

ALARMS, EVENTS = "/rest-api/alarm/", "/rest-api/event/"
AHEAD = timedelta(seconds=1)

# An alarm is written down; and its event is moved to begin soon, so that it happens again a day later.
STEPS = (Step("POST"), Step("PATCH"))


@dataclass(frozen=True)
class Request(Asking):
    """One step of it."""

    def heard(self, status: int, tries: int) -> Heard:
        """An alarm is not written down twice: who had no answer looks whether it is there."""
        if status in (200, 201):
            return Heard.DONE
        if status < 500:
            return Heard.NEVER
        return Heard.LOOK if self.verb == "POST" else Heard.AGAIN

    @property
    def otherwise(self) -> Heard:
        """If it is not there, it is asked for again."""
        return Heard.AGAIN

    def took_effect(self, body: Any) -> bool:
        """Whether the event has its alarm."""
        return bool(body["count"])


@dataclass
class Planning(Errand):
    """An alarm on its way to be written down."""

    @property
    def step(self) -> Step | None:
        """What comes next."""
        return STEPS[self.done] if self.done < len(STEPS) else None

    @property
    def again(self) -> bool:
        """The API keeps no keys here: whoever asks twice has two alarms."""
        return False

    def asking(self) -> Request:
        """The request that is due now."""
        number, soon = self.wish.pair, datetime.now(UTC) + AHEAD
        event = patients.event(number)
        if self.made is None:
            return self._request("POST", ALARMS, _alarm(number, event))
        times = {"start": soon.isoformat(), "end": (soon + timedelta(hours=1)).isoformat()}
        return self._request("PATCH", f"{EVENTS}{event}/", times)

    def looking(self, asking: Asking) -> Asking:
        """The alarms of its event, of which there is one at most."""
        return self._request("GET", f"{ALARMS}?event={patients.event(self.wish.pair)}", {})

    def acknowledge(self, asking: Asking, body: Any) -> None:
        """It was granted, just now, or found."""
        if self.made is None:
            row = body["results"][0] if "results" in body else body
            self.made = int(row["url"].rsplit("/", 2)[1])
        self.done += 1

    def _request(self, verb: str, path: str, body: Any) -> Request:
        return Request(verb, path, body, "", authorization(patients.MANAGER))


def _alarm(number: int, event: int) -> dict[str, Any]:
    manner = patients.manner(number)
    body = {"event": event, "method": manner.method, "date_start_notice": datetime.now(UTC).isoformat()}
    if manner.method == patients.MAIL:
        return {**body, "alarm_email": patients.mail(number), "mail_template": patients.FIRST}
    body |= {"alarm_phonenumber": patients.phone(number)}
    if manner.method == patients.TEXT:
        return {**body, "sms_template": patients.FIRST}
    failure = {"phonenumber_sms_failure": patients.family(number)}
    return {**body, "maxretry": max(0, manner.rings - 1), "retry_delay": 1, **failure}
