"""Entries: which digits a node takes, what they answer, and under what answers are counted."""

from models.appointments.surveys.sections import CAPTURE_DIGITS, MULTI_CHOICE, RATING, Section

ASKING = (MULTI_CHOICE, RATING, CAPTURE_DIGITS)
WIDEST = 64  # digits: more than anybody keys in
BANDS = ((20, "0-20"), (40, "21-40"), (60, "41-60"), (90, "61-90"))  # seconds
LONGEST = 86_400  # seconds; what says it is longer is mistaken


def width(section: Section) -> int:
    """At most so many digits."""
    if section.type == MULTI_CHOICE:
        return 1
    if section.type == RATING:
        return len(str(max(1, section.rating_laps)))
    return min(max(1, section.number_digits), WIDEST)


def taken(section: Section, pressed: str) -> str:
    """Of the keys pressed, those that the node listened to."""
    return pressed.partition("#")[0][: width(section)]


def accepted(section: Section, entered: str) -> str | None:
    """The digits as branches and results name them; None when the node does not take them."""
    if not (entered.isascii() and entered.isdigit()):
        return None
    if section.type == MULTI_CHOICE:
        return entered if getattr(section, f"key_{entered}").strip() else None
    number = int(entered)
    if section.type == RATING:
        return str(number) if 1 <= number <= section.rating_laps else None
    within = section.min_number <= number <= section.max_number
    return entered if within or not section.validate_number else None


def response(section: Section, digits: str) -> str:
    """What the digits answer: in a choice the text of the key."""
    if section.type == MULTI_CHOICE:
        return str(getattr(section, f"key_{digits}"))
    return digits


def whole_seconds(seconds: float) -> int:
    """The length of a recording as it is noted."""
    return int(seconds) if 0 <= seconds <= LONGEST else 0


def band(seconds: int) -> str:
    """What recordings of this length are counted under."""
    return next((name for most, name in BANDS if seconds <= most), ">90")
