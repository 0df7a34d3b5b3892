"""Letters about heroes: staff hear of an application, its maker of his acceptance."""

from models.database import transaction
from models.deliveries import Mail
from models.events import emit
from models.people import User
from models.people.accounts import Account
from models.people.heroes import Hero, HeroAcceptAction
from models.privacy.erasing import erase
from models.privacy.persons import Person
from tests.callrequests.members import Members, member
from tests.callrequests.posted import Page, addresses, everything, letters
from tests.house import Client


def happens(event: str, hero_id: int) -> dict[str, Mail]:
    """Something happened to a hero; all letters."""
    with transaction():
        emit(event, hero_id=hero_id)
    return letters()


def test_everybody_of_the_staff_hears_of_an_application(client: Client, members: Members):
    ann = member(client, "Ann", "Admin", staff=True)
    suspended = member(client, "Una", "Gone", staff=True)
    User.update(is_active=False).where(User.id == suspended.account.user_id).execute()

    written = happens("hero.applied", members.tom.hero_id)

    assert {reference: mail.to for reference, mail in written.items()} == {
        f"hero-applied:{members.tom.hero_id}:{one.account.id}": one.account.email
        for one in (members.sam, ann)
    }
    for mail in written.values():
        assert mail.subject == "Tom Brady would like to be a hero"
        assert "Engineer (BE), Lead at Acme" in mail.text
        assert [
            secret for secret in addresses(members) if secret in everything(mail) and secret != mail.to
        ] == []


def test_an_application_is_text_and_no_link_of_it_is_made(members: Members):
    rude = {"title": "<b>Boss</b>\r\n", "short_bio": "</html><script>", "linkedin_url": "javascript:alert(1)"}
    Hero.update(**rude).where(Hero.id == members.tom.hero_id).execute()

    (mail,) = happens("hero.applied", members.tom.hero_id).values()

    page = Page(mail.html)
    assert not {tag for tag, *_ in page.tags} & {"b", "script", "a"}
    assert "</html><script>" in page.words
    assert page.links == []


def test_a_hero_hears_of_each_acceptance_once(members: Members):
    hero_id, staff = members.tom.hero_id, members.sam.account.user
    first = HeroAcceptAction.create(user=staff, hero=hero_id, accepted=True)
    happens("hero.accepted", hero_id)
    happens("hero.accepted", hero_id)
    HeroAcceptAction.create(user=staff, hero=hero_id, accepted=False)
    second = HeroAcceptAction.create(user=staff, hero=hero_id, accepted=True)

    written = happens("hero.accepted", hero_id)

    assert {reference: mail.to for reference, mail in written.items()} == {
        f"hero-accepted:{action.id}": members.tom.account.email for action in (first, second)
    }


def test_a_suspended_hero_hears_nothing(members: Members):
    HeroAcceptAction.create(user=members.sam.account.user, hero=members.tom.hero_id, accepted=True)
    User.update(is_active=False).where(User.id == members.tom.account.user_id).execute()

    assert happens("hero.accepted", members.tom.hero_id) == {}


def test_nobody_hears_of_an_application_whose_maker_was_erased(members: Members):
    erase(Person.of(members.tom.account.user_id))

    assert happens("hero.applied", members.tom.hero_id) == {}


def test_these_letters_are_no_news_of_call_requests(members: Members):
    Account.update(email_notifications=False).execute()

    (mail,) = happens("hero.applied", members.tom.hero_id).values()

    assert (mail.status, mail.unsubscribe) == ("queued", "")
