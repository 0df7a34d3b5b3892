"""All lists that grow for ever, of every surface, and the chore that makes them quick to count and to open."""

from models.callrequests import lists as callrequests
from models.mentoring import lists as mentoring
from models.milestones import lay

LISTS = (*mentoring.LISTS, *callrequests.LISTS)


def lay_milestones() -> bool:
    """Lay milestones along all lists. Returns whether there is more to do at once."""
    unfinished = [listing for listing in LISTS if lay(listing)]
    return bool(unfinished)
