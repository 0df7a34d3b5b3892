"""`/api/v1/heroes/`: who can be asked for a call; and a hero's own profile."""

from typing import Any

import falcon
from falcon import Request, Response
from marshmallow import Schema, fields, validate

from api.bodies import Flag, checked
from api.callrequests.fields import Trimmed, Whole
from api.callrequests.profiles import limited, own_profile
from api.callrequests.times import written
from api.errors import refuse
from api.paging import LARGEST_ID, id_in_path, page
from models import clock
from models.people import User, applying
from models.people.accounts import Account
from models.people.heroes import DISCIPLINES, Hero

LARGEST = 2**31 - 1  # what the columns hold
LONGEST_URL = 500


def _words(longest: int, means: str) -> Trimmed:
    known = {"description": means, "pattern": r"\S", "minLength": 1, "maxLength": longest}
    return Trimmed(longest, required=True, metadata=known)


def _count(least: int, means: str, most: int = LARGEST) -> Whole:
    wrong = f"Send a whole number from {least} to {most}."
    span = validate.Range(least, most, error=wrong)
    return Whole(wrong, required=True, validate=span, metadata={"description": means})


class NewHero(Schema):
    """What somebody says who would be a hero."""

    discipline = fields.String(
        required=True, validate=validate.OneOf(DISCIPLINES, error=f"Send one of {', '.join(DISCIPLINES)}."),
        metadata={"description": "What he works on."},
    )  # fmt: skip
    title = _words(50, "What he is, in a few words.")
    description = _words(1000, "What can be talked about with him.")
    position = _words(25, "What he is where he works.")
    company = _words(25, "Where he works.")
    short_bio = _words(2000, "Where he comes from.")
    years_of_exp = _count(1, "Years that he has done it.")
    rate_in_cents = _count(0, "What a minute with him costs, in cents.")
    linkedin_url = fields.URL(
        required=True, schemes={"http", "https"}, error_messages={"invalid": "Write an http or https address."},
        validate=validate.Length(max=LONGEST_URL, error=f"Write at most {LONGEST_URL} characters."),
        metadata={"description": "The http or https address of his profile."},
    )  # fmt: skip


class HeroChanges(NewHero):
    """What a hero may change of himself; what is left out stays as it is."""

    active = Flag(metadata={"description": "Whether he can be asked for calls at present."})


class Choice(Schema):
    """Whom staff decide on."""

    hero_id = _count(1, "The hero, by id.", LARGEST_ID)


_NEW, _CHANGES, _CHOICE = NewHero(), HeroChanges(partial=True), Choice()
_COLUMNS = (*_NEW.fields, "accepted", "active")


def shown(hero: Hero, user: dict[str, Any]) -> dict[str, Any]:
    """A hero, with his user as whoever asks may see him."""
    return {
        "id": hero.id,
        "user": user,
        "slug": hero.slug,
        **{name: getattr(hero, name) for name in _COLUMNS},
        "created": written(hero.created_at),
        "updated": written(hero.updated_at),
    }


class Heroes:
    """Those who can be asked: accepted by staff, active, and not suspended."""

    for_ = "everyone"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the heroes who can be asked for a call."""
        resp.media = page(req, _on_offer().order_by(Hero.id), _public)


class OneHero:
    """One of them."""

    for_ = "everyone"

    def on_get(self, _req: Request, resp: Response, hero_id: str) -> None:
        """Show a hero who can be asked for a call."""
        hero: Hero | None = _on_offer().where(Hero.id == id_in_path(hero_id)).first()
        if hero is None:
            raise falcon.HTTPNotFound(description="There is no hero with this id.")
        resp.media = _public(hero)


class Application:
    """Becoming a hero."""

    for_ = "members"

    def on_post(self, req: Request, resp: Response) -> None:
        """Apply to be a hero. Staff are told by mail; once they accept, others see the profile and can ask for calls.

        Asks for a verified mail address and a verified phone.
        """
        member = req.context.member
        if not (member.email_verified and member.phone_verified):
            raise falcon.HTTPForbidden(
                description="Verify your mail address and your phone before you apply."
            )
        facts = checked(req, _NEW)
        try:
            hero = applying.apply(member.account_id, facts)
        except applying.AlreadyApplied:
            raise falcon.HTTPConflict(description="You have applied already.") from None
        resp.status = falcon.HTTP_201
        resp.media = shown(hero, own_profile(hero.account))


class OwnHero:
    """A hero's own profile."""

    for_ = "heroes"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show one's own hero."""
        resp.media = _own(req.context.member.hero_id)

    def on_patch(self, req: Request, resp: Response) -> None:
        """Change one's own hero. What is left out stays; who is not `active` cannot be asked for calls."""
        hero_id = req.context.member.hero_id
        if changes := checked(req, _CHANGES):
            Hero.update(**changes, updated_at=clock.now()).where(Hero.id == hero_id).execute()
        resp.media = _own(hero_id)


class Decision:
    """What staff decide on a hero.

    Parameters:
      accepted: whether he becomes one, or is one no more.
    """

    for_ = "staff"

    def __init__(self, accepted: bool) -> None:
        self._accepted = accepted

    def on_post(self, req: Request, resp: Response) -> None:
        """Accept a hero, or decline him."""
        member = req.context.member
        hero_id = checked(req, _CHOICE)["hero_id"]
        try:
            action = applying.decide(member.user_id, hero_id, self._accepted)
        except applying.NoSuchHero:
            raise refuse("hero_id", "There is no hero with this id.") from None
        except applying.AlreadySo:
            so = "accepted already" if self._accepted else "not accepted"
            raise falcon.HTTPBadRequest(description=f"This hero is {so}.") from None
        resp.media = {
            "user": member.uuid,
            "hero": hero_id,
            "accepted": self._accepted,
            "timestamp": written(action.timestamp),
        }


def _heroes() -> Any:
    return Hero.select(Hero, Account, User).join(Account).join(User)


def _on_offer() -> Any:
    return _heroes().where(Hero.accepted & Hero.active & User.is_active)


def _public(hero: Hero) -> dict[str, Any]:
    return shown(hero, limited(hero.account))


def _own(hero_id: int) -> dict[str, Any]:
    hero = _heroes().where(Hero.id == hero_id).get()
    return shown(hero, own_profile(hero.account))
