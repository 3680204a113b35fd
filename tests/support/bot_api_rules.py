"""What the Bot API accepts and how it words a refusal: tables and pure functions of the fake.

Written by hand from core.telegram.org/bots/api (10.3) and the open server's texts
(tdlib/telegram-bot-api, Client.cpp), never from the libraries that are tested against it.
Stricter than Telegram in one point: an unknown parameter is refused, where Telegram ignores it,
because a parameter that is silently ignored is how a misspelt one goes unnoticed.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_DATA = 64
MAX_CALLBACK_ANSWER = 200
MAX_UPLOAD = 50 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
KEPT_SECONDS = 24 * 60 * 60
MOST_UPDATES = 100


@dataclass
class ApiError(Exception):
    """A refusal as Telegram answers it."""

    code: int
    description: str
    retry_after: int | None = None

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def refuse(reason: str) -> ApiError:
    """The commonest refusal."""
    return ApiError(400, f"Bad Request: {reason}")


# --- Parameters ------------------------------------------------------------------------------

_SEND = (
    "business_connection_id:str chat_id:chat message_thread_id:int direct_messages_topic_id:int"
    " disable_notification:bool protect_content:bool allow_paid_broadcast:bool"
    " message_effect_id:str suggested_post_parameters:json reply_parameters:json"
    " reply_markup:json ephemeral_message_parameters:json"
)
_EDIT = (
    "business_connection_id:str chat_id:chat message_id:int inline_message_id:str reply_markup:json"
)
_SCOPE = "scope:json language_code:str"

_PARAMETERS = {
    "getMe": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:json",
    "setWebhook": (
        "url:str certificate:file ip_address:str max_connections:int allowed_updates:json"
        " drop_pending_updates:bool secret_token:str"
    ),
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "sendMessage": f"{_SEND} text:str parse_mode:str entities:json link_preview_options:json",
    "sendPhoto": (
        f"{_SEND} photo:file caption:str parse_mode:str caption_entities:json"
        " show_caption_above_media:bool has_spoiler:bool"
    ),
    "sendDocument": (
        f"{_SEND} document:file thumbnail:file caption:str parse_mode:str caption_entities:json"
        " disable_content_type_detection:bool"
    ),
    "editMessageText": f"{_EDIT} text:str parse_mode:str entities:json link_preview_options:json",
    "editMessageReplyMarkup": _EDIT,
    "answerCallbackQuery": (
        "callback_query_id:str text:str show_alert:bool url:str cache_time:int"
    ),
    "getFile": "file_id:str",
    "setMyCommands": f"commands:json {_SCOPE}",
    "getMyCommands": _SCOPE,
    "sendChatAction": "business_connection_id:str chat_id:chat message_thread_id:int action:str",
}

#: Method -> parameter -> kind. Names are case-insensitive in the address, as Telegram has it.
METHODS: dict[str, dict[str, str]] = {
    method: dict(parameter.split(":") for parameter in parameters.split())
    for method, parameters in _PARAMETERS.items()
}
_BY_LOWER = {method.lower(): method for method in METHODS}

CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)

#: Update kinds that are delivered unless allowed_updates says otherwise (Bot API, getUpdates).
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


#: Kinds that allowed_updates can ask for.
UPDATE_KINDS = frozenset(
    {
        *("message", "edited_message", "channel_post", "edited_channel_post"),
        *("business_connection", "business_message", "edited_business_message"),
        *("deleted_business_messages", "message_reaction", "message_reaction_count"),
        *("inline_query", "chosen_inline_result", "callback_query", "shipping_query"),
        *("pre_checkout_query", "purchased_paid_media", "poll", "poll_answer"),
        *("my_chat_member", "chat_member", "chat_join_request"),
        *("chat_boost", "removed_chat_boost"),
    }
)


def method_named(name: str) -> str:
    """The method's own spelling."""
    try:
        return _BY_LOWER[name.lower()]
    except KeyError:
        raise ApiError(404, "Not Found: method not found") from None


def read_parameters(method: str, fields: dict[str, str]) -> dict[str, Any]:
    """Form fields as values; files stay as their reference (attach://…, a file_id, a URL)."""
    known = METHODS[method]
    return {name: _value(name, text, known.get(name)) for name, text in fields.items()}


def _value(name: str, text: str, kind: str | None) -> Any:
    if kind is None:
        raise refuse(f'unknown parameter "{name}"')
    if kind == "int":
        if not re.fullmatch(r"-?\d{1,19}", text):
            raise refuse(f'invalid integer value specified for parameter "{name}"')
        return int(text)
    if kind == "bool":
        if text.lower() not in {"true", "false", "1", "0"}:
            raise refuse(f'invalid boolean value specified for parameter "{name}"')
        return text.lower() in {"true", "1"}
    if kind == "chat":
        return int(text) if re.fullmatch(r"-?\d{1,19}", text) else text
    if kind == "json":
        try:
            return json.loads(text)
        except ValueError:
            raise refuse(f"can't parse {name} JSON object") from None
    return text


# --- Text ------------------------------------------------------------------------------------


def utf16(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


_ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
}
# A tag's name is whatever stands before the next space or `>`, as in tdlib's parser.
_TOKEN = re.compile(
    r"(?P<end></(?P<ended>[^\s>]*)\s*>)"
    r"|(?P<start><(?P<started>[^\s>]*)"
    r"(?P<attributes>(?:\s+[^\s=>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?)*\s*)>)"
    r"|(?P<bare><)"
    r"|(?P<entity>&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)"
)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")


def parse_html(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities, or the refusal a mistake in the markup gets."""
    out: list[str] = []
    length = 0
    open_tags: list[tuple[str, int, str | None]] = []
    entities: list[dict[str, Any]] = []

    def say(piece: str) -> None:
        nonlocal length
        out.append(piece)
        length += utf16(piece)

    position = 0
    for token in _TOKEN.finditer(html):
        say(html[position : token.start()])
        position = token.end()
        place = f"at byte offset {len(html[: token.start()].encode())}"
        if token["entity"]:
            say(_character(token["entity"]))
        elif token["bare"]:
            raise _unparsable(f"Unclosed start tag {place}")
        elif token["start"]:
            tag = token["started"].lower()
            if tag not in _ENTITY_OF_TAG:
                raise _unparsable(f'Unsupported start tag "{tag}" {place}')
            open_tags.append((tag, length, _href(token["attributes"])))
        else:
            ended = token["ended"].lower()
            if not open_tags:
                raise _unparsable(f"Unexpected end tag {place}")
            tag, start, href = open_tags.pop()
            if ended not in {"", tag}:
                raise _unparsable(
                    f'Unmatched end tag {place}, expected "</{tag}>", found "</{ended}>"'
                )
            # A link Telegram does not take (tel:, localhost) leaves its words as plain text.
            if length > start and (tag != "a" or (href and is_link(href))):
                entity = {"type": _ENTITY_OF_TAG[tag], "offset": start, "length": length - start}
                entities.append(entity | ({"url": href} if tag == "a" else {}))
    say(html[position:])
    if open_tags:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return _stripped("".join(out), entities)


def _stripped(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Telegram drops white space around a message and moves the entities along."""
    lead = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] - lead + entity["length"], utf16(text))
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _unparsable(reason: str) -> ApiError:
    return refuse(f"can't parse entities: {reason}")


def _character(entity: str) -> str:
    named = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
    if entity in named:
        return named[entity]
    return chr(int(entity[3:-1], 16) if entity[2] == "x" else int(entity[2:-1]))


def _href(attributes: str) -> str | None:
    found = _HREF.search(attributes)
    return next((group for group in found.groups() if group), None) if found else None


def formatted(
    parameters: dict[str, Any], field: str, entities_field: str
) -> tuple[str, list[dict[str, Any]]]:
    """A text or caption with its entities, from either way of giving them."""
    text = str(parameters.get(field, ""))
    mode = parameters.get("parse_mode", "")
    if mode and mode.lower() != "html":
        raise refuse("unsupported parse_mode")
    if mode:
        return parse_html(text)
    return _stripped(text, parameters.get(entities_field, []))


# --- Keyboards -------------------------------------------------------------------------------

_BUTTON_KINDS = {"url", "callback_data", "web_app", "switch_inline_query", "copy_text"}


def inline_keyboard(markup: Any) -> dict[str, Any] | None:
    """The keyboard that stays with the message, checked; None for what is not inline."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise refuse("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise refuse('field "inline_keyboard" must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        _check_button(button)
    filled = [row for row in rows if row]
    return {"inline_keyboard": filled} if filled else None


def _check_button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise refuse("can't parse inline keyboard button: Can't find field \"text\"")
    unknown = button.keys() - _BUTTON_KINDS - {"text", "style", "icon_custom_emoji_id"}
    if unknown:
        raise refuse(f"can't parse inline keyboard button: unknown field {sorted(unknown)}")
    kinds = button.keys() & _BUTTON_KINDS
    if len(kinds) != 1:
        raise refuse(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA:
        raise refuse("BUTTON_DATA_INVALID")
    if "url" in button and not is_link(button["url"]):
        raise refuse(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def is_link(url: str) -> bool:
    """Whether Telegram takes it as a link: not `tel:`, and no host without a dot (localhost)."""
    parts = urlsplit(url if "://" in url or ":" in url else f"http://{url}")
    if parts.scheme == "tg":
        return True
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
