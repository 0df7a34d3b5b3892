"""A system as anybody sees it from outside: its API, its metrics, and the carrier's log."""

import contextlib
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import urllib3

from chaos.ground import ADMIN, PASSWORD

START = 60.0  # seconds until a process must be ready
OWED = ("ready", "sent", "running", "future")
PERIODIC = ("chores", "alarms")  # queues of nothing but what is due again every few seconds


class NotReady(RuntimeError):
    """A process did not come up, or something did not come about in time; the text says which."""


def wait_for(what: str, condition: Callable[[], Any], patience: float = START) -> Any:
    """What the condition gives as soon as it is true.

    Raises:
      NotReady: it took longer than `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise NotReady(f"{what}: not within {patience:g} s")
        time.sleep(0.05)  # between two looks; the deadline ends it
    return found


class Outside:
    """What can be asked over HTTP.

    Parameters:
      url: the API's.
      simulator_url: the carrier's.
    """

    def __init__(self, url: str, simulator_url: str) -> None:
        self.url, self.simulator_url = url, simulator_url
        self.http = urllib3.PoolManager(maxsize=16, retries=False, timeout=20)

    def answers(self, url: str) -> bool:
        """Whether API or carrier are there."""
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            return bool(self.http.request("GET", f"{url}/health", timeout=3).status == 200)
        return False

    def tell_simulator(self, verb: str, path: str, body: Any = None) -> None:
        """Control the carrier: its faults, its phones."""
        answer = self.http.request(verb, self.simulator_url + path, json=body)
        if answer.status >= 300:
            raise NotReady(f"the simulator said {answer.status} to {verb} {path}: {answer.data[:200]!r}")

    def fault(self, kind: str, channel: str = "*", **more: Any) -> None:
        """Have the carrier fail."""
        self.tell_simulator("POST", "/faults", {"kind": kind, "channel": channel, **more})

    def log(self) -> list[dict[str, Any]]:
        """Every request that the carrier accepted, in order: the oracle."""
        answer = self.http.request("GET", f"{self.simulator_url}/log")
        return list(answer.json()["requests"])

    def reports_owed(self) -> int:
        """How many reports the carrier has promised and not delivered."""
        answer = self.http.request("GET", f"{self.simulator_url}/health")
        return int(answer.json()["reports_owed"])

    def ask(self, path: str, user: str | Mapping[str, str] = ADMIN) -> Any:
        """What the API answers to a GET; None while it has no answer.

        Parameters:
          user: who asks, by his username or by headers.
        """
        headers = authorization(user) if isinstance(user, str) else user
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            answer = self.http.request("GET", self.url + path, headers=headers)
            if answer.status == 200:
                return answer.json()
        return None

    def put(self, path: str, body: Any, user: str) -> None:
        """Tell the API something, before anything is killed."""
        answer = self.http.request("PUT", self.url + path, json=body, headers=authorization(user))
        if answer.status >= 300:
            raise NotReady(f"the API said {answer.status} to PUT {path}: {answer.data[:200]!r}")

    def post(self, path: str, body: Any) -> int:
        """The status that the API answers to a POST of somebody who is not logged in; 599 for no answer."""
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            return int(self.http.request("POST", self.url + path, json=body).status)
        return 599

    def owed(self, standings: Iterable[str] = OWED, chores: bool = False) -> int | None:
        """How many commands are owed, by /metrics; None while the API has no answer."""
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            answer = self.http.request("GET", f"{self.url}/metrics")
            if answer.status == 200:
                return sum(
                    int(float(line.rpartition(" ")[2]))
                    for line in answer.data.decode().splitlines()
                    if line.startswith("trunkline_owed_commands{")
                    and any(f'standing="{standing}"' in line for standing in standings)
                    and (chores or not any(f'queue="{name}"' in line for name in PERIODIC))
                )
        return None


def authorization(user: str) -> dict[str, str]:
    """The header of HTTP Basic authentication."""
    return {"Authorization": "Basic " + b64encode(f"{user}:{PASSWORD}".encode()).decode()}
