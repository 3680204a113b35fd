"""The whole program behind Telegram, over real HTTP: a visit is logged, once, whatever repeats."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiogram.client.session.aiohttp import AiohttpSession
from aiohttp import web

from bot.app import App, build_app
from bot.channels.telegram import Telegram
from bot.config import Settings
from domain.messages import Direction
from domain.people import Account
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.support.bot_api_server import TOKEN, BotApiServer
from tests.support.commune import Cast, found_commune
from tests.support.second_reader import read_back
from tests.support.talk import SECRET, FakeClock
from tests.support.telegram_door import Mode, until

CHAT = 4711


@dataclass
class Program:
    app: App
    telegram: BotApiServer
    cast: Cast

    async def hears(self, words: str) -> Any:
        """The newest message with these words that Telegram was asked to send."""

        def found() -> list[Any]:
            sent = self.telegram.over("sendMessage")
            return [call for call in sent if words in call.params.get("text", "")]

        await self.telegram.until(lambda: bool(found()), words)
        return found()[-1]

    async def presses(self, words: str, label: str) -> None:
        """Press a button of the newest message with these words."""
        message = (await self.hears(words)).result
        data = next(
            button["callback_data"]
            for row in message["reply_markup"]["inline_keyboard"]
            for button in row
            if label in button["text"]
        )
        await self.telegram.user_presses(CHAT, data, message_id=message["message_id"])


@asynccontextmanager
async def program(mode: Mode, folder: Path, url: str) -> AsyncIterator[Program]:
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with BotApiServer() as server, asyncio.TaskGroup() as group:
        settings = Settings(
            _env_file=None,
            data_dir=folder,
            database_url=url,
            secret_key=SECRET,
            public_url=address,
            telegram_token=TOKEN,
            telegram_mode=mode,
            telegram_webhook_secret="webhook-secret_0",
            telegram_api_url=server.url,
        )
        app = build_app(settings, Database.open(settings.database_url), clock=FakeClock())
        cast = await found_commune(app.db)
        async with UnitOfWork(app.db) as uow:
            await uow.accounts.put(Account("telegram", CHAT, person_id=cast.people["member"]))
            await uow.commit()
        runner = web.AppRunner(app.web_app(), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        door = next(channel for channel in app.channels if isinstance(channel, Telegram))
        running = group.create_task(door.run(app.feed))
        try:
            await until(lambda: door.state.status == "ok")
            server.knows(CHAT)
            yield Program(app, server, cast)
        finally:
            running.cancel()
            await asyncio.wait({running})
            await runner.cleanup()
            assert isinstance(door.bot.session, AiohttpSession)
            await (await door.bot.session.create_session()).close()
            await app.db.dispose()
        assert read_back(server) > 0


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_visit_is_logged_over_telegram(mode: Mode, tmp_path: Path, sqlite_url: str) -> None:
    async with program(mode, tmp_path, sqlite_url) as lan:
        await lan.telegram.user_says(CHAT, "/ghi")
        await lan.presses("Đã giúp bà con việc gì", "VNeID")
        await lan.telegram.until(
            lambda: bool(lan.telegram.over("editMessageReplyMarkup")), "the tick"
        )
        await lan.presses("Đã giúp bà con việc gì", "Xong, tiếp")
        await lan.presses("Kết quả thế nào", "Xong")
        await lan.presses("Xem lại rồi bấm Lưu", "Lưu")
        await lan.hears("Đã ghi <b>LT-26-00001</b>")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_an_update_delivered_twice_has_one_effect(
    mode: Mode, tmp_path: Path, sqlite_url: str
) -> None:
    async with program(mode, tmp_path, sqlite_url) as lan:
        update_id = await lan.telegram.user_says(CHAT, "/menu")
        await lan.hears("Hôm nay làm việc gì")
        await lan.telegram.repeat(update_id)
        await lan.telegram.user_says(CHAT, "/luot")
        await lan.hears("chưa ghi lượt nào")
        said = [c for c in lan.telegram.over("sendMessage") if "Hôm nay" in c.params["text"]]
        assert len(said) == 1


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_question_is_answered_over_telegram(
    mode: Mode, tmp_path: Path, sqlite_url: str
) -> None:
    async with program(mode, tmp_path, sqlite_url) as lan:
        await lan.telegram.user_says(CHAT, "làm vneid mức 2 ở đâu")
        await lan.hears("Đăng ký tài khoản định danh điện tử mức 2")
        await lan.telegram.user_sends_photo(CHAT, b"jpeg")
        await lan.hears("Đừng gửi ảnh căn cước")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_typed_choice_is_as_good_as_a_press(
    mode: Mode, tmp_path: Path, sqlite_url: str
) -> None:
    """Telegram knows neither our number of the menu nor a press that was typed."""
    async with program(mode, tmp_path, sqlite_url) as lan:
        async with UnitOfWork(lan.app.db) as uow:  # other chats have rows too
            for _ in range(7):
                await uow.messages.append(99, Direction.OUT, "x", lan.app.clock())
            await uow.commit()
        await lan.telegram.user_says(CHAT, "/ghi")
        await lan.hears("Đã giúp bà con việc gì")
        await lan.telegram.user_says(CHAT, "Xong, tiếp")
        await lan.hears("Anh/chị chưa chọn việc nào")
        await lan.telegram.user_says(CHAT, "/ghi")
        await lan.telegram.heard("sendMessage", 3)
        await lan.telegram.user_says(CHAT, "1")
        _, _, _, ticked = await lan.telegram.heard("sendMessage", 4)
        assert "Đã giúp bà con việc gì" in ticked.params["text"]
        assert "☑" in str(ticked.params["reply_markup"])
        assert not lan.telegram.over("answerCallbackQuery")


@pytest.mark.parametrize("after_acting", [False, True], ids=["lost", "perhaps lost"])
async def test_a_reply_cut_by_the_network_is_said_again(
    tmp_path: Path, sqlite_url: str, *, after_acting: bool
) -> None:
    async with program("polling", tmp_path, sqlite_url) as lan:
        lan.telegram.will_cut("sendMessage", after_acting=after_acting)
        await lan.telegram.user_says(CHAT, "/menu")
        cut, said = await lan.telegram.heard("sendMessage", 2)
        assert (cut.status, said.status) == (0, 200)
        assert "Hôm nay làm việc gì" in said.params["text"]


async def test_a_stranger_is_a_resident(tmp_path: Path, sqlite_url: str) -> None:
    async with program("polling", tmp_path, sqlite_url) as lan:
        async with UnitOfWork(lan.app.db) as uow:
            account = await uow.accounts.of_chat(CHAT)
            assert account is not None
            await uow.accounts.put(replace(account, person_id=None))
            await uow.commit()
        await lan.telegram.user_says(CHAT, "/ghi")
        await lan.hears("chưa được giao việc này")
