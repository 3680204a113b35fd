"""Small conditions on updates. They return False only; none of them answers."""

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from domain.access import Action, can
from domain.people import Actor


class May(Filter):
    """The actor's role has the right."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, event: Message | CallbackQuery, actor: Actor) -> bool:
        return can(actor.role, self.action)


class Typed(Filter):
    """An answer typed where one is awaited: words, no command, and not a long story.

    Anything else goes on to the command or to the search: a free question always wins.
    """

    def __init__(self, longest: int) -> None:
        self.longest = longest

    async def __call__(self, message: Message) -> bool:
        text = message.text or ""
        return bool(text.strip()) and not text.startswith("/") and len(text) <= self.longest


class Private(Filter):
    """A talk with one person, never a group."""

    async def __call__(self, event: Message | CallbackQuery) -> bool:
        message = event if isinstance(event, Message) else event.message
        return message is not None and message.chat.type == "private"
