"""Rules: how events recur. Superusers write them; a rule that could not be obeyed is refused."""

from typing import Any

import falcon
from marshmallow import validate

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.fields import Text, Url
from api.appointments.resources import Body, Resource, Wrong
from models.appointments.recurrence import predefined
from models.appointments.recurrence.params import FREQUENCIES, LONGEST, BadParams, fitting

_ONE_OF = validate.OneOf(FREQUENCIES, error=f"Send one of {', '.join(FREQUENCIES)}.")
PREDEFINED = "This rule is part of every installation: it can be changed, but not deleted."


class RuleBody(Body):
    """A frequency, and what else is said of it."""

    url = Url(kinds.RULE)
    name = Text(32, "What it is called.", blank=False, required=True)
    description = Text(20_000, "What it means.", default="")
    frequency = Text(8, f"{', '.join(FREQUENCIES[:-1])} or {FREQUENCIES[-1]}.", required=True, also=[_ONE_OF])
    params = Text(LONGEST, "What else is said, like `interval:2;byweekday:MO,FR`.", null=True, default=None)


class Rules(Resource):
    """Rules, the same for everybody."""

    kind = kinds.RULE
    body = RuleBody
    noun = "rule"
    text = (
        "By a rule an event happens again and again. `params` say more than the frequency: `name:value,value;…` with "
        "the names of python-dateutil's `rrule`, weekdays as 0 (Monday) to 6 or MO to SU, the nth as `MO(1)` or "
        "`MO(-1)`. Superusers write rules."
    )
    reserved = True
    in_use = "Events recur by this rule, or it is part of every installation: it cannot be deleted."

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        if not values.keys() & {"frequency", "params"}:
            return {}
        frequency, params = (values.get(name, getattr(row, name, None)) for name in ("frequency", "params"))
        try:
            fitting(frequency or FREQUENCIES[0], params)
        except BadParams as error:
            return {"params" if "params" in values else "frequency": [f"{error}."]}
        return {}

    def remove(self, row: Any) -> None:
        """A rule that every installation has would come back with its next update."""
        if row.id in predefined.IDS:
            raise falcon.HTTPConflict(description=PREDEFINED)
        super().remove(row)


RULES = Rules()
