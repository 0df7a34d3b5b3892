"""What a place is where something is held about a person: some rows of a table, and what is left of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.database import Row
from models.deliveries import Attempt, Delivery
from models.numbers import ERASED

EMPTY, NOTHING, GONE = "''", "NULL", f"'{ERASED}'"
CAUSE = {"cause": f"CASE WHEN t.cause IS NULL THEN NULL ELSE '{ERASED}' END"}  # a carrier's words


@dataclass(frozen=True)
class Place:
    """Rows about somebody.

    Parameters:
      section: what they are called when he asks what is held about him.
      his: which rows `t` are his; `{me}`, `{account}` and `{user}` are his contact's, account's and user's ids, -1 for
        what he is not.
      left: what each column is changed to when he is erased; a missing one stays.
      removed: whether his rows go as a whole.
      others: columns that tell something of others, or are keys: not for his eyes.
    """

    section: str
    table: type[Row]
    his: str
    left: Mapping[str, str] = field(default_factory=dict)
    removed: bool = False
    others: tuple[str, ...] = ()


def called(word: str, ids: str) -> str:
    """The references of rows: `call:12`."""
    return f"SELECT '{word}:' || x.id FROM ({ids}) AS x"


def carried(delivery: type[Delivery], word: str, ids: str) -> str:
    """The deliveries of rows, by what they are called."""
    table = delivery._meta.table_name
    return f"SELECT d.id FROM {table} AS d WHERE d.reference IN ({called(word, ids)})"


def attempts(channel: str, ids: str) -> Place:
    """The askings of carriers for these deliveries."""
    return Place("attempts", Attempt, f"t.channel = '{channel}' AND t.delivery_id IN ({ids})", CAUSE)
