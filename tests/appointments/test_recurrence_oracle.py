"""Occurrences are those of RFC 5545: of its own examples, and of a brute force written from it in every zone."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from models.appointments.recurrence.occurrences import occurrences
from models.appointments.recurrence.params import parse
from tests.conformance import holds
from tests.oracle.brute import Parts, expected
from tests.oracle.comparing import compare, once_each

NEW_YORK = ZoneInfo("America/New_York")
WORKDAYS = "byweekday:MO,TU,WE,TH,FR"
# RFC 5545 §3.8.5.3: frequency, params, start, the first occurrences; all at 9:00 in New York if not said.
EXAMPLES = [
    ("DAILY", "", "1997-09-02", "1997-09-02 09-03 09-04 09-05 09-06 09-07 09-08 09-09 09-10 09-11"),
    ("DAILY", "interval:2", "1997-09-02", "1997-09-02 09-04 09-06 09-08"),
    ("DAILY", "interval:10", "1997-09-02", "1997-09-02 09-12 09-22 10-02 10-12"),
    ("DAILY", "bymonth:1", "1998-01-01", "1998-01-01 01-02 01-03"),
    ("YEARLY", "bymonth:1;byweekday:0,1,2,3,4,5,6", "1998-01-01", "1998-01-01 01-02 01-03"),
    ("WEEKLY", "", "1997-09-02", "1997-09-02 09-09 09-16 09-23 09-30 10-07 10-14 10-21 10-28 11-04"),
    ("WEEKLY", "interval:2", "1997-09-02", "1997-09-02 09-16 09-30 10-14 10-28 11-11 11-25"),
    ("WEEKLY", "byweekday:TU,TH", "1997-09-02", "1997-09-02 09-04 09-09 09-11 09-16 09-18 09-23 09-25 09-30 10-02"),
    ("WEEKLY", "interval:2;byweekday:MO,WE,FR", "1997-09-01", "1997-09-01 09-03 09-05 09-15 09-17 09-19 09-29 10-01"),
    ("WEEKLY", "interval:2;byweekday:TU,TH", "1997-09-02", "1997-09-02 09-04 09-16 09-18 09-30 10-02 10-14 10-16"),
    ("WEEKLY", "interval:2;byweekday:TU,SU", "1997-08-05", "1997-08-05 08-10 08-19 08-24"),
    ("MONTHLY", "byweekday:FR(1)", "1997-09-05", "1997-09-05 10-03 11-07 12-05 1998-01-02 02-06 03-06 04-03 05-01"),
    ("MONTHLY", "interval:2;byweekday:SU(1),SU(-1)", "1997-09-07", "1997-09-07 09-28 11-02 11-30 1998-01-04 01-25"),
    ("MONTHLY", "byweekday:MO(-2)", "1997-09-22", "1997-09-22 10-20 11-17 12-22 1998-01-19 02-16"),
    ("MONTHLY", "bymonthday:-3", "1997-09-28", "1997-09-28 10-29 11-28 12-29 1998-01-29 02-26"),
    ("MONTHLY", "bymonthday:2,15", "1997-09-02", "1997-09-02 09-15 10-02 10-15 11-02 11-15 12-02 12-15 1998-01-02"),
    ("MONTHLY", "bymonthday:1,-1", "1997-09-30", "1997-09-30 10-01 10-31 11-01 11-30 12-01 12-31 1998-01-01 01-31"),
    ("MONTHLY", "interval:18;bymonthday:10,11,12,13,14,15", "1997-09-10", "1997-09-10 09-11 09-12 09-13 09-14 09-15"),
    ("MONTHLY", "interval:2;byweekday:TU", "1997-09-02", "1997-09-02 09-09 09-16 09-23 09-30 11-04 11-11 11-18 11-25"),
    ("YEARLY", "bymonth:6,7", "1997-06-10", "1997-06-10 07-10 1998-06-10 07-10 1999-06-10"),
    ("YEARLY", "interval:2;bymonth:1,2,3", "1997-03-10", "1997-03-10 1999-01-10 02-10 03-10 2001-01-10 02-10 03-10"),
    ("YEARLY", "interval:3;byyearday:1,100,200", "1997-01-01", "1997-01-01 04-10 07-19 2000-01-01 04-09 07-18"),
    ("YEARLY", "byweekday:MO(20)", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17"),
    ("YEARLY", "byweekno:20;byweekday:MO", "1997-05-12", "1997-05-12 1998-05-11 1999-05-17"),
    ("YEARLY", "bymonth:3;byweekday:TH", "1997-03-13", "1997-03-13 03-20 03-27 1998-03-05 03-12 03-19 03-26"),
    ("MONTHLY", "byweekday:FR;bymonthday:13", "1997-09-02", "1998-02-13 03-13 11-13 1999-08-13 2000-10-13"),
    ("MONTHLY", "byweekday:SA;bymonthday:7,8,9,10,11,12,13", "1997-09-13", "1997-09-13 10-11 11-08 12-13 1998-01-10"),
    ("YEARLY", "interval:4;bymonth:11;byweekday:TU;bymonthday:2,3,4,5,6,7,8", "1996-11-05", "1996-11-05 2000-11-07"),
    ("MONTHLY", "byweekday:TU,WE,TH;bysetpos:3", "1997-09-04", "1997-09-04 10-07 11-06"),
    ("MONTHLY", f"{WORKDAYS};bysetpos:-2", "1997-09-29", "1997-09-29 10-30 11-27 12-30 1998-01-29 02-26 03-30"),
    ("MONTHLY", "bymonthday:15,30", "2007-01-15", "2007-01-15 01-30 02-15 03-15 03-30"),
    ("HOURLY", "interval:3", "1997-09-02", "1997-09-02 12:00 15:00"),
    ("MINUTELY", "interval:15", "1997-09-02", "1997-09-02 09:15 09:30 09:45 10:00 10:15"),
    ("MINUTELY", "interval:90", "1997-09-02", "1997-09-02 10:30 12:00 13:30"),
    ("DAILY", "byhour:9,16;byminute:0,20,40", "1997-09-02", "1997-09-02 09:20 09:40 16:00 16:20 16:40 09-03 09:20"),
    ("MINUTELY", "interval:20;byhour:9,16", "1997-09-02", "1997-09-02 09:20 09:40 16:00 16:20 16:40 09-03 09:20"),
]  # fmt: skip


def read(text: str) -> list[datetime]:
    """Moments of which each says only what differs from the one before; a new day is at 9:00 in New York."""
    found: list[datetime] = []
    for word in text.split():
        last = found[-1].astimezone(NEW_YORK) if found else datetime(1, 1, 1, tzinfo=NEW_YORK)
        if ":" in word:
            shown = last.replace(hour=int(word[:2]), minute=int(word[3:]), fold=0)
        else:
            year, month, day = map(int, (word if len(word) == 10 else f"{last.year}-{word}").split("-"))
            shown = datetime(year, month, day, 9, tzinfo=NEW_YORK)
        found.append(shown.astimezone(UTC))
    return found


def parts(text: str) -> Parts:
    """Params for the brute force, read without the product's parser."""
    named = dict(segment.split(":") for segment in text.split(";") if segment)
    return {name: [value(one) for one in values.split(",")] if name == "byweekday" else [*map(int, values.split(","))]
            for name, values in named.items()}  # fmt: skip


def value(text: str) -> int | tuple[int, int]:
    if text.isdigit():
        return int(text), 0
    return ("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(text[:2]), int(text[3:-1] or 0) if text[2:] else 0


@holds("rule: by the recurrence rules of iCalendar")
@pytest.mark.parametrize(("frequency", "params", "start", "wanted"), EXAMPLES)
def test_the_examples_of_the_rfc_come_out(frequency: str, params: str, start: str, wanted: str):
    [first], moments = read(start), read(wanted)

    assert list(islice(occurrences(frequency, parse(params), first, NEW_YORK), len(moments))) == moments


@pytest.mark.parametrize(("frequency", "params", "start", "wanted"), EXAMPLES)
def test_the_brute_force_knows_the_examples_of_the_rfc(frequency: str, params: str, start: str, wanted: str):
    [first], moments = read(start), read(wanted)

    assert expected(frequency, parts(params), first, NEW_YORK, first, moments[-1]) == moments


@holds("rule: by the recurrence rules of iCalendar")
@pytest.mark.lengthy
def test_a_hundred_thousand_occurrences_in_all_zones_are_those_of_brute_force():
    compared = compare(20261122, once_each(20261122), least=100_000)

    assert compared.mismatches == []
    assert compared.occurrences.total() >= 100_000
    assert len(compared.zones) > 400
    assert all(count > 1000 for count in compared.occurrences.values())


def test_the_comparison_sees_an_hour_too_early():
    """What is compared is what the product says: were it wrong in one night, that would be seen."""
    berlin = ZoneInfo("Europe/Berlin")
    start, change = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)
    wanted = expected("DAILY", {}, start, berlin, change, change + timedelta(days=1))
    in_utc = list(islice(occurrences("DAILY", parse(""), start, ZoneInfo("UTC"), change), 1))

    assert wanted == [datetime(2026, 3, 29, 8, tzinfo=UTC)]
    assert in_utc != wanted
