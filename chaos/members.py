"""Who talks of call requests: members with tokens, each a hero whom the others ask. No two meet twice."""

from models import clock
from models.database import transaction
from models.numbers import PhoneNumber
from models.people import User
from models.people.accounts import Account
from models.people.heroes import Hero
from models.people.passwords import hashed
from models.people.tokens import VERIFIED_LIFE, AuthToken, digest

MEMBERS = 101  # odd, so that each pair comes about once
PAIRS = MEMBERS * (MEMBERS - 1) // 2

_PROFILE = {
    "discipline": "BE", "title": "Engineer", "description": "Databases", "position": "Lead", "company": "Acme",
    "short_bio": "Long in the field", "years_of_exp": 9, "rate_in_cents": 250, "linkedin_url": "", "accepted": True,
}  # fmt: skip


def add(password: str) -> None:
    """Put all of them in; all have the same password. Member n's hero has the id n + 1."""
    secret = hashed(password)
    with transaction():
        for number in range(MEMBERS):
            first, last = name(number).split()
            user = User.create(
                username=f"account:{number}", password=secret, first_name=first, last_name=last
            )
            account = Account.create(
                user=user, email=mail(number), email_verified=True, phone=PhoneNumber(phone(number)),
                phone_verified=True, payment_verified=True, timezone=("America/Chicago", "Asia/Kolkata")[number % 2],
            )  # fmt: skip
            hero = Hero.create(account=account, slug=f"hero-{number}", **_PROFILE)
            if hero.id != hero_id(number):
                raise RuntimeError(f"the hero of member {number} has the id {hero.id}")
            until = clock.now() + VERIFIED_LIFE
            AuthToken.create(token_hash=digest(token(number)), account=account, expires_at=until)


def pair(number: int) -> tuple[int, int]:
    """Requester and hero of the n-th call request of a system: nobody asks, or is asked by, the same one twice.

    Raises:
      ValueError: there are not so many pairs.
    """
    if number >= PAIRS:
        raise ValueError(f"there are {PAIRS} pairs of members: add members to ask for more")
    requester = number % MEMBERS
    return requester, (requester + 1 + number // MEMBERS) % MEMBERS


def hero_id(number: int) -> int:
    """What the API calls a member as a hero."""
    return number + 1


def name(number: int) -> str:
    """His full name, in nobody else's."""
    return f"Member{number:03} Chaos"


def mail(number: int) -> str:
    """His mail address."""
    return f"member{number}@example.com"


def phone(number: int) -> str:
    """His number, as carriers write it."""
    return f"+1312555{number:04}"


def token(number: int) -> str:
    """What his app shows."""
    return digest(f"chaos {number}")[:32]
