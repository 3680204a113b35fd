"""A Bot API over real HTTP on loopback: strict, with Telegram's memory, and it misbehaves on
request. Both aiogram and python-telegram-bot talk to it.

    async with BotApiServer() as server:
        ...  # TELEGRAM_API_URL=server.url, TELEGRAM_TOKEN=server.token
        await server.user_says(LAN, "/start")
        [call] = await server.heard("sendMessage")
        assert call.params["text"] == "Chào bà con"
"""

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from mimetypes import guess_type
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.support import bot_api_rules as rules
from tests.support.bot_api_rules import ApiError
from tests.support.bot_api_store import BOT_ID, BOT_USER, JSON, Pending, Store, Upload

TOKEN = f"{BOT_ID}:AAE-made-up-token-for-tests-only_0000"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
HEARD_WITHIN = 10.0
AS_SET = "the secret that setWebhook gave"


@dataclass
class Call:
    """One request of a client and what it was answered."""

    method: str
    params: JSON
    files: dict[str, Upload]
    client: str
    status: int | None = None
    """None while it is under way; 0 when the connection was cut."""
    answer: JSON | None = None

    @property
    def result(self) -> Any:
        """What the client got; fails for a refused call."""
        assert self.answer is not None, f"{self.method} got no answer"
        assert self.answer["ok"], self.answer
        return self.answer["result"]


@dataclass
class Delivery:
    """One POST to the webhook and the bot's answer; status 0 when the bot was not there."""

    update_id: int | None
    status: int
    headers: dict[str, str]


@dataclass
class _Trouble:
    method: str | None
    error: ApiError | None = None
    page: tuple[int, bytes] | None = None
    cut: str = ""  # "before" or "after" acting


class BotApiServer:
    """Telegram for one bot, and the people who talk to it."""

    def __init__(
        self, token: str = TOKEN, port: int = 0, clock: Callable[[], float] = time.time
    ) -> None:
        self.token = token
        self.port = port
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.updates: list[JSON] = []
        """Every update that ever came to be, for reading back."""
        self.store = Store(lambda: clock() + self._ahead)
        self._ahead = 0.0
        self._troubles: list[_Trouble] = []
        self._next_update = 870_000_001
        self._poller = 0
        self._closing = False
        self._delivering: set[int] = set()
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None

    # --- Being there -----------------------------------------------------------------------

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is set to."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_dark()
        if self._http:
            await self._http.close()

    async def come_back(self) -> None:
        """Listen, on the same port as before."""
        self._closing = False
        app = web.Application(client_max_size=rules.MAX_UPLOAD + 1024 * 1024)
        app.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._on_call),
                web.get("/file/bot{token}/{path:.+}", self._on_download),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def go_dark(self) -> None:
        """Be unreachable: open connections end, new ones are refused."""
        self._closing = True
        await self._tell()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    # --- Misbehaving -----------------------------------------------------------------------

    def will_refuse(
        self,
        method: str | None,
        code: int,
        description: str = "Internal Server Error",
        *,
        retry_after: int | None = None,
        times: int = 1,
    ) -> None:
        """The next calls of the method (None: of any) get this error, without any effect."""
        if retry_after is not None:
            description = f"Too Many Requests: retry after {retry_after}"
        error = ApiError(code, description, retry_after)
        self._troubles += [_Trouble(method, error=error)] * times

    def will_show_page(self, method: str | None, page: bytes, status: int = 200) -> None:
        """The next call gets this page instead, as a carrier that blocks may answer."""
        self._troubles.append(_Trouble(method, page=(status, page)))

    def will_cut(self, method: str | None, *, after_acting: bool, times: int = 1) -> None:
        """The next calls lose their connection; `after_acting`: Telegram had already done it."""
        self._troubles += [_Trouble(method, cut="after" if after_acting else "before")] * times

    def forward(self, seconds: float) -> None:
        """Let time pass on Telegram's side."""
        self._ahead += seconds

    async def repeat(self, update_id: int, *, secret: str | None = AS_SET) -> None:
        """Deliver an update once more, as Telegram does when a confirmation got lost."""
        [update] = [update for update in self.updates if update["update_id"] == update_id]
        await self._hand_over(update, secret)

    # --- What was heard --------------------------------------------------------------------

    async def heard(self, method: str, count: int = 1) -> list[Call]:
        """The calls of a method, as soon as `count` of them are over."""
        await self.until(lambda: len(self.over(method)) >= count, f"{count} x {method}")
        return self.over(method)

    def over(self, method: str) -> list[Call]:
        """The calls of a method that were answered or cut."""
        return [c for c in self.calls if c.method == method and c.status is not None]

    async def until(self, condition: Callable[[], bool], what: str = "what was awaited") -> None:
        """Wait for something on this server to become true."""
        try:
            async with asyncio.timeout(HEARD_WITHIN), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            said = "\n".join(f"{c.method} {c.params} -> {c.status}" for c in self.calls[-9:])
            raise AssertionError(f"never came: {what}; last calls:\n{said}") from None

    # --- People ----------------------------------------------------------------------------

    def knows(self, chat: int, name: str = "Lan") -> None:
        """This person has pressed Start at some time: the bot may write to them."""
        self.store.meet(chat, name)

    async def user_says(self, chat: int, text: str, *, secret: str | None = AS_SET) -> int:
        """A text message; the id of its update."""
        content: JSON = {"text": text}
        if command := re.match(r"/[a-z0-9_]{1,32}", text):
            content["entities"] = [
                {"type": "bot_command", "offset": 0, "length": command.end()},
            ]
        return await self._sends(chat, content, secret)

    async def user_sends_photo(
        self, chat: int, content: bytes, caption: str = "", *, secret: str | None = AS_SET
    ) -> int:
        """A photo, in two sizes as phones send it; `content` is the larger one."""
        small = Upload("thumb.jpg", content[: len(content) // 2], "image/jpeg")
        large = Upload("photo.jpg", content, "image/jpeg")
        sizes = [self.store.photo_size(small, 90, 60), self.store.photo_size(large, 1280, 853)]
        message: JSON = {"photo": sizes}
        return await self._sends(chat, message | ({"caption": caption} if caption else {}), secret)

    async def user_presses(
        self, chat: int, data: str, *, message_id: int | None = None, secret: str | None = AS_SET
    ) -> int:
        """The newest button with this callback data (or the given message's)."""
        shown = {
            number: [
                button.get("callback_data")
                for row in message.get("reply_markup", {}).get("inline_keyboard", [])
                for button in row
            ]
            for (where, number), message in self.store.messages.items()
            if where == chat and message_id in {None, number}
        }
        having = [number for number, buttons in shown.items() if data in buttons]
        assert having, f"no button {data!r} in chat {chat}, only {shown}"
        query: JSON = {
            "id": str(4_000_000_000 + len(self.store.queries)),
            "from": self.store.people[chat],
            "message": self.store.messages[chat, max(having)],
            "chat_instance": str(-chat),
            "data": data,
        }
        self.store.queries.add(query["id"])
        return await self.happens("callback_query", query, secret=secret)

    async def user_blocks(self, chat: int) -> int:
        """The person blocks the bot: it may not write any more."""
        self.knows(chat)
        self.store.blocked_by.add(chat)
        change = {
            "chat": self.store.chat(chat),
            "from": self.store.people[chat],
            "date": int(self.store.now()),
            "old_chat_member": {"user": BOT_USER, "status": "member"},
            "new_chat_member": {"user": BOT_USER, "status": "kicked", "until_date": 0},
        }
        return await self.happens("my_chat_member", change)

    async def happens(self, kind: str, event: JSON, *, secret: str | None = AS_SET) -> int:
        """An update of any kind, if allowed_updates lets it through."""
        update_id = self._next_update
        self._next_update += 1
        update: JSON = {"update_id": update_id, kind: event}
        if self.store.is_wanted(kind):
            self.updates.append(update)
            await self._hand_over(update, secret)
        return update_id

    async def _sends(self, chat: int, content: JSON, secret: str | None) -> int:
        self.knows(chat)
        message = self.store.new_message(chat, self.store.people[chat], **content)
        return await self.happens("message", message, secret=secret)

    # --- Delivering ------------------------------------------------------------------------

    async def _hand_over(self, update: JSON, secret: str | None) -> None:
        """Keep it for getUpdates, or try the webhook once at once; `deliver` tries again."""
        self.store.pending.append(Pending(self.store.now(), update))
        await self._tell()
        if self.store.webhook.url:
            await self.deliver(secret=secret)

    async def deliver(self, *, secret: str | None = AS_SET) -> list[int]:
        """One attempt at what is pending; the statuses. Chat by chat, as Telegram: what comes
        after a failure waits, and nothing is sent twice at the same time."""
        statuses: list[int] = []
        chats = {_chat_of(pending.update) for pending in self.store.pending} - self._delivering
        self._delivering |= chats
        try:
            async with asyncio.TaskGroup() as group:
                for chat in chats:
                    group.create_task(self._deliver_to(chat, secret, statuses))
        finally:
            self._delivering -= chats
        await self._tell()
        return statuses

    async def all_confirmed(self) -> None:
        """Wait until nothing is pending, trying the webhook again as Telegram does."""
        if self.store.webhook.url:
            async with asyncio.timeout(HEARD_WITHIN):
                while self.store.pending:
                    await self.deliver()
                    await asyncio.sleep(0.01)
        await self.until(lambda: not self.store.pending, "every update confirmed")

    async def _deliver_to(self, chat: int, secret: str | None, statuses: list[int]) -> None:
        while waiting := [p for p in self.store.pending if _chat_of(p.update) == chat]:
            delivery = await self.post(waiting[0].update, secret=secret)
            statuses.append(delivery.status)
            if not 200 <= delivery.status <= 299:
                reason = f"Wrong response from the webhook: {delivery.status}"
                self.store.webhook.last_error = (int(self.store.now()), reason)
                return
            if waiting[0] in self.store.pending:
                self.store.pending.remove(waiting[0])
            await self._tell()

    async def post(self, body: JSON | bytes, *, secret: str | None = AS_SET) -> Delivery:
        """POST to the webhook as Telegram, or as somebody who pretends to be."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers[SECRET_HEADER] = self.store.webhook.secret if secret == AS_SET else secret
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        update_id = body["update_id"] if isinstance(body, dict) and "update_id" in body else None
        try:
            async with self._http.post(
                self.store.webhook.url, data=BytesIO(raw), headers=headers
            ) as response:
                delivery = Delivery(update_id, response.status, dict(response.headers))
        except aiohttp.ClientError:
            delivery = Delivery(update_id, 0, {})
        self.deliveries.append(delivery)
        return delivery

    # --- HTTP ------------------------------------------------------------------------------

    async def _on_call(self, request: web.Request) -> web.StreamResponse:
        fields, files = await _form(request)
        client = request.headers.get("User-Agent", "")
        call = Call(request.match_info["method"], {}, files, client)
        self.calls.append(call)
        trouble = self._trouble_for(call.method) or _Trouble(None)
        try:
            if trouble.cut == "before":
                return _cut(request, call)
            if trouble.page:
                call.status, page = trouble.page
                return web.Response(body=page, status=call.status, content_type="text/html")
            status, answer = await self._answer(request, call, fields, trouble.error)
            if trouble.cut == "after":
                return _cut(request, call)
            call.status, call.answer = status, answer
            return web.json_response(answer, status=status)
        finally:
            await self._tell()

    async def _answer(
        self, request: web.Request, call: Call, fields: dict[str, str], error: ApiError | None
    ) -> tuple[int, JSON]:
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            call.method = rules.method_named(call.method)
            call.params = rules.read_parameters(call.method, fields)
            if error:
                raise error
            if call.method == "getUpdates":
                result = await self._get_updates(call.params)
            else:
                result = getattr(self.store, _snake(call.method))(call.params, call.files)
        except ApiError as refusal:
            return refusal.code, refusal.body()
        return 200, {"ok": True, "result": result}

    async def _get_updates(self, params: JSON) -> list[JSON]:
        if self.store.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        self.store.allowed = params.get("allowed_updates", self.store.allowed)
        self.store.confirm(params.get("offset", 0))
        self._poller += 1
        me = self._poller
        await self._tell()  # an older poll ends now
        try:
            async with asyncio.timeout(params.get("timeout", 0)), self._changed:
                await self._changed.wait_for(
                    lambda: self.store.pending or self._closing or me != self._poller
                )
        except TimeoutError:
            pass
        if me != self._poller:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request;"
                " make sure that only one bot instance is running",
            )
        if self._closing:
            raise ApiError(502, "Bad Gateway")
        limit = params.get("limit", rules.MOST_UPDATES)
        return self.store.unconfirmed(min(max(limit, 1), rules.MOST_UPDATES))

    async def _on_download(self, request: web.Request) -> web.Response:
        content = self.store.download(request.match_info["path"])
        if request.match_info["token"] != self.token:
            return web.json_response(ApiError(401, "Unauthorized").body(), status=401)
        if content is None:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=content, content_type="application/octet-stream")

    def _trouble_for(self, method: str) -> _Trouble | None:
        for place, trouble in enumerate(self._troubles):
            if trouble.method is None or trouble.method.lower() == method.lower():
                return self._troubles.pop(place)
        return None

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


async def _form(request: web.Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """Parameters from wherever a client puts them: address, form, multipart or JSON."""
    fields = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        for name, value in (await request.json()).items():
            fields[name] = value if isinstance(value, str) else json.dumps(value)
        return fields, files
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            mime_type = guess_type(part.filename)[0] or "application/octet-stream"
            files[name] = Upload(part.filename, part.file.read(), mime_type)
        else:
            fields[name] = part if isinstance(part, str) else bytes(part).decode()
    return fields, files


def _cut(request: web.Request, call: Call) -> web.Response:
    """End the connection without a word of answer."""
    call.status = 0
    if request.transport:
        request.transport.abort()
    return web.Response()


def _chat_of(update: JSON) -> int:
    """Whose queue an update stands in: the chat's, or the person's."""
    [event] = [value for key, value in update.items() if key != "update_id"]
    chat = event.get("chat") or event.get("message", {}).get("chat") or event.get("from") or {}
    return chat["id"] if isinstance(chat.get("id"), int) else 0


def _snake(method: str) -> str:
    return re.sub(r"(?<!^)[A-Z]", lambda capital: f"_{capital[0].lower()}", method)
