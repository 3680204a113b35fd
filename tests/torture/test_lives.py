"""How the program begins and ends: killed while migrating, a port in use, open pages at the end."""

import asyncio
import re
import socket
import time
from pathlib import Path

import pytest

from storage.migrate import current, newest
from tests.support.forking import Launcher, free_port
from tests.support.phone import Phone

ADDRESS = re.compile(r"^Ready: http://127\.0\.0\.1:(\d+)/$", re.MULTILINE)


async def test_the_end_is_quick_and_orderly_with_pages_open(
    launcher: Launcher, tmp_path: Path
) -> None:
    """A supervisor that waits ten seconds would kill it: nobody's line may hold it up."""
    port = free_port()
    child = launcher.start(tmp_path, {}, port)
    async with Phone(f"http://127.0.0.1:{port}") as phone:
        await phone.loads()
        await phone.says("/menu")
        pages = [
            await phone.http.ws_connect(
                f"{phone.base}/chat/ws?after={phone.rev}", headers={"Origin": phone.base}
            )
            for _ in range(3)
        ]
        began = time.monotonic()
        code, *heard = await asyncio.gather(
            asyncio.to_thread(child.stop), *(page.receive() for page in pages)
        )
        assert code == 0
        assert time.monotonic() - began < 3
    assert {message.data for message in heard} == {1001}, "going away: the page comes again"
    log = child.log.read_text(encoding="utf-8")
    assert ADDRESS.findall(log) == [str(port)]
    assert "Traceback" not in log


def test_a_port_in_use_is_one_line(launcher: Launcher, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port: int = taken.getsockname()[1]
        code, said = launcher.run(tmp_path, {}, port)
    assert code == 2
    [line] = said.splitlines()
    assert f"WEB_PORT {port}" in line


@pytest.mark.parametrize("die_at", [1, 5, 25])
async def test_killed_while_migrating_it_begins_again(
    launcher: Launcher, tmp_path: Path, die_at: int
) -> None:
    port = free_port()
    code, _ = launcher.run(tmp_path, {}, port, die_at)
    assert code == -9
    assert await current(f"sqlite:///{tmp_path}/assistant.db") in (None, newest())
    child = launcher.start(tmp_path, {}, port)
    try:
        async with Phone(f"http://127.0.0.1:{port}") as phone:
            await phone.loads()
            assert (await phone.says("/menu")).text
    finally:
        child.kill()
    assert await current(f"sqlite:///{tmp_path}/assistant.db") == newest()


async def test_two_programs_on_one_file_stay_out_of_each_others_way(
    launcher: Launcher, tmp_path: Path
) -> None:
    """Not how it is meant to be run on SQLite; the old one may still be ending, though."""
    ports = [free_port(), free_port()]
    children = [launcher.start(tmp_path, {}, port) for port in ports]
    try:
        async with Phone(f"http://127.0.0.1:{ports[0]}") as one:
            await one.loads()
            await one.says("/menu")
            async with Phone(f"http://127.0.0.1:{ports[1]}", one.token) as two:
                await two.loads()
                for phone in (one, two) * 5:
                    await phone.says("chữ ký số là gì")
                assert len((await two.loads())["messages"]) == 22
    finally:
        codes = [child.stop() for child in children]
    assert codes == [0, 0]
