"""Becoming a hero: an account applies once; staff accept it, and take that back, as often as they change their mind."""

from collections.abc import Mapping
from typing import Any

from peewee import IntegrityError

from models import clock
from models.database import transaction
from models.events import emit
from models.numbers import ERASED, Erased
from models.people.heroes import Hero, HeroAcceptAction
from models.people.slugs import numbered, slug_of
from models.people.verifying import locked


class AlreadyApplied(Exception):
    """The account has its hero."""


class NoSuchHero(LookupError):
    """Nobody has this id."""


class AlreadySo(Exception):
    """The hero is what he was to become."""


def apply(account_id: int, facts: Mapping[str, Any]) -> Hero:
    """Make an account's hero, whom staff have yet to accept; staff are told.

    Parameters:
      facts: his profile by column, checked.

    Raises:
      AlreadyApplied
      Erased: the account's owner was.
    """
    while True:
        slug = ""
        try:
            with transaction():
                account = locked(account_id)
                slug = _free(slug_of(account.full_name))
                hero: Hero = Hero.create(account=account, slug=slug, **facts)
                emit("hero.applied", hero_id=hero.id)
            return hero
        except IntegrityError:
            if Hero.select().where(Hero.account == account_id).exists():
                raise AlreadyApplied from None
            if not Hero.select().where(Hero.slug == slug).exists():
                raise  # whatever it was, it was not a namesake who came first


def decide(staff_id: int, hero_id: int, accepted: bool) -> HeroAcceptAction:
    """Accept a hero, or take that back: who was never accepted is declined already. A hero is told that he is accepted.

    Parameters:
      staff_id: the user who decides.

    Raises:
      NoSuchHero, AlreadySo
      Erased: the hero was.
    """
    with transaction():
        other = (Hero.id == hero_id) & (Hero.accepted == (not accepted)) & ~Hero.slug.startswith(f"{ERASED}-")
        if not Hero.update(accepted=accepted, updated_at=clock.now()).where(other).execute():
            raise _why_not(hero_id)
        action: HeroAcceptAction = HeroAcceptAction.create(user=staff_id, hero=hero_id, accepted=accepted)
        if accepted:
            emit("hero.accepted", hero_id=hero_id)
        return action


def _why_not(hero_id: int) -> Exception:
    hero = Hero.get_or_none(Hero.id == hero_id)
    if hero is None:
        return NoSuchHero()
    return Erased() if hero.slug.startswith(f"{ERASED}-") else AlreadySo()


def _free(name: str) -> str:
    """The first slug for this name that nobody has yet."""
    namesakes = Hero.select(Hero.slug).where((Hero.slug == name) | Hero.slug.startswith(f"{name}-"))
    return numbered(name, {hero.slug for hero in namesakes})
