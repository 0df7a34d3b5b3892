"""`/admin/voice`: accounts at voice carriers, which go before what the environment says."""

import json
from functools import partial

import falcon
import structlog
from falcon import Request, Response

from api.once import keyed
from api.pages.forms import Form
from api.pages.render import go, show
from api.paging import id_in_path
from models import flow, settings, voice_apis
from models.database import transaction
from models.idempotency import IdempotencyKey, KeyReused
from models.voice_apis import ADDRESSES, NotUsable, VoiceApi
from models.writing import New

log = structlog.get_logger(__name__)

ANOTHER = "Another account was added from this page already. To add this one too, press again."
SHOWN = 100  # an account is changed rather than added, so there are few


class Accounts:
    """All of them, those in use first."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """List them, with the channels whose routes name their carriers."""
        rows = VoiceApi.select().order_by(VoiceApi.active.desc(), VoiceApi.id.desc()).limit(SHOWN)
        show(req, resp, "admin/voice.html", accounts=list(rows), used=_used(), sealed=_can_seal())


class NewAccount:
    """The form for one more."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        _form(req, resp, Form({"kind": next(iter(ADDRESSES)), "active": True}))

    def on_post(self, req: Request, resp: Response) -> None:
        """Add the account, once."""
        form, me = Form.sent(req), req.context.caller.user_id
        facts = _facts(form)
        same = json.dumps({**facts, "password": ""}, sort_keys=True)  # of which a quick hash is kept
        try:
            made, again = keyed(me, "voice", form.once, same, partial(_make, facts))
        except NotUsable as error:
            _form(req, resp, form.wrong({error.field: [str(error)]}))
            return
        except KeyReused:
            _form(req, resp, form.wrong({"": [ANOTHER]}))
            return
        if not again:
            log.info("admin.voice_added", by=me, account=made)
        go(req, resp, "/admin/voice", "The account is kept; workers take it up within seconds.")


class OneAccount:
    """One of them. Its password is never shown again."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response, account_id: str) -> None:
        """Show it."""
        row = _one(account_id)
        names = ("kind", "call_url", "message_url", "username", "active")
        _form(req, resp, Form({name: getattr(row, name) for name in names}), row)

    def on_post(self, req: Request, resp: Response, account_id: str) -> None:
        """Change it. An empty password leaves the one there is."""
        row, form = _one(account_id), Form.sent(req)
        try:
            voice_apis.save(_facts(form), row)
        except NotUsable as error:
            _form(req, resp, form.wrong({error.field: [str(error)]}), _one(account_id))
            return
        log.info("admin.voice_changed", by=req.context.caller.user_id, account=row.id, active=row.active)
        go(req, resp, "/admin/voice", "The changes are kept; workers take them up within seconds.")


def _make(facts: dict[str, object], claim: New | None) -> int:
    with transaction():
        row = voice_apis.save(facts)
        if claim is not None:
            IdempotencyKey.create(**{**claim.values, "object_id": row.id})
    return int(row.id)


def _facts(form: Form) -> dict[str, object]:
    names = ("kind", "call_url", "message_url", "username")
    texts = {name: str(form.get(name)).strip() for name in names}
    ticked = {name: form.get(name) == "true" for name in ("active", "forget_password")}
    return {**texts, **ticked, "password": form.get("password")}


def _one(account_id: str) -> VoiceApi:
    found: VoiceApi | None = VoiceApi.get_or_none(VoiceApi.id == id_in_path(account_id))
    if found is None:
        raise falcon.HTTPNotFound(description="There is no such account.")
    return found


def _form(req: Request, resp: Response, form: Form, account: VoiceApi | None = None) -> None:
    status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
    facts = {"kinds": [(kind, kind) for kind in ADDRESSES], "account": account, "sealed": _can_seal()}
    show(req, resp, "admin/voice_account.html", status=status, form=form, **facts)


def _used() -> dict[str, list[str]]:
    """The channels whose routes name each carrier."""
    used: dict[str, list[str]] = {kind: [] for kind in ADDRESSES}
    for channel, routes in flow.current().routes.items():
        for kind in {name for route in routes for name in route.use} & used.keys():
            used[kind].append(channel)
    return used


def _can_seal() -> bool:
    return bool(settings.current().secret_key)
