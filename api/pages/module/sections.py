"""The sections of a survey on its pages: added, changed, put in order, deleted; each form has what its type needs."""

from collections.abc import Mapping
from typing import Any

import falcon
import structlog
from falcon import Request, Response

from api.appointments import surveys as rest
from api.errors import FieldErrors
from api.pages.forms import Form, read
from api.pages.module import inputs, nodes, zones
from api.pages.module.frame import show
from api.pages.module.inputs import Input
from api.pages.module.surveys import SURVEYS
from api.pages.module.writing import ANOTHER, added_once
from api.pages.render import go
from api.paging import id_in_path
from models.appointments.surveys import sections
from models.idempotency import KeyReused

log = structlog.get_logger(__name__)

PATH = "/module/survey/section"
_NEW = Input(
    "question", "What it is about", "It says just this, until you have it say something else.", rows=2
)
_OLD = Input("question", "What it is about", "So it is called here, and where answers are counted.", rows=2)
_SOUND = (
    Input("script", "What is said", "Words in braces are filled in: {first_name}.", rows=4),
    Input("audiofile", "Or played", "An audio file instead of speech.", empty="nothing: it is said"),
)
_ASKED = (
    Input("timeout", "Seconds to wait", "For an entry.", group="When it goes wrong"),
    Input("retries", "Asked again", "How often, after no entry or a wrong one."),
    Input("invalid_audiofile", "Played after a wrong entry", empty="nothing"),
)
_OF_TYPE: Mapping[int, tuple[Input, ...]] = {
    sections.MULTI_CHOICE: (
        *(
            Input(f"key_{digit}", f"{digit} means", group="Keys" if digit == 0 else "")
            for digit in range(10)
        ),
        *_ASKED,
    ),
    sections.RATING: (Input("rating_laps", "Best rating", "1 is the worst. An alarm's result is 1 to 3."), *_ASKED),
    sections.CAPTURE_DIGITS: (
        Input("number_digits", "Digits", "At most."), Input("validate_number", "Only take what is within limits"),
        Input("min_number", "From"), Input("max_number", "To"), *_ASKED,
    ),
    sections.RECORD: (Input("timeout", "Seconds of silence", "They end the recording."),),
    sections.CALL_TRANSFER: (
        Input("phonenumber", "Number", "Of whom the call is put through to."),
        Input("confirm_script", "What is said there first", rows=2),
        Input("confirm_key", "Key to press there", "Empty: connected at once."),
    ),
    sections.CONFERENCE: (Input("conference", "Room", "Empty: one of its own."),),
    sections.SMS: (Input("sms_text", "Text", "Words in braces are filled in.", rows=3),),
}  # fmt: skip
_COMPLETED = Input("completed", "A call that comes here is a complete one")


def inputs_of(type_: int, *, new: bool) -> tuple[Input, ...]:
    """The form of a section of this type. What a new one says is its question."""
    begin = (_NEW, *_SOUND[1:]) if new else (_OLD, *_SOUND)
    return (*begin, *_OF_TYPE.get(type_, ()), _COMPLETED)


class NewSection:
    """The form for one more section, at the end of a survey."""

    for_ = "module pages"

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show it; `?type=` says what it does."""
        survey, type_ = self._survey(req, row_id), _type(req.get_param("type") or "")
        values = inputs.empty(inputs_of(type_, new=True), rest.SECTIONS.fields, {})
        self._show(req, resp, survey, type_, Form(values))

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Add it, once."""
        survey, form, caller = self._survey(req, row_id), Form.sent(req), req.context.rest
        type_ = _type(str(form.get("type")))
        shown = inputs_of(type_, new=True)
        try:
            sent, _ = inputs.body(shown, rest.SECTIONS.fields, form, zones.UTC)
            sent |= {"survey": survey.id, "type": type_}
            made = added_once(
                caller, "section", form.once, sent, lambda: int(rest.SECTIONS.made(caller, sent).id)
            )
        except FieldErrors as error:
            self._show(req, resp, survey, type_, form.wrong(inputs.in_words(shown, error.fields)))
        except KeyReused:
            self._show(req, resp, survey, type_, form.wrong({"": [ANOTHER]}))
        else:
            log.info("module.section_added", by=caller.user_id, section=made)
            go(req, resp, f"{PATH}/{made}", "The section is added. Now say where it goes on.")

    def _survey(self, req: Request, row_id: str) -> Any:
        needs(req, "add")
        return rest.SURVEYS.found(req.context.rest, id_in_path(row_id), to_write=True)

    def _show(self, req: Request, resp: Response, survey: Any, type_: int, form: Form) -> None:
        _show(req, resp, form, inputs_of(type_, new=True), survey=survey, type=type_, section=None)


class OneSection:
    """A section and its branches."""

    for_ = "module pages"

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show it as it stands."""
        show_section(req, resp, found(req, "change", row_id))

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Change it."""
        section, form = found(req, "change", row_id), Form.sent(req)
        shown = inputs_of(section.type, new=False)
        try:
            sent, _ = inputs.body(shown, rest.SECTIONS.fields, form, zones.UTC, section)
            rest.SECTIONS.changed(req.context.rest, section.id, sent, whole=False)
        except FieldErrors as error:
            show_section(req, resp, section, form.wrong(inputs.in_words(shown, error.fields)))
            return
        log.info("module.section_changed", by=req.context.rest.user_id, section=section.id)
        go(req, resp, SURVEYS.at(section.survey_id), "The changes are kept.")


class MovedSection:
    """A section's place."""

    for_ = "module pages"

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Put it there; the others make room."""
        section = found(req, "change", row_id)
        try:
            rest.SECTIONS.changed(
                req.context.rest, section.id, {"order": read(req).get("order", "")}, whole=False
            )
        except FieldErrors:
            raise falcon.HTTPBadRequest(description="Say which place the section is to have.") from None
        go(req, resp, SURVEYS.at(section.survey_id), "The section is moved.")


class DeletedSection:
    """The end of a section."""

    for_ = "module pages"

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Ask whether it is meant."""
        show(
            req,
            resp,
            "module/section_delete.html",
            section=found(req, "delete", row_id),
            path=PATH,
            screen=SURVEYS,
        )

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Delete it, with its branches."""
        section = found(req, "delete", row_id)
        rest.SECTIONS.removed(req.context.rest, section.id)
        log.info("module.section_deleted", by=req.context.rest.user_id, section=section.id)
        go(req, resp, SURVEYS.at(section.survey_id), "The section is deleted.")


def needs(req: Request, verb: str) -> None:
    """Refuse who may not.

    Raises:
      falcon.HTTPForbidden: the caller lacks the permission.
    """
    if not req.context.rest.may(rest.SECTIONS.kind.word(verb)):
        raise falcon.HTTPForbidden(description=f"You may not {verb} sections of surveys.")


def found(req: Request, verb: str, row_id: str) -> Any:
    """A section that the visitor may change or delete."""
    needs(req, verb)
    return rest.SECTIONS.found(req.context.rest, id_in_path(row_id), to_write=True)


def show_section(
    req: Request,
    resp: Response,
    section: Any,
    form: Form | None = None,
    wrong: str = "",
    wrong_branch: int | None = None,
    typed: Mapping[str, str] | None = None,
) -> None:
    """The page of a section.

    Parameters:
      form: as it was sent, with what is wrong; by default as the section stands.
      wrong: what is wrong with a branch, in whose form stands what was `typed`; 0 is that of the form for a new one.
    """
    shown = inputs_of(section.type, new=False)
    form = form or Form(inputs.standing(shown, rest.SECTIONS.fields, section, zones.UTC))
    all_ = nodes.of_template(section.survey_id)
    node = next((one for one in all_ if one.id == section.id), None)
    if node is None:
        raise falcon.HTTPNotFound(description="There is no such section: it may have been deleted meanwhile.")
    facts = {
        "section": section, "node": node, "goals": [(one.id, f"{one.number}. {one.question}") for one in all_],
        "keys": nodes.offered(section), "wrong": wrong, "wrong_branch": wrong_branch,
        "typed": typed or {},
    }  # fmt: skip
    survey = rest.SURVEYS.found(req.context.rest, section.survey_id, to_write=True)
    bad = falcon.HTTP_400 if wrong else None
    _show(req, resp, form, shown, status=bad, survey=survey, type=section.type, **facts)


def _show(
    req: Request,
    resp: Response,
    form: Form,
    shown: tuple[Input, ...],
    *,
    status: str | None = None,
    **facts: Any,
) -> None:
    entries = inputs.entries(shown, rest.SECTIONS.fields, req.context.rest, form)
    status = status or (falcon.HTTP_400 if form.errors else falcon.HTTP_200)
    facts |= {"entries": entries, "does": rest.TYPES[facts["type"]], "path": PATH, "screen": SURVEYS}
    show(req, resp, "module/section.html", status=status, form=form, **facts)


def _type(text: str) -> int:
    """What a section does, by its code.

    Raises:
      falcon.HTTPNotFound: there is no such type.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) in rest.TYPES):
        raise falcon.HTTPNotFound(description="There are no such sections.")
    return int(text)
