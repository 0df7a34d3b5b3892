"""The appointment module's processing: recurrence, alarms by every method, their outcomes, and what is said in them."""


def _section(number: str, lines: str) -> str:
    """Each line an item, named after its section."""
    return "\n".join(f"§{number} {line.strip()}" for line in lines.strip().splitlines())


PLACES = {
    "§5.1 periodic jobs": _section(
        "5.1",
        """jobs: events are dispatched at least every 60 s
        jobs: alarms and their requests are dispatched at least every 6 s
        jobs: many workers claim each row once""",
    ),
    "§5.2 event dispatch": _section(
        "5.2",
        """dispatch: pending events up to 12 h old
        dispatch: the next occurrence with all alarms
        dispatch: COMPLETED, without a rule no child
        dispatch: paused ones stand still
        dispatch: it fires no alarm""",
    ),
    "§5.3 next occurrence": _section(
        "5.3",
        """next: the first strictly after now
        next: WEEKLY byweekday TU
        next: Monday to Friday over a weekend
        next: MONTHLY skips months without a 31st
        next: YEARLY from 29 February
        next: HOURLY dispatched late""",
    ),
    "§5.4 copying": _section(
        "5.4",
        """copy: the event
        copy: the root is the parent
        copy: the alarms
        copy: what was edited is inherited""",
    ),
    "§5.5 when an alarm is due": _section(
        "5.5",
        """due: at its notice, oldest first
        due: until 60 minutes later, then FAILURE without traffic
        due: a completed event does not block
        due: advance_notice
        due: a window within the day
        due: a window over midnight
        due: a window of equal ends
        due: outside it waits for the next daily_start
        due: the hour counts from the postponed instant
        due: retries keep the window
        due: the setting's zone
        due: a paused event holds it
        due: released if still eligible""",
    ),
    "§5.6 performing": _section(
        "5.6",
        """CALL: a request and a call
        SMS: text, number, sender, account, gateway
        SMS: SUCCESS when accepted, FAILURE otherwise, one send
        SMS: no template fails
        EMAIL: one mail
        EMAIL: no address or template fails
        the setting is of the event's creator""",
    ),
    "§5.7 alarm-request dispatch": _section(
        "5.7",
        """request: not before its date, not an hour after
        request: the callrequest's fields
        request: call_type by maxretry
        request: num_attempt + 1
        request: the alarm's survey, else the setting's
        request: one bad row fails alone""",
    ),
    "§5.8 dialling": _section(
        "5.8",
        """dial: an empty number is a failed attempt
        dial: an inactive gateway is a failed attempt
        dial: removeprefix and addprefix
        dial: w and digits after answer
        dial: rings 10 s at least
        dial: the hard limit
        dial: caller number and name
        dial: accepted is CALLING
        dial: refused is FAILURE at once""",
    ),
    "§5.9 outcome of a call": _section(
        "5.9",
        """outcome: NORMAL_CLEARING
        outcome: NORMAL_CLEARING by a machine, HUMAN_ONLY
        outcome: USER_BUSY
        outcome: NO_ANSWER
        outcome: ORIGINATOR_CANCEL
        outcome: NORMAL_CIRCUIT_CONGESTION
        outcome: ALLOTTED_TIMEOUT
        outcome: anything else
        outcome: the cause is kept
        outcome: a CDR in every row
        outcome: a B-leg adds only a CDR
        outcome: VOICEMAIL_ONLY
        outcome: voicemail false ignores the machine""",
    ),
    "§5.10 failed attempt": _section(
        "5.10",
        """failed: RETRY after retry_delay with a new request
        failed: a delay of 0 is at once
        failed: FAILURE after the last
        failed: maxretry 2, always busy: 4, 4, 3""",
    ),
    "§5.11 failure SMS": _section(
        "5.11",
        """failure SMS: only after the last, only when asked for, once
        failure SMS: the data's text
        failure SMS: the default sentence
        failure SMS: gateway, sender, account""",
    ),
    "§5.12 placeholders": _section(
        "5.12",
        """placeholders: data over the built-ins
        placeholders: numbers are spelt in speech
        placeholders: keys in _id
        placeholders: what is left is removed
        placeholders: without braces untouched
        placeholders: in the SMS
        placeholders: in the mail's subject and parts, escaped in HTML
        placeholders: in the failure SMS
        placeholders: percent signs and nested data
        data: sms_failure
        data: sms_phonenumber
        data: transfer_phonenumber
        data: transfer_ref""",
    ),
    "§5.13 IVR engine": _section(
        "5.13",
        """ivr: begins at the lowest order
        ivr: audio file, else speech
        ivr: PLAY, RECORD, TRANSFER, CONFERENCE, SMS go on by 0, else timeout
        ivr: HANGUP
        ivr: DNC
        ivr: MULTI_CHOICE
        ivr: RATING
        ivr: CAPTURE
        ivr: tries, timeout and #
        ivr: no input
        ivr: invalid input
        ivr: a digit's branch, else any
        ivr: goto null hangs up
        ivr: TRANSFER
        ivr: the SMS node
        ivr: completed
        ivr: result rows
        ivr: aggregates
        ivr: recordings in bands""",
    ),
    "§5.14 answers": _section(
        "5.14",
        """answer: a RATING is the alarm's result at once
        answer: the last one wins
        answer: only 1 to 3
        answer: other nodes never
        answer: not copied to children""",
    ),
    "§5.15 delivery": _section(
        "5.15",
        """http: GET with the gateway's keywords, in UTF-8
        http: a network error is Failed
        http: ERR and WARN
        http: success_format and status_mapping
        http: only Unsent ones are sent
        mail: claimed, sent from, subject, both parts
        mail: from_name, FAILURE and retry""",
    ),
    "§5.16 to §5.17 extensions": _section(
        "5.16",
        """hook: 1 posts to url_confirm, signed
        hook: 2 posts to url_cancel
        hook: retried
        hook: 3 transfers
        hook: off unless set
        max_concurrent: so many at once, the oldest first
        max_concurrent: 0 or null is no limit""",
    ),
    "§5.18 status walk": _section(
        "5.18",
        """walk: event
        walk: alarm by call
        walk: alarm by SMS and mail
        walk: alarm-request
        walk: callrequest""",
    ),
}
