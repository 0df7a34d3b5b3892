"""Writes the clinic's practices down over the API: settings, calendar users, calendars, rules, events and alarms."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chaos.ground import ADMIN, PASSWORD
from tests.clinic.practices import CALL, MINUTE, TERMS, TEXT, Practice, Reminder
from tests.clinic.system import MANAGERS, Clinic

USERS = 24  # calendar users; the practices are shared among them
METHODS = {CALL: 1, TEXT: 2}
VISIT = timedelta(minutes=30)


class Opening:
    """Opens practices; what several of them use is written down once."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._sms, self._mail, self._gateway = (
            self._last(name, ADMIN) for name in ("sms-template", "mail-template", "sms-gateway")
        )
        self._rules: dict[tuple[str, str], str] = {}
        self._users: dict[int, str] = {}
        self._settings = {name: self._terms(name) for name in MANAGERS}

    def open(self, practices: Sequence[Practice]) -> dict[int, str]:
        """Write them down. Returns where each one's first event is, by the practice's number."""
        return {practice.number: self._practice(practice) for practice in practices}

    def _practice(self, practice: Practice) -> str:
        number, manager = practice.number, manager_of(practice)
        user = self._user(number % USERS, manager, practice)
        calendar = self._made("calendar", manager, name=f"Calendar {number}", user=user)
        failure = f"{practice.doctor}: #alarm_phonenumber# not reached in #num_attempt#"
        event = self._made(
            "event", manager, title="Visit", creator=user, calendar=calendar, rule=self._rule(practice),
            start=practice.start.isoformat(), end=(practice.start + VISIT).isoformat(),
            end_recurring_period=practice.until.isoformat(),
            data={"doc_name": practice.doctor, "sms_failure": failure},
        )  # fmt: skip
        for reminder in practice.reminders:
            self._made("alarm", manager, event=event, **self._alarm(practice, reminder))
        return event

    def _alarm(self, practice: Practice, reminder: Reminder) -> dict[str, Any]:
        notice = practice.start - reminder.before * MINUTE
        number = {} if reminder.method not in METHODS else {"alarm_phonenumber": reminder.to}
        window = dict(zip(("daily_start", "daily_stop"), reminder.window or (), strict=False))
        return {
            "method": METHODS.get(reminder.method, 3), "alarm_email": None if number else reminder.to, **number,
            "sms_template": self._sms, "mail_template": self._mail, "date_start_notice": notice.isoformat(),
            "advance_notice": reminder.advance * 60, "maxretry": reminder.retries, "retry_delay": reminder.delay * 60,
            "phonenumber_sms_failure": reminder.failure_to, "recipient_timezone": reminder.lives, **window,
        }  # fmt: skip

    def _rule(self, practice: Practice) -> str:
        frequency, params = {
            "weekly": ("WEEKLY", ""),
            "monthly": ("MONTHLY", f"byweekday:WE({(practice.first.day - 1) // 7 + 1});"),
            "last": ("MONTHLY", ""),
        }[practice.recurs]
        params += f"count:{practice.count}" if practice.count else ""
        key = frequency, params
        if key not in self._rules:
            name = f"Rule {len(self._rules)}"
            self._rules[key] = self._made(
                "rule", ADMIN, name=name, frequency=frequency, params=params or None
            )
        return self._rules[key]

    def _user(self, place: int, manager: str, practice: Practice) -> str:
        if place not in self._users:
            url = self._made("calendar-user", manager, username=f"doctor{place}", password=PASSWORD)
            setting = self._settings[manager][practice.terms.label]
            profile = f"calendar-user-profile/{id_of(url)}/"
            self._clinic.send("PATCH", profile, {"calendar_setting": id_of(setting)}, manager)
            self._users[place] = url
        return self._users[place]

    def _terms(self, manager: str) -> dict[str, str]:
        """A setting for each of the terms; where they are."""
        survey, gateway = self._last("sealed-survey", manager), self._last("gateway", manager)
        made = {}
        for terms in TERMS:
            quiet = dict(zip(("quiet_start", "quiet_stop"), terms.quiet or (), strict=False))
            made[terms.label] = self._made(
                "calendar-setting", manager, label=terms.label, callerid=terms.callerid, survey=survey,
                aleg_gateway=gateway, sms_gateway=self._gateway, timezone=terms.zone, **quiet,
            )  # fmt: skip
        return made

    def _last(self, name: str, user: str) -> str:
        """The newest row of a list."""
        return str(self._clinic.send("GET", f"{name}/?page=last", None, user)["results"][-1]["url"])

    def _made(self, resource: str, by: str, /, **body: Any) -> str:
        return str(self._clinic.send("POST", f"{resource}/", body, by)["url"])


def manager_of(practice: Practice) -> str:
    """Whose practice it is."""
    return MANAGERS[practice.number % len(MANAGERS)]


def id_of(url: str) -> int:
    """The id in a URL of a row."""
    return int(url.rsplit("/", 2)[1])
