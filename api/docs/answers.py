"""Parts of the document that every route shares: errors, lists, parameters, and who may ask."""

from typing import Any

from apispec import APISpec

from api.auth import REST
from api.callrequests.auth import TOKENS
from api.docs import shapes
from api.docs.routes import Verb
from api.docs.told import JSON, Shaped, Told
from api.errors import DETAILS
from api.once import HEADER, LONGEST
from api.paging import LARGEST_ID, PAGE
from providers.reports import twilio
from providers.reports.reading import LONGEST_ID

WHO = {
    "admins": "administrators",
    "mentors": "mentors, each for his own rows",
    "users": "every user; who is neither administrator nor service account, for the rows he takes part in",
    "everyone": "everyone",
    "members": "everybody with an account",
    "heroes": "heroes",
    "staff": "staff",
    REST: "superusers, managers for what is theirs, and who was given the permission",
}
_WRITERS = "every user, or only service accounts and administrators where the operator said so"

_RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
}
_CHALLENGE = {"WWW-Authenticate": {"description": "How to say who you are.", "schema": {"type": "string"}}}
_REPLAYED = {
    "Idempotent-Replayed": {
        "description": "There when this is the object of an earlier request with the same key.",
        "schema": {"const": "true"},
    }
}
# Each error by the name of its component: status, when it comes, an example of its detail, and its headers.
ERRORS: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "Unauthorized": (401, "No username and password, or wrong ones.", "Wrong username or password.", _CHALLENGE),
    "NoToken": (
        403, "No token, one that is not valid any more, or not yours to do.",
        "Send the token you got when you logged in, in the Authorization header.", {},
    ),
    "Forbidden": (403, "You are known, but this is not for you.", "Only mentors may use this.", {}),
    "NotFound": (404, "There is no such thing, or it is not yours to see.", "You have no such call.", {}),
    "NoSuchPage": (404, "There is no such page.", "There is no such page.", {}),
    "TooLarge": (413, "The body is over 1 MiB.", DETAILS[413], {}),
    "NotJson": (415, "The body says that it is not JSON.", "Send JSON, as application/json.", {}),
    "KeyReused": (
        422, "The idempotency key came before, with another body.",
        "This idempotency key belongs to a request with another body. Use a new key for a new request.", {},
    ),
    "TooManyFailures": (
        429, "Too many wrong passwords for this user.",
        "Too many wrong passwords for this user; wait a little.", _RETRY_AFTER,
    ),
    "TooManyAttempts": (
        429, "Too many attempts for this account, or from this address.",
        "Too many attempts: wait as long as Retry-After says.", _RETRY_AFTER,
    ),
    "DatabaseAway": (
        503, "The database is away for the moment.",
        "The database is away for the moment. What you sent may have been written or not: try again, with the "
        "same Idempotency-Key where there was one.", _RETRY_AFTER,
    ),
}  # fmt: skip
_WRONG = "The body is not JSON that we can take, or some of its fields are wrong."


def _in_header(name: str, said: str) -> dict[str, Any]:
    return {"type": "apiKey", "in": "header", "name": name, "description": said}


_SCHEMES: dict[str, dict[str, Any]] = {
    "basic": {"type": "http", "scheme": "basic"},
    "token": _in_header(
        "Authorization",
        "The token that registering, logging in and a new password give: bare, or after `Bearer`.",
    ),
    "signature": _in_header(
        "webhook-signature",
        "Standard Webhooks: with `webhook-id` and `webhook-timestamp`, signed with SIMULATOR_SECRET.",
    ),
    "form_signature": _in_header(
        twilio.HEADER,
        "Twilio's: base64 of HMAC-SHA1 over the URL and the form's fields, sorted by name, keyed with "
        "TWILIO_AUTH_TOKEN, or by the simulator with SIMULATOR_SECRET.",
    ),
}


def install(spec: APISpec) -> None:
    """Put the shared parts into the document."""
    for name, scheme in _SCHEMES.items():
        spec.components.security_scheme(name, scheme)
    spec.components.schema(
        "FieldErrors",
        {
            "type": "object",
            "description": "What is wrong with each field.",
            "minProperties": 1,
            "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        },
    )
    for name, (_, said, detail, headers) in ERRORS.items():
        spec.components.response(
            name, {**_detailed(said, detail), **({"headers": headers} if headers else {})}
        )
    spec.components.response("BadRequest", _bad_request())
    spec.components.parameter(
        "page", "query",
        {"description": f"Which page, {PAGE} rows each.", "schema": {"type": "integer", "minimum": 1, "default": 1}},
    )  # fmt: skip
    spec.components.parameter(
        HEADER, "header",
        {"description": "The same key within 24 hours gives the same object.",
         "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"}},
    )  # fmt: skip


def who(verb: Verb) -> str:
    """Whom a verb is for."""
    return _WRITERS if verb.for_ == "users" and verb.verb not in ("GET", "HEAD") else WHO[verb.for_]


def _detailed(said: str, detail: str) -> dict[str, Any]:
    content = {JSON: {"schema": shapes.Detail, "example": {"detail": detail}}}
    return {"description": said, "content": content}


def _bad_request() -> dict[str, Any]:
    schema = {"anyOf": [shapes.Detail, {"$ref": "#/components/schemas/FieldErrors"}]}
    example = {"content": ["Write something: blanks alone are no message."]}
    return {"description": _WRONG, "content": {JSON: {"schema": schema, "example": example}}}


def of(verb: Verb, told: Told, content: dict[str, Any]) -> dict[str, Any]:
    """All answers of one verb, by status; a text names a shared one."""
    good: dict[str, Any] = {"description": "All is well." if told.status == 200 else _GOOD[told.status]}
    if content:
        good["content"] = content
    if told.once:
        good["headers"] = _REPLAYED
    answers: dict[str, Any] = {str(told.status): good}
    answers |= {str(status): {**good, "description": said} for status, said in told.also.items()}
    errors: dict[str, Any] = {str(ERRORS[name][0]): name for name in _errors(verb, told)}
    if told.takes is not None or told.once or told.queries:
        errors["400"] = "BadRequest"
    errors |= {str(status): _error(said) for status, said in told.errors.items()}
    return answers | dict(sorted(errors.items()))


def _error(told: str | tuple[str, Shaped, Any]) -> dict[str, Any]:
    if isinstance(told, str):
        return _detailed(told, told)
    said, shape, example = told
    return {"description": said, "content": {JSON: {"schema": shape, "example": example}}}


_GOOD = {201: "Made.", 204: "Gone; no body."}


def _errors(verb: Verb, told: Told) -> list[str]:
    """The errors that follow from what a verb is."""
    token = verb.for_ in TOKENS
    closed, writes = verb.for_ != "everyone" and not token, verb.verb not in ("GET", "HEAD")
    return [
        name
        for name, applies in (
            ("Unauthorized", closed),
            ("TooManyFailures", closed),
            ("TooManyAttempts", told.limited),
            ("Forbidden", verb.for_ in ("admins", "mentors") or (closed and writes) or _permitted(verb)),
            ("NoToken", token),
            ("NoSuchPage", told.many),
            ("NotFound", bool(verb.ids)),
            ("TooLarge", told.takes is not None),
            ("NotJson", told.takes is not None and not told.security),
            ("KeyReused", told.once and told.takes is not None),
            ("DatabaseAway", not verb.path.startswith("/docs")),
        )
        if applies
    ]


def _permitted(verb: Verb) -> bool:
    """Whether a permission is asked for."""
    return verb.for_ == REST and bool(verb.resource.permission_for("view"))


def page_of(row: Any) -> dict[str, Any]:
    """A page of a list."""
    neighbour = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "additionalProperties": False,
        "properties": {
            "count": {
                "type": "integer",
                "minimum": 0,
                "description": "How many rows there are on all pages.",
            },
            "next": {**neighbour, "description": "The next page's URL."},
            "previous": {**neighbour, "description": "The page before."},
            "results": {"type": "array", "maxItems": PAGE, "items": row, "description": "The rows."},
        },
    }


# Ids that are no numbers.
_TEXTS: dict[str, dict[str, Any]] = {
    "user_id": {
        "schema": {"type": "string", "format": "uuid"},
        "example": "b2c1a7de-30a5-4bb4-8a3c-0a3c0b8e7d11",
        "description": "The user's id; anything else is 404.",
    },
    "sid": {
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
        "example": "CFd3f2c1b0a99887766554433221100fed",
        "description": "What the voice provider calls it; anything else is 404.",
    },
}


def id_parameter(name: str, example: int | str) -> dict[str, Any]:
    """An id in a path."""
    if name in _TEXTS:
        return {"name": name, "in": "path", "required": True, **_TEXTS[name]}
    schema = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": int(example),
            "description": "Decimal digits; anything else is 404."}  # fmt: skip
