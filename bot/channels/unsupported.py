"""What a door cannot do says so; it never pretends success."""

from typing import Any

from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import TelegramMethod


class UnsupportedHere(TelegramBadRequest):
    """This door has no such call."""

    def __init__(self, method: TelegramMethod[Any], channel: str) -> None:
        super().__init__(method, f"{type(method).__name__} does not exist on {channel}")
