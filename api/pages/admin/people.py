"""`/admin/people`: mentees and mentors, found, added, changed, let in or not. The rules are those of the API."""

from typing import Any

import falcon
import structlog
from falcon import Request, Response
from peewee import JOIN

from api.errors import FieldErrors
from api.mentoring import people as rules
from api.pages.forms import Form, read
from api.pages.render import go, show
from api.paging import LARGEST_ID, id_in_path
from models.numbers import ERASED, Erased
from models.people import MENTEE, MENTOR, Contact, User, logins

log = structlog.get_logger(__name__)

PAGE = 20
OFFERED = 50  # mentees whose names the browser offers while a mentor's form is filled in
KINDS = {MENTEE: "mentees", MENTOR: "mentors"}
LONGEST_SEARCH = 150

Mentee, MenteeUser = Contact.alias("mentee"), User.alias("mentee_user")


class People:
    """Everybody, the newest first. A search is posted, so that no name or number stands in an address."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """List them; `?kind=` and `?before=` narrow it."""
        _list(req, resp, "", req.get_param("kind") or "", req.get_param("before") or "")

    def on_post(self, req: Request, resp: Response) -> None:
        """Search by a part of a name, a user name or a number."""
        sent = read(req)
        words = sent.get("q", "").strip()[:LONGEST_SEARCH]
        _list(req, resp, words, sent.get("kind", ""), sent.get("before", ""))


def _list(req: Request, resp: Response, words: str, kind: str, before: str) -> None:
    here = Contact.id < (id_in_path(before) if before else LARGEST_ID)
    if kind in KINDS:
        here &= Contact.kind == kind
    if words:
        here &= _matching(words)
    rows = list(_people().where(here).order_by(Contact.id.desc()).limit(PAGE + 1))
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    facts: dict[str, Any] = {"words": words, "kind": kind if kind in KINDS else "", "begun": bool(before)}
    show(req, resp, "admin/people.html", people=rows[:PAGE], older=older, kinds=KINDS, **facts)


def _people() -> Any:
    """Contacts with their users, and mentors with their mentees' users, in one query."""
    return (
        Contact.select(Contact, User, Mentee, MenteeUser)
        .join(User)
        .switch(Contact)
        .join(Mentee, JOIN.LEFT_OUTER, on=(Contact.mentee == Mentee.id))
        .join(MenteeUser, JOIN.LEFT_OUTER, on=(Mentee.user == MenteeUser.id))
    )


def _matching(words: str) -> Any:
    number = "".join(filter(str.isdigit, words))
    if number and all(letter in "0123456789+ -()" for letter in words):
        return Contact.msisdn.contains(number)
    full_name = User.first_name.concat(" ").concat(User.last_name)
    return User.username.contains(words) | User.email.contains(words) | full_name.contains(words)


class NewPerson:
    """The form for one more."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response, kind: str) -> None:
        """Show it; `?mentee=` fills in whom a mentor is for."""
        _known(kind)
        _form(req, resp, Form({"mentee": (req.get_param("mentee") or "")[:LONGEST_SEARCH]}), kind)

    def on_post(self, req: Request, resp: Response, kind: str) -> None:
        """Add the person: a user and a contact, both or neither."""
        _known(kind)
        form = Form.sent(req)
        try:
            made = rules.add(kind, _body(form))
        except FieldErrors as error:
            _form(req, resp, form.wrong(error.fields), kind)
            return
        log.info("admin.person_added", by=req.context.caller.user_id, contact=made.id, kind=kind)
        go(req, resp, f"/admin/people/{made.id}", f"The {kind} is added, and may log in.")


class OnePerson:
    """One mentee or mentor."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response, contact_id: str) -> None:
        """Show what is known."""
        contact = _person(contact_id)
        _form(req, resp, Form(_values(contact)), contact.kind, contact)

    def on_post(self, req: Request, resp: Response, contact_id: str) -> None:
        """Change it. An empty password leaves the one there is."""
        contact, form = _person(contact_id), Form.sent(req)
        try:
            rules.change(contact, _body(form))
        except FieldErrors as error:
            _form(req, resp, form.wrong(error.fields), contact.kind, contact)
            return
        log.info("admin.person_changed", by=req.context.caller.user_id, contact=contact.id)
        go(req, resp, req.path, "The changes are kept.")


class Access:
    """Whether a person may log in."""

    for_ = "admin pages"

    def on_post(self, req: Request, resp: Response, contact_id: str) -> None:
        """Let the person in, or no more: then he is out everywhere at once."""
        contact, allowed = _person(contact_id), read(req).get("allowed") == "true"
        if contact.user_id == req.context.caller.user_id and not allowed:
            raise falcon.HTTPForbidden(description="You cannot shut yourself out; ask another administrator.")
        if contact.erased:
            raise Erased
        logins.let_in(contact.user.username, allowed)
        log.info("admin.person_access", by=req.context.caller.user_id, contact=contact.id, allowed=allowed)
        said = "may log in again" if allowed else "may not log in any more, and is logged out everywhere"
        go(req, resp, f"/admin/people/{contact.id}", f"The {contact.kind} {said}.")


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise falcon.HTTPNotFound


def _person(contact_id: str) -> Contact:
    found: Contact | None = _people().where(Contact.id == id_in_path(contact_id)).first()
    if found is None:
        raise falcon.HTTPNotFound(description="There is nobody with this id.")
    return found


def _form(req: Request, resp: Response, form: Form, kind: str, contact: Contact | None = None) -> None:
    others: list[Contact] = []
    if kind == MENTOR:  # whom he could be for
        here = (Contact.kind == MENTEE) & ~Contact.msisdn.startswith(ERASED)
        others = list(_people().where(here).order_by(Contact.id.desc()).limit(OFFERED))
    elif contact is not None:  # who is there for the mentee
        others = list(_people().where(Contact.mentee == contact).order_by(Contact.id).limit(PAGE))
    status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
    show(req, resp, "admin/person.html", status=status, form=form, kind=kind, contact=contact, others=others)


def _values(contact: Contact) -> dict[str, Any]:
    user = contact.user
    values = {name: getattr(user, name) for name in ("username", "first_name", "last_name", "email")}
    values |= {name: getattr(contact, name) for name in _texts_of(contact.kind)}
    values["contact_number"] = contact.contact_number.reveal()
    if contact.mentee_id:
        values["mentee"] = contact.mentee.user.username
    return values


def _texts_of(kind: str) -> tuple[str, ...]:
    more = ("profile_pic", "job_title", "motivation", "inspiration") if kind == MENTOR else ()
    return ("external_id", *more)


def _body(form: Form) -> dict[str, Any]:
    """The form as the API would get it: a mentee may be named by his user name instead of his id."""
    body = dict(form.values)
    body["external_id"] = body.get("external_id") or None
    if name := body.get("mentee", "").strip():
        found = (
            Contact.select(Contact.id).join(User).where(User.username == name, Contact.kind == MENTEE).first()
        )
        body["mentee"] = found.id if found else name
    return body
