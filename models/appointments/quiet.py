"""Quiet hours: on whose clock they are kept. Nobody is to be woken because his manager lives elsewhere."""

from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

from models.numbers import PhoneNumber
from models.people.accounts import zones

REMEMBERED = 10_000  # numbers whose zone is kept in mind


def recipient_zone(explicit: str | None, number: str | None, otherwise: tzinfo) -> tzinfo:
    """The zone of who is told: the one that is said, else his number's, else the one of the setting.

    Parameters:
      explicit: an IANA name; one that this machine does not know says nothing.
      number: as it was written down, or none.
    """
    if explicit in zones():
        return ZoneInfo(str(explicit))
    return (number and zone_of_number(number)) or otherwise


@lru_cache(REMEMBERED)
def zone_of_number(number: str) -> tzinfo | None:
    """The zone in which a number lives; None where its region has several, or it is no number that anybody has.

    Source: the library phonenumbers, which maps prefixes to zones. Mobile numbers of large countries have several.
    Digits without a `+` are read as they are dialled: with the country's code first. What follows a `w` is keyed in
    after the answer.
    """
    try:
        dialled = PhoneNumber.parse(number.partition("w")[0]).e164()
        found = time_zones_for_number(phonenumbers.parse(dialled))
    except (ValueError, phonenumbers.NumberParseException):
        return None
    return ZoneInfo(found[0]) if len(found) == 1 and found[0] in zones() else None
