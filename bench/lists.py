"""How much slower lists and pages are when there is a thousand times as much."""

import base64
import http.client
import re
import time
from collections.abc import Mapping
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench.accepting import WEB
from bench.figures import Result, interleaved
from bench.filling import ADMIN, LARGE, QUICK, SMALL, USUAL, Amount, fill, settle
from bench.ground import Ground
from bench.load import PASSWORD, USERS, token, user
from bench.systems import System
from models import database
from models.database import transaction
from models.lists import lay_milestones

ASKER, HERO = (
    "asker",
    "hero",
)  # the account that has every other call request; a hero with no more than his share
TOKENS = {ASKER: token(0), HERO: token(USERS)}
BUSY = user(0)  # the mentor who has every other row
_MENTORS_LISTS = (
    "/mentor/call", "/mentor/message", "/mentor/event", "/mentor/task", "/mentor/callnote", "/mentor/schedule",
    "/mentor/activity", "/comms/call", "/comms/message", "/comms/feedback",
)  # fmt: skip
LISTS = {
    ADMIN: ("/mentor/mentee", "/mentor/mentor", "/mentor/activity", "/comms/call", "/comms/message",
            "/comms/feedback"),
    BUSY: _MENTORS_LISTS,
    USUAL: _MENTORS_LISTS,
    ASKER: ("/api/v1/call-requests", "/api/v1/heroes", "/api/v1/conferences"),
    HERO: ("/api/v1/call-requests",),
}  # fmt: skip
# Web pages; where they list the newest first, from the middle on too.
_MENTORS_PAGES = (
    "/", "/live", "/messages", "/messages?before={messages}", "/calls", "/calls?before={calls}", "/events",
    "/events?before={messages}", "/schedule", "/tasks", "/tasks?show=all&before={calls}",
)  # fmt: skip
SHOWN = {
    ADMIN: ("/admin/operations", "/admin/operations/now", "/admin/people", "/admin/people?before={people}",
            "/admin/people/2", "/admin/people/new/mentor", "/admin/activities", "/admin/voice", "/admin/accounts",
            "/metrics", "/health"),
    BUSY: (*_MENTORS_PAGES, "/calls/2"),
    USUAL: _MENTORS_PAGES,
}  # fmt: skip
PLACES: Mapping[str, float] = {"first": 0.0, "middle": 0.5, "last": 1.0}
Seen = tuple[float, float]  # the large site's median to the small one's, and the large one's in seconds
Case = tuple[str, str, str]  # who, path, and which page of a list; "" for a page of the web


class Site:
    """A web server with so much in its database, asked over one kept connection."""

    def __init__(self, system: System, amount: Amount) -> None:
        self.url = system.env["DATABASE_URL"]
        fill(self.url, amount, PASSWORD)
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", system.web("trunkline.py", "web"), timeout=60
        )
        self._middle = {"messages": amount.messages // 2, "calls": amount.calls // 2, "people": amount.pairs}
        self._cookies: dict[str, str] = {}
        self._last: dict[tuple[str, str], int] = {}

    def seconds(self, case: Case) -> float:
        """How long the answer takes."""
        who, path, place = case
        target = f"{path}/?page={self._number(who, path, place)}" if place else path.format(**self._middle)
        headers = {"Authorization": _credentials(who)} if place else {"Cookie": self._cookie(who)}
        begun = time.perf_counter()
        self._ask("GET", target, headers)
        return time.perf_counter() - begun

    def _number(self, who: str, path: str, place: str) -> int:
        if (who, path) not in self._last:
            _, body = self._ask("GET", path + "/", {"Authorization": _credentials(who)})
            self._last[who, path] = -(-int(re.findall(rb'"count": ?(\d+)', body)[0]) // 10)
        return 1 + int(max(self._last[who, path] - 1, 0) * PLACES[place])

    def _cookie(self, who: str) -> str:
        """Logged in as this user, through the form."""
        if who not in self._cookies:
            visitor, form = self._ask("GET", "/login", {})
            token = re.findall(rb'name="csrf" value="([^"]+)"', form)[0].decode()
            fields = urlencode({"csrf": token, "username": who, "password": PASSWORD})
            headers = {"Cookie": visitor, "Content-Type": "application/x-www-form-urlencoded"}
            self._cookies[who], _ = self._ask("POST", "/login", headers, fields)
        return self._cookies[who]

    def _ask(self, verb: str, target: str, headers: dict[str, str], body: str = "") -> tuple[str, bytes]:
        """The cookie that was given, and the answer's body."""
        try:
            self._connection.request(verb, target, body or None, headers)
            answer = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # the other site took so long that the server hung up
            self._connection.close()
            return self._ask(verb, target, headers, body)
        content = answer.read()
        if answer.status != (200 if verb == "GET" else 303):
            raise RuntimeError(f"{verb} {target}: {answer.status} {content[:500]!r}")
        return (answer.getheader("Set-Cookie") or "").partition(";")[0], content


def _credentials(who: str) -> str:
    return TOKENS.get(who) or "Basic " + base64.b64encode(f"{who}:{PASSWORD}".encode()).decode()


def lists(ground: Ground, quick: bool) -> Result:
    """Every list route and page with a million messages or call requests, to the same with a thousand."""
    rounds, amount = (11, QUICK) if quick else (61, LARGE)
    cases: list[Case] = [
        (who, path, place) for who, paths in LISTS.items() for path in paths for place in PLACES
    ]
    cases += [(who, path, "") for who, paths in SHOWN.items() for path in paths]
    with ground.system("small", **WEB) as few, ground.system("large", **WEB) as many:
        small, large = Site(few, SMALL), Site(many, amount)
        plain = _compared(cases, small, large, 3)
        laying = _lay(small.url, large.url)
        ratios = _compared(cases, small, large, rounds)
    worst = max(ratios, key=lambda name: ratios[name][0])
    figures: dict[str, Any] = {
        "worst": round(ratios[worst][0], 2),
        "worst_at": " ".join(worst).strip(),
        "worst_ms": round(ratios[worst][1] * 1000, 1),
        "worst_without_milestones": round(max(ratio for ratio, _ in plain.values()), 1),
        "laid_in_s": round(laying, 1),
        "ratio_of": _by_path({case: round(ratio, 2) for case, (ratio, _) in ratios.items()}),
        "ms_of": _by_path({case: round(seconds * 1000, 1) for case, (_, seconds) in ratios.items()}),
    }
    how = (
        f"{len(cases)} lists and pages with {amount.messages:,} messages and {amount.calls:,} calls, "
        f"half of them one mentor's, and {amount.requests:,} call requests, half of them one account's, "
        f"to the same with {SMALL.messages:,}, {SMALL.calls:,} and {SMALL.requests:,}; medians"
    )
    return Result("lists", figures, {"worst": ("<=", 2.0)}, how)


def _by_path(figures: Mapping[Case, float]) -> dict[str, float]:
    """The worst of a list's pages, for each list and page."""
    found: dict[str, float] = {}
    for (who, path, _), figure in figures.items():
        found[f"{who} {path}"] = max(figure, found.get(f"{who} {path}", 0.0))
    return found


def _compared(cases: list[Case], small: Site, large: Site, rounds: int) -> dict[Case, Seen]:
    """Each site is asked for everything in its turn, so that a slow moment of the machine hits all cases of both."""

    def asked(site: Site) -> dict[Case, float]:
        return {case: site.seconds(case) for case in cases}

    asked(small), asked(large)
    few, many = interleaved(rounds, partial(asked, small), partial(asked, large))
    typical = [{case: median(each[case] for each in seen) for case in cases} for seen in (few, many)]
    return {case: (typical[1][case] / typical[0][case], typical[1][case]) for case in cases}


def _lay(*urls: str) -> float:
    """Lay the milestones, as the chore does; returns the seconds that the last one took."""
    seconds = 0.0
    for url in urls:
        begun = time.monotonic()
        database.bind(url)
        lay_milestones()
        unfinished = True
        while unfinished:
            with transaction():
                unfinished = lay_milestones()
        seconds = time.monotonic() - begun
        settle(url)
        database.close()
    return seconds
