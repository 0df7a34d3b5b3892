"""Where call requests hold something about somebody with an account. What the other party wrote stays the other's."""

from models.callrequests import (
    CallRequest,
    CanceledCallRequestLog,
    Conference,
    ConferenceCall,
    ConferenceLog,
    RequestReminder,
    Step,
    TimeSuggestion,
)
from models.deliveries import Bridge, CallDataRecord, Mail, Text
from models.letters import farewell
from models.numbers import ERASED
from models.people.accounts import ZONE, Account
from models.people.heroes import Hero, HeroAcceptAction
from models.people.one_time_tokens import OneTimeToken
from models.people.tokens import AuthToken
from models.privacy.place import CAUSE, EMPTY, GONE, NOTHING, Place, attempts, called, carried

MADE = "SELECT r.id FROM call_request AS r WHERE r.requester_id = {account}"
GOT = "SELECT r.id FROM call_request AS r WHERE r.hero_account_id = {account}"
REQUESTS = (
    "SELECT r.id FROM call_request AS r WHERE r.requester_id = {account} OR r.hero_account_id = {account}"
)
SUGGESTIONS = f"SELECT s.id FROM time_suggestion AS s WHERE s.call_request_id IN ({REQUESTS})"
HEROES = "SELECT h.id FROM hero AS h WHERE h.account_id = {account}"
REMINDERS = f"SELECT m.id FROM request_reminder AS m WHERE m.call_request_id IN ({REQUESTS})"
HIS_REMINDERS = "SELECT m.id FROM request_reminder AS m WHERE m.account_id = {account}"
OTHERS_REMINDERS = f"{REMINDERS} AND m.account_id <> {{account}}"
BRIDGES = carried(Bridge, "callrequest", REQUESTS)
TEXTS = carried(Text, "callrequest-reminder", REMINDERS)

# Farewells name nobody, and stay with whom they are to. Each part has its index.
_MAILS = "SELECT d.id FROM delivery_mail AS d WHERE d.origin = "
MAILS = (
    f"{_MAILS}'callrequest' AND d.origin_id IN ({REQUESTS}) AND d.reference NOT LIKE '{farewell.REFERENCE}:%%'"
    f" UNION ALL {_MAILS}'hero' AND d.origin_id IN ({HEROES})"
    f" UNION ALL {_MAILS}'token' AND d.origin_id = {{account}}"
)

# Letters name him to the other party, whose address alone is left. Whatever else they went to was his.
_TO_OTHERS = (
    """t.origin = 'callrequest' AND t."to" IN (SELECT o.email FROM call_request AS r """
    """JOIN account AS o ON o.id IN (r.requester_id, r.hero_account_id) """
    """WHERE r.id = t.origin_id AND o.id <> {account})"""
    """ OR t.origin = 'hero' AND t."to" IN (SELECT o.email FROM account AS o """
    """JOIN person AS p ON p.id = o.user_id WHERE p.is_staff AND o.id <> {account})"""
)
_UNWRITTEN = {
    "subject": EMPTY, "text": EMPTY, "html": EMPTY, "attachments": "'[]'", "unsubscribe": EMPTY, **CAUSE,
}  # fmt: skip

# Who is rung first may be either: a number is the other's when it is the one that the other has.
_HIS_PHONE = "(SELECT o.phone FROM account AS o WHERE o.id = {account} AND o.phone IS NOT NULL)"
_OTHERS_PHONE = (
    "(SELECT o.phone FROM call_request AS r JOIN account AS o ON o.id IN (r.requester_id, r.hero_account_id) "
    "WHERE r.id = t.origin_id AND o.id <> {account} AND o.phone IS NOT NULL)"
)
_NUMBERS = {
    **{
        leg: f"CASE WHEN t.{leg} IN {_OTHERS_PHONE} THEN t.{leg} ELSE {GONE} END"
        for leg in ("a_number", "b_number")
    },
    **CAUSE,
}
_LEGS = {
    f"t.a_number IN {_HIS_PHONE}": ("b_number",),
    f"t.b_number IN {_HIS_PHONE}": ("a_number",),
    f"t.a_number NOT IN {_HIS_PHONE} AND t.b_number NOT IN {_HIS_PHONE}": ("a_number", "b_number"),
}

# Of his account and his hero: first of all, and all at once. Nothing can be done in his name from then on.
HIMSELF = (
    Place(
        "account", Account, "t.id = {account}",
        {
            "email": f"'{ERASED}:' || t.id", "email_verified": "FALSE", "email_notifications": "FALSE",
            "phone": NOTHING, "phone_verified": "FALSE", "payment_verified": "FALSE", "profile_image": NOTHING,
            "timezone": f"'{ZONE}'", "active": "FALSE", "call_me": "FALSE",
        },
    ),
    Place(
        "heroes", Hero, "t.account_id = {account}",
        {
            "slug": f"'{ERASED}-' || t.id", "title": EMPTY, "description": EMPTY, "position": EMPTY, "company": EMPTY,
            "short_bio": EMPTY, "linkedin_url": EMPTY, "accepted": "FALSE", "active": "FALSE",
        },
    ),
    Place(
        "one_time_tokens", OneTimeToken, "t.account_id = {account}", removed=True, others=("token_hash",),
    ),
    Place("auth_tokens", AuthToken, "t.account_id = {account}", removed=True, others=("token_hash",)),
)  # fmt: skip

PLACES = (
    *HIMSELF,
    Place("hero_decisions", HeroAcceptAction, f"t.user_id = {{user}} OR t.hero_id IN ({HEROES})"),
    Place("call_requests", CallRequest, "t.requester_id = {account}", {"message": EMPTY}),
    Place("call_requests", CallRequest, "t.hero_account_id = {account}", {"reason": EMPTY}),
    Place("suggestions", TimeSuggestion, f"t.call_request_id IN ({REQUESTS})"),
    Place("steps", Step, f"t.call_request_id IN ({REQUESTS})"),
    Place("cancellations", CanceledCallRequestLog, "t.account_id = {account}", {"reason": EMPTY}),
    Place(
        "cancellations", CanceledCallRequestLog,
        f"t.call_request_id IN ({REQUESTS}) AND t.account_id <> {{account}}",
    ),
    Place("request_reminders", RequestReminder, f"t.call_request_id IN ({REQUESTS})", CAUSE),
    Place("conferences", Conference, f"t.call_request_id IN ({MADE})"),
    Place("conferences", Conference, f"t.call_request_id IN ({GOT})", {"friendly_name": GONE}),
    Place(
        "conference_logs", ConferenceLog,
        f"t.conference_id IN (SELECT c.id FROM conference AS c WHERE c.call_request_id IN ({REQUESTS}))",
    ),
    Place("conference_calls", ConferenceCall, "t.account_id = {account}"),
    *(
        Place(
            "bridges", Bridge, f"t.reference IN ({called('callrequest', REQUESTS)}) AND {which}", _NUMBERS,
            others=hidden,
        )
        for which, hidden in _LEGS.items()
    ),
    Place("call_data_records", CallDataRecord, f"t.bridge_id IN ({BRIDGES})"),
    Place(
        "texts", Text, f"t.reference IN ({called('callrequest-reminder', HIS_REMINDERS)})",
        {"to": GONE, "body": EMPTY, **CAUSE},
    ),
    Place(
        "texts", Text, f"t.reference IN ({called('callrequest-reminder', OTHERS_REMINDERS)})",
        {"body": EMPTY, **CAUSE}, others=("to",),
    ),
    Place(
        "mails", Mail, f"t.id IN ({MAILS}) AND ({_TO_OTHERS})", _UNWRITTEN,
        others=("to", "text", "html", "attachments", "unsubscribe"),
    ),
    Place("mails", Mail, f"t.id IN ({MAILS}) AND NOT ({_TO_OTHERS})", {"to": GONE, **_UNWRITTEN}),
    attempts("call", BRIDGES),
    attempts("text", TEXTS),
    attempts("mail", MAILS),
)  # fmt: skip

# Whose is what a command is about, by the name of the id it carries.
OWNED = {
    "bridge_id": BRIDGES,
    "text_id": TEXTS,
    "mail_id": MAILS,
    "call_request_id": REQUESTS,
    "suggestion_id": SUGGESTIONS,
    "hero_id": HEROES,
    "reminder_id": REMINDERS,
}
