"""Settings: read once, from the environment, and what is wrong is said in words."""

from datetime import timedelta

import pytest

from models.settings import Settings, SettingsError


def test_without_any_settings_everything_is_embedded() -> None:
    ours = Settings.from_environment({})

    assert ours == Settings()
    assert ours.embedded
    assert (ours.database_url, ours.call_timeout) == ("sqlite:///trunkline.db", timedelta(minutes=120))


def test_each_variable_is_read_as_what_it_is() -> None:
    ours = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://app@db/trunkline", "BROKER_URL": "amqp://guest@mq//",
            "CALL_TIMEOUT": "90.5", "WEB_PORT": " 9000 ",
            "COMMS_WRITES": "service_only", "REHEARSAL": "yes", "CRASH_AT": "relay.after_publish:2",
            "LOG_LEVEL": "debug", "SIMULATOR_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "SOMETHING_ELSE": "1",
        }
    )  # fmt: skip

    assert (ours.database_url, ours.embedded) == ("postgresql://app@db/trunkline", False)
    assert ours.call_timeout == timedelta(minutes=90, seconds=30)
    assert (ours.web_port, ours.comms_writes, ours.rehearsal, ours.log_level) == (
        9000,
        "service_only",
        True,
        "DEBUG",
    )


@pytest.mark.parametrize("flag", ["1", "true", "YES"])
def test_flags_have_several_spellings(flag: str) -> None:
    assert Settings.from_environment({"REHEARSAL": flag}).rehearsal


@pytest.mark.parametrize("name", ["WEB_PORT", "DATABASE_URL", "CALL_TIMEOUT"])
def test_an_empty_variable_means_its_default(name: str) -> None:
    assert Settings.from_environment({name: " "}) == Settings()


def test_settings_print_no_secret() -> None:
    assert "swordfish" not in repr(
        Settings(oniondev_password="swordfish", database_url="postgresql://a:swordfish@b/c")
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "eighty"), ("WEB_PORT", "99999"), ("WEB_THREADS", "0"), ("CALL_TIMEOUT", "-5"), ("API_URL", "foo"),
        ("CALL_TIMEOUT", "2h"), ("CALL_TIMEOUT", "inf"),
        ("CALL_TIMEOUT", "nan"), ("SIMULATOR_URL", "localhost:8100"), ("SIMULATOR_ACCEPTANCE", "-1"),
        ("REHEARSAL", "perhaps"), ("COMMS_WRITES", "nobody"), ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "trunkline.db"), ("BROKER_URL", "redis://x"),
        ("LOG_LEVEL", "LOUD"), ("SIMULATOR_SECRET", "whsec_not base64"), ("SIMULATOR_SECRET", "whsec_x"),
        ("CRASH_AT", "relay.after_publish"), ("CLOCK_OFFSET_FILE", "/x"), ("DOUBLE_HINTS", "1"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("SIMULATOR_SECRET", "whsec_swordfish!"), ("DATABASE_URL", "mysql://app:swordfish@db/x")],
)
def test_an_error_does_not_repeat_a_secret(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({name: value})

    assert "swordfish" not in str(error.value)
