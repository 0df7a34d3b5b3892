"""The screens of surveys: as they are written, section by section, and the sealed copies with what was answered."""

from typing import Any

import falcon
import structlog
from falcon import Request, Response
from peewee import fn

from api.appointments import surveys as rest
from api.appointments.callers import RestCaller
from api.appointments.sealing import sealed
from api.errors import FieldErrors
from api.pages.forms import Form
from api.pages.module import answers, nodes
from api.pages.module.frame import show
from api.pages.module.inputs import Input, in_words
from api.pages.module.screens import Column, Screen
from api.pages.module.writing import added_once
from api.pages.render import go
from api.paging import id_in_path
from models.appointments.surveys import SectionTemplate, SurveyTemplate
from models.idempotency import KeyReused

log = structlog.get_logger(__name__)

SEALED_ALREADY = "It was sealed from this page already. To seal it once more, press again."


class Surveys(Screen):
    """Surveys as they are written."""

    resource = rest.SURVEYS
    path = "/module/survey"
    plural = "Surveys"
    intro = "What calls say and ask. Calls play sealed copies: no later edit changes what was sealed."
    page, list_page = "module/survey.html", "module/surveys.html"
    inputs = (
        Input("name", "Name"),
        Input("tts_language", "Language", "That it speaks, by two letters: en, de, pt."),
        Input("description", "What it is for", rows=3),
    )
    columns = (
        Column("Name", lambda row: row.name, "link"),
        Column("Language", lambda row: row.tts_language),
        Column("Sections", lambda row: row.section_count),
        Column("Changed", lambda row: row.updated_date, "time"),
    )
    goes = "The sections and branches of a survey go with it. Its sealed copies stay, and calls go on playing them."

    def rows(self) -> Any:
        count = SectionTemplate.select(fn.COUNT(SectionTemplate.id))
        count = count.where(SectionTemplate.survey == SurveyTemplate.id).alias("section_count")
        return SurveyTemplate.select(SurveyTemplate, count)

    def more(self, caller: RestCaller, row: Any) -> dict[str, Any]:
        """Its sections, in order, and what may be done with them."""
        may = {
            verb: caller.may(rest.SECTIONS.kind.word(verb)) for verb in ("view", "add", "change", "delete")
        }
        return {
            "nodes": nodes.of_template(row.id) if may["view"] else [],
            "may": may,
            "types": rest.TYPES,
            "may_seal": may_seal(caller),
        }


class SealedSurveys(Screen):
    """Sealed surveys: read, never written."""

    resource = rest.SEALED
    path = "/module/survey/sealed"
    plural = "Sealed surveys"
    intro = "Copies that nobody changes any more. Calls play them, and their answers are counted."
    page = "module/sealed_survey.html"
    inputs = (
        Input("tts_language", "Language"),
        Input("description", "What it is for"),
        Input("created_date", "Sealed"),
    )
    columns = (
        Column("Name", lambda row: row.name, "link"),
        Column("Language", lambda row: row.tts_language),
        Column("Sealed", lambda row: row.created_date, "time"),
    )

    def more(self, caller: RestCaller, row: Any) -> dict[str, Any]:
        """Its sections, and what was answered."""
        return {"nodes": nodes.of_sealed(row.id), "charts": answers.of_survey(row.id)}


SURVEYS, SEALED = Surveys(), SealedSurveys()


def may_seal(caller: RestCaller) -> bool:
    """Whether the caller may make sealed surveys."""
    return caller.may(rest.SEALED.kind.word("add"))


class Sealing:
    """The seal on a survey."""

    for_ = "module pages"

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Ask what the copy is to be called."""
        row = self._row(req, row_id)
        self._show(req, resp, row, Form({"name": row.name}))

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Seal it, once; by the rules of REST."""
        row, form, caller = self._row(req, row_id), Form.sent(req), req.context.rest
        sent = {"name": form.get("name")}
        try:
            made = added_once(
                caller, f"seal.{row.id}", form.once, sent, lambda: int(sealed(caller, row_id, sent).id)
            )
        except FieldErrors as error:
            self._show(req, resp, row, form.wrong(in_words(SURVEYS.inputs[:1], error.fields)))
        except KeyReused:
            self._show(req, resp, row, form.wrong({"": [SEALED_ALREADY]}))
        else:
            log.info("module.sealed", by=caller.user_id, template=row.id, survey=made)
            go(req, resp, SEALED.at(made), "The survey is sealed: settings and alarms may play this copy.")

    def _row(self, req: Request, row_id: str) -> Any:
        if not may_seal(req.context.rest):
            raise falcon.HTTPForbidden(description="You may not seal surveys.")
        return rest.SURVEYS.found(req.context.rest, id_in_path(row_id), to_write=True)

    def _show(self, req: Request, resp: Response, row: Any, form: Form) -> None:
        status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
        facts = {"survey": row, "nodes": nodes.of_template(row.id), "screen": SURVEYS}
        show(req, resp, "module/seal.html", status=status, form=form, **facts)
