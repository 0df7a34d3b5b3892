"""The shapes and examples of people on `/api/v1`: as everybody may see them, and as each sees himself."""

from typing import Any

from marshmallow import fields

from api.docs.shapes import Shape


def meaning(text: str, **more: Any) -> dict[str, Any]:
    """What a key of an answer means, and what else is known of it in JSON Schema."""
    return {"description": text, **more}


def instant(text: str, **more: Any) -> fields.DateTime:
    """A moment as `api.callrequests.times` writes it."""
    return fields.DateTime(metadata=meaning(text, pattern=r"\.[0-9]{6}Z$"), **more)


class LimitedUser(Shape):
    """What everybody may know of somebody."""

    id = fields.UUID(metadata=meaning("The user's id."))
    first_name = fields.String(metadata=meaning("His first name."))
    last_name = fields.String(metadata=meaning("His last name."))
    profile_image = fields.String(
        allow_none=True, metadata=meaning("The http or https address of his picture.")
    )
    timezone = fields.String(metadata=meaning("The zone he reads times in, by its tz database name."))
    created = instant("When he registered.")


class OwnProfile(LimitedUser):
    """All that somebody is shown of himself."""

    email = fields.String(metadata=meaning("His mail address, in lower case."))
    email_verified = fields.Boolean(metadata=meaning("Whether he has shown that it is his."))
    email_pending = fields.String(
        allow_none=True, metadata=meaning("The address that a token was mailed to and that waits for it.")
    )
    email_notifications = fields.Boolean(metadata=meaning("Whether he is mailed about call requests."))
    phone = fields.String(allow_none=True, metadata=meaning("His number, ten digits.", pattern="^[0-9]{10}$"))
    phone_verified = fields.Boolean(metadata=meaning("Whether he has shown that it is his."))
    phone_pending = fields.String(
        allow_none=True,
        metadata=meaning(
            "The number that a token was texted to and that waits for it.", pattern="^[0-9]{10}$"
        ),
    )
    payment_verified = fields.Boolean(metadata=meaning("Whether he can pay."))
    is_active = fields.Boolean(metadata=meaning("What he says of himself; it has no effect."))
    call_me = fields.Boolean(metadata=meaning("Whether he would rather be rung than dial in."))
    updated = instant("When the profile was changed last.")


LIMITED = {
    "id": "b2c1a7de-30a5-4bb4-8a3c-0a3c0b8e7d11",
    "first_name": "Tom",
    "last_name": "Brady",
    "profile_image": None,
    "timezone": "America/Chicago",
    "created": "2017-12-20T15:04:05.000000Z",
}
OWN = {
    **LIMITED,
    "email": "tom@example.com",
    "email_verified": True,
    "email_pending": None,
    "email_notifications": True,
    "phone": "3125550123",
    "phone_verified": True,
    "phone_pending": None,
    "payment_verified": False,
    "is_active": True,
    "call_me": False,
    "updated": "2017-12-20T15:04:05.000000Z",
}
