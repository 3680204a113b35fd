"""Who is speaking: (channel, chat) -> `actor`. Unknown chats are residents without a commune."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from bot.middlewares.intake import spoken_in
from content.i18n import speaking
from content.library import Library
from content.search import searcher
from domain.people import Account, Actor, Membership
from domain.visits import local_day
from storage.unit_of_work import UnitOfWork

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class IdentityMiddleware(BaseMiddleware):
    """Sets `actor`, `library` and `searcher`, and speaks the actor's language meanwhile.

    In a group the actor is always a resident: nothing personal is ever shown there.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Update) or "uow" not in data:
            return await handler(event, data)
        chat, _ = spoken_in(event)
        if chat is None:
            return await handler(event, data)
        data["actor"] = actor = await find_actor(
            data["uow"], data["channel"].name, chat.id, data["now"], in_group=chat.type != "private"
        )
        data["library"] = Library.speaking(actor.locale)
        data["searcher"] = searcher(actor.locale)
        with speaking(actor.locale):
            return await handler(event, data)


async def find_actor(
    uow: UnitOfWork, channel: str, chat_id: int, now: datetime, *, in_group: bool = False
) -> Actor:
    """The account, the person and the membership in use for this chat."""
    account = await uow.accounts.of_chat(chat_id) or Account(channel=channel, chat_id=chat_id)
    if in_group or account.person_id is None:
        return Actor(account)
    person = await uow.people.get(account.person_id)
    if person is None:
        return Actor(account)
    memberships = tuple(await uow.people.memberships_of(person.id, local_day(now)))
    return Actor(account, person, _in_use(account, memberships), memberships)


def _in_use(account: Account, memberships: tuple[Membership, ...]) -> Membership | None:
    """The membership the person switched to, else the first."""
    for membership in memberships:
        if membership.id == account.active_membership:
            return membership
    return memberships[0] if memberships else None
