"""What holds on every route, said once: titles, and paragraphs in plain words with `code`."""

ABOUT: dict[str, list[str]] = {
    "In short": [
        "A mentor calls and texts one mentee, and neither learns the other's number. `/mentor/…` is for the mentor's "
        "app and for the administrators who manage people; `/comms/…` is for carriers and the back office.",
        "JSON in UTF-8 goes in and comes out. Every route answers with and without a trailing slash, without a "
        "redirect. Keys that a route does not know are ignored. Every answer carries `X-Trace`, a name under which "
        "the logs show all that came of the request.",
    ],
    "Promises": [
        "An answer of 201 is a promise, not yet a deed: what you asked for and the command to do it were written in "
        "one transaction. A worker then asks a carrier, waits and tries again as long as that makes sense, and "
        "survives crashes of anything. Follow the row's state or the event log to see what became of it.",
        "A phone is never rung twice on a guess. What a carrier leaves in the dark stays `scheduled` until its "
        "report comes, or until the time-out.",
    ],
    "Who you are": [
        "On `/mentor/…` and `/comms/…`: HTTP Basic, username and password. Without, or with wrong ones: 401. "
        "Known, but without the right: 403. Thirty wrong passwords in a minute for one user: 429, and `Retry-After`.",
        "Administrators manage people under `/mentor/mentee/` and `/mentor/mentor/`. The other routes of `/mentor/…` "
        "are for mentors, each with his own rows; activities are for both. `/comms/…` lets in every user: "
        "administrators and service accounts see all rows and full numbers, others the rows they take part in. "
        "Somebody else's row does not exist: 404.",
        "Posts of carriers are open to every user, unless the operator narrowed them to service accounts and "
        "administrators (`COMMS_WRITES=service_only`); then others get 403.",
    ],
    "Who you are on /api/v1": [
        "A token in the `Authorization` header, bare or after `Token` or `Bearer`: registering, logging in and "
        "choosing a new password give it. It is good for a week, and for a day only while the mail address is not "
        "verified. Without one, with one that is not good any more, or without the right: 403, and never 401.",
        "Passwords and one-time tokens are guessed slowly: attempts are counted, exactly and over all processes, for "
        "the account, number or mail address, and for the address that asks. Too many are 429, and `Retry-After` says "
        "when there is one more. Failures count, and so does every token that is to be sent; success costs nothing. "
        "No answer, and no time that it takes, tells whether a mail address is somebody's; but who registers with one "
        "that is, and with a phone that he has shown to be his, gets 409.",
    ],
    "Numbers are masked": [
        "Whoever is neither administrator nor service account sees another person's number as `hidden:<contact id>`, "
        "everywhere; his own is shown. On the mentor's own routes an administrator is only a mentor. A password is "
        "taken and never given: its key is always there, its value always empty.",
    ],
    "Ids and lists": [
        "Ids are decimal; any other text in a path is 404. Mentees, mentors, callers, receivers, senders and "
        "recipients are contacts and share one space of ids. It is a text in a mentee's or mentor's own object, "
        "and a number everywhere else.",
        "Lists hold ten rows a page, oldest first: `?page=2` is the second; `next` and `previous` are whole URLs or "
        "null. A page that is not there is 404.",
    ],
    "Times": [
        "ISO 8601 in UTC, with microseconds only when there are any: `2016-01-14T08:56:59.152335Z`, "
        "`2016-12-23T17:30:00Z`. A time sent without an offset is taken as UTC. OnionDev's times are those of India's "
        "clocks, `2017-04-20 17:32:33.593300`, without an offset.",
    ],
    "The same request again": [
        "A client that lost an answer asks again with the same `Idempotency-Key` header, any 1 to 255 printable ASCII "
        "characters of its choice. Within 24 hours the same user gets the object of the first request, with "
        "`Idempotent-Replayed: true`; with another body the answer is 422, and 404 when that object has been deleted "
        "since. Without the header, two requests are two.",
        "Carriers' reports need no key: the same report has its effects once.",
    ],
    "Errors": [
        "`{\"detail\": \"…\"}`, or, for what is wrong in a body, each wrong field with its sentences: "
        "`{\"content\": [\"Write something: blanks alone are no message.\"]}`. A refused request changes nothing.",
        "400: the body is not JSON that we can take (malformed, no object, not UTF-8, a NUL, NaN) or a field is "
        "wrong. 405: the route does not take this verb; `Allow` names those it does. 409: what you ask for is about "
        "somebody who was erased on request or asked to be left alone, or is there already. 413: over 1 MiB. 415: not "
        "`application/json`. 503: the database is away for the moment; try again after `Retry-After` seconds.",
    ],
}  # fmt: skip


def as_markdown() -> str:
    """All of it, for programs that show OpenAPI documents."""
    return "\n\n".join(f"## {title}\n\n" + "\n\n".join(said) for title, said in ABOUT.items())
