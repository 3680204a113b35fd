"""What Telegram keeps for one bot, and what the Bot API's methods do to it. No HTTP in here."""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.support import bot_api_rules as rules
from tests.support.bot_api_rules import ApiError, refuse

JSON = dict[str, Any]

BOT_ID = 123456789
BOT_USER: JSON = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Trợ lý xã",
    "username": "tro_ly_xa_test_bot",
}


@dataclass(frozen=True)
class Upload:
    """A file part of a request."""

    name: str
    content: bytes
    mime_type: str


@dataclass
class Webhook:
    """How setWebhook left it; an empty `url` means there is none."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: tuple[int, str] | None = None


@dataclass
class Pending:
    """An update nobody has confirmed."""

    at: float
    update: JSON


class Store:
    """Messages, files, pending updates. A public method named as one of the Bot API is that."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.people: dict[int, JSON] = {}
        self.blocked_by: set[int] = set()
        self.messages: dict[tuple[int, int], JSON] = {}
        self.queries: set[str] = set()
        self.pending: deque[Pending] = deque()
        self.webhook = Webhook()
        self.allowed: list[str] | None = None
        self.commands: list[JSON] = []
        self._files: dict[str, tuple[str, Upload]] = {}
        self._last_message = 0

    # --- Updates ---------------------------------------------------------------------------

    def is_wanted(self, kind: str) -> bool:
        """Whether allowed_updates lets it through; kinds of some later Bot API come uninvited."""
        if kind not in rules.UPDATE_KINDS:
            return True
        return kind in self.allowed if self.allowed else kind not in rules.NOT_BY_DEFAULT

    def confirm(self, offset: int) -> None:
        """Forget what lies before the offset; a negative one keeps that many from the end."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        elif offset:
            self.pending = deque(p for p in self.pending if p.update["update_id"] >= offset)

    def unconfirmed(self, limit: int) -> list[JSON]:
        """The oldest updates that Telegram still keeps."""
        oldest = self.now() - rules.KEPT_SECONDS
        self.pending = deque(p for p in self.pending if p.at > oldest)
        return [pending.update for pending in list(self.pending)[:limit]]

    def set_webhook(self, params: JSON, files: dict[str, Upload]) -> bool:
        url = params.get("url", "")
        secret = params.get("secret_token", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise refuse("secret token contains unallowed characters")
        if url and not re.match(r"https?://", url):  # plain HTTP: as with `--local`
            raise refuse("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = Webhook(url, secret, params.get("max_connections", 40))
        self.allowed = params.get("allowed_updates", self.allowed)
        if params.get("drop_pending_updates"):
            self.pending.clear()
        return True

    def delete_webhook(self, params: JSON, files: dict[str, Upload]) -> bool:
        self.webhook = Webhook()
        if params.get("drop_pending_updates"):
            self.pending.clear()
        return True

    def get_webhook_info(self, params: JSON, files: dict[str, Upload]) -> JSON:
        info: JSON = {
            "url": self.webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
        }
        if self.webhook.url:
            info |= {"max_connections": self.webhook.max_connections, "ip_address": "127.0.0.1"}
        if self.webhook.last_error:
            at, reason = self.webhook.last_error
            info |= {"last_error_date": at, "last_error_message": reason}
        return info | ({"allowed_updates": self.allowed} if self.allowed else {})

    # --- Sending ---------------------------------------------------------------------------

    def get_me(self, params: JSON, files: dict[str, Upload]) -> JSON:
        return BOT_USER | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def send_message(self, params: JSON, files: dict[str, Upload]) -> JSON:
        return self._keep(self._message_to(params) | _text_of(params), params)

    def send_photo(self, params: JSON, files: dict[str, Upload]) -> JSON:
        message = self._message_to(params)
        upload = self._file_of("photo", params, files)
        try:
            with Image.open(BytesIO(upload.content)) as image:
                width, height = image.size
        except UnidentifiedImageError:
            raise refuse("IMAGE_PROCESS_FAILED") from None
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise refuse("PHOTO_INVALID_DIMENSIONS")
        message["photo"] = [self.photo_size(upload, width, height)]
        return self._keep(message | _caption_of(params), params)

    def send_document(self, params: JSON, files: dict[str, Upload]) -> JSON:
        message = self._message_to(params)
        upload = self._file_of("document", params, files)
        named = {"file_name": upload.name, "mime_type": upload.mime_type}
        message["document"] = self._stored(upload) | named
        return self._keep(message | _caption_of(params), params)

    def edit_message_text(self, params: JSON, files: dict[str, Upload]) -> JSON:
        old = self._own_message(params)
        if "text" not in old:
            raise refuse("there is no text in the message to edit")
        return self._edited(old, _text_of(params), params)

    def edit_message_reply_markup(self, params: JSON, files: dict[str, Upload]) -> JSON:
        old = self._own_message(params)
        return self._edited(old, {k: v for k, v in old.items() if k in _TEXT_FIELDS}, params)

    def answer_callback_query(self, params: JSON, files: dict[str, Upload]) -> bool:
        if params.get("callback_query_id") not in self.queries:
            raise refuse("query is too old and response timeout expired or query ID is invalid")
        if rules.utf16(params.get("text", "")) > rules.MAX_CALLBACK_ANSWER:
            raise refuse("MESSAGE_TOO_LONG")
        return True

    def get_file(self, params: JSON, files: dict[str, Upload]) -> JSON:
        try:
            path, upload = self._files[params.get("file_id", "")]
        except KeyError:
            raise refuse("invalid file_id") from None
        if len(upload.content) > rules.MAX_DOWNLOAD:
            raise refuse("file is too big")
        return self._stored(upload) | {"file_path": path}

    def set_my_commands(self, params: JSON, files: dict[str, Upload]) -> bool:
        commands: list[JSON] = params.get("commands", [])
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
                raise refuse("BOT_COMMAND_INVALID")
            if not 1 <= rules.utf16(command.get("description", "")) <= 256:
                raise refuse("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = commands
        return True

    def get_my_commands(self, params: JSON, files: dict[str, Upload]) -> list[JSON]:
        return self.commands

    def send_chat_action(self, params: JSON, files: dict[str, Upload]) -> bool:
        self._reachable(params)
        if params.get("action") not in rules.CHAT_ACTIONS:
            raise refuse("wrong parameter action in request")
        return True

    # --- People, messages, files -----------------------------------------------------------

    def meet(self, chat: int, name: str) -> None:
        """This person has pressed Start at some time: the bot may write to them."""
        person = {"id": chat, "is_bot": False, "first_name": name, "language_code": "vi"}
        self.people.setdefault(chat, person)

    def chat(self, chat: int) -> JSON:
        """The private chat with a person."""
        return {"id": chat, "first_name": self.people[chat]["first_name"], "type": "private"}

    def new_message(self, chat: int, sender: JSON, **content: Any) -> JSON:
        """A message that is in the chat from now on."""
        self._last_message += 1
        message = {
            "message_id": self._last_message,
            "from": sender,
            "chat": self.chat(chat),
            "date": int(self.now()),
            **content,
        }
        self.messages[chat, self._last_message] = message
        return message

    def photo_size(self, upload: Upload, width: int, height: int) -> JSON:
        """One size of a photo."""
        return self._stored(upload) | {"width": width, "height": height}

    def download(self, path: str) -> bytes | None:
        """The bytes behind a file_path."""
        return next((kept.content for at, kept in self._files.values() if at == path), None)

    def _reachable(self, params: JSON) -> int:
        chat = params.get("chat_id")
        if chat is None:
            raise refuse("chat_id is empty")
        if not isinstance(chat, int) or chat not in self.people:
            raise refuse("chat not found")
        if chat in self.blocked_by:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _message_to(self, params: JSON) -> JSON:
        """The message without content; it enters the chat by `_keep`, when all is checked."""
        chat = self._reachable(params)
        message: JSON = {"from": BOT_USER, "chat": self.chat(chat), "date": int(self.now())}
        if reply := params.get("reply_parameters"):
            quoted = self.messages.get((chat, reply["message_id"]))
            if quoted:
                message["reply_to_message"] = quoted
            elif not reply.get("allow_sending_without_reply"):
                raise refuse("message to be replied not found")
        if params.get("protect_content"):
            message["has_protected_content"] = True
        return message

    def _keep(self, message: JSON, params: JSON) -> JSON:
        keyboard = rules.inline_keyboard(params.get("reply_markup"))
        self._last_message += 1
        message = {"message_id": self._last_message, **message, **_markup(keyboard)}
        self.messages[message["chat"]["id"], self._last_message] = message
        return message

    def _own_message(self, params: JSON) -> JSON:
        if "message_id" not in params:
            raise refuse("message identifier is not specified")
        chat = self._reachable(params)
        message = self.messages.get((chat, params["message_id"]))
        if message is None:
            raise refuse("message to edit not found")
        if message["from"]["id"] != BOT_ID:
            raise refuse("message can't be edited")
        return message

    def _edited(self, old: JSON, text: JSON, params: JSON) -> JSON:
        changing = {*_TEXT_FIELDS, "reply_markup", "edit_date"}
        kept = {key: value for key, value in old.items() if key not in changing}
        new = kept | text | _markup(rules.inline_keyboard(params.get("reply_markup")))
        if new == {key: value for key, value in old.items() if key != "edit_date"}:
            raise refuse(
                "message is not modified: specified new message content and reply markup are"
                " exactly the same as a current content and reply markup of the message"
            )
        new["edit_date"] = int(self.now())
        self.messages[new["chat"]["id"], new["message_id"]] = new
        return new

    def _file_of(self, name: str, params: JSON, files: dict[str, Upload]) -> Upload:
        reference = params.get(name, "")
        if reference in self._files:
            return self._files[reference][1]
        # A part is named after the parameter, or the parameter points at it by attach://.
        upload = files.get(reference.removeprefix("attach://") or name)
        if upload is None:
            wrong = "wrong file identifier/HTTP URL specified"
            raise refuse(wrong if reference else f"there is no {name} in the request")
        if not upload.content:
            raise refuse("file must be non-empty")
        if len(upload.content) > rules.MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        return upload

    def _stored(self, upload: Upload) -> JSON:
        known = [file_id for file_id, (_, kept) in self._files.items() if kept is upload]
        if not known:
            number = len(self._files) + 1
            known = [f"BQACAgUAAxkBAAIB{number:06d}"]
            self._files[known[0]] = (f"documents/file_{number}", upload)
        return {
            "file_id": known[0],
            "file_unique_id": f"AgAD{known[0][-6:]}",
            "file_size": len(upload.content),
        }


_TEXT_FIELDS = {"text", "entities", "link_preview_options"}


def _markup(keyboard: JSON | None) -> JSON:
    return {"reply_markup": keyboard} if keyboard else {}


def _text_of(params: JSON) -> JSON:
    text, entities = rules.formatted(params, "text", "entities")
    if not text:
        raise refuse("message text is empty")
    if rules.utf16(text) > rules.MAX_TEXT:
        raise refuse("message is too long")
    optional = {"entities": entities, "link_preview_options": params.get("link_preview_options")}
    return {"text": text} | {key: value for key, value in optional.items() if value}


def _caption_of(params: JSON) -> JSON:
    caption, entities = rules.formatted(params, "caption", "caption_entities")
    if rules.utf16(caption) > rules.MAX_CAPTION:
        raise refuse("message caption is too long")
    optional = {"caption": caption, "caption_entities": entities}
    return {key: value for key, value in optional.items() if value}
