"""Who is looking now: wakes the sockets of a chat when it has something new.

Only a hint: rows and cursors live in the database, so another process, or a socket that missed
the hint, finds everything at its next look.
"""

import asyncio
from collections import defaultdict

#: Open lines of one chat at a time: tabs of one browser. The page asks now and then without one.
LINES = 5


class Hub:
    """In-process wake-ups by chat."""

    def __init__(self) -> None:
        self._watchers: defaultdict[int, set[asyncio.Event]] = defaultdict(set)
        self.is_closing = False

    def close(self) -> None:
        """The program ends: whoever watches is woken, to hang up and come again elsewhere."""
        self.is_closing = True
        for chat_id in self._watchers:
            self.wake(chat_id)

    def watch(self, chat_id: int) -> asyncio.Event:
        """An event that is set whenever the chat changes; give it back with `leave`."""
        event = asyncio.Event()
        self._watchers[chat_id].add(event)
        return event

    def is_full(self, chat_id: int) -> bool:
        """Whether the chat has as many lines as one browser may have."""
        return len(self._watchers.get(chat_id, ())) >= LINES

    def leave(self, chat_id: int, event: asyncio.Event) -> None:
        """Stop watching."""
        self._watchers[chat_id].discard(event)
        if not self._watchers[chat_id]:
            del self._watchers[chat_id]

    def wake(self, chat_id: int) -> None:
        """The chat changed."""
        for event in self._watchers.get(chat_id, ()):
            event.set()
