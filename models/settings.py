"""Settings: read from the environment once, into one frozen object."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from zoneinfo import ZoneInfo

from models import variables


class SettingsError(Exception):
    """A variable of the environment cannot be read; the text says which and what would be right."""


_READERS: Mapping[type, Callable[[str], object]] = {
    bool: variables.flag,
    int: variables.count,
    float: variables.seconds,
    timedelta: variables.minutes,
}
_SECRETS = ("simulator_secret", "secret_key", "smtp_url", "twilio_auth_token", "stripe_key")
_READERS_BY_NAME: Mapping[str, Callable[[str], object]] = {
    "comms_writes": variables.writes,
    "local_zone": variables.zone,
    "log_level": variables.level,
    "simulator_secret": variables.secret,
    "web_port": variables.port,
    "simulator_port": variables.port,
    "failures_per_account": variables.some,
    "failures_per_address": variables.some,
    "codes_per_account": variables.some,
    "codes_per_address": variables.some,
    "audio_limit": variables.some,
    "web_processes": variables.threads,
    "web_threads": variables.threads,
    "api_url": variables.url,
    "simulator_url": variables.url,
    "oniondev_url": variables.url,
    "web_url": variables.url,
    "stripe_url": variables.url,
    "conference_number": variables.number,
    "mail_from": variables.mailbox,
    "smtp_url": variables.smtp,
}


@dataclass(frozen=True)
class Settings:
    """Everything an operator can set. Each field is the variable of the same name in capitals.

    Empty means the default. `.env.example` says what each is for, and in which unit.
    """

    database_url: str = field(default="sqlite:///trunkline.db", repr=False)
    broker_url: str = field(default="memory://", repr=False)
    pipelines_file: str = ""
    api_url: str = "http://127.0.0.1:8000"
    web_host: str = "127.0.0.1"
    web_port: int = 8000
    web_processes: int = 2
    web_threads: int = 4
    password_min_length: int = 8
    failed_logins_per_minute: int = 30
    failures_per_account: int = 10
    failures_per_address: int = 100
    codes_per_account: int = 5
    codes_per_address: int = 300
    comms_writes: str = "any_user"
    call_timeout: timedelta = timedelta(minutes=120)
    local_zone: str = "Asia/Kolkata"
    secret_key: str = field(default="", repr=False)
    web_url: str = ""
    proxies: int = 0
    suggestion_lead: timedelta = timedelta(minutes=30)
    reminder_lead: timedelta = timedelta(minutes=15)
    alarm_reply_window: timedelta = timedelta(hours=24)
    free_cancellations: int = 3
    conference_number: str = "+13125550100"
    mail_from: str = "Trunkline <calls@trunkline.example>"
    simulator_url: str = "http://127.0.0.1:8100"
    simulator_secret: str = field(default="", repr=False)
    simulator_acceptance: float = 5.0
    simulator_port: int = 8100
    simulator_data: str = "simulator"
    oniondev_url: str = ""
    oniondev_username: str = ""
    oniondev_password: str = field(default="", repr=False)
    oniondev_acceptance: float = 120.0
    smtp_url: str = field(default="", repr=False)
    twilio_auth_token: str = field(default="", repr=False)
    private_hooks: bool = False
    stripe_url: str = ""
    stripe_key: str = field(default="", repr=False)
    audio_folder: str = "audio"
    audio_limit: int = 10
    log_level: str = "INFO"
    rehearsal: bool = False
    clock_offset_file: str = ""
    crash_at: str = ""
    double_hints: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment.

        Raises:
          SettingsError: naming the variable, what it holds and what would be right.
        """
        environ = os.environ if environ is None else environ
        values = {}
        for setting in fields(cls):
            name = setting.name.upper()
            if not environ.get(name, "").strip():
                continue
            read = _READERS_BY_NAME.get(setting.name) or _READERS.get(type(setting.default), str)
            try:
                values[setting.name] = read(environ[name].strip())
            except (ValueError, KeyError, OSError, OverflowError) as error:
                shown = "set" if setting.name in _SECRETS else repr(environ[name])
                raise SettingsError(f"{name} is {shown}: {error}") from None
        return cls(**values)._checked()  # type: ignore[arg-type]  # each reader gives its field's type

    def _checked(self) -> "Settings":
        for name in ("clock_offset_file", "crash_at", "double_hints"):
            if getattr(self, name) and not self.rehearsal:
                raise SettingsError(f"{name.upper()} is for rehearsals: set REHEARSAL=1 as well, or unset it")
        if not re.match(r"sqlite:///.|postgres(ql)?://.", self.database_url):
            raise SettingsError(
                "DATABASE_URL must look like sqlite:///trunkline.db or postgresql://user:password@host/name"
            )
        if not re.match(r"memory://|amqps?://.", self.broker_url):
            raise SettingsError(
                "BROKER_URL must be memory:// or look like amqp://user:password@host:5672/%2F"
            )
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people read and write times."""
        return ZoneInfo(self.local_zone)

    @property
    def web(self) -> str:
        """Where people's browsers find the app: the address that links in mails begin with."""
        return self.web_url or self.api_url

    @property
    def embedded(self) -> bool:
        """Whether hints stay inside this process (`memory://`)."""
        return self.broker_url.startswith("memory://")


def environment_with(**changes: str) -> dict[str, str]:
    """The environment for a process of ours that is to be started with other settings."""
    return {**os.environ, **changes}


_current: Settings | None = None


def current() -> Settings:
    """The settings of this process, read from the environment at the first call."""
    global _current
    if _current is None:
        _current = Settings.from_environment()
    return _current


def use(settings: Settings) -> Settings:
    """Take these settings for this process: for the embedded mode and for tests."""
    global _current
    _current = settings
    return settings
