"""Whether an alarm that is due is made now, later, or never: a rule about times, without a clock and a database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self
from zoneinfo import ZoneInfo

from models.appointments.alarms import PENDING
from models.appointments.quiet import recipient_zone
from models.appointments.windows import Hours, Window, next_open
from models.people.accounts import zones

ELIGIBLE = timedelta(minutes=60)  # how late it may be made
FORGOTTEN = timedelta(days=7)  # what was due before that is looked at as if it had been due then
MISSED = "missed: it could not be made within 60 minutes of its time"
NEVER = "never allowed: the daily window and the quiet hours of who is told leave no time of day"


@dataclass(frozen=True, slots=True)
class Run:
    """Make the attempt."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask again at that moment, which becomes its `due_at`: it is not due yet, or not allowed at this time of day."""

    until: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It fails, without any traffic."""

    cause: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What of an alarm and of its creator's setting decides when it is made.

    Parameters:
      due_at: from when on; what it was postponed to, when it was.
      notice: its `date_start_notice` before the first attempt; None when it is tried again.
      daily_start, daily_stop: texts `hh:mm[:ss]`, on the clock of `zone`.
      zone: of the setting.
      quiet_start, quiet_stop: likewise, on the clock of who is told; None: there are no quiet hours.
      recipient_timezone, number: what says where he is, as far as it is known.
    """

    due_at: datetime
    notice: datetime | None
    daily_start: str = "00:00:00"
    daily_stop: str = "23:59:59"
    zone: tzinfo = UTC
    quiet_start: str | None = None
    quiet_stop: str | None = None
    recipient_timezone: str | None = None
    number: str | None = None

    @classmethod
    def of(cls, alarm: Any, setting: Any, due_at: datetime | None = None) -> Self:
        """The terms of rows `Alarm` and `CalendarSetting`.

        Parameters:
          due_at: instead of the alarm's own.
        """
        return cls(
            due_at=due_at or alarm.due_at,
            notice=alarm.date_start_notice if alarm.status == PENDING else None,
            daily_start=alarm.daily_start,
            daily_stop=alarm.daily_stop,
            zone=_named(setting.timezone),
            quiet_start=setting.quiet_start,
            quiet_stop=setting.quiet_stop,
            recipient_timezone=alarm.recipient_timezone,
            number=alarm.alarm_phonenumber,
        )

    @property
    def recipient_zone(self) -> tzinfo:
        """The zone of who is told."""
        return recipient_zone(self.recipient_timezone, self.number, self.zone)

    @property
    def daily(self) -> Hours | None:
        """Its daily window; None when that leaves nothing out."""
        window = Window.daily(self.daily_start, self.daily_stop)
        return Hours(window, self.zone) if window else None

    @property
    def loud(self) -> Hours | None:
        """When who is told may be told; None: around the clock."""
        if not (self.quiet_start and self.quiet_stop):
            return None
        window = Window.outside(self.quiet_start, self.quiet_stop)
        return Hours(window, self.recipient_zone) if window else None

    def hours(self) -> list[Hours]:
        """All that limits the time of day."""
        return [hours for hours in (self.daily, self.loud) if hours]


def decide(terms: Terms, now: datetime) -> Run | Wait | GiveUp:
    """What becomes of an alarm at a moment.

    It may be made from `due_at` on, or from the first moment after it that the daily window and the quiet hours allow;
    and within 60 minutes of that, or of its notice when that is later. When its time of day is over before it was
    made, it waits for the next, and its 60 minutes begin anew.
    """
    if now < terms.due_at:
        return Wait(terms.due_at)
    hours = terms.hours()
    opens = next_open(hours, max(terms.due_at, now - FORGOTTEN))
    if opens is None:
        return GiveUp(NEVER)
    if now < opens:
        return Wait(opens)
    if now > max(opens, terms.notice or opens) + ELIGIBLE:
        return GiveUp(MISSED)
    again = next_open(hours, now)
    if again is None:
        return GiveUp(NEVER)
    return Run() if again == now else Wait(again)


def _named(name: str) -> tzinfo:
    return ZoneInfo(name) if name in zones() else UTC
