"""Every page on one screen."""

from typing import Any

import falcon

from api.auth import Authentication
from api.pages import api_auth, assets, calls, events, home, login, schedule, tasks
from api.pages.meet import meeting, unsubscribe


def add(app: falcon.App[Any, Any], authentication: Authentication) -> None:
    """Give the application its pages.

    Parameters:
      authentication: what checks passwords on the API: wrong ones here and there count together.
    """
    app.add_route("/login", login.Login(authentication))
    app.add_route("/logout", login.Logout())
    app.add_route("/api-auth/login", api_auth.Login(authentication))
    app.add_route("/api-auth/logout", api_auth.Logout())
    app.add_route("/static/{name}", assets.Assets())

    app.add_route("/", home.Home())
    app.add_route("/live", home.Live())
    app.add_route("/messages", home.Messages())
    app.add_route("/calls", calls.Calls())
    app.add_route("/calls/{call_id}", calls.OneCall())
    app.add_route("/calls/{call_id}/end", calls.EndOfCall())
    app.add_route("/events", events.Events())
    app.add_route("/schedule", schedule.Schedule())
    app.add_route("/schedule/{scheduled_call_id}", schedule.OneScheduledCall())
    app.add_route("/schedule/{scheduled_call_id}/cancel", schedule.Cancelling())
    app.add_route("/tasks", tasks.Tasks())
    app.add_route("/tasks/{task_id}", tasks.OneTask())

    app.add_route("/meet/{token}", meeting.Meeting())
    app.add_route("/meet/{token}/calendar.ics", meeting.Calendar())
    app.add_route("/unsubscribe/{token}", unsubscribe.Unsubscribing())
