"""A browser on the web chat without the browser: its cookie, its token, its queue, over real HTTP.

It behaves as the page does (`bot/channels/webchat/static`): what was not answered is sent again
with the same id, and a refused token is taken anew and the post repeated.
"""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import aiohttp
from yarl import URL

from bot.channels.fallback import to_plain
from bot.channels.webchat.devices import COOKIE

#: A post that any server understands.
HELLO = {"id": "11111111-aaaa", "text": "/menu"}
PATIENCE = aiohttp.ClientTimeout(total=30)


class NoAnswer(Exception):
    """The line broke or nobody is there: the server may have acted, or not."""


@dataclass(frozen=True, slots=True)
class Post:
    """One item of the page's queue."""

    path: str
    body: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True, slots=True)
class Screen:
    """One message from the assistant as a person sees it."""

    id: int
    text: str
    buttons: dict[str, str | None]

    def button(self, words: str) -> str | None:
        """The label that contains `words`, if there is one."""
        return next((label for label in self.buttons if words in label), None)


@dataclass
class Phone:
    """One device. `base` is the server's address without a slash at its end."""

    base: str
    cookie: str | None = None
    csrf: str = ""
    rev: int = 0
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    _http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        jar = aiohttp.CookieJar(unsafe=True)  # servers of tests are IP addresses
        if self.cookie is not None:
            jar.update_cookies({COOKIE: self.cookie}, URL(self.base))
        self._http = aiohttp.ClientSession(cookie_jar=jar, timeout=PATIENCE)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.http.close()

    @property
    def http(self) -> aiohttp.ClientSession:
        """For requests the page itself does not make."""
        assert self._http is not None
        return self._http

    @property
    def token(self) -> str:
        """The cookie as it is now."""
        jar = self.http.cookie_jar.filter_cookies(URL(self.base))
        return jar[COOKIE].value if COOKIE in jar else ""

    @property
    def said(self) -> list[Screen]:
        """What the assistant said, oldest first."""
        out = [r for _, r in sorted(self.rows.items()) if r["dir"] == "out" and not r["deleted"]]
        return [_screen(row) for row in out]

    @property
    def last(self) -> Screen:
        """The newest message of the assistant."""
        return self.said[-1]

    async def opens(self, path: str = "/") -> str:
        """The page's HTML."""
        async with self.http.get(f"{self.base}{path}") as answer:
            assert answer.status == 200
            return await answer.text()

    async def loads(self) -> dict[str, Any]:
        """Open the page's line: the newest messages and the token."""
        status, state = await self.gets("/chat/state")
        assert status == 200, state
        self.csrf, self.rev = state["csrf"], state["rev"]
        self.rows = {row["id"]: row for row in state["messages"]}
        return state

    async def says(self, text: str) -> Screen:
        """Type a line; the newest message after it."""
        return await self._sends("/chat/say", {"text": text})

    async def presses(self, words: str) -> Screen:
        """Press the newest button whose label contains `words`; the newest message after it."""
        return await self.taps(self.press_of(words))

    async def taps(self, post: Post) -> Screen:
        """Send an item of the queue; the newest message after it."""
        status, answer = await self.sends(post)
        assert status == 200, (status, answer)
        return self.last

    def press_of(self, words: str) -> Post:
        """The queue's item for a press."""
        for screen in reversed(self.said):
            if label := screen.button(words):
                body = {"message": screen.id, "data": screen.buttons[label]}
                return Post("/chat/press", body)
        raise AssertionError(f"no button {words!r}; last: {self.last}")

    async def sends(self, post: Post) -> tuple[int, dict[str, Any]]:
        """Send an item as the page does: a token that is refused is taken anew, once."""
        body = {"id": post.id, **post.body}
        status, answer = await self.posts(post.path, body)
        if status == 403 and "csrf" in answer:
            self.csrf = answer["csrf"]
            status, answer = await self.posts(post.path, body)
        if status == 200:
            self.csrf = answer["csrf"]
            self.takes(answer)
        return status, answer

    def takes(self, pushed: dict[str, Any]) -> None:
        """Rows that came by post or by socket; each may come twice."""
        for row in pushed["messages"]:
            self.rows[row["id"]] = row
        self.rev = max(self.rev, pushed["rev"])

    async def posts(self, path: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        """A bare post with the token, exactly once. Raises NoAnswer."""
        sent = {"X-CSRF": self.csrf, "X-Rev": str(self.rev), **headers}
        try:
            async with self.http.post(f"{self.base}{path}", json=body, headers=sent) as answer:
                return answer.status, await answer.json()
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            raise NoAnswer from error

    async def gets(self, path: str) -> tuple[int, dict[str, Any]]:
        """A bare GET of JSON. Raises NoAnswer."""
        try:
            async with self.http.get(f"{self.base}{path}") as answer:
                return answer.status, await answer.json()
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            raise NoAnswer from error

    async def _sends(self, path: str, body: dict[str, Any]) -> Screen:
        return await self.taps(Post(path, body))


def _screen(row: dict[str, Any]) -> Screen:
    buttons = {b["label"]: b.get("data") for line in row["buttons"] for b in line}
    return Screen(row["id"], to_plain(row["html"]), buttons)
