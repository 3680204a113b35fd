"""The token bucket: a burst, then a pace; nobody pays for another, and memory has an end."""

import pytest

from bot.throttle import Throttle


def passed(throttle: Throttle, key: str, times: int, now: float) -> int:
    return sum(throttle.wait(key, now) == 0 for _ in range(times))


def test_a_burst_passes_and_the_next_waits() -> None:
    throttle = Throttle(burst=20, per_second=1.0)
    assert passed(throttle, "lan", 25, now=100.0) == 20
    assert throttle.wait("lan", 100.0) == pytest.approx(1.0)


def test_waiting_as_told_is_enough_and_less_is_not() -> None:
    throttle = Throttle(burst=1, per_second=0.5)
    assert throttle.wait("lan", 0.0) == 0
    wait = throttle.wait("lan", 0.0)
    assert wait == pytest.approx(2.0)
    assert throttle.wait("lan", wait - 0.1) > 0
    assert throttle.wait("lan", wait) == 0


def test_being_refused_costs_nothing() -> None:
    """Who hammers on while waiting is let in no later for it."""
    throttle = Throttle(burst=1, per_second=1.0)
    throttle.wait("lan", 0.0)
    for n in range(9):
        assert throttle.wait("lan", n / 10) > 0
    assert throttle.wait("lan", 1.0) == 0


def test_a_long_rest_gives_a_burst_and_no_more() -> None:
    throttle = Throttle(burst=3, per_second=1.0)
    assert passed(throttle, "lan", 5, now=0.0) == 3
    assert passed(throttle, "lan", 9, now=10_000.0) == 3


def test_keys_do_not_pay_for_each_other() -> None:
    throttle = Throttle(burst=2, per_second=1.0)
    assert passed(throttle, "lan", 9, now=0.0) == 2
    assert passed(throttle, "minh", 9, now=0.0) == 2


def test_a_clock_that_runs_back_gives_nothing_away() -> None:
    throttle = Throttle(burst=1, per_second=1.0)
    assert throttle.wait("lan", 50.0) == 0
    assert throttle.wait("lan", 10.0) > 0
    assert throttle.wait("lan", 10.5) > 0
    assert throttle.wait("lan", 11.1) == 0


def test_the_pace_is_kept_over_an_hour() -> None:
    throttle = Throttle(burst=20, per_second=1.0)
    tries = [n / 4 for n in range(4 * 3600)]
    assert sum(throttle.wait("lan", now) == 0 for now in tries) == pytest.approx(3620, abs=2)


def test_the_keys_seen_longest_ago_are_forgotten() -> None:
    throttle = Throttle(burst=1, per_second=0.001, keys=3)
    for key in "abc":
        throttle.wait(key, 0.0)
    throttle.wait("a", 0.0)  # seen again, though refused
    throttle.wait("d", 0.0)
    assert len(throttle._buckets) == 3
    assert throttle.wait("a", 0.0) > 0
    assert throttle.wait("b", 0.0) == 0, "b was forgotten, not a"
