"""Who asks on `/api/v1`: a token in the `Authorization` header. Whoever is refused gets 403, and never a challenge."""

from typing import Any

import falcon
from falcon import Request, Response

from models.people.tokens import Member

# Whom the resources of `/api/v1` are for, besides `everyone`. Which rows are whose, each resource says itself.
TOKENS = ("members", "heroes", "staff")

SCHEMES = ("token", "bearer")
LONGEST = 200  # characters of a header; a token has 32


class Tokens:
    """Middleware: a resource that is `for_` members, heroes or staff is asked with a token [D-3]."""

    def process_resource(self, req: Request, _resp: Response, resource: Any, _params: dict[str, Any]) -> None:
        """Let the request in as `req.context.member`, or refuse it with 403."""
        allowed = getattr(resource, "for_", "everyone")
        if allowed not in TOKENS:
            return
        member = req.context.member = _member(req)
        if allowed == "heroes" and member.hero_id is None:
            raise falcon.HTTPForbidden(description="Only heroes may use this: apply at /api/v1/heroes/apply.")
        if allowed == "staff" and not member.is_staff:
            raise falcon.HTTPForbidden(description="Only staff may use this.")


def token_of(req: Request) -> str:
    """The token that came with a request: bare, or after `Token` or `Bearer`; empty when none did."""
    header = (req.auth or "").strip()
    scheme, blank, rest = header.partition(" ")
    token = rest.strip() if blank and scheme.lower() in SCHEMES else header
    return token if len(token) <= LONGEST else ""


def _member(req: Request) -> Member:
    token = token_of(req)
    if not token:
        raise falcon.HTTPForbidden(
            description="Send the token you got when you logged in, in the Authorization header."
        )
    member = Member.of(token)
    if member is None:
        raise falcon.HTTPForbidden(description="This token is not valid, or not any more: log in again.")
    if not member.is_active:
        raise falcon.HTTPForbidden(description="This account is suspended.")
    return member
