"""Every page on one screen."""

from typing import Any

import falcon

from api.auth import Authentication
from api.pages import assets, home, login, tasks


def add(app: falcon.App[Any, Any], authentication: Authentication) -> None:
    """Give the application its pages.

    Parameters:
      authentication: what checks passwords on the API: wrong ones here and there count together.
    """
    app.add_route("/", home.Home())
    app.add_route("/login", login.Login(authentication))
    app.add_route("/logout", login.Logout())
    app.add_route("/tasks", tasks.Tasks())
    app.add_route("/static/{name}", assets.Assets())
