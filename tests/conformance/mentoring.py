"""Every item of the Mentoring Tool's reference document and of its specification's tables, in our own short words.

The document itself is not part of the checkout. Each heading says where an item stands: chapters of the document as
they are numbered there, sections of the specification with a §. One line is one item; tests name it with
`@holds("…")`, and `python -m tests.conformance` says which test stands for which item.
"""

PLACES = {
    "account creation": """
        a superuser is created first
        a voice API of the kind ExampleApi can be created
        ExampleApi: any text of the form of a URL is taken, and never called
        a mentee is a user with a first name
        a mentor is a user with a first name, linked to his mentee
    """,
    "2.1 Comms API": """
        a new provider is added by extending a base
        receiver of the end of a call
        receiver of incoming messages
        receiver of incoming call feedback
    """,
    "2.2 Web Interface": """
        web: login for mentors
        web: text input and send button
        web: call and end-call buttons
        web: event log of recent events
        web: incoming messages in the event log
        web: page for scheduling calls
        web: to-do list, shown and edited
    """,
    "3.1 Contact, Mentee, Mentor": """
        Contact.user
        Contact.contact_number
        Contact.external_id
        Mentee is one contact
        Mentor is a contact
        Mentor.mentee
        Mentor.profile_pic
        Mentor.job_title
        Mentor.motivation
        Mentor.inspiration
    """,
    "3.1 Call, §3.2": """
        Call.start_time
        Call.partner_start_time
        Call.end_time
        Call.partner_end_time
        Call.caller
        Call.receiver
        Call.feedback_task
        Call.recording_url
        Call.partner_id
        Call.activity
        Call.scheduled_call
        Call.call_id
        Call.status: four values
        Call.from_partner_id()
        Call.status getter
        Call.status setter
        Call.get_duration()
        Call.get_lag()
        Call.get_status_display()
        Call.has_timed_out()
        Call.dial()
        Call.ended()
        Call.handle_ended_successful()
    """,
    "3.1 CallDataRecord": """
        CallDataRecord.call
        CallDataRecord.partner_id
        CallDataRecord.start_time
        CallDataRecord.status
    """,
    "3.1 ScheduledCall, CallReminder": """
        ScheduledCall.created_at
        ScheduledCall.call_time
        ScheduledCall.caller
        ScheduledCall.callee
        ScheduledCall.activity
        ScheduledCall.notify_callee()
        ScheduledCall.notify_callee_scheduled()
        ScheduledCall.notify_callee_rescheduled()
        ScheduledCall.notify_callee_cancelled()
        ScheduledCall.remind_caller()
        CallReminder.scheduled_call
        CallReminder.reminder_type
    """,
    "3.1 Call notes": """
        BaseCallNote.version
        BaseCallNote.mentor
        BaseCallNote.call
        BaseCallNote.created_at
        CallNoteV1.version is 1
        CallNoteV1.mentee_state
        CallNoteV2.version is 2
        CallNoteV2.rating
        CallNoteV2.call_quality
    """,
    "3.1 Feedback": """
        Feedback.received_at
        Feedback.start_time
        Feedback.sender
        Feedback.call
        Feedback.question_1
        Feedback.question_2
        Feedback.question_3
        Feedback.question_4
        Feedback.completed: when all four are answered
    """,
    "3.1 Message": """
        Message.time_sent
        Message.sender
        Message.recipient
        Message.message_type: system or user
        Message.content
        Message.send_and_create()
        Message.send()
        Message.receive_message()
    """,
    "3.1 Event": """
        Event.occured_at
        Event.event_type
        Event.relevant_mentor
        Event.object_id
    """,
    "4 Comms API Reference": """
        every comms route wants authentication
        any registered user may authenticate to the comms routes
        HTTP Basic
        /docs/ has the current documentation
    """,
    "4.1 Calls": """
        GET /comms/call/
        example: GET /comms/call/
        GET /comms/call/(id)
        example: GET /comms/call/(id)
        PUT /comms/call/(id)
        PUT /comms/call/(id): id, start_time, end_time, caller, receiver are ignored
        PATCH /comms/call/(id)
    """,
    "4.2 Messages": """
        GET /comms/message/
        example: GET /comms/message/
        POST /comms/message/
        POST /comms/message/: sender_contact
        POST /comms/message/: recipient_contact
        POST /comms/message/: content
        GET /comms/message/(id)
        example: GET /comms/message/(id)
    """,
    "4.3 Feedback": """
        GET /comms/feedback/
        example: GET /comms/feedback/
        POST /comms/feedback/
        POST /comms/feedback/: sender_id
        POST /comms/feedback/: call_id
        POST /comms/feedback/: complete
        POST /comms/feedback/: content
        GET /comms/feedback/(id)
        example: GET /comms/feedback/(id)
    """,
    "4.4 OnionDev: end of a call": """
        POST /comms/onion_dev_call_end/
        example: POST /comms/onion_dev_call_end/
        POST /comms/onion_dev_call_end/: handler
        POST /comms/onion_dev_call_end/: conversationEndTime
        POST /comms/onion_dev_call_end/: conversationStartTime
        POST /comms/onion_dev_call_end/: conversationId
        POST /comms/onion_dev_call_end/: recordingUrl
        POST /comms/onion_dev_call_end/: cdrs.id
        POST /comms/onion_dev_call_end/: cdrs.startTime
        POST /comms/onion_dev_call_end/: cdrs.errorCause
        POST /comms/onion_dev_call_end/: scheduledCallId
    """,
    "4.4 OnionDev: feedback": """
        POST /comms/onion_dev_feedback/
        example: POST /comms/onion_dev_feedback/
        POST /comms/onion_dev_feedback/: cdr
        POST /comms/onion_dev_feedback/: cdr.callerid
        POST /comms/onion_dev_feedback/: complete
        POST /comms/onion_dev_feedback/: records
        POST /comms/onion_dev_feedback/: records.answer
        POST /comms/onion_dev_feedback/: records.questionTime
        POST /comms/onion_dev_feedback/: records.order
    """,
    "4.4 OnionDev: messages": """
        POST /comms/onion_dev_message/
        example: POST /comms/onion_dev_message/
        POST /comms/onion_dev_message/: mobile
        POST /comms/onion_dev_message/: text
    """,
    "5 Mentor API Reference": """
        /mentor/mentee and /mentor/mentor are for administrators only
        all other /mentor/ routes want a mentor's account
    """,
    "5.1 Mentees": """
        GET /mentor/mentee
        example: GET /mentor/mentee
        POST /mentor/mentee
        201 POST /mentor/mentee
        POST /mentor/mentee: id
        POST /mentor/mentee: username
        POST /mentor/mentee: first_name
        POST /mentor/mentee: last_name
        POST /mentor/mentee: email
        POST /mentor/mentee: password
        POST /mentor/mentee: contact_number
        GET /mentor/mentee/(id)
        example: GET /mentor/mentee/(id)
        PUT /mentor/mentee/(id)
        PUT /mentor/mentee/(id) answers as GET does
    """,
    "5.2 Mentors": """
        GET /mentor/mentor
        example: GET /mentor/mentor
        POST /mentor/mentor
        201 POST /mentor/mentor
        POST /mentor/mentor: id
        POST /mentor/mentor: username
        POST /mentor/mentor: first_name
        POST /mentor/mentor: last_name
        POST /mentor/mentor: email
        POST /mentor/mentor: password
        POST /mentor/mentor: contact_number
        POST /mentor/mentor: mentee
        GET /mentor/mentor/(id)
        example: GET /mentor/mentor/(id)
        PUT /mentor/mentor/(id)
        PUT /mentor/mentor/(id) answers as GET does
    """,
    "5.3 Calls": """
        GET /mentor/call/
        example: GET /mentor/call/
        POST /mentor/call/
        POST /mentor/call/ ignores what is sent
        example: POST /mentor/call/
        GET /mentor/call/(id)
        404 GET /mentor/call/(id) of another mentor
        example: GET /mentor/call/(id)
        PUT /mentor/call/(id)
        PUT /mentor/call/(id): only an empty end_time is filled
        PUT /mentor/call/(id) answers as GET does
        PATCH /mentor/call/(id)
        PATCH /mentor/call/(id): only an empty end_time is filled
        PATCH /mentor/call/(id) answers as GET does
    """,
    "5.4 Messages": """
        GET /mentor/message/
        example: GET /mentor/message/
        POST /mentor/message/
        POST /mentor/message/: sender_id
        POST /mentor/message/: recipient_id
        POST /mentor/message/: content
        GET /mentor/message/(id)
        404 GET /mentor/message/(id) of another mentor
        example: GET /mentor/message/(id)
    """,
    "5.5 Events": """
        GET /mentor/event/
        example: GET /mentor/event/
        GET /mentor/event/(id)
        404 GET /mentor/event/(id) of another mentor
        example: GET /mentor/event/(id)
    """,
    "5.6 Tasks": """
        GET /mentor/task/
        example: GET /mentor/task/
        GET /mentor/task/(id)
        404 GET /mentor/task/(id) of another mentor
        example: GET /mentor/task/(id)
        PUT /mentor/task/(id)
        PUT /mentor/task/(id): status pending, in-progress or done
        PATCH /mentor/task/(id)
        PATCH /mentor/task/(id): status pending, in-progress or done
    """,
    "5.7 Schedule": """
        GET /mentor/schedule/
        example: GET /mentor/schedule/
        POST /mentor/schedule/
        POST /mentor/schedule/: call_time
        POST /mentor/schedule/ texts the mentee
        GET /mentor/schedule/(id)
        404 GET /mentor/schedule/(id) of another mentor
        example: GET /mentor/schedule/(id)
        PUT /mentor/schedule/(id)
        PUT /mentor/schedule/(id): call_time
        PUT /mentor/schedule/(id) texts the mentee
        PATCH /mentor/schedule/(id)
        PATCH /mentor/schedule/(id): call_time
        PATCH /mentor/schedule/(id) texts the mentee
        DELETE /mentor/schedule/(id)
        DELETE /mentor/schedule/(id) texts the mentee
    """,
    "HTTP routing table": """
        each of its 41 entries is a route of ours
        405 on every verb that a route does not have
    """,
    "§1 Transport": """
        415 another media type
        413 a body over 1 MiB
        400 what is no JSON object
        404 an id that is no number or too large
        404 a page that is not there
    """,
    "§1.1 Roles": """
        401 without a right password, with WWW-Authenticate
        role table: /mentor/mentee, /mentor/mentor
        role table: /mentor/{call,message,event,task,schedule}/
        role table: /comms/…
    """,
    "§1.2, §1.3": """
        another's number is hidden in everything
        a password is never sent, and is kept when none comes
    """,
    "§3.1 our models": """
        Contact.device_token
        Activity.id
        Activity.title
        Activity.description
        Activity.link
        Activity.active
        VoiceApi.kind
        VoiceApi.call_url
        VoiceApi.message_url
        VoiceApi.active
    """,
    "§3.2 moves": """
        scheduled → inprogress
        scheduled → successful
        scheduled → inactive
        inprogress → successful
        inprogress → inactive
        inactive → successful
        successful is final
        the sweep of calls that have timed out
    """,
    "§3.3 causes": """
        causes: answered
        causes: no answer
        causes: busy or refused
        causes: unreachable
        causes: barred
        causes: network
        causes: other
    """,
    "§3.4 reminders": """
        reminder day_before
        reminder hour_before
        reminder quarter_hour_before
        reminder at_time
        CallReminder.call_time
        CallReminder.sent_at
        ScheduledCall.cancelled_at
    """,
    "§3.5 our fields and routes": """
        CallNoteV1.discussion
        CallNoteV1.follow_up
        CallNoteV2.mentee_state
        CallNoteV2.discussion
        CallNoteV2.follow_up
        GET /mentor/callnote/
        POST /mentor/callnote/
        GET /mentor/callnote/(id)
    """,
    "§3.6, §3.7 our fields": """
        Feedback.content
        Feedback.reported_complete
        Message.state
    """,
    "§3.8 event types": """
        event start_call
        event end_call
        event call_failed
        event feedback_requested
        event feedback_received
        event message_sent
        event message_failed
        event message_received
        event call_scheduled
        event call_rescheduled
        event call_cancelled
        an event is noted once per type and object
    """,
    "§3.9 Task": """
        Task.mentor
        Task.description
        Task.link
        Task.due_date
        Task.status
    """,
    "§4 refusals": """
        400 people by field
        two people with one username at once: one 201, one 400
        a changed password stops the old one at once
    """,
    "§5 dial worker": """
        dial: handler, beneficiary and our reference
        dial: taken
        dial: refused
        dial: an answer without scheduled_call_id
        dial: not reached
        dial: timed out after sending
        dial: the command comes twice
    """,
    "§8 effects of a reported success": """
        success: records
        success: of a scheduled or running call
        success: of an inactive call
        success: of a call ended by PUT
        success: of a successful call
    """,
    "§8 effects of a reported failure": """
        failure: records
        failure: of a scheduled or running call
        failure: of an inactive call
        failure: of a call ended by PUT
        failure: of a successful call
    """,
    "§8 orders": """
        a report replayed, also in parallel
        a report before the dial's answer
        a conversationId of another call
    """,
    "§10 status codes": """
        201 the first report of a survey
        200 a further report of a survey
    """,
    "§11 commands": """
        commands: POST /mentor/call/
        commands: POST /mentor/message/
        commands: POST /mentor/schedule/
        commands: PUT/PATCH /mentor/schedule/(id)
        commands: DELETE /mentor/schedule/(id)
        commands: the first end of a call
        commands: a mentee's message
        commands: none for all else
        no device: the push is recorded as skipped
    """,
    "§12 web": """
        web: session cookie and CSRF token
        web: not logged in goes to the login
        web: who is no mentor cannot log in there
        web: every text is escaped
    """,
    "§13 data": """
        people with a history cannot be deleted
        receipts are kept, their bodies 90 days
        reading changes nothing
    """,
    "§14 decisions": "\n".join(f"M-{number}" for number in range(1, 43)),
}
