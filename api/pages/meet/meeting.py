"""`/meet/:token`: a party sees where his call request stands, and answers it, without the app or a login."""

from collections.abc import Callable, Mapping

import falcon
from falcon import Request, Response

from api.errors import FieldErrors
from api.pages.forms import Form
from api.pages.meet import typed, words
from api.pages.meet.side import ACCEPT, AGREE, CANCEL, DECLINE, PROPOSE, Side, opened
from api.pages.render import fragment
from models.callrequests import moving
from models.callrequests.refusals import Refused, TooManyCancellations, WrongTimes
from models.callrequests.requests import CANCELED
from models.letters import invitations


class Meeting:
    """The page. Its address is the authority: whoever has it is the party it was given to."""

    for_ = "holders of a link"

    def on_get(self, req: Request, resp: Response, token: str) -> None:
        """Show it. Nothing is changed, whatever looks at the links of a mail before its reader does."""
        side = opened(token)
        _show(req, resp, side, Form(), done=words.thanks(side) if req.has_param("done") else "")

    def on_post(self, req: Request, resp: Response, token: str) -> None:
        """Do what the party chose, by the rules of the API; who came too late sees what happened instead."""
        form, side = Form.sent(req), opened(token)
        try:
            _move(form.get("do"))(side, form)
        except (FieldErrors, Refused) as error:
            side = opened(token)
            if isinstance(error, FieldErrors) or not _done_before(side, form):
                _show(req, resp, side, form.wrong(_wrong(side, form, error)))
                return
        resp.status, resp.location = falcon.HTTP_303, f"/meet/{token}?done"


class Calendar:
    """`/meet/:token/calendar.ics`: the agreed call, or that it is off, for the party's own calendar."""

    for_ = "holders of a link"

    def on_get(self, _req: Request, resp: Response, token: str) -> None:
        """Hand out the file that the mails have, too."""
        side = opened(token)
        if side.request.agreed_time is None:
            raise falcon.HTTPNotFound(description="No time is agreed yet.")
        method = invitations.CANCEL if side.request.status == CANCELED else invitations.REQUEST
        resp.content_type = "text/calendar; charset=utf-8"
        resp.downloadable_as = "call.ics"
        resp.data = invitations.entry(side.request, side.me, words.full_name(side.other), method)


def _accept(side: Side, form: Form) -> None:
    moving.accept(side.request.id, side.me.id, typed.three_times(form, side.me.zone))


def _decline(side: Side, form: Form) -> None:
    moving.decline(side.request.id, side.me.id, typed.reason(form))


def _agree(side: Side, form: Form) -> None:
    moving.agree(side.request.id, side.me.id, typed.chosen(form))


def _propose(side: Side, form: Form) -> None:
    moving.suggest(side.request.id, side.me.id, typed.three_times(form, side.me.zone))


def _cancel(side: Side, form: Form) -> None:
    moving.cancel(side.request.id, side.me.id, typed.reason(form), form.get("force") == "true")


# What each button does, and the step that it leaves behind.
_MOVES: Mapping[str, tuple[Callable[[Side, Form], None], str]] = {
    ACCEPT: (_accept, "accepted"),
    DECLINE: (_decline, "declined"),
    AGREE: (_agree, "agreed"),
    PROPOSE: (_propose, "new_times"),
    CANCEL: (_cancel, "canceled"),
}


def _move(name: str) -> Callable[[Side, Form], None]:
    if name not in _MOVES:
        raise falcon.HTTPBadRequest(description="Press one of the buttons of the page.")
    return _MOVES[name][0]


def _done_before(side: Side, form: Form) -> bool:
    """Whether the very same was done by the same party a moment ago: the button was pressed twice."""
    last = side.last
    if last is None or last.account_id != side.me.id or last.step != _MOVES[form.get("do")][1]:
        return False
    if form.get("do") == AGREE:
        return bool(typed.chosen(form) == side.request.agreed_time)
    if form.get("do") in (ACCEPT, PROPOSE):
        return side.offer is not None and typed.three_times(form, side.me.zone) == side.offer.times
    return typed.reason(form) == side.why


def _wrong(side: Side, form: Form, error: FieldErrors | Refused) -> Mapping[str, list[str]]:
    """A refusal by field; above them all, when the field is not there any more, or it is about the whole."""
    if isinstance(error, TooManyCancellations):
        return {"force": [words.FORCE]}
    if isinstance(error, FieldErrors | WrongTimes):
        fields = {("" if name == "detail" else name): list(texts) for name, texts in error.fields.items()}
    else:
        fields = {"": [str(error)]}
    if form.get("do") not in side.can:
        fields = {"": [text for texts in fields.values() for text in texts]}
    if form.get("seen") != side.seen and words.happened(side):
        fields[""] = [words.happened(side), *fields.get("", [])]
    return fields


def _show(req: Request, resp: Response, side: Side, form: Form, done: str = "") -> None:
    resp.status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
    resp.content_type = falcon.MEDIA_HTML
    kept = form.get("reason") if form.errors and form.get("do") not in side.can else ""
    facts = {"side": side, "words": words, "form": form, "typed": typed, "unsent": kept}
    resp.text = fragment(req, "meet/meeting.html", done=done, **facts)
