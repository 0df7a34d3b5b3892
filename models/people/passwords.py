"""Passwords: slow salted hashes, and a short memory of the ones just checked so that a request does not pay for one."""

import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import blake2b
from itertools import islice

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models import settings

# OWASP's second choice for argon2id: 19 MiB, two passes, one lane. About 50 ms here.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

MEMORY = 300  # seconds: short enough that a stolen process memory ages, long enough that a client pays once
MOST_REMEMBERED = 10_000

# Failures of all names within ten seconds from which on a process lets only one unknown password wait for its check:
# the threads that would wait are those that answer everybody else.
MANY_FAILURES = 20


@cache
def _desk() -> ThreadPoolExecutor:
    """The one thread of a process that hashes: each that did would keep those 19 MiB, and take a core from requests."""
    return ThreadPoolExecutor(1, "passwords")


def hashed(password: str) -> str:
    """The hash to be stored, argon2id with its own salt."""
    return _desk().submit(_HASHER.hash, password).result()


def hashed_all(passwords: Iterable[str], threads: int) -> Iterator[str]:
    """The hashes of many passwords, in their order, for who serves nobody meanwhile.

    Parameters:
      threads: how many are hashed at once, each on a core and with 19 MiB of its own.
    """
    waiting = iter(passwords)
    with ThreadPoolExecutor(threads, "passwords") as pool:
        while window := list(islice(waiting, 64 * threads)):
            yield from pool.map(_HASHER.hash, window)


@cache
def _nobodys() -> str:
    """A hash that no password has: checking against it takes as long as against a real one.

    Made here and not at the desk, which a process that is begun by forking this one would find empty.
    """
    return _HASHER.hash(secrets.token_hex(16))


class TooManyFailures(Exception):
    """Too many wrong passwords for one name lately; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many wrong passwords")
        self.retry_after = retry_after


class Verifier:
    """Checks passwords.

    A right one is remembered under a keyed hash of (name, password, stored hash): a changed password misses at once,
    in every process, because the stored hash is read anew with every request. Wrong ones are never remembered,
    are checked one at a time in a process, and are limited by name.
    """

    def __init__(self) -> None:
        _nobodys()  # now, so that the first stranger is answered no later than others
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, float] = OrderedDict()
        self._failures: dict[str, list[float]] = {}
        self._latest: deque[float] = deque(maxlen=MANY_FAILURES)
        self._one_waits = threading.Semaphore(1)
        self._lock = threading.Lock()

    def right(self, username: str, password: str, stored: str | None) -> bool:
        """Whether this is the password of the user whose stored hash this is.

        Parameters:
          stored: None when there is no such user: the answer takes as long as for a wrong password.

        Raises:
          TooManyFailures: this name was tried wrongly too often in the last minute.
        """
        token = self._token(username, password, stored or "")
        if stored and self._remembered(token):
            self._known[token] = (
                time.monotonic() + MEMORY
            )  # in use: an attack on the name shall not shut it out
            return True
        self._refuse_the_eager(username)
        if not self._under_attack():
            return self._settle(username, token, password, stored)
        if not self._one_waits.acquire(blocking=False):
            raise TooManyFailures(2)
        try:
            return self._settle(username, token, password, stored)
        finally:
            self._one_waits.release()

    def _under_attack(self) -> bool:
        with self._lock:
            return len(self._latest) == MANY_FAILURES and self._latest[0] > time.monotonic() - 10

    def _settle(self, username: str, token: bytes, password: str, stored: str | None) -> bool:
        nobodys = "" if stored else _nobodys()
        right = (
            _desk().submit(self._checked, token, password, stored or nobodys).result() and stored is not None
        )
        with self._lock:
            if right:
                self._known[token] = time.monotonic() + MEMORY
                self._failures.pop(username, None)
                while len(self._known) > MOST_REMEMBERED:
                    self._known.popitem(last=False)
            else:
                self._failures.setdefault(username, []).append(time.monotonic())
                self._latest.append(time.monotonic())
        return right

    def _checked(self, token: bytes, password: str, stored: str) -> bool:
        """Others may have asked the same while this waited for its turn."""
        return self._remembered(token) or _verified(stored, password)

    def _token(self, username: str, password: str, stored: str) -> bytes:
        digest = blake2b(key=self._key, digest_size=32)
        for part in (username, password, stored):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.digest()

    def _remembered(self, token: bytes) -> bool:
        until = self._known.get(token)
        return until is not None and time.monotonic() < until

    def _refuse_the_eager(self, username: str) -> None:
        now, most = time.monotonic(), settings.current().failed_logins_per_minute
        with self._lock:
            if len(self._failures) > MOST_REMEMBERED:
                self._failures = {n: f for n, f in self._failures.items() if f and f[-1] > now - 60}
            recent = [moment for moment in self._failures.get(username, ()) if moment > now - 60]
            if recent:
                self._failures[username] = recent
            if recent and len(recent) >= most:
                raise TooManyFailures(int(recent[0] + 60 - now) + 1)


def _verified(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
