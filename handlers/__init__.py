"""Conversations: one router per feature, in the order they are tried; the fallback comes last."""

from aiogram import Router

from handlers import (
    errors,
    fallback,
    groups,
    guides,
    invitations,
    joining,
    people,
    repetitions,
    reports,
    settings,
    start,
    visits,
)
from handlers.filters import Private
from handlers.presses import AnswerPress
from handlers.steps import EndStep

#: What a person talks about alone with the bot, in the order it is tried.
PRIVATE = (
    repetitions,
    joining,
    people,
    start,
    invitations,
    visits,
    reports,
    settings,
    guides,
    fallback,
)


def routers() -> list[Router]:
    """All routers. In groups only `groups` speaks; everything else is for private talks."""
    private = Router(name="private")
    private.message.filter(Private())
    private.callback_query.filter(Private())
    private.callback_query.outer_middleware(AnswerPress())
    private.callback_query.outer_middleware(EndStep())
    private.message.outer_middleware(EndStep())
    # As in bot/dispatcher.py: modules' routers are shared, not owned.
    private.sub_routers.extend(module.router for module in PRIVATE)
    return [errors.router, groups.router, private]
