"""Settings: read from the environment once, into one frozen object."""

import base64
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from zoneinfo import ZoneInfo


class SettingsError(Exception):
    """A variable of the environment cannot be read; the text says which and what would be right."""


def _flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    if text.lower() not in words:
        raise ValueError("write 1 or 0")
    return words[text.lower()]


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=float(text))


def _writes(text: str) -> str:
    if text not in ("any_user", "service_only"):
        raise ValueError("write any_user or service_only")
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
    int: int,
    float: float,
    timedelta: _minutes,
    ZoneInfo: ZoneInfo,
}
_SECRETS = ("simulator_secret",)
_READERS_BY_NAME: Mapping[str, Callable[[str], object]] = {
    "comms_writes": _writes,
    "log_level": _level,
    "simulator_secret": _secret,
}


@dataclass(frozen=True)
class Settings:
    """Everything an operator can set. Each field is the variable of the same name in capitals.

    Durations are minutes in the environment. `.env.example` says what each is for.
    """

    database_url: str = "sqlite:///trunkline.db"
    broker_url: str = "memory://"
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
    local_zone: ZoneInfo = ZoneInfo("Asia/Kolkata")
    simulator_url: str = "http://127.0.0.1:8100"
    simulator_secret: str = ""
    simulator_acceptance: float = 3.0
    simulator_port: int = 8100
    simulator_data: str = "simulator"
    oniondev_url: str = ""
    oniondev_username: str = ""
    oniondev_password: str = ""
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
        for field in fields(cls):
            name = field.name.upper()
            if name not in environ:
                continue
            read = _READERS_BY_NAME.get(field.name) or _READERS.get(type(field.default), str)
            try:
                values[field.name] = read(environ[name].strip())
            except (ValueError, KeyError, OSError, OverflowError) as error:
                shown = "set" if field.name in _SECRETS else repr(environ[name])
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
