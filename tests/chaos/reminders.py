"""Alarms in the small world: their promises, and what was seen of them."""

from typing import Any

from chaos import patients
from chaos.asking import Promise
from chaos.wishes import Wish

PLANNED = (0, 1, 2, 4)  # patients: answers, is busy, is texted, is mailed
ALARMS = tuple(
    number + offset for offset in (101, 201) for number in PLANNED
)  # theirs, and of the next occurrences
HOST = "http://127.0.0.1/rest-api"


def planned(number: int) -> Promise:
    """What was acknowledged of a patient's alarm."""
    return Promise(
        Wish(f"key of patient {number}", "alarm", "", pair=number), f"alarm:{number + 101}", 0.1, 2
    )


def alarm_row(number: int, of: int | None = None) -> dict[str, Any]:
    """An alarm as the API shows it: over, or, of the next occurrence, not begun.

    Parameters:
      of: its event; by default the one that goes with its number.
    """
    manner = patients.manner(number % 100 - 1)
    over = number < 200
    event = of or (number - 100 if over else number + 5000)
    stands = {"status": manner.ends, "num_attempt": manner.rings} if over else {"status": 1, "num_attempt": 0}
    return {"url": f"{HOST}/alarm/{number}/", "event": f"{HOST}/event/{event}/", **stands}


def copies() -> dict[int, list[int]]:
    """The occurrences that follow each event."""
    return {number + 1: [number + 5201] for number in PLANNED}


def asked(number: int) -> list[dict[str, Any]]:
    """What the carrier was asked for, for one patient."""
    name, to = f"alarm:{number + 101}", patients.phone(number)
    if number == 1:
        rings = [entry("ring", f"{name}:{attempt}", to) for attempt in (1, 2)]
        return [*rings, entry("text", f"{name}:2:failure", patients.family(number))]
    if number == 4:
        return [entry("mail", f"{name}:1", patients.mail(number))]
    return [entry("text" if number == 2 else "ring", f"{name}:1", to)]


def entry(channel: str, reference: str, to: str) -> dict[str, Any]:
    """One request as the carrier logs it."""
    return {"channel": channel, "reference": reference, "to": to, "body": "Please come"}
