"""Every item of the appointment module's reference and of its specification's tables, in our own short words.

The documents themselves are not part of the checkout. Headings without a § are chapters of the reference; the others
are sections of the specification. One line is one item; tests name it with `@holds("…")`.
"""

from tests.conformance import appointment_rows, appointment_work

REFERENCE = {
    "Structure of the appointment module": """
        calendar user: a sub-user of a manager, limited by a setting
        calendar: groups events
        event: happens at a time, for a while, in a calendar
        event: its data fills what is said
        rule: predefined ones are there, and daily is daily
        rule: every week only on Tuesday
        rule: by the recurrence rules of iCalendar
        alarm setting: method is call, SMS or mail
        alarm setting: date start notice
        alarm setting: phone number
        alarm setting: email
        alarm setting: daily start and stop
        alarm setting: advance notice
        alarm setting: max retry
        alarm setting: retry delay
        alarm setting: phone number SMS failure
        alarm setting: URL cancel
        alarm setting: URL confirm
        alarm setting: phone number transfer
        alarm result: explained
        alarm requests: a log of the attempts
        calendar user settings: caller id
        calendar user settings: timeout
        calendar user settings: answering machines
        calendar user settings: gateways of calls and SMS
        calendar user settings: the IVR application
    """,
    "User cases": """
        case: a wake-up call with retries
        case: a reminder 24 hours before says doctor and date
        case: press 1 to confirm, 2 to cancel, 3 for another time
        case: 3 connects with the secretary
        case: an SMS an hour before besides
        case: several calendars of one user
    """,
    "Process flow": """
        flow 1: gateways are set up
        flow 2: a survey with nodes is made on its page
        flow 3: sealing a survey on its page
        flow 4: a setting on its page
        flow 5: a calendar user on its page
        flow 6: a calendar on its page
        flow 7: an event on its page
        flow 8: an alarm on its page
        flow 9: the log of the attempts on a page
    """,
    "Work flow with API": "\n".join(
        f"step {number}: {what}"
        for number, step in enumerate(
            (
                "a calendar setting is made",
                "a calendar user is made",
                "a profile is changed",
                "a calendar is made",
                "an event is made",
                "children are listed",
                "the last child is paused",
                "the nested log",
            ),
            start=1,
        )
        for what in (step, "the example's request and answer", "status and headers")
    ),
    "API explorer": """
        the root lists the resources
    """,
}

WIRE = {
    "§1 actors": """
        actor: a superuser sees and changes all
        actor: a manager sees what hangs from his
        actor: a calendar user reads his own
        actor: anyone else is 403
        visible: calendar-setting by user
        visible: calendar-user by manager
        visible: calendar-user-profile by manager
        visible: calendar by its user
        visible: event by creator
        visible: alarm by its event's creator
        visible: alarm-request by its event's creator
        visible: survey-template, sealed-survey, audio-files, callrequest by user
        visible: section-template, branching-template by survey
        visible: gateway by assignment
        visible: rule, sms-gateway, templates, content-type by all who may
        visible: users are oneself
        out of sight is 404 for every verb and sub-route
        permissions: view, add, change and delete
        closed: calendar-user and profile of another manager
        closed: a profile with another's setting
        closed: a section in another's survey
        closed: credentials of an sms-gateway
    """,
    "§2 wire": """
        wire: the root maps names to URLs
        wire: without the slash 301
        wire: login pages under /api-auth/
        wire: Basic
        wire: session
        wire: Token
        wire: 401 with a challenge
        wire: JSON, form and multipart
        wire: 415 of another type
        wire: 400 of what is no JSON
        wire: 400 of what is no object
        wire: list 200
        wire: 201 with body and Location
        wire: detail 200
        wire: PUT and PATCH 200 with the body
        wire: DELETE 204
        wire: 405 with detail
        wire: Allow
        wire: PUT needs what is required, PATCH only what changes
        wire: unknown keys and parameters are ignored
        wire: errors by field, all at once
        wire: cross-field errors under __all__
        wire: other errors have detail
        wire: pages of ten, and the last
        wire: a page that is not there is 404
        wire: folding lists
        wire: references are absolute URLs of the client's host
        wire: references in by any host or as a path
        wire: wrong references are 400 and tell nothing
        wire: profiles have integer ids
        wire: numbers as texts
        wire: booleans
        wire: blank and null where not allowed are 400
        wire: date-times in
        wire: no offset is UTC
        wire: date-times out, with the echo of a write
        wire: times of day
        wire: dates of sub-routes are text
    """,
}

DECISIONS = [
    *(f"O-{number}" for number in range(1, 10)), "O-9b", *(f"O-{number}" for number in range(10, 16)),
    "O-15b", *(f"O-{number}" for number in range(16, 21)), "reliability: idempotent, and nothing sticks",
]  # fmt: skip

PLACES = {
    **REFERENCE,
    **WIRE,
    "§3 enumerations": appointment_rows.CODES,
    **appointment_rows.PLACES,
    **appointment_work.PLACES,
    "§6 decisions": "\n".join(DECISIONS),
}
