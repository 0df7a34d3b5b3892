"""Two people with a call request between them, and what each of them sees and does on his page."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import falcon.testing

from models import clock
from models.callrequests import CallRequest, links, moving
from tests.callrequests.members import Member, Members
from tests.house import Client, the_application
from tests.pages.reader import Reader, forms_of

MESSAGE = "Our queries are slow, and <b>nobody</b> here knows why. May I ask you?"


class Pair:
    """Rita in Berlin has asked Tom in Chicago, who is a hero, for half an hour. Others are there, too."""

    def __init__(self, client: Client | None = None, **facts: Any) -> None:
        self.others = Members(client or Client())
        self.rita, self.tom = self.others.rita, self.others.tom
        self.request = self.ask(**facts)
        self.reader = Reader()

    def ask(self, **facts: Any) -> CallRequest:
        """Another request of Rita's to Tom."""
        asked = {"message": MESSAGE, "estimated_length": 30, **facts}
        return CallRequest.create(  # type: ignore[no-any-return]  # Peewee is untyped
            requester=self.rita.account, hero=self.tom.hero_id, hero_account=self.tom.account, **asked
        )

    @property
    def id(self) -> int:
        return int(self.request.id)

    @property
    def now(self) -> CallRequest:
        """The request as it is in the database."""
        return CallRequest.get_by_id(self.id)  # type: ignore[no-any-return]  # Peewee is untyped

    def page(self, who: Member) -> str:
        """The path of his page."""
        return urlsplit(links.page(self.id, who.account.id)).path

    def look(self, who: Member) -> str:
        """What his page says."""
        answer = self.reader.get(self.page(who))
        assert answer.status_code == 200
        return answer.text

    def do(self, who: Member, deed: str, **fields: str) -> falcon.testing.Result:
        """Press a button of his page as it is now, having filled in its form."""
        shown = deeds_of(self.look(who))
        assert deed in shown, f"his page offers {sorted(shown)}, not {deed}"
        return self.press(who, deed, **{**shown[deed], **fields})

    def press(self, who: Member, deed: str, **fields: str) -> falcon.testing.Result:
        """Send what that button sends, whatever his page shows now."""
        return self.reader.post(self.page(who), {"do": deed, **fields})

    def send(self, path: str, body: str, kind: str) -> falcon.testing.Result:
        """A post as a program makes it."""
        client = falcon.testing.TestClient(the_application())
        return client.simulate_post(path, body=body, headers={"Content-Type": kind})

    def accepted(self, *moments: datetime) -> None:
        """Tom accepts, with these times or some others."""
        moving.accept(self.id, self.tom.account.id, moments or times())

    def agreed(self, *moments: datetime) -> datetime:
        """They agree to the first of those times."""
        self.accepted(*moments)
        first = self.now.suggestions.get().datetime_one
        moving.agree(self.id, self.rita.account.id, first)
        return first  # type: ignore[no-any-return]  # Peewee is untyped


def times(days: int = 3) -> tuple[datetime, datetime, datetime]:
    """Three times on a day to come, at noon, at 15:15 and at 18:30 in UTC."""
    noon = (clock.now() + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0)
    return noon, noon + timedelta(hours=3, minutes=15), noon + timedelta(hours=6, minutes=30)


def typed(*walls: str) -> dict[str, str]:
    """The fields of three times, each as `2026-11-25 10:00` by the wall clock of who types."""
    fields = {}
    for name, wall in zip(("time_one", "time_two", "time_three"), walls, strict=True):
        fields[f"{name}_day"], _, fields[f"{name}_clock"] = wall.partition(" ")
    return fields


def walls(who: Member, *moments: datetime) -> dict[str, str]:
    """The same for moments, as he would type them."""
    return typed(*(f"{who.account.local(moment):%Y-%m-%d %H:%M}" for moment in moments))


def deeds_of(text: str) -> dict[str, dict[str, str]]:
    """The forms of a page by what their buttons do."""
    return {name: fields for name, fields in forms_of(text, by="do").items() if name}
