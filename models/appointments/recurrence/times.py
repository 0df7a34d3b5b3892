"""Times of day: hours, minutes and seconds put together without writing them all out."""

from typing import NamedTuple

from models.appointments.recurrence.params import Params


class Times(NamedTuple):
    """Every one of these hours with every one of these minutes and seconds, in order, as seconds since midnight."""

    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    seconds: tuple[int, ...]

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.hours) * len(self.minutes) * len(self.seconds)

    def nth(self, place: int) -> "Times":
        """The one at a place, counted from 0."""
        place, second = divmod(place, len(self.seconds))
        hour, minute = divmod(place, len(self.minutes))
        return Times((self.hours[hour],), (self.minutes[minute],), (self.seconds[second],))

    def first(self, begin: int, end: int) -> int | None:
        """The first from `begin` until before `end`, if there is one."""
        for hour in self.hours:
            if (hour + 1) * 3600 <= begin:
                continue
            for minute in self.minutes:
                base = hour * 3600 + minute * 60
                if base >= end:
                    return None
                if base + 60 <= begin:
                    continue
                for second in self.seconds:
                    if begin <= base + second:
                        return base + second if base + second < end else None
        return None


def times_of(params: Params, start: int) -> Times:
    """The times of day that a rule of days or longer names; what it does not say is its start's, a wall time."""
    return Times(
        params.byhour or (start // 3600 % 24,),
        params.byminute or (start // 60 % 60,),
        params.bysecond or (start % 60,),
    )
