"""The words pipelines.yaml may use: what can happen, with which ids, and who can carry what."""

from collections.abc import Mapping

_BRIDGE, _TEXT, _MAIL, _PUSH = (frozenset({f"{kind}_id"}) for kind in ("bridge", "text", "mail", "push"))
_CALL, _MESSAGE = frozenset({"call_id"}), frozenset({"message_id"})

_REQUEST, _SUGGESTION, _HERO = (frozenset({f"{kind}_id"}) for kind in ("call_request", "suggestion", "hero"))

# Every event, and the ids it carries for the commands that follow it.
EVENTS: Mapping[str, frozenset[str]] = {
    # The trunk: somebody asks for a delivery.
    "bridge.requested": _BRIDGE,
    "ring.requested": frozenset({"ring_id"}),
    "text.requested": _TEXT,
    "mail.requested": _MAIL,
    "push.requested": _PUSH,
    "hook.requested": frozenset({"hook_id"}),
    # The Mentoring Tool.
    "call.requested": _CALL | _BRIDGE,
    "call.dialled": _CALL,
    "call.reported": _CALL | frozenset({"receipt_id"}),
    "call.ended": _CALL,
    "call.failed": _CALL,
    "message.created": _MESSAGE | _TEXT,
    "message.sent": _MESSAGE,
    "message.failed": _MESSAGE,
    "message.received": _MESSAGE,
    "feedback.reported": frozenset({"feedback_id", "receipt_id"}),
    # Call requests, and the accounts and heroes they rest on.
    "callrequest.created": _REQUEST,
    "callrequest.accepted": _REQUEST | _SUGGESTION,
    "callrequest.declined": _REQUEST,
    "callrequest.countered": _REQUEST | _SUGGESTION,
    "callrequest.agreed": _REQUEST,
    "callrequest.canceled": _REQUEST,
    "callrequest.reported": _REQUEST | frozenset({"receipt_id"}),
    "callrequest.rung": _REQUEST,
    "callrequest.held": _REQUEST,
    "hero.applied": _HERO,
    "hero.accepted": _HERO,
    "password.requested": frozenset({"password_request_id"}),
}

# What becomes of each actor's work, for the picture of the pipelines.
RAISES: Mapping[str, tuple[str, ...]] = {
    "dial": ("call.dialled", "call.reported", "call.ended", "call.failed", "callrequest.reported", "callrequest.rung"),
    "send_text": ("message.sent", "message.failed"),
    "notify_mentor": ("push.requested",),
    "notify_message": ("push.requested",),
    "remind": ("push.requested",),
    **dict.fromkeys(
        ("mail_request", "mail_times", "mail_decline", "mail_agreement", "mail_cancellation", "mail_application",
         "mail_acceptance", "mail_reset"), ("mail.requested",),
    ),
    "remind_party": ("text.requested",),
    "ring_parties": ("bridge.requested",),
    "settle_ring": ("callrequest.held",),
}  # fmt: skip

# Every carrier, and the channels it has.
PROVIDERS: Mapping[str, frozenset[str]] = {
    "simulator": frozenset({"voice", "texts", "mails", "pushes"}),
    "oniondev": frozenset({"voice", "texts"}),
    "smtp": frozenset({"mails"}),
    "example": frozenset({"voice", "texts"}),
    "webhook": frozenset({"hooks"}),
}

# What people are reminded of before its time.
REMINDERS = ("scheduled_call",)
