"""Letters as tests read them: a talk about one call, what is mailed of it, and what a reader of mail makes of that."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from icalendar import Calendar

from models import clock, hints
from models.callrequests import TimeSuggestion, asking, moving
from models.callrequests.asking import Wish
from models.deliveries import Mail
from tests.callrequests.members import Member
from workers.actors import RUNNERS

SPRING = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)  # where the letters' clock stands: a Sunday in winter
TIMES = tuple(
    datetime(2026, 3, day, 12, 0, tzinfo=UTC) for day in (7, 8, 29)
)  # clocks change on the last two
OTHER_TIMES = tuple(datetime(2026, 7, 4, hour, 30, tzinfo=UTC) for hour in (4, 5, 16))


class Talk:
    """A request of one member to a hero, and what the two say."""

    def __init__(
        self, asker: Member, hero: Member, message: str = "May I ask you?", length: int = 45
    ) -> None:
        self.asker, self.hero = asker, hero
        wish = Wish(asker.account.id, hero.hero_id, hero.account.id, message, length, clock.now())
        self.id = asking.ask(wish)

    def accept(self, times: Any = TIMES) -> "Talk":
        moving.accept(self.id, self.hero.account.id, times)
        return self

    def decline(self, reason: str) -> "Talk":
        moving.decline(self.id, self.hero.account.id, reason)
        return self

    def suggest(self, who: Member, times: Any = OTHER_TIMES) -> "Talk":
        moving.suggest(self.id, who.account.id, times)
        return self

    def agree(self, who: Member, time: datetime = TIMES[0]) -> "Talk":
        moving.agree(self.id, who.account.id, time)
        return self

    def cancel(self, who: Member, reason: str) -> "Talk":
        moving.cancel(self.id, who.account.id, reason, force=True)
        return self

    @property
    def suggestions(self) -> list[int]:
        """The ids of what was suggested, in order."""
        here = TimeSuggestion.call_request == self.id
        return [row.id for row in TimeSuggestion.select().where(here).order_by(TimeSuggestion.id)]


def letters() -> dict[str, Mail]:
    """All mails there are, by reference, when all that is owed of letters was written."""
    while due := [hint for hint in hints.take_due(100) if hint.name.startswith("mail_")]:
        for hint in due:
            RUNNERS[hint.name](hint.command_id, hint.attempt)
    return {mail.reference: mail for mail in Mail.select().order_by(Mail.id)}


def entry(mail: Mail) -> bytes:
    """The calendar file of a letter, which has just this one."""
    ((name, media, content),) = mail.files()
    assert name == "call.ics"
    assert media.startswith("text/calendar; method=")
    return base64.b64decode(content)


def parsed(mail: Mail) -> tuple[Any, Any]:
    """The calendar of a letter, and its only event."""
    calendar = Calendar.from_ical(entry(mail))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def everything(mail: Mail) -> str:
    """All that a letter holds, its files unfolded."""
    files = [base64.b64decode(content).decode().replace("\r\n ", "") for *_, content in mail.files()]
    return "\n".join((str(mail.subject), str(mail.text), str(mail.html), *files))


class Page(HTMLParser):
    """HTML as it is read: its tags with the names of their attributes, the links in it, and the words.

    `tags` leaves out where lines break.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.links: list[str] = []
        self._words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            return
        self.tags.append((tag, *(name for name, _ in attrs)))
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    @property
    def words(self) -> str:
        """What is read, in one line."""
        return " ".join("".join(self._words).split())


def in_one_line(text: str) -> str:
    """A text as `Page.words` would have it."""
    return " ".join(text.split())


def addresses(members: Any) -> Iterator[str]:
    """Every mail address of somebody, and every number as people write it."""
    for member in (members.rita, members.tom, members.heidi, members.eve, members.sam):
        yield str(member.account.email)
        yield member.account.phone.msisdn[1:]
