"""What the tests of the administrators' pages share: where those pages and forms are."""

PAGES = (
    "/admin/operations", "/admin/operations/now", "/admin/people", "/admin/people/new/mentee",
    "/admin/people/new/mentor", "/admin/people/1", "/admin/people/2", "/admin/activities",
    "/admin/activities/new", "/admin/voice", "/admin/voice/new", "/admin/accounts",
    "/admin/left-alone",
)  # fmt: skip
FORMS = (
    "/admin/people", "/admin/people/new/mentee", "/admin/people/new/mentor", "/admin/people/1",
    "/admin/people/1/access", "/admin/activities/new", "/admin/activities/1", "/admin/voice/new",
    "/admin/voice/1", "/admin/accounts", "/admin/accounts/2/access", "/admin/accounts/2/password",
    "/admin/operations/settle", "/admin/operations/receipts/1/replay", "/admin/operations/dead/1/replay",
    "/admin/operations/dead/1/drop", "/admin/left-alone", "/admin/left-alone/lift",
)  # fmt: skip
