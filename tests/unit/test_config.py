"""Settings: the defaults suffice, and a wrong value is one sentence an operator can act on."""

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import ConfigError, Settings, load_settings

Load = Callable[..., Settings]

ROOT = Path(__file__).parents[2]
SECRET = "correct-horse-battery-staple-and-more"


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """load(WEB_PORT="80"): the settings of a process with exactly this environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)

    def with_environment(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return with_environment


def test_nothing_needs_to_be_set(load: Load, tmp_path: Path) -> None:
    settings = load()
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/data/assistant.db"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert not settings.telegram_token


def test_the_environment_wins_over_the_env_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WEB_PORT=9000\nLOG_LEVEL=debug\nDATABASE_URL=\n")
    settings = load(WEB_PORT="9001")
    assert (settings.web_port, settings.log_level) == (9001, "DEBUG")
    assert settings.public_url == "http://127.0.0.1:9001"
    assert settings.database_url.startswith("sqlite")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://an@db/xa", "postgresql+asyncpg://an@db/xa"),
        ("postgresql://an@db/xa", "postgresql+asyncpg://an@db/xa"),
        ("postgresql+asyncpg://an@/xa?host=/run/pg", "postgresql+asyncpg://an@/xa?host=/run/pg"),
        ("postgres://db/xa?sslmode=require", "postgresql+asyncpg://db/xa?ssl=require"),
        ("sqlite:////srv/xa.db", "sqlite+aiosqlite:////srv/xa.db"),
    ],
)
def test_a_database_address_as_hosting_panels_write_it(load: Load, given: str, used: str) -> None:
    assert load(DATABASE_URL=given).database_url == used


def test_a_folder_name_with_odd_characters_is_the_same_folder(load: Load, tmp_path: Path) -> None:
    from sqlalchemy import make_url

    settings = load(DATA_DIR="dữ liệu 100%?")
    database = make_url(settings.database_url).database
    assert database == str(tmp_path / "dữ liệu 100%?" / "assistant.db")


def test_the_secret_key_is_made_once_and_readable_by_us_alone(load: Load, tmp_path: Path) -> None:
    first, second = load(), load()
    file = tmp_path / "data" / "secret_key"
    assert first.secret_key == second.secret_key
    assert first.secret_key.get_secret_value() == file.read_text()
    assert len(file.read_text()) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


def test_a_given_secret_key_is_not_written_down(load: Load, tmp_path: Path) -> None:
    assert load(SECRET_KEY=SECRET).secret_key.get_secret_value() == SECRET
    assert not (tmp_path / "data" / "secret_key").exists()


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"WEB_PORT": "abc"}, "WEB_PORT is 'abc', but it must be a port number from 1 to 65535."),
        ({"WEB_PORT": "70000"}, "WEB_PORT is '70000', but it must be a port number"),
        ({"PUBLIC_URL": "xa.example.vn"}, "PUBLIC_URL is 'xa.example.vn', but it must be"),
        ({"TRUSTED_PROXY": "nginx"}, "TRUSTED_PROXY is 'nginx', but it must be the IP address"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'LOUD', but it must be DEBUG, INFO,"),
        ({"TELEGRAM_MODE": "push"}, "TELEGRAM_MODE is 'push', but it must be polling or webhook."),
        ({"TELEGRAM_API_URL": "ftp://x"}, "TELEGRAM_API_URL is 'ftp://x', but it must be"),
        ({"TELEGRAM_PROXY": "an:mk@x"}, "TELEGRAM_PROXY has a wrong value, but it must be"),
        ({"DATABASE_URL": "mysql://an:mk@x/y"}, "DATABASE_URL has a wrong value, but it must be"),
        ({"SECRET_KEY": "mk"}, "SECRET_KEY has a wrong value, but it must be 32 random"),
        ({"TELEGRAM_TOKEN": "mk"}, "TELEGRAM_TOKEN has a wrong value, but it must be the token"),
        (
            {"TELEGRAM_TOKEN": "42:mk", "TELEGRAM_MODE": "webhook"},
            "TELEGRAM_WEBHOOK_SECRET is empty, but TELEGRAM_MODE=webhook needs it",
        ),
        (
            {
                "TELEGRAM_TOKEN": "42:mk",
                "TELEGRAM_MODE": "webhook",
                "TELEGRAM_WEBHOOK_SECRET": "mk",
            },
            "PUBLIC_URL is http://127.0.0.1:8080, but TELEGRAM_MODE=webhook needs an https://",
        ),
    ],
)
def test_a_wrong_value_is_one_readable_line(
    load: Load, variables: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        load(**variables)
    message = str(raised.value)
    assert message.startswith(sentence)
    assert "\n" not in message
    assert "mk" not in message, "a secret was shown"


def test_a_data_folder_that_cannot_be_written_is_named(load: Load, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(ConfigError, match=r"^DATA_DIR is .*taken, which cannot be written \(.+\)"):
        load(DATA_DIR="taken")


def test_a_damaged_secret_key_is_named(load: Load, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").write_text("")
    with pytest.raises(ConfigError, match="secret_key is damaged"):
        load()


def test_an_env_file_that_is_not_utf8_is_named(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("WEB_PORT=8080".encode("utf-16"))
    with pytest.raises(ConfigError, match=r"^\.env is not UTF-8 text"):
        load()


def test_the_example_file_names_every_setting_and_is_valid(load: Load, tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(example)
    assert load() == load_settings(Path("none"))
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == {
        name.upper() for name in Settings.model_fields
    }


def test_secrets_are_not_shown_when_settings_are_logged(load: Load) -> None:
    settings = load(DATABASE_URL="postgres://an:mk@db/xa", TELEGRAM_TOKEN="42:mk")
    assert "mk" not in f"{settings!r} {settings}"
    assert os.environ["TELEGRAM_TOKEN"] == "42:mk"
