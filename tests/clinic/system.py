"""Trunkline as a clinic runs it, in a time of its own: its processes, their clocks' hands, and its managers."""

import random
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from chaos.ground import PASSWORD, Ground
from chaos.outside import NotReady, authorization, wait_for
from chaos.processes import Child
from chaos.system import System
from models import database
from models.appointments import Gateway, GatewayUser, MailTemplate, SealedSurvey, SmsGateway, SmsTemplate
from models.appointments.surveys import SealedSection
from models.appointments.surveys.sections import PLAY_MESSAGE
from models.people.changing import add_user
from tests.clinic.practices import BEGIN

CLOCKS = ("clock", "clock-2", "clock-3")  # each looks once a second; any of them will do
MANAGERS = tuple(f"manager{number}" for number in range(4))
SETTLING = 120.0  # seconds until all that is due in a quarter must be done
SOON = timedelta(minutes=8)  # what is owed later than that is of another quarter

# What has not been done yet: the rounds of both dispatchers since the jump, what they and others owe, and alarms that
# are due, or soon due again.
_OPEN = """
SELECT (SELECT count(*) FROM periodic WHERE name IN ('dispatch_events', 'dispatch_alarms') AND due_at <= %(at)s)
     + (SELECT count(*) FROM command WHERE state <> 'dead' AND (
            queue <> 'chores' AND due_at <= %(soon)s OR name IN ('dispatch_events', 'dispatch_alarms')))
     + (SELECT count(*) FROM alarm JOIN appointment_event AS event ON event.id = event_id
        WHERE alarm.due_at <= %(soon)s AND event.status <> 3)
"""

_LEFT = """
SELECT 'periodic', name, due_at::text FROM periodic WHERE name LIKE 'dispatch_%%' AND due_at <= %(at)s
UNION ALL SELECT 'command', name, state || ' ' || due_at FROM command WHERE state <> 'dead' AND (
    queue <> 'chores' AND due_at <= %(soon)s OR name IN ('dispatch_events', 'dispatch_alarms'))
UNION ALL SELECT 'alarm', alarm.id::text, alarm.status || ' ' || alarm.due_at
    FROM alarm JOIN appointment_event AS event ON event.id = event_id
    WHERE alarm.due_at <= %(soon)s AND event.status <> 3
LIMIT 20
"""


class Clinic(System):
    """The system, at a moment that we choose.

    Parameters:
      kill_every: seconds between two deaths by SIGKILL; 0: nobody dies.
    """

    def __init__(self, ground: Ground, folder: Path, *, seed: int, kill_every: float) -> None:
        super().__init__(ground, folder, "clinic", seed=seed)
        self._offset = self.folder / "offset"
        self._env["CLOCK_OFFSET_FILE"] = str(self._offset)
        self.jump(BEGIN)
        _people(self.database_url)
        self._every, self._dice, self.kills = kill_every, random.Random(seed), 0
        self._calm = threading.Event()

    def _boot(self) -> None:
        self.start("simulator", "web", "relay", *CLOCKS, *self.workers)
        self.ready()
        self._database = psycopg.connect(self.database_url, autocommit=True)

    def _start(self, name: str, env: dict[str, str]) -> Child:
        if name not in CLOCKS:
            return super()._start(name, env)
        return self.ground.mother.start(name, ["clock"], env, self.folder)

    def __exit__(self, *exc: object) -> None:
        self._calm.set()
        super().__exit__(*exc)

    def storm(self) -> None:
        """Kill workers, relay, clocks and API from now on, one after the other, and start them again at once."""
        if self._every:
            threading.Thread(target=self._kill_on, daemon=True).start()

    def _kill_on(self) -> None:
        names = [*self.workers, *self.workers, *self.workers, "relay", "web", *CLOCKS]
        while not self._calm.wait(self._every):
            name = self._dice.choice(names)
            self.kill(name)
            self.start(name)
            self.kills += 1

    def jump(self, moment: datetime) -> None:
        """Move all clocks to a moment, and half a second more."""
        seconds = (moment - datetime.now(UTC)).total_seconds() + 0.5
        new = self._offset.with_suffix(".new")
        new.write_text(f"{seconds}")
        new.replace(self._offset)

    def settle(self, moment: datetime) -> None:
        """Wait until all that was due at a moment, to which the clocks were moved, is done."""
        try:
            wait_for(f"{moment:%d %b %H:%M}", lambda: self._done(moment) and self._done(moment), SETTLING)
        except NotReady as error:
            found = self._database.execute(_LEFT, {"at": moment, "soon": moment + SOON}).fetchall()
            raise NotReady(f"{error}; left: {found}, {self.reports_owed()} reports") from None

    def settle_anew(self) -> None:
        """Have the dispatchers look once more, seconds later, and wait until what somebody has changed is done."""
        row = self._database.execute(
            "SELECT max(due_at) FROM periodic WHERE name LIKE 'dispatch_%'"
        ).fetchone()
        if row:
            self.jump(row[0])
            self.settle(row[0])

    def _done(self, moment: datetime) -> bool:
        row = self._database.execute(_OPEN, {"at": moment, "soon": moment + SOON}).fetchone()
        return row == (0,) and self.reports_owed() == 0

    def send(self, verb: str, path: str, body: Any, user: str) -> Any:
        """What the API answers, which may be killed meanwhile.

        Raises:
          NotReady: it refused.
        """
        answer = wait_for(f"{verb} {path}", lambda: self._try(verb, path, body, user))
        if answer.status >= 300:
            raise NotReady(f"the API said {answer.status} to {verb} {path}: {answer.data[:300]!r}")
        return answer.json()

    def _try(self, verb: str, path: str, body: Any, user: str) -> Any:
        try:
            url = f"{self.url}/rest-api/{path}"
            answer = self.http.request(verb, url, json=body, headers=authorization(user))
        except OSError:
            return None
        return None if answer.status >= 500 else answer


def _people(url: str) -> None:
    """Managers, and what an administrator sets up for them: gateways, a survey and templates."""
    database.bind(url)
    gateway, _ = Gateway.create(name="Out"), SmsGateway.create(name="Texts")
    SmsTemplate.create(label="Soon", template_key="soon", sms_text="Please see {doc_name} soon.")
    MailTemplate.create(
        label="Visit", template_key="visit", from_email="clinic@example.org", from_name="The clinic",
        subject="Your visit to {doc_name}", message_plaintext="Please be in time.",
    )  # fmt: skip
    for name in MANAGERS:
        user = add_user(name, PASSWORD, manager=True)
        GatewayUser.create(gateway=gateway, user=user)
        survey = SealedSurvey.create(name="Reminder", user=user)
        SealedSection.create(
            survey=survey, type=PLAY_MESSAGE, question="?", script="Please see {doc_name}", order=1
        )
    database.close_all()
