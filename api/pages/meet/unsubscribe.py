"""`/unsubscribe/:token`: an end to the mails about call requests, by one button, or by one click in a mail program."""

import falcon
from falcon import Request, Response

from api.bodies import raw
from api.pages import forms
from api.pages.meet.side import subscriber
from api.pages.render import fragment
from models import clock
from models.database import transaction
from models.people.accounts import Account


class Unsubscribing:
    """The page, and where mail programs post to by themselves (RFC 8058)."""

    for_ = "holders of a link"

    def on_get(self, req: Request, resp: Response, token: str) -> None:
        """Show whether he gets them. Nothing is changed: the links in mails are looked at by scanners, too."""
        subscribed = subscriber(token).email_notifications
        resp.content_type = falcon.MEDIA_HTML
        resp.text = fragment(req, "meet/unsubscribe.html", subscribed=subscribed)

    def on_post(self, req: Request, resp: Response, token: str) -> None:
        """Send him no more, or send them again; a second time changes nothing."""
        account = subscriber(token)
        form = forms.read(req) if _is_form(req) else {}
        with transaction():
            wanted = {"email_notifications": form.get("do") == "resume", "updated_at": clock.now()}
            Account.update(wanted).where(Account.id == account.id).execute()
        if "do" in form:
            resp.status, resp.location = falcon.HTTP_303, f"/unsubscribe/{token}"
        else:  # by a program, which is to be answered without a redirection
            resp.content_type, resp.text = (
                falcon.MEDIA_TEXT,
                "No more mails about call requests are sent to you.\n",
            )


def _is_form(req: Request) -> bool:
    """Whether this is a form like our page's; a mail program may send its one field as multipart, too."""
    raw(req)  # as long as any body may be, whatever it is
    return (req.content_type or "").partition(";")[0].strip().lower() == falcon.MEDIA_URLENCODED
