"""Erasing somebody: who he was goes, that something happened stays. Safe to be killed in, and to be done again.

First what is known by his numbers and addresses, while these are known; then he himself, in one transaction: from then
on nobody can log in as him, and reports, requests and workers see that he was erased. Then all that is held elsewhere,
in short transactions. What was under way meanwhile may still write a line of his: the hourly pruning goes over him
again for a day.
"""

from datetime import datetime, timedelta

from peewee import fn

from models import clock
from models.appointments.calendars import CalendarSetting
from models.appointments.users import CalendarUserProfile
from models.database import Sql, db, on_postgres, transaction
from models.numbers import ERASED
from models.people import MENTEE, Contact, User
from models.people.sessions import WebSession
from models.privacy import addressed, elsewhere, late, planned
from models.privacy.late import Erasure
from models.privacy.members import HIMSELF
from models.privacy.persons import USER, Person
from models.receipts import Receipt

AGAIN = timedelta(days=1)  # for how long what was under way is looked for
NO_PASSWORD = "!"  # noqa: S105  # no hash is this, so no password fits


class StillNeeded(Exception):
    """He is the mentee of mentors who are here; `mentors` are their contact ids."""

    def __init__(self, mentors: list[int]) -> None:
        super().__init__(f"mentors {mentors} have this mentee")
        self.mentors = mentors


class StillManages(Exception):
    """He is the manager of calendar users, or there are calendar settings of his; `what` names them."""

    def __init__(self, what: list[str]) -> None:
        super().__init__(", ".join(what))
        self.what = what


def erase(person: Person, *, force: bool = False) -> dict[str, int]:
    """Erase somebody. Returns how many rows of each kind were changed: of one who was erased before, mostly none.

    Parameters:
      force: also a mentee whom mentors have: their calls and texts to him are refused from now on.

    Raises:
      StillNeeded: nothing is changed.
      StillManages: nothing is changed; no force helps.
    """
    managed = [] if person.erased else _managed(person)
    if managed:
        raise StillManages(managed)
    mentors = _mentors(person)
    if mentors and not (force or person.erased):
        raise StillNeeded(mentors)
    if not on_postgres():
        db.obj.execute_sql("PRAGMA secure_delete = ON")  # else a file keeps in its gaps what no table holds
    done: dict[str, int] = {}
    if not person.erased:
        last = Receipt.select(fn.MAX(Receipt.id)).scalar() or 0
        _add(done, addressed.wipe(person))
        _himself(person)
        _add(done, addressed.wipe(person, after=last))
    _add(done, elsewhere.wipe(Person.of(person.user.id)))
    if not on_postgres():
        db.obj.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return done


def again() -> int:
    """Go over those erased lately again, as part of the caller's transaction. Returns how many rows that changed."""
    lately = Erasure.select().where(Erasure.erased_at > clock.now() - AGAIN)
    lately = lately.where(Erasure.user_id.in_(User.select(User.id)))  # a calendar user may be deleted as well
    when = {row.user_id: row.erased_at for row in lately}
    return sum(sum(elsewhere.wipe(Person.of(him), _before(at)).values()) for him, at in when.items())


def _before(moment: datetime) -> int:
    """The id of the last receipt of well before a moment."""
    of_then = Receipt.received_at > moment - timedelta(hours=1)
    first: int | None = Receipt.select(fn.MIN(Receipt.id)).where(of_then).scalar()
    return (first or Receipt.select(fn.MAX(Receipt.id)).scalar() or 1) - 1


def _mentors(person: Person) -> list[int]:
    """The contact ids of those whose mentee he is."""
    his = Contact.mentee == person.ids["me"]
    return [row.id for row in Contact.select(Contact.id).where(his).order_by(Contact.id)]


def _managed(person: Person) -> list[str]:
    """His calendar users and calendar settings, as a manager is told them."""
    users = User.select(User.username).join(CalendarUserProfile, on=CalendarUserProfile.user == User.id)
    users = users.where(CalendarUserProfile.manager == person.user.id).order_by(User.id)
    settings = CalendarSetting.select(CalendarSetting.id).where(CalendarSetting.user == person.user.id)
    return [f"calendar user {row.username}" for row in users] + [
        f"calendar setting {row.id}" for row in settings.order_by(CalendarSetting.id)
    ]


def _himself(person: Person) -> None:
    with transaction("erase"):
        # Changing the number, and the address below, waits for every transaction that refers to him: what they wrote
        # is seen afterwards.
        _ROOMS(person.ids["account"])
        for place in (*HIMSELF, *planned.HIMSELF):  # an account before its user, as whoever changes both
            elsewhere.until_none(place, person)
        if person.contact is not None:
            _contact(person.contact)
        if not _login(person):
            return  # somebody else has been quicker
        for mark in [late.mark(number) for number in person.numbers] or [None]:
            Erasure.create(user_id=person.user.id, number_mark=mark)
        WebSession.end_all(person.user.id)


def _login(person: Person) -> bool:
    other = f"account:{person.ids['account']}" if person.account else f"{USER}{person.user.id}"
    name = f"{ERASED}:{person.contact.id if person.contact else other}"
    changes = User.update(
        username=name, password=NO_PASSWORD, first_name=ERASED, last_name="", email="", is_active=False,
        is_staff=False, is_service=False, is_manager=False,
    )  # fmt: skip
    return bool(changes.where((User.id == person.user.id) & (User.username != name)).execute())


def _contact(contact: Contact) -> None:
    Contact.update(
        contact_number=ERASED, msisdn=f"{ERASED}:{contact.id}", external_id=None, device_token="", profile_pic="",
        job_title="", motivation="", inspiration="", mentee=contact.mentee_id if contact.kind == MENTEE else None,
    ).where(Contact.id == contact.id).execute()  # fmt: skip


# A room that nobody who is known has entered yet has the hero's name, and no request by which it would be found.
_ROOMS = Sql(
    f"UPDATE conference SET friendly_name = '{ERASED}' "
    "WHERE friendly_name IN (SELECT slug FROM hero WHERE account_id = %s)"
)


def _add(done: dict[str, int], more: dict[str, int]) -> None:
    for section, count in more.items():
        done[section] = done.get(section, 0) + count
