"""The params of a rule are read, not run: what is right is understood, and what is wrong is named."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.appointments.recurrence.params import (
    LONGEST,
    MOST_VALUES,
    NAMES,
    BadParams,
    Params,
    Weekday,
    fitting,
    parse,
    spelled,
)
from tests.conformance import holds

WEEKDAYS = tuple(Weekday(day) for day in range(5))
WORDS = (
    *NAMES,
    "MO",
    "TU(-1)",
    "SU(5)",
    "-1",
    "0",
    "366",
    ":",
    ";",
    ",",
    '"',
    " ",
    "(",
    ")",
    "{}",
    "1",
    "__import__('os')",
)


@holds("rule: the grammar of params", "O-13")
@pytest.mark.parametrize(
    ("text", "params"),
    [
        (None, Params()),
        ("", Params()),
        ("count:10;byweekday:0,1,2,3,4", Params(count=10, byweekday=WEEKDAYS)),
        ("byweekday:0,1,2,3,4;", Params(byweekday=WEEKDAYS)),
        ('"byweekday:TU"', Params(byweekday=(Weekday(1),))),
        ("byweekday:MO(-1),FR,TU(+2)", Params(byweekday=(Weekday(0, -1), Weekday(1, 2), Weekday(4)))),
        ("bymonthday:-1,15,15", Params(bymonthday=(-1, 15))),
        (" interval : 2 ; byhour : 9 , 17 ", Params(interval=2, byhour=(9, 17))),
        ("1;{};byhour:0", Params(byhour=(0,))),
        ("1", Params()),
        ("{}", Params()),
        (";;", Params()),
        ("bymonth:12;bymonthday:24;bysetpos:-1", Params(bysetpos=(-1,), bymonth=(12,), bymonthday=(24,))),
        ("byyearday:1,-366;byweekno:53,-1", Params(byyearday=(-366, 1), byweekno=(-1, 53))),
        ("byeaster:-2;byminute:59;bysecond:0", Params(byeaster=(-2,), byminute=(59,), bysecond=(0,))),
    ],
)
def test_params_are_understood(text: str | None, params: Params):
    assert parse(text) == params


@holds("rule: the grammar of params", "O-13")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("byday:MO", "byday:MO: a name is one of count, interval, bysetpos"),
        ("BYHOUR:9", "a name is one of"),
        ("count:0", "0 is no count, which is 1 to 1000000"),
        ("count:-1", "-1 is no count"),
        ("count:1,2", "count has one value"),
        ("count:", "nothing is no count"),
        ("interval:0", "0 is no interval, which is 1 to 1000000"),
        ("interval:99999999999999999999", "is no interval"),
        ("bymonth:13", "13 is no bymonth, which is 1 to 12"),
        ("bymonth:-1", "-1 is no bymonth"),
        ("bymonthday:0", "0 is no bymonthday, which is 1 to 31, or -31 to -1 from the end"),
        ("byyearday:367", "1 to 366, or -366 to -1"),
        ("byweekno:54", "1 to 53, or -53 to -1"),
        ("byhour:24", "0 to 23"),
        ("byhour:-1", "0 to 23"),
        ("byminute:60", "0 to 59"),
        ("bysecond:60", "0 to 59"),
        ("byeaster:251", "-80 to 250"),
        ("bysetpos:1", "bysetpos picks among what other parts name"),
        ("interval:2;bysetpos:1", "bysetpos picks among what other parts name"),
        ("byweekday:7", "7 is no byweekday, which is 0 to 6 (0 is Monday) or MO TU WE TH FR SA SU"),
        ("byweekday:-1", "0 to 6"),
        ("byweekday:mo", "0 to 6"),
        ("byweekday:MO(0)", "0 to 6"),
        ("byweekday:MO(54)", "0 to 6"),
        ("byweekday:MO,", "nothing is no byweekday"),
        ("byhour:9;byhour:10", "byhour:10: byhour is said twice"),
        ("byhour:１", "is no byhour"),
        ("byhour:1.5", "is no byhour"),
        ("byhour:__import__('os').system('true')", "is no byhour"),
        ("byweekday:rrule.MO", "is no byweekday"),
        ('{"byhour":9}', "a name is one of"),
        ("bysecond:" + ",".join(["1"] * (MOST_VALUES + 1)), f"at most {MOST_VALUES} values"),
        ("1;" * LONGEST, f"at most {LONGEST} characters"),
    ],
)
def test_what_is_wrong_is_named_and_so_is_what_would_be_right(text: str, said: str):
    with pytest.raises(BadParams) as error:
        parse(text)

    assert said in str(error.value)
    assert len(str(error.value)) < 300


@given(
    st.text() | st.lists(st.sampled_from(WORDS)).map("".join) | st.lists(st.sampled_from(WORDS)).map(":".join)
)
@example("byhour:" + "9" * 4000)
@example("byhour:\x00")
def test_whatever_is_written_it_is_understood_or_refused(text: str):
    params, refused = read(text)

    assert parse(spelled(params)) == params
    assert len(refused) < 300


def read(text: str) -> tuple[Params, str]:
    """What a text says, or how it was refused."""
    try:
        return parse(text), ""
    except BadParams as error:
        return Params(), str(error)


@pytest.mark.parametrize(
    ("frequency", "text", "said"),
    [
        ("WEEKLY", "byweekday:MO(-1)", "only of a month or a year is there an nth weekday, not WEEKLY"),
        ("HOURLY", "byweekday:TU,SU(2)", "byweekday:SU(2)"),
        ("YEARLY", "byweekno:20;byweekday:MO(1)", "of a week (byweekno) there is no nth weekday"),
        ("DAILY", "byday:MO", "a name is one of"),
    ],
)
def test_what_would_mean_something_else_is_refused_when_it_is_written(frequency: str, text: str, said: str):
    with pytest.raises(BadParams) as error:
        fitting(frequency, text)

    assert said in str(error.value)


def test_an_nth_weekday_fits_a_month_and_a_year():
    assert fitting("MONTHLY", "byweekday:MO(-1)") == fitting("YEARLY", "byweekday:MO(-1)")
