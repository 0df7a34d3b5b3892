"""Cookies: for our pages alone, which no script can read, until the browser is closed."""

from falcon import Request, Response


def give(req: Request, resp: Response, name: str, value: str) -> None:
    """Set one; by https it comes back by https only."""
    secure = req.forwarded_scheme == "https"
    resp.set_cookie(name, value, path="/", secure=secure, http_only=True, same_site="Lax")


def take_back(resp: Response, name: str) -> None:
    """Have the browser forget it."""
    resp.unset_cookie(name, same_site="Lax", path="/")
