"""Settings: read from the environment once, into one frozen object."""

import base64
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones


class SettingsError(Exception):
    """A variable of the environment cannot be read; the text says which and what would be right."""


def _flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    if text.lower() not in words:
        raise ValueError("write 1 or 0")
    return words[text.lower()]


def _minutes(text: str) -> timedelta:
    if not 0 < float(text) < 1_000_000:
        raise ValueError("write minutes, more than 0")
    return timedelta(minutes=float(text))


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("write a whole number, 0 or more")
    return int(text)


def _threads(text: str) -> int:
    if not 1 <= _count(text) <= 1000:
        raise ValueError("write a number from 1 to 1000")
    return int(text)


def _port(text: str) -> int:
    if _count(text) > 65535:
        raise ValueError("write a port, 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    if not 0 <= float(text) <= 86_400:
        raise ValueError("write seconds, 0 to 86400")
    return float(text)


def _url(text: str) -> str:
    if not re.match(r"https?://[^\s/]", text):
        raise ValueError("write a URL like http://127.0.0.1:8000")
    return text.rstrip("/")


def _writes(text: str) -> str:
    if text not in ("any_user", "service_only"):
        raise ValueError("write any_user or service_only")
    return text


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("write a zone of the tz database, like Asia/Kolkata")
    return text


def _level(text: str) -> str:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    if text.upper() not in levels:
        raise ValueError(f"write {', '.join(levels[:-1])} or {levels[-1]}")
    return text.upper()


def _secret(text: str) -> str:
    """As Standard Webhooks writes them; read in earnest, so that a bad one shows at the start, not at a report."""
    encoded = text.removeprefix("whsec_")
    try:
        base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        raise ValueError("write whsec_ and then base64") from None
    return text


_READERS: Mapping[type, Callable[[str], object]] = {
    bool: _flag,
    int: _count,
    float: _seconds,
    timedelta: _minutes,
}
_SECRETS = ("simulator_secret", "secret_key")
_READERS_BY_NAME: Mapping[str, Callable[[str], object]] = {
    "comms_writes": _writes,
    "local_zone": _zone,
    "log_level": _level,
    "simulator_secret": _secret,
    "web_port": _port,
    "simulator_port": _port,
    "web_processes": _threads,
    "web_threads": _threads,
    "api_url": _url,
    "simulator_url": _url,
    "oniondev_url": _url,
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
    comms_writes: str = "any_user"
    call_timeout: timedelta = timedelta(minutes=120)
    local_zone: str = "Asia/Kolkata"
    secret_key: str = field(default="", repr=False)
    simulator_url: str = "http://127.0.0.1:8100"
    simulator_secret: str = field(default="", repr=False)
    simulator_acceptance: float = 5.0
    simulator_port: int = 8100
    simulator_data: str = "simulator"
    oniondev_url: str = ""
    oniondev_username: str = ""
    oniondev_password: str = field(default="", repr=False)
    oniondev_acceptance: float = 120.0
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
