"""`/api-auth/`: login and logout for who looks at `/rest-api/` with a browser, whatever pages he has besides."""

from falcon import Request, Response

from api.auth import Caller
from api.pages import login
from api.pages.render import go, show


class Login(login.Login):
    """The same login page, for every account."""

    start = "/rest-api/"

    def is_for(self, caller: Caller) -> bool:
        """What he may do there, his permissions say."""
        return True


class Logout(login.Logout):
    """The page with the log-out button: a link from elsewhere logs nobody out."""

    after = "/api-auth/login/?left"

    def on_get(self, req: Request, resp: Response) -> None:
        """Ask whether to log out."""
        if req.context.visit is None:
            go(req, resp, self.after)
        else:
            show(req, resp, "logout.html")
