"""Who is looking now: wakes the sockets of a chat when it has something new.

Only a hint: rows and cursors live in the database, so another process, or a socket that missed
the hint, finds everything at its next look.
"""

import asyncio
from collections import defaultdict


class Hub:
    """In-process wake-ups by chat, and the short notices of a press on their way to its answer."""

    def __init__(self) -> None:
        self._watchers: defaultdict[int, set[asyncio.Event]] = defaultdict(set)
        self._toasts: dict[str, str] = {}
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

    def leave(self, chat_id: int, event: asyncio.Event) -> None:
        """Stop watching."""
        self._watchers[chat_id].discard(event)
        if not self._watchers[chat_id]:
            del self._watchers[chat_id]

    def wake(self, chat_id: int) -> None:
        """The chat changed."""
        for event in self._watchers.get(chat_id, ()):
            event.set()

    def toast(self, press_id: str, text: str) -> None:
        """Keep the notice of a press until its request answers."""
        self._toasts[press_id] = text

    def take_toast(self, press_id: str) -> str | None:
        """The notice of a press, once."""
        return self._toasts.pop(press_id, None)
