"""Examples: the facts of the reference, with numbers masked and passwords empty as the API sends them."""

from typing import Any

TONY = {
    "id": "2",
    "username": "tony",
    "first_name": "tony",
    "last_name": "",
    "email": "",
    "password": "",
    "contact_number": "+27123456789",
    "external_id": None,
}
ADAM = {
    **TONY, "id": "1", "username": "adam", "first_name": "adam", "contact_number": "+27987654321", "mentee": 2,
    "profile_pic": "", "job_title": "", "motivation": "", "inspiration": "",
}  # fmt: skip
NEW_TONY = {
    "username": "tony",
    "first_name": "tony",
    "last_name": "",
    "email": "",
    "password": "correct horse",
    "contact_number": "+27123456789",
}
NEW_ADAM = {
    **NEW_TONY,
    "username": "adam",
    "first_name": "adam",
    "contact_number": "+27987654321",
    "mentee": 2,
}

STARTED: dict[str, Any] = {
    "id": 1,
    "start_time": "2016-01-14T08:56:59.152335Z",
    "end_time": None,
    "caller": 1,
    "receiver": 2,
    "status": "scheduled",
    "status_display": "Scheduled",
    "activity": None,
    "scheduled_call": None,
    "feedback_task": None,
    "partner_start_time": None,
    "partner_end_time": None,
    "duration": None,
    "lag": None,
}
ENDED = {
    **STARTED, "end_time": "2016-01-14T08:57:01.749749Z", "status": "successful", "status_display": "Successful",
    "feedback_task": 1,
}  # fmt: skip
ENDED_FOR_ALL = {**ENDED, "recording_url": None, "partner_id": None, "call_id": "123"}

PASSED_MESSAGE = {
    "id": 1,
    "time_sent": "2016-01-14T12:49:12.509174Z",
    "sender_contact": "1234567890",
    "recipient_contact": "1234567891",
    "content": "hi there",
}
MESSAGE = {
    **PASSED_MESSAGE,
    "recipient_contact": "hidden:2",
    "sender": "1234567890",
    "recipient": "hidden:2",
    "message_type": "user",
}
NEW_MESSAGE = {"sender_id": 1, "recipient_id": 2, "content": "hi there"}
HANDED_IN = {name: PASSED_MESSAGE[name] for name in ("sender_contact", "recipient_contact", "content")}

EVENT = {
    "id": 1,
    "occured_at": "2016-02-08T16:00:34.635564Z",
    "event_type": "start_call",
    "description": "Call started",
    "relevant_mentor": 1,
    "object_id": 1,
}
TASK_DONE = {
    "id": 1,
    "mentor": 1,
    "description": "Complete feedback for call at 16:13 on 2016-02-08",
    "link": "",
    "due_date": None,
    "status": "done",
}
TASK = {
    **TASK_DONE,
    "id": 5,
    "description": "Complete feedback for call at 16:26 on 2016-02-08",
    "status": "pending",
}
SCHEDULED = {
    "id": 1,
    "created_at": "2016-02-11T15:25:46.291152Z",
    "call_time": "2016-12-23T17:30:00Z",
    "caller": 1,
    "callee": 2,
    "activity": None,
}

FEEDBACK = {
    "id": 1,
    "sender_id": 2,
    "call_id": 1,
    "complete": True,
    "content": "\"[{u'question 6': u'Purple', u'question 4': u'No', u'question 5': u'4', u'question 2': u'Yes', "
    "u'question 3': u'Yes', u'question 1': 1}]\"",
}
INCOMPLETE_FEEDBACK = {**FEEDBACK, "complete": False}
NEW_FEEDBACK = {name: FEEDBACK[name] for name in ("sender_id", "call_id", "complete", "content")}

CALL_END = {
    "conversationId": "23",
    "conversationEndTime": "2017-04-20 17:33:42.899903",
    "feedbackSubscriptionStatus": True,
    "cdrs": [
        {"id": "123", "startTime": "2017-04-20 17:31:18", "errorCause": "NO_ANSWER"},
        {"id": "456", "startTime": "2017-04-20 17:32:18", "errorCause": "NORMAL_CLEARING"},
    ],
    "totalTries": 2,
    "conversationSuccess": True,
    "beneficiary": "911234567890",
    "conversationStartTime": "2017-04-20 17:32:33.593300",
    "handler": "919876543321",
    "recordingUrl": "https://example.org/123/456.mp3",
    "scheduledCallId": "123",
}
SURVEY = {
    "conversationId": "123",
    "surveyId": "484",
    "completed": True,
    "cdr": {"start_time": "2017-04-21 07:00:06.432989", "id": "23", "callerid": "919876543321"},
    "records": {"127123": {"answer": "Happy", "questionTime": "2017-04-21 07:00:54", "order": "1"}},
}
TEXT = {"message": "Hi Mentor", "mobile": "911234567890"}

# Not in the reference, for their routes are additions.
NEW_NOTE = {
    "version": 2,
    "call": 1,
    "rating": 4,
    "call_quality": "good",
    "discussion": "The first day at work.",
}
NOTE = {
    "id": 1,
    "version": 2,
    "mentor": 1,
    "call": 1,
    "created_at": "2016-01-14T09:02:11.503214Z",
    "rating": 4,
    "call_quality": "good",
    "mentee_state": None,
    "discussion": "The first day at work.",
    "follow_up": "",
}
NEW_ACTIVITY = {
    "title": "Your strengths",
    "description": "Name three things you do well.",
    "link": "",
    "active": True,
}
ACTIVITY = {"id": 1, **NEW_ACTIVITY}
SIGNED = {
    "type": "text.received",
    "data": {"id": "text-7", "from": "+911234567890", "to": "+15550100", "body": "Hi Mentor"},
}
METRICS = """# HELP trunkline_owed_commands Commands owed.
# TYPE trunkline_owed_commands gauge
trunkline_owed_commands{queue="dialing",standing="ready"} 0.0
"""
