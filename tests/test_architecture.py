"""The program as a whole, walked: what a reviewer would otherwise have to remember."""

import ast
import inspect
import io
import re
import tokenize
import typing
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from aiogram import Router
from aiogram.dispatcher.event.handler import FilterObject, HandlerObject
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter
from aiogram.filters.command import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, ErrorEvent, InlineKeyboardMarkup, Message

from bot.__main__ import build_app as command_line
from bot.app import App, build_app
from bot.config import Settings
from bot.dispatcher import AppData, UpdateData
from content.i18n import LOCALES, speaking
from content.keyboards.reports import Mark, Reopen
from content.texts import errors as error_texts
from domain import errors
from domain.commune_settings import LONGEST_CODE
from domain.reports import Reopening, Way
from storage.engine import Database
from tests.support.samples import Sampler
from tests.support.talk import settings_for

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "dashboard", "scheduler", "storage", "content", "domain")
#: Telegram's limit; Zalo and the web chat keep it too.
LONGEST_DATA = 64
TAGS = {"a", "b", "br", "i"}


def files(*suffixes: str) -> list[Path]:
    """The files of the program, tests and migrations left out."""
    return [
        file
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*"))
        if file.suffix in suffixes and "migrations" not in file.parts
    ]


SOURCES = files(".py")
MODULES = [
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for file in SOURCES
]


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


@pytest.fixture
async def app(tmp_path: Path) -> App:
    """The real program; building it touches no database."""
    url = f"sqlite:///{tmp_path}/never.db"
    return build_app(settings_for(tmp_path, url), Database.open(url))


def walk(router: Router) -> Iterator[Router]:
    """A router and everything under it, in the order of trying."""
    yield router
    for under in router.sub_routers:
        yield from walk(under)


def handlers_of(router: Router) -> Iterator[tuple[str, HandlerObject]]:
    """(kind of event, handler) of a router itself."""
    for kind, observer in router.observers.items():
        for handler in observer.handlers:
            yield kind, handler


def every_handler(app: App) -> list[tuple[str, HandlerObject]]:
    """All of ours; the dispatcher itself has one of aiogram's."""
    ours = [router for each in app.dispatcher.sub_routers for router in walk(each)]
    return [found for router in ours for found in handlers_of(router)]


def named(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


# --- Modules ---------------------------------------------------------------------------------


def test_every_module_imports() -> None:
    for name in MODULES:
        import_module(name)


def test_nothing_runs_beside_the_update_that_began_it() -> None:
    """What such a task loses nobody misses: owe a message, or use the group of bot/app.py."""
    banned = {"create_task", "ensure_future", "run_coroutine_threadsafe", "call_soon_threadsafe"}
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in SOURCES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Attribute)
        and node.attr in banned
        and isinstance(node.value, ast.Name)
        and node.value.id in {"asyncio", "loop"}
    ]
    assert not found


def test_only_the_clock_of_the_app_tells_the_time() -> None:
    """Rules, words, handlers and tables are told `now`: tests move the clock, and it works."""
    told = {"domain", "content", "handlers", "storage", "scheduler"}
    #: The default clocks, replaced by whoever builds the thing.
    allowed = {"storage/fsm.py"}
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in SOURCES
        if file.relative_to(ROOT).parts[0] in told and str(file.relative_to(ROOT)) not in allowed
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "monotonic", "time_ns"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "time", "dt"}
    ]
    assert not found


# --- Words -----------------------------------------------------------------------------------


def is_vietnamese(text: str) -> bool:
    """Whether a letter in it is not English."""
    return any(ord(ch) > 127 and unicodedata.category(ch).startswith("L") for ch in text)


def docstrings(tree: ast.Module) -> set[int]:
    """The lines on which docstrings begin; they may quote."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    # A string on its own is a docstring too: that of the attribute before it.
    return {
        statement.lineno
        for node in ast.walk(tree)
        if isinstance(node, holders)
        for statement in node.body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }


def vietnamese_literals(file: Path) -> Iterator[str]:
    quoting = docstrings(tree_of(file))
    text = file.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.STRING or token.start[0] in quoting:
            continue
        if is_vietnamese(token.string):
            yield f"{file.relative_to(ROOT)}:{token.start[0]}: {token.string[:60]}"


def test_vietnamese_is_spoken_in_content_only() -> None:
    outside = [file for file in SOURCES if file.relative_to(ROOT).parts[0] != "content"]
    found = [found for file in outside for found in vietnamese_literals(file)]
    # What a plan file may say of a commune, quoted as the plans print it.
    schema = [each for each in found if each.startswith("domain/plan.py")]
    assert [each.rsplit(" ", 1)[1] for each in schema] == ['"xã"', '"phường"']
    assert found == schema


def test_pages_get_their_words_from_content() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files(".html", ".js", ".css")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if is_vietnamese(line)
    ]
    assert not found


def text_functions() -> list[Callable[..., Any]]:
    return [f for name in MODULES if name.startswith("content.texts.") for f in public(name)]


def keyboard_functions() -> list[Callable[..., Any]]:
    return [f for name in MODULES if name.startswith("content.keyboards.") for f in public(name)]


def public(name: str) -> list[Callable[..., Any]]:
    module = import_module(name)
    return [
        function
        for function in vars(module).values()
        if inspect.isfunction(function)
        and function.__module__ == name
        and not function.__name__.startswith("_")
    ]


class Markup(HTMLParser):
    """Collects the tags of small HTML and what is open at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_small_html(text: str) -> None:
    assert text.strip()
    assert unicodedata.is_normalized("NFC", text)
    assert "<Hoa>" not in text, "what a person typed stands there unescaped"
    assert "&amp;amp;" not in text, "escaped twice"
    markup = Markup()
    markup.feed(text)
    markup.close()
    assert markup.tags <= TAGS
    assert not markup.open


#: How often each function is called: with every member of the longest enumeration.
TURNS = 9


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("function", text_functions(), ids=named)
def test_every_sentence_renders(function: Callable[..., Any], locale: str) -> None:
    with speaking(locale):
        for full in (True, False):
            for turn in range(TURNS):
                said = function(**Sampler(full, turn).arguments(function))
                if isinstance(said, str) and said:
                    check_small_html(said)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_refusal_has_its_sentence(locale: str) -> None:
    def tree(kind: type[errors.DomainError]) -> Iterator[type[errors.DomainError]]:
        for under in kind.__subclasses__():
            yield under
            yield from tree(under)

    kinds = set(tree(errors.DomainError))
    assert len(kinds) >= 19
    said = set()
    with speaking(locale):
        for kind in kinds:
            own = vars(kind).get("__init__")
            told = [] if own is None else list(inspect.signature(own).parameters)[1:]
            sentence = error_texts.sentence(kind(*("people" for _ in told)))
            check_small_html(sentence)
            said.add(sentence)
    assert len(said) == len(kinds), "each says something of its own"


# --- Buttons ---------------------------------------------------------------------------------


def callback_data_classes() -> list[type[CallbackData]]:
    for name in MODULES:
        import_module(name)
    return [
        kind for kind in CallbackData.__subclasses__() if not kind.__module__.startswith("test")
    ]


def test_every_button_has_a_mark_of_its_own() -> None:
    prefixes = Counter(kind.__prefix__ for kind in callback_data_classes())
    assert prefixes
    assert not [prefix for prefix, times in prefixes.items() if times > 1]


@pytest.mark.parametrize("function", keyboard_functions(), ids=named)
def test_every_button_fits_its_carrier(function: Callable[..., Any]) -> None:
    """64 bytes with the longest codes there can be; a label that can be read on a phone."""
    seen = 0
    with speaking("vi"):
        for full in (True, False):
            for turn in range(TURNS):
                board = function(**Sampler(full, turn).arguments(function))
                if not isinstance(board, InlineKeyboardMarkup):
                    continue
                for button in (b for row in board.inline_keyboard for b in row):
                    seen += 1
                    assert button.text.strip()
                    if button.callback_data is not None:
                        assert len(button.callback_data.encode()) <= LONGEST_DATA
    assert seen or typing.get_type_hints(function)["return"] is not InlineKeyboardMarkup


def test_the_longest_deadline_and_unit_fit_a_button(app: App) -> None:
    cutoffs = [cutoff.id for pack in app.packs.values() for cutoff in pack.cutoffs]
    which = {"cutoff": max(cutoffs, key=len), "day": "991231", "unit": "x" * LONGEST_CODE}
    for way in Way:
        assert len(Mark(**which, how=way).pack().encode()) <= LONGEST_DATA
    for why in Reopening:
        assert len(Reopen(**which, why=why).pack().encode()) <= LONGEST_DATA


def test_codes_of_the_plans_are_as_short_as_officers_must_make_them(app: App) -> None:
    codes = [unit.code for pack in app.packs.values() for unit in pack.units]
    codes += list(app.packs)
    assert not [code for code in codes if len(code) > LONGEST_CODE]


# --- Handlers --------------------------------------------------------------------------------

#: aiogram's own names, and the types we may ask them as.
OF_AIOGRAM: dict[str, Any] = {
    "state": FSMContext,
    "command": CommandObject,
    "raw_state": str | None,
}


def known_parameters() -> dict[str, Any]:
    return {
        **OF_AIOGRAM,
        **typing.get_type_hints(AppData),
        **typing.get_type_hints(UpdateData),
    }


def without_none(hint: Any) -> Any:
    """`Actor | None` is asked for where an error may come before the actor is known."""
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
    return kinds[0] if type(None) in typing.get_args(hint) and len(kinds) == 1 else hint


def test_every_parameter_of_every_handler_is_known(app: App) -> None:
    known = known_parameters()
    wrong = []
    for _, handler in every_handler(app):
        hints = typing.get_type_hints(handler.callback)
        for name in list(inspect.signature(handler.callback).parameters)[1:]:
            hint = without_none(hints[name])
            if name == "callback_data":
                if hint not in callback_data_of(handler):
                    wrong.append(f"{named(handler.callback)}: no filter gives {hint.__name__}")
            elif name not in known:
                wrong.append(f"{named(handler.callback)}: nobody gives {name}")
            elif hint != without_none(known[name]):
                wrong.append(f"{named(handler.callback)}: {name} is no {hint}")
    assert not wrong


def callback_data_of(handler: HandlerObject) -> set[type[CallbackData]]:
    filters = [each.callback for each in handler.filters or []]
    return {each.callback_data for each in filters if isinstance(each, CallbackQueryFilter)}


def test_every_handler_hears_what_it_is_registered_for(app: App) -> None:
    heard = {"message": Message, "callback_query": CallbackQuery, "error": ErrorEvent}
    wrong = []
    for kind, handler in every_handler(app):
        event = next(iter(typing.get_type_hints(handler.callback).values()))
        if heard[kind] not in (typing.get_args(event) or (event,)):
            wrong.append(f"{named(handler.callback)} is registered for {kind}")
    assert not wrong


def test_a_handler_that_wants_a_command_is_behind_one(app: App) -> None:
    wrong = [
        named(handler.callback)
        for _, handler in every_handler(app)
        if "command" in handler.params and not list(commands_of(handler))
    ]
    assert not wrong


def commands_of(handler: HandlerObject) -> Iterator[tuple[str, object]]:
    """(command, what else it must be): /start is told apart by its payload."""
    for each in handler.filters or []:
        if isinstance(each.callback, Command):
            for command in each.callback.commands:
                yield str(command), each.callback.magic


def test_no_two_commands_collide(app: App) -> None:
    private = next(r for r in app.dispatcher.sub_routers if r.name == "private")
    found = Counter(
        command
        for router in walk(private)
        for _, handler in handlers_of(router)
        for command, payload in commands_of(handler)
        if payload is None  # the others take only the /start that is theirs
    )
    assert found["start"] == 1
    assert not [command for command, times in found.items() if times > 1]
    assert not [command for command in found if not re.fullmatch(r"[a-z0-9_]{1,32}", command)]


def test_the_fallback_comes_last_and_hears_everything(app: App) -> None:
    assert [r.name for r in app.dispatcher.sub_routers] == ["errors", "groups", "private"]
    private = app.dispatcher.sub_routers[-1]
    last = private.sub_routers[-1]
    assert last.name == "fallback"
    assert not last.message.handlers[-1].filters
    assert not last.callback_query.handlers[-1].filters


def test_every_module_of_handlers_is_in_the_conversation(app: App) -> None:
    modules = [import_module(name) for name in MODULES if name.startswith("handlers")]
    made = {id(m.router) for m in modules if isinstance(getattr(m, "router", None), Router)}
    assert made == {id(r) for r in walk(app.dispatcher)} - {
        id(app.dispatcher),
        id(app.dispatcher.sub_routers[-1]),
    }


def test_what_is_typed_in_private_never_reaches_a_group(app: App) -> None:
    """The private router alone stands before every conversation."""
    groups = app.dispatcher.sub_routers[1]
    assert {handler.callback.__name__ for _, handler in handlers_of(groups)} == {"called"}
    private = app.dispatcher.sub_routers[-1]
    for observer in (private.message, private.callback_query):
        [root] = root_filters(observer)
        assert type(root.callback).__name__ == "Private"


def root_filters(observer: Any) -> list[FilterObject]:
    return list(observer._handler.filters or [])


# --- The command line and the settings --------------------------------------------------------


def test_no_two_commands_of_the_operator_collide() -> None:
    def names(app: typer.Typer, before: str = "") -> Iterator[str]:
        for command in app.registered_commands:
            function = command.callback
            assert function is not None
            yield before + (command.name or function.__name__.replace("_", "-"))
        for group in app.registered_groups:
            assert group.typer_instance is not None
            name = f"{before}{group.name or group.typer_instance.info.name}"
            yield name
            yield from names(group.typer_instance, f"{name} ")

    found = Counter(names(command_line()))
    assert {"run", "migrate", "packs list"} <= set(found)
    assert not [name for name, times in found.items() if times > 1]


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    written = re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)
    assert Counter(written) == Counter(name.upper() for name in Settings.model_fields)


def test_the_example_says_the_defaults(tmp_path: Path) -> None:
    """A copy of the example behaves as no .env at all."""
    with_example = Settings(_env_file=ROOT / ".env.example")
    without = Settings(_env_file=None)
    assert with_example == without


def test_modules_hold_no_settings() -> None:
    """They are built once and passed down: two programs may live in one process."""
    modules: list[ModuleType] = [import_module(name) for name in MODULES]
    assert not [m.__name__ for m in modules for v in vars(m).values() if isinstance(v, Settings)]
