"""What the trunk can carry: bridges, rings (calls of one leg), texts, mails, pushes, hooks: all with one life."""

from models.deliveries.calls import Bridge, CallDataRecord
from models.deliveries.hooks import Hook
from models.deliveries.life import Attempt, Delivery
from models.deliveries.mails import Mail
from models.deliveries.pushes import Push
from models.deliveries.rings import Ring
from models.deliveries.texts import Text

__all__ = ["Attempt", "Bridge", "CallDataRecord", "Delivery", "Hook", "Mail", "Push", "Ring", "Text"]
