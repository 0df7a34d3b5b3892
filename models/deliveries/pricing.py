"""What a text will cost: its segments, each at the price that pipelines.yaml says of the route it takes."""

from decimal import Decimal
from typing import NamedTuple

from models import flow
from models.deliveries.segments import Segments
from models.deliveries.texts import Text
from models.pipelines import NoRoute


class Cost(NamedTuple):
    """In a currency (ISO 4217): of each segment, and of all."""

    each: Decimal
    total: Decimal
    currency: str


def cost(segments: Segments, number: str = "") -> Cost | None:
    """What a text of so many segments will cost; None where no price is known.

    Parameters:
      number: of who gets it, E.164; without one it is that of the route for everybody.
    """
    try:
        price = flow.current().route(Text.route, number).price
    except NoRoute:
        return None
    return Cost(price.amount, price.amount * segments.parts, price.currency) if price else None
