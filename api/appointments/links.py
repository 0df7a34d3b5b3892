"""Hyperlinks: rows are told as URLs of where the request came to, and taken as URL, path or id [O-9]."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from falcon import Request

from api.paging import LARGEST_ID

BASE = "/rest-api/"
_PATH = re.compile(r"/rest-api/([a-z-]+)/([0-9]{1,19})/?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Links:
    """URLs as the asking client must write them. `root` is scheme, host and where the application stands on it.

    Superusers are told more than others: `to_superuser` says whether one asks.
    """

    root: str
    to_superuser: bool = False

    @classmethod
    def of(cls, req: Request) -> "Links":
        """Those for one request."""
        caller, said = req.context.get("rest"), req.forwarded_scheme
        scheme = said if said in ("http", "https") else req.scheme
        superuser = caller is not None and caller.is_superuser
        return cls(f"{scheme}://{req.netloc}{req.root_path}", superuser)

    def many(self, name: str) -> str:
        """The URL of a resource's list."""
        return f"{self.root}{BASE}{name}/"

    def one(self, name: str, row_id: int) -> str:
        """The URL of one row."""
        return f"{self.many(name)}{row_id}/"


def row_id(name: str, value: object) -> int:
    """The id in what a body says of a row of resource `name`.

    Raises:
      ValueError: it is neither a number nor the URL or path of such a row; the text says which.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif not isinstance(value, str):
        raise ValueError(f"Send the URL of a row of {BASE}{name}/, or its id.")
    elif value.isascii() and value.isdigit() and len(value) <= 19:
        number = int(value)
    else:
        number = _id_in_url(name, value)
    if not 0 < number <= LARGEST_ID:
        raise ValueError("There is no such row.")
    return number


def _id_in_url(name: str, value: str) -> int:
    try:
        path = urlsplit(value.strip()).path
    except ValueError:
        path = ""
    found = _PATH.search(path)
    if found is None or found.end() != len(path):
        raise ValueError(f"This is no address of a row: write one like {BASE}{name}/1/.")
    if found[1] != name:
        raise ValueError(f"This is a row of another resource, not of {BASE}{name}/.")
    return int(found[2])
