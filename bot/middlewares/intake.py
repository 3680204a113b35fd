"""The one door in: secrets masked, repetitions dropped, a typed choice turned into its button.

A repetition that was never answered goes on to `handlers/repetitions.py` instead.

Runs inside the chat's lock (aiogram's event isolation), so the menu it reads is the one the
person saw. Nothing is stored or logged before the guard has passed over it.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, Update, User

from bot.channels.base import Channel
from bot.channels.fallback import Option, chosen
from domain.messages import ChatMessage, Direction
from domain.secrets import mask_secrets
from handlers.screens import TYPED
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

#: Presses that change a message in place start with this; they leave no line in the talk.
IN_PLACE = "~"
#: After a day nobody remembers what number stood for what.
MENU_LIVES = timedelta(hours=24)
#: An update dealt with only now may have its answer on the way, from another replica.
ANSWERING = timedelta(seconds=2)


class Intake(BaseMiddleware):
    """First of our middlewares on updates; sets `now`, `channel`, `came_again`, `came_in`."""

    def __init__(
        self, db: Database, clock: Callable[[], datetime], channels: Mapping[int, Channel]
    ) -> None:
        self._db = db
        self._clock = clock
        self._channels = channels

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Update):
            return await handler(event, data)
        chat, sender = spoken_in(event)
        if chat is None or sender is None:
            return await handler(event, data)

        channel = self._channels[data["bot"].id]
        data["now"] = now = self._clock()
        data["channel"] = channel
        key = external_key(event)
        update = masked(event)
        async with UnitOfWork(self._db) as uow:
            done = await uow.inbox.seen(channel.name, chat.id, key)
            data["came_again"] = came_again = done is not None
            if done is not None and not (
                now - done >= ANSWERING and await uow.messages.is_unanswered(chat.id, key)
            ):
                log.info("update %s of chat %s came again; dropped", key, chat.id)
                return None
            shown = await uow.messages.newest_out(chat.id)
            if shown is not None and now - shown.at > MENU_LIVES:
                shown = None
            menu = options_of(shown)
            awaiting_text = data.get("raw_state") is not None
            understood = as_press(update, shown, menu, awaiting_text=awaiting_text)
            if understood is not update and not channel.capabilities.buttons:
                channel.echo(chat.id, label_of(menu, understood))
            line = line_of(update, menu)
            # What is said in a group is not said to us.
            if line is not None and chat.type == "private" and not came_again:
                await uow.messages.append(
                    chat.id, Direction.IN, line, now, client_id=key, channel=channel.name
                )
                await uow.commit()
        if not came_again:
            data["came_in"] = (channel.name, chat.id, key)
        return await handler(understood, data)


def spoken_in(update: Update) -> tuple[Chat | None, User | None]:
    """Where and by whom; (None, None) for what is no part of a conversation."""
    if update.message is not None:
        return update.message.chat, update.message.from_user
    if update.callback_query is not None and update.callback_query.message is not None:
        return update.callback_query.message.chat, update.callback_query.from_user
    return None, None


def external_key(update: Update) -> str:
    """The door's own id of what was said: what tells a repetition from a second message."""
    if update.callback_query is not None:
        return update.callback_query.id
    message = update.message
    if message is None:
        return f"update:{update.update_id}"
    given = (message.model_extra or {}).get("client_id")
    return str(given) if given else f"said:{message.message_id}"


def masked(update: Update) -> Update:
    """The update with secrets masked in what was typed. Models are frozen: copies are made."""
    message = update.message
    if message is None:
        return update
    changes = {
        name: mask_secrets(value)
        for name in ("text", "caption")
        if (value := getattr(message, name)) is not None
    }
    if not changes:
        return update
    # Entities point into the unmasked text; what we hear is words only.
    changes_all: dict[str, Any] = {**changes, "entities": None, "caption_entities": None}
    command = message.text is not None and message.text.startswith("/")
    if command and changes["text"] == message.text:
        changes_all.pop("entities")
    return update.model_copy(update={"message": message.model_copy(update=changes_all)})


def options_of(shown: ChatMessage | None) -> list[Option]:
    """The choices of the newest message, in reading order."""
    if shown is None:
        return []
    return [Option(b.label, b.data) for row in shown.buttons for b in row if b.data]


def as_press(
    update: Update, shown: ChatMessage | None, menu: list[Option], *, awaiting_text: bool
) -> Update:
    """The update as the press of the button whose number or words were typed; else unchanged.

    The pressed message has the words that were shown, and the id of the typed line: the id of the
    menu is known to the door only, and the answer belongs below what was typed.

    Where the conversation waits for typed text, choices have letters, so that a number stays
    what it is: an answer.
    """
    message = update.message
    if message is None or message.text is None or message.from_user is None or shown is None:
        return update
    option = chosen(message.text, menu, letters=awaiting_text)
    if option is None:
        return update
    press = CallbackQuery.model_validate(
        {
            "id": f"{TYPED}{message.chat.id}:{message.message_id}",
            "from": message.from_user,
            "chat_instance": str(message.chat.id),
            "data": option.data,
            "message": message.model_copy(update={"text": shown.text, "from_user": None}),
        },
        context={"bot": message.bot},
    )
    return Update.model_validate(
        {"update_id": update.update_id, "callback_query": press}, context={"bot": message.bot}
    )


def label_of(menu: list[Option], update: Update) -> str:
    """The words of the pressed choice."""
    data = update.callback_query.data if update.callback_query else None
    return next((option.label for option in menu if option.data == data), "")


def line_of(update: Update, menu: list[Option]) -> str | None:
    """What the talk shows for this update: the words typed, or the label pressed."""
    if update.message is not None:
        return message_line(update.message)
    query = update.callback_query
    if query is None or query.data is None or query.data.startswith(IN_PLACE):
        return None
    return label_of(menu, update) or None


def message_line(message: Message) -> str:
    """The typed words, or the kind of what was sent in place of words."""
    return message.text or message.caption or f"[{ContentType(message.content_type).value}]"
