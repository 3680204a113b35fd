"""One chat's updates one after another, whichever way they came in."""

from asyncio import Lock
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from aiogram.fsm.storage.base import BaseEventIsolation, StorageKey


class ChatLocks(BaseEventIsolation):
    """As aiogram's SimpleEventIsolation, which keeps the lock of every chat for ever."""

    def __init__(self) -> None:
        # A lock lives as long as somebody holds it or waits for it.
        self._locks: WeakValueDictionary[StorageKey, Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        """Wait until the chat is ours."""
        async with self._locks.setdefault(key, Lock()):
            yield

    async def close(self) -> None:
        """Nothing is kept that could be given back."""
