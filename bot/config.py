"""Settings of the process: read once from the environment and `.env`, then passed down.

A field's description ends the sentence "NAME must be …", which is what an operator reads when a
value is wrong.
"""

import re
import secrets
import tempfile
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_KEY_LENGTH = 32

# What operators copy from a hosting panel, and the driver that speaks it asynchronously.
DRIVERS = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}


class ConfigError(Exception):
    """A setting is wrong. The message is one line: which setting, what is wrong, what to do."""


def _address(*schemes: str) -> AfterValidator:
    """Empty, or a URL with one of these schemes and a host; a slash at the end is dropped."""

    def check(value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in schemes or not parts.hostname):
            raise ValueError
        return value.rstrip("/")

    return AfterValidator(check)


def _network(value: str) -> str:
    return str(ip_network(value, strict=False)) if value else ""


def _secret(pattern: str) -> AfterValidator:
    """Empty, or a secret of this shape."""

    def check(value: SecretStr) -> SecretStr:
        if value and not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError
        return value

    return AfterValidator(check)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",  # .env may hold variables of other programs
        env_ignore_empty=True,  # a name left empty in .env means its default
        str_strip_whitespace=True,
        validate_default=True,
    )

    data_dir: Path = Field(Path("data"), description="a folder that the program may write to")
    database_url: str = Field(
        "",
        repr=False,  # it may hold a password
        description="postgresql://user:password@host/name, or empty for a file in DATA_DIR",
    )
    secret_key: Annotated[SecretStr, _secret(f".{{{SECRET_KEY_LENGTH},}}")] = Field(
        SecretStr(""),
        description=f"{SECRET_KEY_LENGTH} random characters or more, or empty to have them made"
        " and kept in DATA_DIR",
    )

    web_host: str = Field("127.0.0.1", description="the address to listen on")
    web_port: int = Field(8080, ge=1, le=65535, description="a port number from 1 to 65535")
    public_url: Annotated[str, _address("https", "http")] = Field(
        "", description="the address that people open, starting with https:// or http://"
    )
    trusted_proxy: Annotated[str, AfterValidator(_network)] = Field(
        "",
        description="the IP address or network of your reverse proxy, such as 127.0.0.1 or"
        " 172.16.0.0/12, or empty",
    )

    telegram_token: Annotated[SecretStr, _secret(r"\d+:[\w-]+")] = Field(
        SecretStr(""), description="the token that @BotFather gave (digits:letters), or empty"
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="polling or webhook"
    )
    telegram_webhook_secret: Annotated[SecretStr, _secret(r"[A-Za-z0-9_-]{1,256}")] = Field(
        SecretStr(""), description="1 to 256 of the characters A-Z a-z 0-9 _ -, or empty"
    )
    telegram_api_url: Annotated[str, _address("https", "http")] = Field(
        "", description="the http:// or https:// address of your own Bot API server, or empty"
    )
    telegram_proxy: Annotated[str, _address("socks5", "socks4", "http")] = Field(
        "",
        repr=False,  # it may hold a password
        description="the socks5://, socks4:// or http:// address of a proxy, or empty",
    )

    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)
    ] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _with_async_driver(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return f"sqlite+aiosqlite:///{quote(str(info.data['data_dir']))}/assistant.db"
        scheme, _, rest = value.partition("://")
        if not rest or scheme not in DRIVERS:
            raise ValueError
        # asyncpg calls `ssl` what every hosting panel calls `sslmode`.
        return f"{DRIVERS[scheme]}://{rest.replace('sslmode=', 'ssl=')}"

    @field_validator("public_url")
    @classmethod
    def _this_machine(cls, value: str, info: ValidationInfo) -> str:
        return value or f"http://127.0.0.1:{info.data.get('web_port')}"

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> Self:
        if not self.telegram_token or self.telegram_mode != "webhook":
            return self
        if not self.telegram_webhook_secret:
            raise ValueError(
                "TELEGRAM_WEBHOOK_SECRET is empty, but TELEGRAM_MODE=webhook needs it:"
                " anyone could send us made-up messages. Set it to 32 random letters and digits."
            )
        if not self.telegram_api_url and not self.public_url.startswith("https://"):
            raise ValueError(
                f"PUBLIC_URL is {self.public_url}, but TELEGRAM_MODE=webhook needs an https://"
                " address that Telegram can reach. Set it, or use TELEGRAM_MODE=polling."
            )
        return self


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Settings that are ready for use: DATA_DIR exists, there is a secret key."""
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        raise ConfigError(_explain(error)) from None  # the cause would show what was typed
    except UnicodeDecodeError:
        raise ConfigError(f"{env_file} is not UTF-8 text. Save it again as UTF-8.") from None
    _make_writable(settings.data_dir)
    if settings.secret_key:
        return settings
    return settings.model_copy(update={"secret_key": _kept_secret(settings.data_dir)})


def _explain(error: ValidationError) -> str:
    problem = error.errors()[0]
    if not problem["loc"]:
        return str(problem["ctx"]["error"])
    field_name = str(problem["loc"][0])
    field = Settings.model_fields[field_name]
    is_secret = field.annotation is SecretStr or not field.repr
    found = "has a wrong value" if is_secret else f"is {problem['input']!r}"
    return (
        f"{field_name.upper()} {found}, but it must be {field.description}."
        " Correct it in the environment or in .env."
    )


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold personal data
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ConfigError(
            f"DATA_DIR is {folder}, which cannot be written ({error.strerror})."
            " Let the program's user write there, or set DATA_DIR to another folder."
        ) from None


def _kept_secret(folder: Path) -> SecretStr:
    """The key made at the first start. Losing it only makes open pages renew their token."""
    file = folder / "secret_key"
    try:
        if not file.exists():
            _write_once(file, secrets.token_urlsafe(SECRET_KEY_LENGTH))
        key = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be used ({error}). Repair or delete it.") from None
    if len(key) < SECRET_KEY_LENGTH:
        raise ConfigError(f"{file} is damaged. Delete it: a new one is made at the next start.")
    return SecretStr(key)


def _write_once(file: Path, text: str) -> None:
    """Whole or not at all, readable by us alone; of two starting processes the first one wins."""
    with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:  # its mode is 0600
        draft.write(text)
        draft.flush()
        try:
            file.hardlink_to(draft.name)
        except FileExistsError:
            return
