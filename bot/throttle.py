"""A token bucket per key: how many posts a session, and new sessions an address, may make."""

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Throttle:
    """`burst` at once, then `per_second`. Keys not seen for long are forgotten."""

    def __init__(self, burst: int, per_second: float, keys: int = 50_000) -> None:
        self._burst = float(burst)
        self._rate = per_second
        self._keys = keys
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        """Seconds to wait before this key may go on; 0 takes a token. `now` is monotonic."""
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        elapsed = max(0.0, now - bucket.at)
        bucket.tokens = min(self._burst, bucket.tokens + elapsed * self._rate)
        bucket.at = now
        self._buckets[key] = bucket
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / self._rate
