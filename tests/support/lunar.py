"""The Vietnamese lunar calendar from the sky, to check the one the `holidays` package carries.

New moons and the sun's longitude after J. Meeus, "Astronomical Algorithms"; days begin at
midnight of UTC+7. A month in which the sun enters no new sign is the leap month.
"""

import math
from datetime import date, timedelta

_ZONE = 7 / 24
_EPOCH = 1721425
"""Julian day number of the day before 1/1/0001."""


def tet(year: int) -> date:
    """The first day of the lunar year that begins in this year."""
    return _month_start(year, 1)


def hung_kings_day(year: int) -> date:
    """The tenth day of the third lunar month."""
    return _month_start(year, 3) + timedelta(days=9)


def _month_start(year: int, month: int) -> date:
    first, last = _eleventh_month(year - 1), _eleventh_month(year)
    around = round((first - 2415021.077) / 29.530588853)
    starts = [_new_moon(k) for k in range(around - 1, around + 16)]
    starts = starts[starts.index(first) :]
    is_long_year = starts.index(last) == 13
    number = 11
    had_leap = False
    for place in range(1, starts.index(last)):
        if is_long_year and not had_leap and _sign(starts[place]) == _sign(starts[place + 1]):
            had_leap = True
            continue
        number = number % 12 + 1
        if number == month:
            return date.fromordinal(starts[place] - _EPOCH)
    raise AssertionError(f"lunar month {month} of {year} not found")


def _eleventh_month(year: int) -> int:
    """Julian day on which the month of the winter solstice begins."""
    last_day = date(year, 12, 31).toordinal() + _EPOCH
    k = math.floor((last_day - 2415021) / 29.530588853)
    return _new_moon(k - 1) if _sign(_new_moon(k)) >= 9 else _new_moon(k)


def _new_moon(k: int) -> int:
    """Julian day of the k-th new moon since 1/1/1900."""
    t = k / 1236.85
    jd = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    jd += 0.00033 * _sin(166.56 + 132.87 * t - 0.009173 * t**2)
    sun = 359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3
    moon = 306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3
    node = 21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3
    jd += (0.1734 - 0.000393 * t) * _sin(sun) + 0.0021 * _sin(2 * sun)
    jd += -0.4068 * _sin(moon) + 0.0161 * _sin(2 * moon) - 0.0004 * _sin(3 * moon)
    jd += 0.0104 * _sin(2 * node) - 0.0051 * _sin(sun + moon) - 0.0074 * _sin(sun - moon)
    jd += 0.0004 * _sin(2 * node + sun) - 0.0004 * _sin(2 * node - sun)
    jd += -0.0006 * _sin(2 * node + moon) + 0.0010 * _sin(2 * node - moon)
    jd += 0.0005 * _sin(2 * moon + sun)
    dynamical = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return math.floor(jd - dynamical + 0.5 + _ZONE)


def _sign(julian_day: int) -> int:
    """In which of the twelve signs the sun stands at local midnight, 0 from the March equinox."""
    t = (julian_day - 2451545.5 - _ZONE) / 36525
    anomaly = 357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * _sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * _sin(2 * anomaly) + 0.000290 * _sin(3 * anomaly)
    return math.floor(longitude % 360 / 30)


def _sin(degrees: float) -> float:
    return math.sin(math.radians(degrees))
