"""Where our small HTML and Telegram's differ."""

import re
from typing import Any

from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.enums import ParseMode
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

_LINE_BREAK = re.compile(r"<br\s*/?>\n?", re.IGNORECASE)


class LineBreaks(BaseRequestMiddleware):
    """`<br>` as a newline: our texts may hold it, and Telegram refuses a message with that tag."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        changed = {
            field: _LINE_BREAK.sub("\n", value)
            for field in ("text", "caption")
            if isinstance(value := getattr(method, field, None), str) and _LINE_BREAK.search(value)
        }
        if changed and _is_html(bot, method):
            method = method.model_copy(update=changed)
        return await make_request(bot, method)


def _is_html(bot: Bot, method: TelegramMethod[Any]) -> bool:
    mode = getattr(method, "parse_mode", None)
    if isinstance(mode, Default):  # aiogram's "whatever the bot's default is"
        mode = bot.default[mode.name]
    return mode is not None and str(mode).upper() == ParseMode.HTML.value
