"""Pages, files, QR pictures and health."""

from pathlib import Path

import pytest
from yarl import URL

from storage.unit_of_work import UnitOfWork
from tests.support.phone import Phone
from tests.support.site import Site, invitation, serving


async def test_the_page_loads_only_from_here_and_runs_only_its_files(phone: Phone) -> None:
    async with phone.http.get(f"{phone.base}/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        html = await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert "://" not in policy
    assert "onclick=" not in html
    assert "http://" not in html.replace("http://www.w3.org", "")


async def test_every_file_the_page_names_is_there(phone: Phone) -> None:
    html = await phone.opens()
    named = {part.split('"')[0] for part in html.split('="')[1:] if part.startswith("/chat/static")}
    assert named
    for path in named:
        async with phone.http.get(f"{phone.base}{path}") as answer:
            assert answer.status == 200, path
            assert "immutable" in answer.headers["Cache-Control"]


NOWHERE = (
    "/nothing",
    "/static/chat.js",
    "/chat/static/../channel.py",
    "/chat/static/x/chat.html",
    "/c/../etc",
    "/c/LOC-TAN!",
    "/i/",
    "/qr/../chat.svg",
    "/qr/x/y.svg",
    "/qr/c/loc-tan.gif",
    f"/qr/c/{'x' * 90}.svg",
)


async def test_what_is_not_there_is_404(phone: Phone) -> None:
    for path in NOWHERE:
        async with phone.http.get(URL(f"{phone.base}{path}", encoded=True)) as answer:
            assert answer.status == 404, path


async def test_a_link_is_told_to_the_page(phone: Phone) -> None:
    starts = {
        "/": "",
        "/c/loc-tan": "c-loc-tan",
        "/c/loc-tan/ap-1": "c-loc-tan--ap-1",
        "/i/abcd2345": "i-ABCD2345",
        "/l/ABCD2345": "l-ABCD2345",
    }
    for path, start in starts.items():
        assert f'data-start="{start}"' in await phone.opens(path)


async def test_a_link_opened_changes_nothing_until_its_button(site: Site, phone: Phone) -> None:
    code = await invitation(site.stage)
    for _ in range(3):
        await phone.opens(f"/i/{code}")
    async with UnitOfWork(site.stage.app.db) as uow:
        found = await uow.invitations.by_code(code)
    assert found is not None
    assert found.uses == 0


@pytest.mark.parametrize(
    ("kind", "content_type", "begin"),
    [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")],
)
async def test_qr_pictures(phone: Phone, kind: str, content_type: str, begin: bytes) -> None:
    for path in ("c/loc-tan", "c/loc-tan/ap-1", "i/ABCD2345", "l/ABCD2345"):
        async with phone.http.get(f"{phone.base}/qr/{path}.{kind}") as answer:
            assert answer.status == 200
            assert answer.content_type == content_type
            assert (await answer.read()).startswith(begin)


async def test_health_says_how_it_is(site: Site, phone: Phone) -> None:
    status, health = await phone.gets("/health")
    assert (status, health["status"]) == (200, "ok")
    assert health["doors"] == {"web": "open", "plain": "open"}
    assert health["since"] == site.stage.clock().isoformat()


def put_away(file: Path) -> None:
    file.rename(file.with_suffix(".away"))
    file.mkdir()


async def test_health_is_ill_without_a_database(
    tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path, sqlite_url) as (_, base), Phone(base) as phone:
        put_away(Path(sqlite_url.removeprefix("sqlite:///")))
        status, health = await phone.gets("/health")
    assert (status, health["status"]) == (503, "database")
