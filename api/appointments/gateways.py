"""Gateways for calls, and to which managers each is assigned: superusers set them up, managers see theirs."""

from collections.abc import Sequence
from typing import Any

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.compound import Several
from api.appointments.fields import Code, Text, To, Url, When, Whole
from api.appointments.links import Links
from api.appointments.resources import Body, Filter, Resource, Wrong
from models.appointments.calendars import CalendarSetting
from models.appointments.gateways import ACTIVE, INACTIVE, Gateway, GatewayUser
from models.people.users import User

STATUSES = {ACTIVE: "active", INACTIVE: "inactive"}
_OF_A_SWITCH = "Kept for a switch."


class GatewayBody(Body):
    """A way out for calls."""

    url = Url(kinds.GATEWAY)
    name = Text(255, "What it is called; no two are called the same.", blank=False, required=True)
    status = Code(STATUSES, "Whether calls go through it:", default=ACTIVE)
    description = Text(20_000, "What it is for.", default="")
    addprefix = Text(60, "Put before every number that is dialled.", default="")
    removeprefix = Text(60, "Taken from numbers that begin with it, before that.", default="")
    gateways = Text(500, "A dial string, like `sofia/gateway/p/`; kept for a switch.", default="")
    gateway_codecs = Text(500, _OF_A_SWITCH, default="")
    gateway_timeouts = Text(500, _OF_A_SWITCH, default="")
    gateway_retries = Text(500, _OF_A_SWITCH, default="")
    originate_dial_string = Text(500, _OF_A_SWITCH, default="")
    secondused = Whole(_OF_A_SWITCH, least=0, null=True, default=None)
    failover = To(kinds.GATEWAY, "Another gateway, for when this one fails; kept.", null=True, default=None)
    addparameter = Text(360, _OF_A_SWITCH, default="")
    count_call = Whole("Kept: nothing counts here.", least=0, null=True, default=None)
    count_in_use = Whole("Kept: nothing counts here.", least=0, null=True, default=None)
    maximum_call = Whole("Kept: it limits nothing.", least=0, null=True, default=None)
    created_date = When("When it was made.", read_only=True)
    updated_date = When("When it was changed last.", read_only=True)
    managers = Several(
        kinds.USERS,
        "To whom it is assigned: who sees it and may use it. Only superusers are told.",
        default=list,
    )


class Gateways(Resource):
    """Gateways; a manager sees those that are assigned to him."""

    kind = kinds.GATEWAY
    body = GatewayBody
    noun = "gateway"
    text = "Through gateways calls go. Managers see those that are assigned to them; superusers make and assign them."
    reserved = True
    filters = (
        Filter("status", Code(STATUSES, "Gateways that stand so:"), lambda value: Gateway.status == value),
    )
    in_use = "Calendar settings or calls refer to this gateway: make it inactive instead, by its status."
    clashing, clash = "name", "Another gateway has this name, or something that it refers to has gone."

    def shown(self, row: Any, links: Links) -> dict[str, Any]:
        return super().shown(_with_managers([row], links)[0], links)

    def listed(self, rows: Sequence[Any], links: Links) -> list[dict[str, Any]]:
        return super().listed(_with_managers(rows, links), links)

    def confirmed(self, row: Any, links: Links) -> dict[str, Any]:
        return super().confirmed(_with_managers([row], links)[0], links)

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        wrong: Wrong = {}
        if row is not None and values.get("failover") == row.id:
            wrong["failover"] = ["A gateway is not its own failover."]
        if "managers" in values and (trouble := _trouble(values["managers"], row)):
            wrong["managers"] = [trouble]
        return wrong

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        row = super().make(caller, {name: value for name, value in values.items() if name != "managers"})
        _assign(row.id, values.get("managers", []))
        return row

    def change(self, row: Any, values: dict[str, Any]) -> None:
        super().change(row, {name: value for name, value in values.items() if name != "managers"})
        if "managers" in values:
            _assign(row.id, values["managers"])


def _with_managers(rows: Sequence[Any], links: Links) -> Sequence[Any]:
    """The same gateways; for superusers it is known whose they are, by one query for all."""
    if links.to_superuser:
        by_gateway: dict[int, list[int]] = {row.id: [] for row in rows}
        assigned = GatewayUser.select().where(GatewayUser.gateway.in_(list(by_gateway)))
        for one in assigned.order_by(GatewayUser.user):
            by_gateway[one.gateway_id].append(one.user_id)
        for row in rows:
            row.managers_known = by_gateway[row.id]
    return rows


def _trouble(managers: list[int], row: Any) -> str:
    """Why a gateway cannot be these users' and nobody else's; empty when it can."""
    if User.select().where(User.id.in_(managers)).count() != len(managers):
        return "There is no such row."
    if row is None:
        return ""
    losing = GatewayUser.select(GatewayUser.user).where(
        (GatewayUser.gateway == row.id) & GatewayUser.user.not_in(managers)
    )
    in_use = (CalendarSetting.aleg_gateway == row.id) & CalendarSetting.user.in_(losing)
    if CalendarSetting.select().where(in_use).exists():
        return "Calendar settings of somebody who is not named use this gateway: change those first."
    return ""


def _assign(gateway_id: int, managers: list[int]) -> None:
    """Make a gateway these users', and nobody else's."""
    GatewayUser.delete().where(
        (GatewayUser.gateway == gateway_id) & GatewayUser.user.not_in(managers)
    ).execute()
    if managers:
        rows = [{"gateway": gateway_id, "user": one} for one in managers]
        GatewayUser.insert_many(rows).on_conflict_ignore().execute()


GATEWAYS = Gateways()
