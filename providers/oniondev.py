"""OnionDev: voice calls and texts of the Mentoring Tool. It cannot be asked what became of a request."""

from collections.abc import Mapping
from dataclasses import dataclass

from providers.base import Bridge, Receipt, Sms
from providers.errors import Rejected
from providers.http import Answer, Line, identifier

ACCEPTANCE = 120.0  # seconds: nothing is published, so longer than any gateway keeps a request waiting


@dataclass(frozen=True)
class CallFields:
    """How OnionDev spells the fields of a call. Its documentation names only `scheduled_call_id`, in the
    answer; `handler` and `beneficiary` are the words of its reports; the others are ours.
    """

    handler: str = "handler"
    beneficiary: str = "beneficiary"
    shown_to_handler: str = "shown_to_handler"
    shown_to_beneficiary: str = "shown_to_beneficiary"
    reference: str = "reference"
    answer_id: str = "scheduled_call_id"


@dataclass(frozen=True)
class TextFields:
    """How OnionDev spells the fields of a text: `mobile` and `text` as it sends them itself, others ours."""

    mobile: str = "mobile"
    text: str = "text"
    sender: str = "sender"
    reference: str = "reference"
    answer_id: str = "message_id"


class OnionDev:
    """The client of OnionDev's API.

    Parameters:
      call_url, message_url: where calls and texts are asked for.
      username, password: HTTP Basic, when a user name is given.
      call_fields, text_fields: the names of the fields; an empty name leaves that field out.
      acceptance: seconds after a request during which OnionDev might still take it.
    """

    name = "oniondev"

    def __init__(
        self,
        call_url: str,
        message_url: str,
        *,
        username: str = "",
        password: str = "",
        call_fields: CallFields | None = None,
        text_fields: TextFields | None = None,
        acceptance: float = ACCEPTANCE,
    ) -> None:
        self.acceptance = acceptance
        self._calls = Line(self.name, call_url, username=username, password=password)
        self._texts = Line(self.name, message_url, username=username, password=password)
        self._call_fields = call_fields or CallFields()
        self._text_fields = text_fields or TextFields()

    def dial(self, bridge: Bridge, *, reference: str, timeout: float) -> Receipt:
        """Ask for a bridge; see `Voice.dial`. A yes without a usable id counts as a refusal."""
        names = self._call_fields
        body = {
            names.handler: _msisdn(bridge.a_number),
            names.beneficiary: _msisdn(bridge.b_number),
            names.shown_to_handler: _msisdn(bridge.shown_to_a),
            names.shown_to_beneficiary: _msisdn(bridge.shown_to_b),
            names.reference: reference,
        }
        answer = _ask(self._calls, body, timeout)
        call_id = identifier(answer.fields().get(names.answer_id))
        if call_id is None:
            raise Rejected(f"{self.name} said {answer.status} but gave no {names.answer_id}")
        return Receipt(call_id)

    def send(self, text: Sms, *, reference: str, timeout: float) -> Receipt:
        """Hand over one text; see `Texts.send`. Without an id in the answer our reference stands for it."""
        names = self._text_fields
        body = {
            names.mobile: _msisdn(text.to),
            names.text: text.body,
            names.sender: _msisdn(text.sender),
            names.reference: reference,
        }
        answer = _ask(self._texts, body, timeout)
        return Receipt(identifier(answer.fields().get(names.answer_id)) or reference)


def _ask(line: Line, body: Mapping[str, str], timeout: float) -> Answer:
    return line.post("", {name: value for name, value in body.items() if name}, timeout=timeout)


def _msisdn(number: str) -> str:
    """OnionDev writes numbers as digits without the plus."""
    return number.removeprefix("+")
