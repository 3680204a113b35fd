"""Visits: log one by taps, see them, take one back."""

from aiogram import Router

from handlers.visits import _log, _records

router = Router(name="visits")
router.include_routers(_log.router, _records.router)
