"""Texts through any provider that is asked by one GET, as a table of its words describes it (§5.15).

It cannot be asked afterwards what became of a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

import re2

from providers.base import Place, Receipt, Sms
from providers.errors import Rejected, Unavailable
from providers.http import LONGEST, Answer, agreed, identifier
from providers.reaching import Reach

ACCEPTANCE = (
    60.0  # seconds: nothing is published; a provider that got a request may take a while to believe it
)
REFUSALS = ("ERR", "WARN")  # so its answer begins when it did not take a text
TAKEN, LATER = ("Sent", "Delivered"), "Unsent"  # of the words that status codes are translated into
READ = 4096  # characters of an answer that a pattern is tried on

SENDER = "{sender}"  # among the fields, stands for the number that is to be shown


@dataclass(frozen=True)
class Manners:
    """The provider's words.

    Parameters:
      recipient, content, reference: the names by which number, text and our reference are sent; an empty one is not.
      success: a regular expression, as RE2 reads them, for the answer, with groups `gateway_message_id`,
        `status_code`, `status_message`; empty when there is nothing to read.
      statuses: what its status codes mean: `Sent`, `Delivered`, `Unsent`, or any other word for no.
    """

    recipient: str
    content: str
    reference: str = ""
    success: str = ""
    statuses: Mapping[str, str] = field(default_factory=dict)


class HttpSms:
    """One such provider.

    Parameters:
      name: what attempts call it.
      place: where it is asked.
      fields: what is sent with every text, credentials among it. `{sender}` stands for the number that is to be shown;
        a field that is left with nothing then is left out.

    Raises:
      ValueError: it cannot be asked like this; the text says why.
    """

    def __init__(
        self,
        name: str,
        place: Place,
        fields: Mapping[str, str],
        manners: Manners,
        *,
        acceptance: float = ACCEPTANCE,
    ) -> None:
        self.name, self.acceptance = name, acceptance
        self._place, self._fields, self._manners = place, fields, manners
        if not manners.recipient or not manners.content:
            raise ValueError(
                "it says by which names number and text are sent: recipient_keyword, content_keyword"
            )
        self._success = _pattern(manners.success) if manners.success else None
        self._reach = Reach(name, permitted=lambda _ip: True)

    def send(self, text: Sms, *, reference: str, timeout: float) -> Receipt:
        """Hand over one text; see `Texts.send`. Without an id in the answer our reference stands for it."""
        sent = self._sent(text, reference)
        where = self._place.target.rstrip("?&")
        place = replace(self._place, target=f"{where}{'&' if '?' in where else '?'}{urlencode(sent)}")
        answer = self._reach.ask("GET", place, {"Accept": "*/*"}, timeout=timeout, most=LONGEST)
        secret = sent | {
            f"%{name}": quote_plus(value) for name, value in sent.items()
        }  # as it stands in the address
        agreed(self.name, secret, answer)
        told = answer.body.decode("utf-8", "replace").strip()
        if told.startswith(REFUSALS):
            raise Rejected(f"{self.name} refused: {_excerpt(told.partition(': ')[2] or told, secret)}")
        return Receipt(self._read(told, secret) or reference)

    def _sent(self, text: Sms, reference: str) -> dict[str, str]:
        fields = {name: value.replace(SENDER, text.sender) for name, value in self._fields.items()}
        kept = {name: value for name, value in fields.items() if value or SENDER not in self._fields[name]}
        words = self._manners
        told = {words.recipient: text.to, words.content: text.body, words.reference: reference}
        return kept | {name: value for name, value in told.items() if name}

    def _read(self, told: str, secret: Mapping[str, Any]) -> str | None:
        """The provider's id for the text, if its answer says that it took it."""
        if self._success is None:
            return None
        found = self._success.match(told[:READ])
        if found is None:
            raise Rejected(f"{self.name} said what success_format does not know: {_excerpt(told, secret)}")
        groups = found.groupdict()
        code = groups.get("status_code")
        meaning = TAKEN[0] if code is None else self._manners.statuses.get(code, "Failed")
        if meaning not in TAKEN:
            why = _excerpt(groups.get("status_message") or "", secret)
            said = f"{self.name} said {_excerpt(code or '', secret)}, which is {meaning}: {why}"
            raise Unavailable(said) if meaning == LATER else Rejected(said)
        return identifier(groups.get("gateway_message_id"))


def _pattern(text: str) -> Any:
    """Whatever the pattern, it is matched in a time that grows only with the answer's length."""
    quiet = re2.Options()
    quiet.log_errors = False
    try:
        return re2.compile(text, quiet)
    except (re2.error, UnicodeError):
        raise ValueError("its success_format is no regular expression that RE2 reads") from None


def _excerpt(told: str, secret: Mapping[str, Any]) -> str:
    return Answer(200, told.encode()).excerpt(secret)
