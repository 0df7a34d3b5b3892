"""What the routes of call requests take."""

from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, validate, validates_schema

from api.callrequests.fields import Forced, Trimmed, Whole
from api.callrequests.times import Instant
from api.errors import FieldErrors
from api.paging import LARGEST_ID
from models import clock
from models.callrequests import asking, proposals
from models.callrequests.asking import LENGTH_STEP, LONGEST_CALL, LONGEST_TEXT, Wish
from models.callrequests.refusals import NoSuchHero
from models.people.tokens import Member

_NO_ID = "Send the id of a hero, as a number."
_NO_LENGTH = f"Send a multiple of {LENGTH_STEP} minutes, {LENGTH_STEP} to {LONGEST_CALL}."


def _says(means: str, **more: Any) -> dict[str, Any]:
    return {"description": means, **more}


def _text(means: str) -> Trimmed:
    known = _says(means, pattern=r"\S", minLength=1, maxLength=LONGEST_TEXT)
    return Trimmed(LONGEST_TEXT, required=True, metadata=known)


class NewCallRequest(Schema):
    """Whom somebody asks for a call, why, and for how long."""

    hero_id = Whole(
        _NO_ID, required=True, validate=validate.Range(1, LARGEST_ID, error=_NO_ID),
        metadata=_says("The hero's id, as the list of heroes has it."),
    )  # fmt: skip
    message = _text("What it is about: 1 to 500 characters, not only blanks.")
    estimated_length = Whole(
        _NO_LENGTH, digits=True, required=True,
        validate=validate.OneOf(range(LENGTH_STEP, LONGEST_CALL + 1, LENGTH_STEP), error=_NO_LENGTH),
        metadata=_says("How many minutes the call may take."),
    )  # fmt: skip


def _may_be_proposed(moment: datetime) -> None:
    if wrong := proposals.faults(moment, clock.now()):
        raise ValidationError(wrong)


def _proposed() -> Instant:
    means = "On the quarter hour, and half an hour from now or later; without an offset it is UTC."
    return Instant(required=True, validate=_may_be_proposed, metadata=_says(means))


class ThreeTimes(Schema):
    """Three different times that are proposed for a call."""

    time_one = _proposed()
    time_two = _proposed()
    time_three = _proposed()

    @validates_schema
    def differ(self, times: dict[str, datetime], **_more: Any) -> None:
        """A time proposed twice is no choice [D-17]."""
        if len(set(times.values())) < len(times):
            raise ValidationError(proposals.SAME, "detail")


class AgreedTime(Schema):
    """The time that a party agrees to."""

    agreed_time = Instant(
        required=True, metadata=_says("One of the three times that the other party proposed last.")
    )


class Reason(Schema):
    """Why not."""

    reason = _text("Why: 1 to 500 characters, not only blanks.")


class Cancellation(Reason):
    """Why no more; and whether also beyond what is free."""

    force = Forced(
        load_default=False,
        metadata=_says("Cancel an accepted request also when one has cancelled too often for it to be free."),
    )


_NEW = NewCallRequest()


def wish(body: dict[str, Any], me: Member) -> Wish:
    """What somebody asks, checked.

    Raises:
      FieldErrors: naming all wrong fields at once.
    """
    wrong: dict[str, list[str]] = {}
    try:
        good = _NEW.load(body, unknown=EXCLUDE)
    except ValidationError as error:
        good, wrong = error.valid_data, error.messages_dict
    hero_account = 0
    if "hero_id" in good:
        try:
            hero_account = asking.hero_account(good["hero_id"], me.account_id)
        except NoSuchHero as error:
            wrong["hero_id"] = [str(error)]
    if wrong:
        raise FieldErrors(wrong)
    return Wish(requester=me.account_id, hero_account=hero_account, asked_at=clock.now(), **good)
