"""The branches of a section on its page: added, changed and taken away, by the rules of REST."""

from typing import Any

import falcon
import structlog
from falcon import Request, Response

from api.appointments import surveys as rest
from api.errors import FieldErrors
from api.pages.forms import read
from api.pages.module import sections
from api.pages.render import go
from api.paging import id_in_path

log = structlog.get_logger(__name__)


class NewBranch:
    """One more branch of a section."""

    for_ = "module pages"

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Add it; the same again is refused, as its keys lead somewhere already."""
        _needs(req, "add")
        section = sections.found(req, "change", row_id)
        try:
            rest.BRANCHES.made(req.context.rest, {**_sent(req), "section": section.id})
        except FieldErrors as error:
            sections.show_section(req, resp, section, wrong=_told(error), wrong_branch=0, typed=read(req))
            return
        _done(req, resp, section.id, "The branch is added.")


class OneBranch:
    """A branch that there is: its form has a button to keep it and one to take it away."""

    for_ = "module pages"

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Change it, or take it away."""
        caller, away = req.context.rest, read(req).get("do") == "delete"
        _needs(req, "delete" if away else "change")
        branch = rest.BRANCHES.found(caller, id_in_path(row_id), to_write=True)
        section = sections.found(req, "change", str(branch.section_id))
        try:
            if away:
                rest.BRANCHES.removed(caller, branch.id)
            else:
                rest.BRANCHES.changed(caller, branch.id, _sent(req), whole=False)
        except FieldErrors as error:
            sections.show_section(
                req, resp, section, wrong=_told(error), wrong_branch=branch.id, typed=read(req)
            )
            return
        _done(req, resp, section.id, "The branch is taken away." if away else "The branch is kept.")


def _needs(req: Request, verb: str) -> None:
    if not req.context.rest.may(rest.BRANCHES.kind.word(verb)):
        raise falcon.HTTPForbidden(description=f"You may not {verb} branches of surveys.")


def _sent(req: Request) -> dict[str, Any]:
    """What the form says; no goal is the end of the call."""
    form = read(req)
    return {"keys": form.get("keys", ""), "goto": form.get("goto") or None}


def _told(error: FieldErrors) -> str:
    return " ".join(text for texts in error.fields.values() for text in texts)


def _done(req: Request, resp: Response, section_id: int, said: str) -> None:
    log.info("module.branch_written", by=req.context.rest.user_id, section=section_id)
    go(req, resp, f"{sections.PATH}/{section_id}", said)
