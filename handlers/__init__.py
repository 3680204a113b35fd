"""Conversations: one router per feature, in the order they are tried; the fallback comes last."""

from aiogram import Router
from aiogram.utils.callback_answer import CallbackAnswerMiddleware

from handlers import (
    errors,
    fallback,
    groups,
    guides,
    invitations,
    people,
    reports,
    settings,
    start,
    visits,
)
from handlers.filters import Private

#: What a person talks about alone with the bot, in the order it is tried.
PRIVATE = (people, start, invitations, visits, reports, settings, guides, fallback)


def routers() -> list[Router]:
    """All routers. In groups only `groups` speaks; everything else is for private talks."""
    private = Router(name="private")
    private.message.filter(Private())
    private.callback_query.filter(Private())
    private.callback_query.outer_middleware(CallbackAnswerMiddleware())
    # As in bot/dispatcher.py: modules' routers are shared, not owned.
    private.sub_routers.extend(module.router for module in PRIVATE)
    return [errors.router, groups.router, private]
