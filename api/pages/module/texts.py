"""`/module/text`: what the texts of alarms are like when they are sent: their segments, and what made them so long."""

from typing import Any

import falcon
from falcon import Request, Response

from api.appointments import kinds
from api.appointments.segments import SegmentsBody, previewed
from api.errors import FieldErrors
from api.pages.forms import Form
from api.pages.module.frame import show
from models.appointments.templates import SmsTemplate

PATH = "/module/text"
SHOWN = 200
NEEDED = kinds.SMS_TEMPLATE.word("view")

_BODY = SegmentsBody()


class Texts:
    """The templates, each with its segments, and a form to try a text."""

    for_ = "module pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show them; `?template=` puts one into the form."""
        wanted = req.get_param("template") or ""
        template = SmsTemplate.get_or_none(SmsTemplate.template_key == wanted) if wanted else None
        _show(req, resp, Form({"text": template.sms_text if template else ""}))

    def on_post(self, req: Request, resp: Response) -> None:
        """Count what was typed. Nothing is sent or kept."""
        form = Form.sent(req)
        try:
            typed = form.checked(_BODY)
        except FieldErrors as error:
            _show(req, resp, form.wrong(error.fields), status=falcon.HTTP_400)
            return
        _show(req, resp, form, previewed(typed["text"], typed["number"] or "", typed["data"]))


def _show(
    req: Request,
    resp: Response,
    form: Form,
    preview: dict[str, Any] | None = None,
    status: str = falcon.HTTP_200,
) -> None:
    if not req.context.rest.may(NEEDED):
        raise falcon.HTTPForbidden(description="You may not view the templates of texts.")
    templates = SmsTemplate.select().order_by(SmsTemplate.label, SmsTemplate.id).limit(SHOWN)
    rows = [(template, previewed(template.sms_text)) for template in templates]
    show(req, resp, "module/texts.html", status=status, form=form, rows=rows, preview=preview)
