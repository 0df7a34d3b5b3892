"""What operators type that goes by the API's own rules: people to be added, reports to be taken again."""

from api.console.importing import import_people
from api.console.receipts import receipts

COMMANDS = (import_people, receipts)

__all__ = ["COMMANDS"]
