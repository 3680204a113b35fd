"""The page itself, its files, QR pictures, and how rows look as JSON."""

import hashlib
import io
import math
import re
from collections.abc import Awaitable, Callable
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
from aiohttp import web
from jinja2 import Environment, select_autoescape
from pydantic import ValidationError

from bot.channels.webchat.devices import Devices, Revoked, set_cookie
from content.i18n import speaking
from content.texts import errors as error_texts
from content.texts import start as start_texts
from content.texts import webchat as texts
from domain.errors import StorageBusy
from domain.messages import ChatMessage, Direction

_STATIC = resources.files("bot.channels.webchat") / "static"
CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def message_json(row: ChatMessage) -> dict[str, Any]:
    """One bubble for the page; what a person typed is escaped here."""
    html = escape(row.text, quote=False) if row.direction is Direction.IN else row.text
    return {
        "id": row.id,
        "rev": row.rev,
        "dir": row.direction.value,
        "html": html,
        "at": row.at.isoformat(),
        "edited": row.edited_at is not None,
        "deleted": row.deleted,
        "client_id": row.client_id,
        "buttons": [
            [
                {"label": b.label, "data": b.data} if b.data else {"label": b.label, "url": b.url}
                for b in line
            ]
            for line in row.buttons
        ],
    }


def refusal(
    status: int, sentence: Callable[[], str], retry_after: float | None = None
) -> web.Response:
    """A sentence for the page, in Vietnamese, with the status a program understands."""
    with speaking("vi"):
        body: dict[str, Any] = {"error": sentence()}
    headers = {}
    if retry_after is not None:
        body["retry_after"] = math.ceil(retry_after * 10) / 10  # never 0: that would mean "now"
        headers["Retry-After"] = str(max(1, round(retry_after)))
    return web.json_response(body, status=status, headers=headers)


@web.middleware
async def busy_is_503(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A database that is locked or away is told in a sentence; the page keeps what it sent."""
    try:
        return await handler(request)
    except StorageBusy:
        answer = refusal(503, error_texts.storage_busy)
    if request.path.startswith("/chat/"):
        return answer
    with speaking("vi"):
        return web.Response(text=error_texts.storage_busy(), status=503)


_CURSOR = re.compile(r"[0-9]{1,18}")


def cursor(text: str) -> int:
    """A row's or revision's number as a page sends it; 0 for anything else."""
    return int(text) if _CURSOR.fullmatch(text) else 0


def sentence_for(error: Exception) -> Callable[[], str]:
    """Which sentence tells what was wrong with a post."""
    if isinstance(error, ValidationError) and any(
        problem["type"] == "string_too_long" for problem in error.errors()
    ):
        return error_texts.too_long
    return error_texts.not_understood


def same_origin(request: web.Request, public_url: str) -> bool:
    """Browsers name the page a socket is opened from; only ours may."""
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    return origin != "" and origin in {request.host, urlsplit(public_url).netloc}


def page_routes(
    devices: Devices, name_of: Callable[[str], Awaitable[str | None]], *, secure: bool
) -> list[web.RouteDef]:
    """The page under all addresses that lead into it, and what it loads.

    `name_of` tells what a commune is called; the page of an unknown one has the general title.
    """
    jinja = Environment(autoescape=select_autoescape(["html"]))
    template = jinja.from_string((_STATIC / "chat.html").read_text(encoding="utf-8"))

    # Read once: what is served is what was there at start-up, and a name can lead nowhere else.
    files = {
        entry.name: (entry.read_bytes(), _TYPES[Path(entry.name).suffix])
        for entry in _STATIC.iterdir()
        if Path(entry.name).suffix in _TYPES
    }

    # The address changes with the content: modules of two releases never mix in a browser.
    digest = hashlib.sha256(b"".join(body for _, (body, _) in sorted(files.items()))).hexdigest()
    folder = f"/chat/static/{digest[:12]}"

    async def page(request: web.Request) -> web.Response:
        try:
            device = await devices.of(request)
        except Revoked:
            device = None  # the page asks for its state, is told, and gets a new cookie there
        commune = await name_of(request.match_info.get("commune", ""))
        with speaking("vi"):
            body = template.render(
                lang="vi",
                title=start_texts.title(commune),
                texts=texts.page_texts(),
                start=start_payload(request),
                static=folder,
            )
        response = web.Response(text=body, content_type="text/html")
        response.headers["Content-Security-Policy"] = CSP
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if device is not None:
            set_cookie(request, response, device, secure=secure)
        return response

    async def static(request: web.Request) -> web.Response:
        body, content_type = files[request.match_info["name"]]
        response = web.Response(body=body, content_type=content_type, charset="utf-8")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.enable_compression()
        return response

    return [
        web.get("/", page),
        web.get(r"/c/{commune:[a-z0-9-]+}", page),
        web.get(r"/c/{commune:[a-z0-9-]+}/{hamlet:[a-z0-9-]+}", page),
        web.get(r"/i/{code:[0-9A-Za-z]+}", page),
        web.get(r"/l/{code:[0-9A-Za-z]+}", page),
        web.get(f"{folder}/{{name:{'|'.join(map(re.escape, files))}}}", static),
    ]


def start_payload(request: web.Request) -> str:
    """What a link carries into the conversation; it does nothing until a button is pressed."""
    found = request.match_info
    if "commune" in found:
        return "--".join(filter(None, (f"c-{found['commune']}", found.get("hamlet"))))
    if "code" in found:
        return f"{request.path[1]}-{found['code'].upper()}"
    return ""


def qr_routes(public_url: str) -> list[web.RouteDef]:
    """QR pictures of our own public addresses, and of nothing else."""

    async def qr(request: web.Request) -> web.Response:
        path, kind = request.match_info["path"], request.match_info["kind"]
        picture = io.BytesIO()
        segno.make(f"{public_url}/{path}", error="m").save(picture, kind=kind, scale=8, border=4)
        content_type = "image/svg+xml" if kind == "svg" else "image/png"
        return web.Response(body=picture.getvalue(), content_type=content_type)

    return [web.get(r"/qr/{path:(?:c|i|l)/[0-9A-Za-z/-]{1,80}}.{kind:svg|png}", qr)]
