"""In a group the bot speaks only when called, and never of households or residents."""

from aiogram import F, Router
from aiogram.filters import Command, CommandStart
from aiogram.types import Message

from content.texts import start as texts
from handlers.links import Links

router = Router(name="groups")
router.message.filter(F.chat.type.in_({"group", "supergroup"}))


@router.message(CommandStart())
@router.message(Command("menu", "huongdan"))
async def called(message: Message, links: Links) -> None:
    """A link to the private talk, nothing else."""
    await message.answer(texts.in_group(links.base))
