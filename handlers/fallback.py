"""What nobody claimed: never silence. Comes last."""

from datetime import datetime

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from content.keyboards import common as keyboards
from content.keyboards import guides as guide_keyboards
from content.library import Library
from content.search import small_talk_words
from content.texts import guides as guide_texts
from content.texts import start as texts
from domain.guides import Serving, freshness
from domain.people import Actor
from domain.search import Reason, Searcher, Verdict
from domain.small_talk import SmallTalk, small_talk
from domain.visits import local_day
from handlers.guides import show_card
from handlers.screens import show
from storage.unit_of_work import UnitOfWork

router = Router(name="fallback")


@router.callback_query()
async def old_button(query: CallbackQuery, actor: Actor) -> None:
    """A button of a screen that no longer exists."""
    await show(query, texts.old_button(), keyboards.home(actor.role))


@router.message(F.text.regexp(r"^\s*\d{1,2}\s*[.)]?\s*$"))
async def old_number(message: Message, state: FSMContext, actor: Actor) -> None:
    """A bare number that belongs to no open menu. The menu shown with the answer is open again."""
    await state.set_state(None)
    await show(message, texts.old_number(), keyboards.home(actor.role))


@router.message(F.photo)
async def photo(message: Message, actor: Actor, raw_state: str | None) -> None:
    """A picture nobody asked for; it is not kept. A question that waits for words waits on."""
    text = f"{texts.words_please()}\n\n{texts.no_identity_photos()}"
    board = keyboards.open_question() if raw_state else keyboards.home(actor.role)
    await show(message, text, board)


@router.message(F.text)
async def question(
    message: Message,
    state: FSMContext,
    library: Library,
    searcher: Searcher,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """A question: its card, one "A hay B?", or an honest "I do not know".

    It ends a question of ours that waited: the numbers of the card are what is answered now.
    """
    await state.set_state(None)
    talk = small_talk(message.text or "", small_talk_words())
    if talk is not None:
        text = texts.hello_again() if talk is SmallTalk.GREETING else texts.welcome()
        await show(message, text, keyboards.home(actor.role))
        return
    today = local_day(now)
    served = {c.topic for c in library.cards if freshness(c, today).service is not Serving.WITHHELD}
    decision = searcher.rank(message.text or "", served).decision
    titles = [topic for each in decision.topics if (topic := library.topic(each))]
    match decision.verdict:
        case Verdict.ANSWER:
            await show_card(message, decision.topics[0], library, actor, uow, now)
        case Verdict.ASK:
            await show(message, guide_texts.which_one(), guide_keyboards.either(titles))
        case Verdict.ABSTAIN if decision.reason is Reason.NO_CARD and titles:
            text = guide_texts.not_written(titles[0].title)
            await show(message, text, keyboards.home(actor.role))
        case Verdict.ABSTAIN:
            await show(message, texts.not_known(), keyboards.home(actor.role))


@router.message()
async def anything_else(message: Message, actor: Actor, raw_state: str | None) -> None:
    """Stickers, voices, contacts. As with pictures, a question of ours waits on."""
    board = keyboards.open_question() if raw_state else keyboards.home(actor.role)
    await show(message, texts.words_please(), board)
