"""What the routes of heroes take and give: who can be asked for a call, and how one becomes it."""

from marshmallow import fields, validate

from api.callrequests.heroes import Choice, HeroChanges, NewHero
from api.docs.members import LIMITED, OWN, LimitedUser, OwnProfile, instant, meaning
from api.docs.shapes import Shape
from api.docs.told import Section, Told
from api.errors import ERASED
from models.people.heroes import DISCIPLINES


class Hero(Shape):
    """A hero, as everybody sees him."""

    id = fields.Integer(metadata=meaning("The hero's id."))
    user = fields.Nested(LimitedUser, metadata=meaning("Who he is."))
    slug = fields.String(
        metadata=meaning("His name as it stands in an address; nobody else's, and it stays.")
    )
    discipline = fields.String(validate=validate.OneOf(DISCIPLINES), metadata=meaning("What he works on."))
    title = fields.String(metadata=meaning("What he is, in a few words."))
    description = fields.String(metadata=meaning("What can be talked about with him."))
    position = fields.String(metadata=meaning("What he is where he works."))
    company = fields.String(metadata=meaning("Where he works."))
    short_bio = fields.String(metadata=meaning("Where he comes from."))
    years_of_exp = fields.Integer(metadata=meaning("Years that he has done it."))
    rate_in_cents = fields.Integer(metadata=meaning("What a minute with him costs, in cents."))
    linkedin_url = fields.String(metadata=meaning("The http or https address of his profile."))
    accepted = fields.Boolean(metadata=meaning("Whether staff have accepted him."))
    active = fields.Boolean(
        metadata=meaning("Whether he can be asked for calls at present, as he says himself.")
    )
    created = instant("When he applied.")
    updated = instant("When he was changed last.")


class OwnHero(Hero):
    """A hero, as he sees himself."""

    user = fields.Nested(OwnProfile, metadata=meaning("His profile."))


class Decided(Shape):
    """What staff decided."""

    user = fields.UUID(metadata=meaning("Who decided."))
    hero = fields.Integer(metadata=meaning("On which hero, by id."))
    accepted = fields.Boolean(metadata=meaning("Whether he is one now."))
    timestamp = instant("When it was decided.")


NEW_HERO = {
    "discipline": "BE",
    "title": "Database engineer",
    "description": "Slow queries, and why they are slow.",
    "position": "Lead engineer",
    "company": "Acme",
    "short_bio": "Twenty years of other people's databases.",
    "years_of_exp": 20,
    "rate_in_cents": 250,
    "linkedin_url": "https://www.linkedin.com/in/tom-brady",
}
HERO = {
    "id": 1, "user": LIMITED, "slug": "tom-brady", **NEW_HERO, "accepted": True, "active": True,
    "created": "2017-12-21T09:00:00.000000Z", "updated": "2017-12-21T10:30:00.000000Z",
}  # fmt: skip
OWN_HERO = {**HERO, "user": OWN}
APPLIED = {**OWN_HERO, "accepted": False, "updated": HERO["created"]}
DECIDED = {"user": LIMITED["id"], "hero": 1, "accepted": True, "timestamp": "2017-12-21T10:30:00.000000Z"}
CHOICE = {"hero_id": 1}

SECTIONS = (
    Section(
        "Heroes",
        "People who can be asked for a call: each is a user who applied and was accepted by staff.",
        {
            "/api/v1/heroes/": {"GET": Told(gives=Hero, many=True, shown=HERO)},
            "/api/v1/heroes/{hero_id}/": {"GET": Told(gives=Hero, shown=HERO)},
            "/api/v1/heroes/apply/": {
                "POST": Told(
                    takes=NewHero, sent=NEW_HERO, status=201, gives=OwnHero, shown=APPLIED,
                    errors={409: "You have applied already."}, who="everybody with a verified mail address and phone",
                ),
            },
            "/api/v1/heroes/profile/": {
                "GET": Told(gives=OwnHero, shown=OWN_HERO),
                "PATCH": Told(
                    takes=HeroChanges(partial=True), sent={"rate_in_cents": 300}, gives=OwnHero, shown=OWN_HERO
                ),
            },
            "/api/v1/heroes/accept/": {
                "POST": Told(
                    takes=Choice, sent=CHOICE, gives=Decided, shown=DECIDED, errors={409: ERASED}, says="Accept a hero",
                    note="He is told by mail, shown to everybody, and can be asked for calls. Who is accepted already "
                    "is 400.",
                ),
            },
            "/api/v1/heroes/decline/": {
                "POST": Told(
                    takes=Choice, sent=CHOICE, gives=Decided, shown={**DECIDED, "accepted": False},
                    says="Decline a hero", errors={409: ERASED},
                    note="It takes an acceptance back: he is shown no more and cannot be asked; requests made before "
                    "stay usable. Who is not accepted, because he was declined or never accepted, is 400.",
                ),
            },
        },
    ),
)  # fmt: skip
