"""python-telegram-bot reads back what passed between our bot and the Bot API.

It is the independent witness: aiogram alone would forgive what it wrote itself, such as dates in
milliseconds, a misspelt parameter or a keyboard that only it can read.
"""

import inspect
import re
from enum import Enum
from typing import Any

import telegram
from telegram import constants

from tests.support.bot_api_rules import UPDATE_KINDS
from tests.support.bot_api_server import BotApiServer, Call

_RESULTS: dict[str, type[telegram.TelegramObject]] = {
    "getMe": telegram.User,
    "getUpdates": telegram.Update,
    "getWebhookInfo": telegram.WebhookInfo,
    "getFile": telegram.File,
    "getMyCommands": telegram.BotCommand,
    "sendMessage": telegram.Message,
    "sendPhoto": telegram.Message,
    "sendDocument": telegram.Message,
    "editMessageText": telegram.Message,
    "editMessageReplyMarkup": telegram.Message,
}
_PARAMETERS: dict[str, type[telegram.TelegramObject]] = {
    "entities": telegram.MessageEntity,
    "caption_entities": telegram.MessageEntity,
    "commands": telegram.BotCommand,
    "link_preview_options": telegram.LinkPreviewOptions,
    "reply_parameters": telegram.ReplyParameters,
}
_WORDS: dict[str, type[Enum]] = {
    "parse_mode": constants.ParseMode,
    "action": constants.ChatAction,
    "allowed_updates": constants.UpdateType,
}
#: Later than any date in seconds until the year 5138, earlier than any of today in milliseconds.
_NOT_SECONDS = 10**11


def read_back(server: BotApiServer) -> int:
    """Read everything with the second library; how many requests, answers and updates it was."""
    known = [update for update in server.updates if update.keys() & UPDATE_KINDS]
    for update in known:
        _same(telegram.Update, update)
    answered = [call for call in server.calls if call.answer and call.answer["ok"]]
    for call in answered:
        _read_request(call)
        _read_result(call)
    return len(known) + 2 * len(answered)


def _read_request(call: Call) -> None:
    snake = re.sub(r"(?<!^)[A-Z]", lambda capital: f"_{capital[0].lower()}", call.method)
    known = inspect.signature(getattr(telegram.Bot, snake)).parameters
    assert call.params.keys() <= known.keys(), f"{call.method} has no such parameter"
    for name, value in call.params.items():
        if name in _WORDS:
            words = {str(word) for word in _WORDS[name]}
            assert set(value if isinstance(value, list) else [value]) <= words, (name, value)
        elif name in _PARAMETERS:
            for one in value if isinstance(value, list) else [value]:
                _same(_PARAMETERS[name], one)
        elif name == "reply_markup" and "inline_keyboard" in value:
            _same(telegram.InlineKeyboardMarkup, value)


def _read_result(call: Call) -> None:
    if call.method not in _RESULTS:
        assert call.result is True
        return
    many = call.result if isinstance(call.result, list) else [call.result]
    for one in many:
        if call.method != "getUpdates" or one.keys() & UPDATE_KINDS:
            _same(_RESULTS[call.method], one)


def _same(kind: type[telegram.TelegramObject], sent: dict[str, Any]) -> None:
    read = kind.de_json(sent, None)
    assert not read.api_kwargs, f"{kind.__name__} does not know {read.api_kwargs}"
    _covers(read.to_dict(), sent, kind.__name__)


def _covers(read: Any, sent: Any, place: str) -> None:
    """All that was sent has been understood, and as the same."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            assert key in read, f"{place}.{key} was not understood"
            _covers(read[key], value, f"{place}.{key}")
    elif isinstance(sent, list):
        assert len(read) == len(sent), place
        for number, (one, other) in enumerate(zip(read, sent, strict=True)):
            _covers(one, other, f"{place}[{number}]")
    else:
        assert read == sent, f"{place}: {sent!r} was read as {read!r}"
        if place.endswith("date"):
            assert sent < _NOT_SECONDS, f"{place} is not in seconds: {sent}"
