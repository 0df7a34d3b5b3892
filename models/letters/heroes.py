"""Letters about heroes: staff hear of an application, and its maker that he was accepted."""

from models.letters import paper
from models.letters.posting import post, unwelcome
from models.people import User
from models.people.accounts import Account
from models.people.heroes import Hero, HeroAcceptAction

ORIGIN = "hero"


def applied(hero_id: int) -> None:
    """Tell everybody of the staff, each in a letter of his own, that somebody would be a hero; not if he was erased."""
    hero = Hero.get_by_id(hero_id)
    if hero.account.erased:
        return
    facts = {
        "other": paper.one_line(hero.account.full_name) or "Somebody",
        **{fact: paper.one_line(str(getattr(hero, fact))) for fact in ("title", "position", "company")},
        **{fact: getattr(hero, fact) for fact in ("discipline", "years_of_exp", "linkedin_url", "short_bio")},
    }
    for member in Account.select(Account, User).join(User).where(User.is_staff & User.is_active):
        sheet = paper.sheet("application", str(member.user.first_name), **facts)
        _post(sheet, f"hero-applied:{hero.id}:{member.id}", hero, member)


def accepted(hero_id: int) -> None:
    """Tell a hero that he was accepted; again, when he had been declined in between."""
    hero = Hero.get_by_id(hero_id)
    yes = (HeroAcceptAction.hero == hero.id) & HeroAcceptAction.accepted
    action = HeroAcceptAction.select().where(yes).order_by(HeroAcceptAction.id.desc()).get()
    if not unwelcome(hero.account):
        sheet = paper.sheet("acceptance", str(hero.account.user.first_name))
        _post(sheet, f"hero-accepted:{action.id}", hero, hero.account)


def _post(sheet: paper.Sheet, reference: str, hero: Hero, receiver: Account) -> None:
    post(sheet, reference=reference, origin=ORIGIN, origin_id=hero.id, to=receiver.email)
