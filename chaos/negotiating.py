"""How two people negotiate a call by the API, and what each concludes when there is no answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from chaos import members
from chaos.asking import Asking, Errand, Heard, Promise
from chaos.moves import NEW, Move, Moved, Standing

PATH = "/api/v1/call-requests/"
ACTIONS = {"counter": "new-times", "agree": "agreed-time"}
REFUSALS = (400, 409)


@dataclass(frozen=True)
class Request(Asking):
    """One move. `standing` is how the call request stands when it has taken effect."""

    standing: Standing = NEW

    def heard(self, status: int, tries: int) -> Heard:
        """A move made again is refused, whether by the first or by what came between: the request itself tells."""
        if status == 200:
            return Heard.DONE
        if status in REFUSALS and self.verb == "PATCH" and tries > 1:
            return Heard.LOOK
        return Heard.AGAIN if status >= 500 else Heard.NEVER

    def took_effect(self, body: Any) -> bool:
        """Whether this is the request after the move."""
        return Standing.shown(body) == self.standing


@dataclass
class Negotiation(Errand):
    """A call request on its way, with two people who move it in turn."""

    moves: list[Moved] = field(default_factory=list)

    @property
    def step(self) -> Move | None:
        """What comes next."""
        return self.wish.moves[self.done] if self.done < len(self.wish.moves) else None

    @property
    def again(self) -> bool:
        """Each move is asked for once more."""
        return True

    def asking(self) -> Request:
        """The move that is due now."""
        move, now = self.wish.moves[self.done], datetime.now(UTC)
        who = members.pair(self.wish.pair)
        headers = {"Authorization": members.token(who[move.by])}
        if move.name == "ask":
            body = {"hero_id": members.hero_id(who[1]), "message": self.wish.key, "estimated_length": 30}
            return Request("POST", PATH, body, self.wish.key, headers)
        standing = self._standing.after(move, now)
        path = f"{PATH}{self.made}/{ACTIONS.get(move.name, move.name)}/"
        body = _body(move, self.wish.key, standing)
        return Request("PATCH", path, body, "", headers, standing=standing)

    def looking(self, asking: Asking) -> Asking:
        """A look at the call request, for who has not heard what became of a move."""
        return Asking("GET", f"{PATH}{self.made}/", {}, "", asking.headers)

    def acknowledge(self, asking: Asking, body: Any) -> None:
        """It was granted, just now."""
        assert isinstance(asking, Request)
        self.made = int(body["id"]) if self.made is None else self.made
        move, now = self.wish.moves[self.done], datetime.now(UTC)
        self.moves.append(Moved(move, asking.asked, now, asking.standing, body))
        self.done += 1

    def unchanged(self, asking: Asking, status: int, body: Any) -> bool:
        """The same call request, or a refusal."""
        return status in REFUSALS if asking.verb == "PATCH" else status == 200 and body["id"] == self.made

    def promise(self) -> Promise:
        """What was acknowledged."""
        return replace(super().promise(), moves=tuple(self.moves))

    @property
    def _standing(self) -> Standing:
        return self.moves[-1].standing if self.moves else NEW


def _body(move: Move, why: str, standing: Standing) -> Mapping[str, Any]:
    if move.name in ("decline", "cancel"):
        return {"reason": why}
    if move.name == "agree":
        return {"agreed_time": standing.agreed and standing.agreed.isoformat()}
    times = [moment.isoformat() for moment in standing.offers[-1]]
    return dict(zip(("time_one", "time_two", "time_three"), times, strict=True))
