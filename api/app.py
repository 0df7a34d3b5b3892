"""The application: every route on one screen."""

from typing import Any

import falcon
from falcon import Request, Response

from api import carriers, docs, errors, health
from api.appointments import routes as appointments
from api.appointments.auth import RestAccess
from api.auth import Authentication
from api.callrequests import (
    accounts,
    actions,
    conferences,
    heroes,
    passwords,
    payments,
    profile,
    requests,
    staff,
    webhooks,
)
from api.callrequests.auth import Tokens
from api.comms import calls as comms_calls
from api.comms import feedback, oniondev
from api.comms import messages as comms_messages
from api.mentoring import activities, calls, devices, events, messages, notes, people, schedule, tasks
from api.pages import routes
from api.pages.admin import routes as admin_routes
from api.pages.module import routes as module_routes
from api.pages.session import Visitors
from models import tracing
from models.people import MENTEE, MENTOR
from models.people.one_time_tokens import EMAIL, PHONE
from models.people.passwords import Verifier


class Traced:
    """Middleware: every request gets a trace id, which follows all that comes of it."""

    def process_request(self, _req: Request, resp: Response) -> None:
        """Begin a trace."""
        trace = tracing.begin()
        resp.set_header("X-Trace", trace)


def create() -> falcon.App[Any, Any]:
    """The WSGI application. The database must be bound."""
    authentication = Authentication()
    middleware: list[Any] = [Traced(), authentication, Tokens(), RestAccess(authentication), Visitors()]
    app = falcon.App(middleware=middleware)
    app.req_options.strip_url_path_trailing_slash = True
    errors.install(app)

    _mentor(app)
    _comms(app)
    _accounts(app)
    _heroes(app)
    _call_requests(app)
    _conferences(app)
    appointments.add(app)
    app.add_route("/carriers/simulator", carriers.SimulatorReports())
    app.add_route("/health", health.Health())
    app.add_route("/metrics", health.Metrics())
    papers = docs.Papers(app)
    app.add_route("/docs", docs.Docs(papers))
    app.add_route("/docs/openapi.json", docs.OpenApi(papers))
    routes.add(app, authentication)
    admin_routes.add(app)
    module_routes.add(app)
    return app


def _mentor(app: falcon.App[Any, Any]) -> None:
    app.add_route("/mentor/mentee", people.People(MENTEE))
    app.add_route("/mentor/mentee/{contact_id}", people.OnePerson(MENTEE))
    app.add_route("/mentor/mentor", people.People(MENTOR))
    app.add_route("/mentor/mentor/{contact_id}", people.OnePerson(MENTOR))
    app.add_route("/mentor/call", calls.Calls())
    app.add_route("/mentor/call/{call_id}", calls.OneCall())
    app.add_route("/mentor/message", messages.Messages())
    app.add_route("/mentor/message/{message_id}", messages.OneMessage())
    app.add_route("/mentor/schedule", schedule.Schedule())
    app.add_route("/mentor/schedule/{scheduled_call_id}", schedule.OneScheduledCall())
    app.add_route("/mentor/event", events.Events())
    app.add_route("/mentor/event/{event_id}", events.OneEvent())
    app.add_route("/mentor/task", tasks.Tasks())
    app.add_route("/mentor/task/{task_id}", tasks.OneTask())
    app.add_route("/mentor/callnote", notes.Notes())
    app.add_route("/mentor/callnote/{note_id}", notes.OneNote())
    app.add_route("/mentor/activity", activities.Activities())
    app.add_route("/mentor/activity/{activity_id}", activities.OneActivity())
    app.add_route("/mentor/device", devices.Devices())


def _comms(app: falcon.App[Any, Any]) -> None:
    app.add_route("/comms/call", comms_calls.Calls())
    app.add_route("/comms/call/{call_id}", comms_calls.OneCall())
    app.add_route("/comms/message", comms_messages.Messages())
    app.add_route("/comms/message/{message_id}", comms_messages.OneMessage())
    app.add_route("/comms/feedback", feedback.AllFeedback())
    app.add_route("/comms/feedback/{feedback_id}", feedback.OneFeedback())
    app.add_route("/comms/onion_dev_call_end", oniondev.CallEnds())
    app.add_route("/comms/onion_dev_feedback", oniondev.GivenFeedback())
    app.add_route("/comms/onion_dev_message", oniondev.ReceivedMessages())


def _accounts(app: falcon.App[Any, Any]) -> None:
    verifier = Verifier()
    app.add_route("/api/v1/accounts/phone-token", accounts.PhoneTokens())
    app.add_route("/api/v1/accounts/register", accounts.Registration())
    app.add_route("/api/v1/accounts/login", accounts.Login(verifier))
    app.add_route("/api/v1/accounts/logout", accounts.Logout())
    app.add_route("/api/v1/accounts/profile", profile.Profile())
    app.add_route("/api/v1/accounts/verify-email", accounts.Verification(EMAIL))
    app.add_route("/api/v1/accounts/verify-phone", accounts.Verification(PHONE))
    app.add_route("/api/v1/accounts/change-password", passwords.ChangePassword(verifier))
    app.add_route("/api/v1/accounts/request-password", passwords.RequestPassword())
    app.add_route("/api/v1/accounts/reset-password", passwords.ResetPassword())
    app.add_route("/api/v1/accounts/get-time", profile.LocalTime())


def _heroes(app: falcon.App[Any, Any]) -> None:
    app.add_route("/api/v1/accounts/payment-method", payments.PaymentMethod())
    app.add_route("/api/v1/accounts/users/{user_id}/verification", staff.UserVerification())
    app.add_route("/api/v1/heroes", heroes.Heroes())
    app.add_route("/api/v1/heroes/{hero_id}", heroes.OneHero())
    app.add_route("/api/v1/heroes/apply", heroes.Application())
    app.add_route("/api/v1/heroes/profile", heroes.OwnHero())
    app.add_route("/api/v1/heroes/accept", heroes.Decision(True))
    app.add_route("/api/v1/heroes/decline", heroes.Decision(False))


def _call_requests(app: falcon.App[Any, Any]) -> None:
    one = "/api/v1/call-requests/{call_request_id}"
    app.add_route("/api/v1/call-requests", requests.CallRequests())
    app.add_route(one, requests.OneCallRequest())
    app.add_route(f"{one}/accept", actions.Accept())
    app.add_route(f"{one}/decline", actions.Decline())
    app.add_route(f"{one}/new-times", actions.NewTimes())
    app.add_route(f"{one}/agreed-time", actions.Agree())
    app.add_route(f"{one}/cancel", actions.Cancel())


def _conferences(app: falcon.App[Any, Any]) -> None:
    app.add_route("/api/v1/conferences", conferences.Conferences())
    app.add_route("/api/v1/conferences/{sid}", conferences.OneConference())
    app.add_route("/api/v1/conferences/webhook/join", webhooks.Joins())
    app.add_route("/api/v1/conferences/webhook/event", webhooks.InRooms())
