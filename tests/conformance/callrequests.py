"""Every item of the call requests' reference document and of their specification's tables, in our own short words.

The documents themselves are not part of the checkout. Headings without a § are chapters of the reference; the others
are sections of the specification. One line is one item; tests name it with `@holds("…")`.
"""

PLACES = {
    "Call requests: notes": """
        a call request: any hero may be asked
        a call request: who asks is authenticated
        a call request: mail, phone and payment are verified
    """,
    "Create a call request": """
        POST /api/v1/call-requests/
        create: hero_id
        create: message
        create: estimated_length in steps of 15 up to 120
        create: status is o
        create: the reference's example
        create: 200
        create: 400 incorrect data
        create: 403 not authenticated
        create: 403 mail, phone or payment not verified
    """,
    "Accept a call request": """
        PATCH /api/v1/call-requests/:id/accept/
        accept: only a hero
        accept: three UTC times
        accept: times at least 30 minutes ahead
        accept: times in steps of 15 minutes
        accept: from o to a
        accept: the reference's example
        accept: 200
        accept: 400 incorrect data
        accept: 403 not the hero
    """,
    "Decline a call request": """
        PATCH /api/v1/call-requests/:id/decline/
        decline: only a hero
        decline: reason is required
        decline: from o to d
        decline: the reference's example
        decline: 200
        decline: 400 incorrect data
        decline: 403 not the hero
    """,
    "Suggest new times": """
        PATCH /api/v1/call-requests/:id/new-times/
        new-times: by user or hero
        new-times: times at least 30 minutes ahead
        new-times: times in steps of 15 minutes
        new-times: the reference's example
        new-times: 200
        new-times: 400 incorrect data
        new-times: 403 not authenticated
        new-times: 409 a time that stands already
    """,
    "Accept time": """
        PATCH /api/v1/call-requests/:id/agreed-time/
        agreed-time: a text is scheduled 15 minutes before for both
        agreed-time: by either
        agreed-time: null until agreed
        agreed-time: the reference's example
        agreed-time: 200
        agreed-time: 400 incorrect data
        agreed-time: 403 not a party
    """,
    "Get Call Request list": """
        GET /api/v1/call-requests/
        list: count, next, previous, results
        list: the reference's example
        list: 200
        list: 403 not authenticated
    """,
    "Get Call Request detail": """
        GET /api/v1/call-requests/:id
        detail: the reference's example
        detail: 200
        detail: 403 not a party
        detail: 404 unknown id
    """,
    "Cancel a Call Request": """
        PATCH /api/v1/call-requests/:id/cancel/
        cancel: reason
        cancel: force beyond the allowed number
        cancel: the reference's example
        cancel: 200
        cancel: 403 not a party
        cancel: 404 unknown id
        cancel: 409 cancelled too many times
    """,
    "§1 settings": """
        default: longest call 120 minutes
        default: steps of 15 minutes
        default: suggested times 30 minutes ahead
        default: reminders 15 minutes before
        default: three cancellations are free
        default: ten rows a page
        default: auth tokens live 7 days, or 24 hours unverified
        default: verification tokens live 7 days
        default: the conference number comes from the settings
        default: web and API address of links come from the settings
    """,
    "§2 transport": """
        §2 with and without a slash, no redirect
        §2 ids that are none or too big are 404
        §2 unknown keys are ignored
        §2 a wrong verb is 405 with Allow and detail
        §2 only PATCH acts
        §2 a body that is no JSON object is 400 with detail
        §2 another content type is 415
        §2 a body over the limit is 413
        §2 NaN, Infinity and NUL are 400
        §2 datetimes in: T or blank, Z or offset, fractions
        §2 datetimes in: without offset is UTC
        §2 datetimes in: dates, numbers, booleans, null, other texts are 400
        §2 datetimes in: the edge of the years is 400
        §2 datetimes out: UTC, six digits, Z
        §2 pages: neighbours are absolute URLs or null
        §2 pages: a page that does not exist is 404
        §2 pages: an empty list is 200 with count 0
    """,
    "§2.1 authentication": """
        §2.1 the bare token
        §2.1 a token is 32 lower-case hex characters
        §2.1 Token and Bearer as well
        §2.1 no header, unknown or expired token is 403
        §2.1 never 401, never a challenge
        §2.1 expired tokens are deleted when met
        §2.1 logout deletes the presented token only
        §2.1 tokens are stored hashed
        §2.1 suspended by staff is 403
    """,
    "§2.2 errors": """
        §2.2 field errors: all bad fields at once
        §2.2 cross-field errors: detail is a list
        §2.2 wrong state: detail is a text
        §2.2 403: detail
        §2.2 404: detail
        §2.2 409: detail
        §2.2 405, 415, 413: detail
        §2.2 missing, null, blank and wrong types are 400 on the field
    """,
    "§2.3 order of checks": """
        §2.3 authentication before all
        §2.3 flags before the body
        §2.3 existence before the party
        §2.3 the party before the body
        §2.3 the body before the state
        §2.3 the state before duplicates and limits
    """,
    "§3 the object": """
        §3 id
        §3 user
        §3 hero
        §3 message: 1 to 500 characters, trimmed
        §3 estimated_length
        §3 status
        §3 reason: only of a decline
        §3 times: oldest first
        §3 agreed_time: kept after cancel
        §3 created, updated
        §3 a member of times
        §3 limited user: exactly six keys
        §3 no mail address, no number
    """,
    "§4 state machine": """
        §4 none to o
        §4 o to a
        §4 o to d
        §4 o or a to c
        §4 a stays a: new-times
        §4 a stays a: agreed-time
        §4 a to s
        §4 every other pair is 400 without effect
        §4 staff read and do not act
    """,
    "§5.1 create": """
        §5.1 unknown hero, UUID, boolean, null are 400
        §5.1 hero not accepted or not active is 400
        §5.1 oneself is 400
        §5.1 message by code points
        §5.1 length: 0, negatives, booleans, fractions are 400, digits are taken
        §5.1 409 an open request with this hero
        §5.1 other states do not block
    """,
    "§5.2 to §5.3 reading": """
        §5.2 requester or hero, nobody else
        §5.2 ordered by id
        §5.3 stranger 403, unknown 404, unauthenticated 403 for unknown ids too
    """,
    "§5.4 to §5.5 accept, decline": """
        §5.4 a requester, another hero, staff: 403
        §5.4 now plus 30 minutes is fine
        §5.4 the quarter-hour grid, in UTC
        §5.4 the three differ
        §5.4 one suggestion by the hero's user
        §5.5 reason stored
    """,
    "§5.6 to §5.7 times": """
        §5.6 409 compares instants over all earlier suggestions
        §5.6 the same party twice in a row
        §5.7 no suggestion is 400
        §5.7 none of the latest three is 400
        §5.7 one's own suggestion is 400
        §5.7 agreed already is 400
        §5.7 a past instant is 400
        §5.7 less than 30 minutes ahead is fine
    """,
    "§5.8 cancel": """
        §5.8 force: its forms
        §5.8 409 after three, nothing changes
        §5.8 every logged cancellation counts
        §5.8 no limit with force or when open
        §5.8 one log row
        §5.8 a hero's cancellations count against the hero
    """,
    "§6 letters": """
        N1
        N2
        N3
        N4
        N5
        N6
        N7
        N8
        N9
        §6 text and HTML parts
        §6 from the configured sender
        §6 HTML is escaped
        §6 no user text breaks a header
        §6 the form of clock times, in the recipient's zone
        §6 exactly one mail each
        §6 a failure never fails the request
        §6 email_notifications false
        §6 no number, no other's address
        §6 an .ics on agreement and on cancellation
        §6 unsubscribe link
    """,
    "§7 reminders": """
        §7 one for each party, 15 minutes before
        §7 what the text says
        §7 past due is sent at once with the true minutes
        §7 re-read under lock: status and time
        §7 cancel revokes
        §7 overdue: sent before the call, else expired
        §7 no phone: skipped
        §7 retries, and one party's failure is its own
        §7 at most one text
        §7 to +1 and the digits
    """,
    "§8 concurrency": """
        two accepts at once
        two cancels at once
        accept against decline
        two creates at once
        two agreed-times at once
        two identical new-times at once
        agree against cancel
        two cancels at the limit at once
        accept against cancel
        decline against cancel
        new-times against agreed-time
        new-times against cancel
        two declines at once
    """,
    "§8 commands": """
        §8 commands: create
        §8 commands: accept, decline
        §8 commands: new-times
        §8 commands: agreed-time
        §8 commands: cancel
        §8 commands: none for GET and refusals
    """,
    "§9 conference": """
        POST /api/v1/conferences/webhook/join
        POST /api/v1/conferences/webhook/event
        GET /api/v1/conferences/
        GET /api/v1/conferences/:sid
        §9 join: unknown or unverified phone
        §9 join: nothing scheduled
        §9 join: greeting, room, two participants, callbacks
        §9 join: the nearest request in the window
        §9 event: first sight makes a conference
        §9 event: join and leave
        §9 event: unknown CallSid
        §9 event: start and end
        §9 success: both were really in
        §9 a replay adds nothing
        §9 the answers' shapes
        §9 not a party is 403
        §9 neither sees the other's number
        §9 dial-out: rung at the agreed time, masked, success sets s
    """,
    "§10.1 accounts": """
        POST /api/v1/accounts/phone-token
        POST /api/v1/accounts/register
        POST /api/v1/accounts/login
        DELETE /api/v1/accounts/logout
        GET /api/v1/accounts/profile
        PATCH /api/v1/accounts/profile
        POST /api/v1/accounts/verify-email
        POST /api/v1/accounts/verify-phone
        POST /api/v1/accounts/change-password
        POST /api/v1/accounts/request-password
        POST /api/v1/accounts/reset-password
        POST /api/v1/accounts/get-time
        §10.1 the own profile's keys
        §10.1 an account's defaults
        §10.1 mail addresses and numbers are unique, addresses in lower case
        §10.1 the password's rule
        §10.1 the tokens' lengths and letters
        §10.1 phone-token: 400 taken or unexpired, 424 no text can be sent
        §10.1 register: 400 bad token or zone, 409 mail in use
        §10.1 login: one answer for both
        §10.1 a changed address is pending until verified
        §10.1 verify: 404 unknown or expired, 409 taken meanwhile
        §10.1 request-password: the same answer whether or not it exists
        §10.1 reset-password: 404 bad token
    """,
    "§10.2 payment": """
        POST /api/v1/accounts/payment-method
        PATCH /api/v1/accounts/users/:uuid/verification
        §10.2 refused is 400
        §10.2 verification: 403 unless staff
        §10.2 the first staff user comes from a command line
    """,
    "§10.3 heroes": """
        POST /api/v1/heroes/apply
        GET /api/v1/heroes/profile
        PATCH /api/v1/heroes/profile
        POST /api/v1/heroes/accept
        POST /api/v1/heroes/decline
        GET /api/v1/heroes/
        GET /api/v1/heroes/:id
        §10.3 the fields' limits
        §10.3 slugs and collisions
        §10.3 apply: 403 unverified, 409 twice, mail to staff
        §10.3 profile: 403 unless a hero
        §10.3 accept, decline: 403 unless staff
        §10.3 accept, decline: 400 if already so, mail to the hero
        §10.3 only accepted and active ones are shown
        §10.3 declined later: requests made stay usable
    """,
    "§11 tables": """
        §11 one cancellation of a request
        §11 one reminder for a request, a party and a time
        §11 datetimes in UTC with microseconds
    """,
    "Beyond: pages, privacy, brute force": """
        a public page: agree, propose, accept, decline, cancel
        a public page: GET changes nothing
        a public page: the reader's own zone
        a public page: a link is one party's
        a public page: no number, no address
        brute force: login
        brute force: phone-token
        brute force: reset-password
        brute force: verify
        people are one: mentor, hero and staff
        an account is exported and erased
    """,
    "§12 decisions": "\n".join(f"D-{number}" for number in range(1, 31)),
}
