"""Heroes: accounts that others may ask for a call, once an administrator has accepted them."""

from peewee import BigAutoField, BooleanField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.database import Row, UtcField
from models.people.accounts import Account
from models.people.users import User

DISCIPLINES = ("FE", "BE", "IO", "AN", "UX")


class Hero(Row):
    """One hero's profile. Only those both `accepted` and `active`, and not suspended, are shown and can be asked."""

    id = BigAutoField()
    account = ForeignKeyField(Account, unique=True, backref="heroes", on_delete="RESTRICT")
    slug = TextField(unique=True)
    discipline = TextField()
    title = TextField()
    description = TextField()
    position = TextField()
    company = TextField()
    short_bio = TextField()
    years_of_exp = IntegerField()
    rate_in_cents = IntegerField()
    linkedin_url = TextField()
    accepted = BooleanField(default=False)
    active = BooleanField(default=True)
    created_at = UtcField(default=clock.now)
    updated_at = UtcField(default=clock.now)

    account_id: int

    class Meta:
        table_name = "hero"


class HeroAcceptAction(Row):
    """An administrator accepted or declined a hero."""

    id = BigAutoField()
    user = ForeignKeyField(User, on_delete="RESTRICT")
    hero = ForeignKeyField(Hero, backref="actions", on_delete="RESTRICT")
    accepted = BooleanField()
    timestamp = UtcField(default=clock.now)

    class Meta:
        table_name = "hero_accept_action"
