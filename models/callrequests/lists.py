"""The long list of this surface: call requests, by either party."""

from models.callrequests.reading import Whole, whole, with_parties
from models.callrequests.requests import CallRequest
from models.milestones import LongList

CALL_REQUESTS = LongList(CallRequest, CallRequest.requester, CallRequest.hero_account)  # nobody asks himself

LISTS = (CALL_REQUESTS,)


class ListOf:
    """One account's requests, those made and those got, with all that is shown of them; for `api.paging.page`."""

    def __init__(self, account_id: int) -> None:
        self._listed = CALL_REQUESTS.of(account_id, with_parties())

    def count(self) -> int:
        """How many there are."""
        return self._listed.count()

    def paginate(self, number: int, size: int) -> list[Whole]:
        """Those of one page, in order of their ids. Pages count from 1."""
        return whole(self._listed.paginate(number, size))
