"""A keyboard under a question that is answered by typing."""

from aiogram.types import InlineKeyboardMarkup


class Lettered(InlineKeyboardMarkup):
    """On doors without buttons its choices get letters: a number typed there is an answer."""
