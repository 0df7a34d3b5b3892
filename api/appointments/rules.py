"""Rules: how events recur."""

from api.appointments import kinds
from api.appointments.fields import Text, Url
from api.appointments.resources import Body, Resource


class RuleBody(Body):
    """A frequency, and what else is said of it."""

    url = Url(kinds.RULE)
    name = Text(32, "What it is called.", read_only=True)
    description = Text(20_000, "What it means.", read_only=True)
    frequency = Text(8, "YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY or SECONDLY.", read_only=True)
    params = Text(4000, "What else is said, like `interval:2;byweekday:MO,FR`.", null=True, read_only=True)


class Rules(Resource):
    """Rules, the same for everybody."""

    kind = kinds.RULE
    body = RuleBody
    noun = "rule"
    text = "By a rule an event happens again and again."
    writes = False


RULES = Rules()
