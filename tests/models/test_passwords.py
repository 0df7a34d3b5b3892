"""Passwords: slow to guess, quick for who is known."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from models import settings
from models.people import passwords
from models.people.passwords import TooManyFailures, Verifier, hashed
from models.settings import Settings


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, home: Settings) -> Iterator[None]:
    """The same kind of hash, made cheap for tests."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def test_a_hash_is_argon2id_with_its_own_salt() -> None:
    assert hashed("correct horse").startswith("$argon2id$")
    assert hashed("correct horse") != hashed("correct horse")


@pytest.mark.parametrize("password", ["correct horse", "ü\U0001f600", "x" * 1000, " ", "a\0b"])
def test_only_the_right_password_is_right(password: str) -> None:
    verifier, stored = Verifier(), hashed(password)

    assert verifier.right("adam", password, stored)
    for wrong in (password + " ", password[:-1], password.upper() + "!", ""):
        assert not verifier.right("adam", wrong, stored)


@pytest.mark.parametrize("stored", [None, "", "no hash", "pbkdf2_sha256$20000$x$y", "$argon2id$v=19$m=8"])
def test_nobody_gets_in_where_nothing_right_is_stored(stored: str | None) -> None:
    assert not Verifier().right("adam", "correct horse", stored)


def test_what_is_remembered_is_for_one_name_one_password_and_one_hash(home: Settings) -> None:
    verifier, stored, other = Verifier(), hashed("correct horse"), hashed("battery staple")
    verifier.right("adam", "correct horse", stored)

    assert not verifier.right("adam", "battery staple", stored)
    assert not verifier.right("adam", "correct horse", other)
    assert verifier.right("adam", "battery staple", other)


def test_what_is_remembered_fades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MEMORY", 0)
    verifier, stored = Verifier(), hashed("correct horse")
    verifier.right("adam", "correct horse", stored)
    verifier.right("adam", "wrong", stored)
    settings.use(replace(settings.current(), failed_logins_per_minute=1))

    with pytest.raises(TooManyFailures):  # it would have to be checked again
        verifier.right("adam", "correct horse", stored)


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MOST_REMEMBERED", 3)
    verifier, stored = Verifier(), hashed("x")
    for n in range(6):
        verifier.right(f"user{n}", "x", stored)
        verifier.right(f"user{n}", "wrong", stored)

    assert len(verifier._known) == 3
    assert len(verifier._failures) <= 6


def test_guessing_is_slowed_by_name(home: Settings) -> None:
    settings.use(replace(settings.current(), failed_logins_per_minute=2))
    verifier, stored = Verifier(), hashed("correct horse")
    for _ in range(2):
        verifier.right("adam", "wrong", stored)

    with pytest.raises(TooManyFailures) as error:
        verifier.right("adam", "correct horse", stored)

    assert 0 < error.value.retry_after <= 61
    assert verifier.right("eve", "correct horse", stored)


def test_a_right_password_forgives_the_wrong_ones(home: Settings) -> None:
    settings.use(replace(settings.current(), failed_logins_per_minute=2))
    verifier, stored = Verifier(), hashed("correct horse")

    for _ in range(4):
        assert not verifier.right("adam", "wrong", stored)
        assert verifier.right("adam", "correct horse", stored)
        verifier._known.clear()
