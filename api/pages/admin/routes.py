"""Every page of the administrators on one screen."""

from typing import Any

import falcon

from api.pages.admin import accounts, activities, commands, left_alone, operations, people, receipts, voice


def add(app: falcon.App[Any, Any]) -> None:
    """Give the application its pages below `/admin`."""
    app.add_route("/admin", operations.Front())
    app.add_route("/admin/people", people.People())
    app.add_route("/admin/people/new/{kind}", people.NewPerson())
    app.add_route("/admin/people/{contact_id}", people.OnePerson())
    app.add_route("/admin/people/{contact_id}/access", people.Access())
    app.add_route("/admin/activities", activities.Activities())
    app.add_route("/admin/activities/new", activities.NewOne())
    app.add_route("/admin/activities/{activity_id}", activities.OneActivity())
    app.add_route("/admin/voice", voice.Accounts())
    app.add_route("/admin/voice/new", voice.NewAccount())
    app.add_route("/admin/voice/{account_id}", voice.OneAccount())
    app.add_route("/admin/accounts", accounts.Accounts())
    app.add_route("/admin/accounts/{user_id}/access", accounts.Access())
    app.add_route("/admin/accounts/{user_id}/password", accounts.NewPassword())
    app.add_route("/admin/left-alone", left_alone.LeftAlone())
    app.add_route("/admin/left-alone/lift", left_alone.Lift())
    app.add_route("/admin/operations", operations.Operations())
    app.add_route("/admin/operations/now", operations.Now())
    app.add_route("/admin/operations/settle", operations.Settle())
    app.add_route("/admin/operations/receipts/{receipt_id}", receipts.OneReceipt())
    app.add_route("/admin/operations/receipts/{receipt_id}/replay", receipts.Again())
    app.add_route("/admin/operations/dead/{command_id}", commands.DeadCommand())
    app.add_route("/admin/operations/dead/{command_id}/replay", commands.Replay())
    app.add_route("/admin/operations/dead/{command_id}/drop", commands.Drop())
