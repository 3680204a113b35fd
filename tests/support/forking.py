"""`python -m bot run` in a process that may be killed, without importing it anew each time.

`Launcher` starts one process that imports everything once and forks for every start. Its child
runs the very command an operator runs; only the import is not repeated.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0
ARM = signal.SIGUSR1


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Child:
    """One life of the program."""

    pid: int
    port: int
    log: Path
    _launcher: "Launcher" = field(repr=False)

    def arm(self) -> None:
        """From now on statements are counted; at the `die_at`th it kills itself."""
        os.kill(self.pid, ARM)

    def strike(self) -> None:
        """kill -9, without waiting for the end."""
        with suppress(ProcessLookupError):  # it may have killed itself
            os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> int:
        """kill -9 and wait; returns how it ended, which a dead one had done before."""
        self.strike()
        return self._launcher.reap(self.pid)

    def stop(self) -> int:
        """Ask it to end in good order; returns its exit code."""
        os.kill(self.pid, signal.SIGTERM)
        return self._launcher.reap(self.pid)

    def is_up(self) -> bool:
        """Whether somebody listens on its port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass
class Launcher:
    """The process that forks. One command at a time."""

    _process: subprocess.Popen[str]

    def start(
        self, folder: Path, env: Mapping[str, str], port: int, die_at: int | None = None
    ) -> Child:
        """Run the program with DATA_DIR `folder`; returns once its port answers.

        `die_at`: the statement before which it kills itself, counted from `Child.arm` on.
        """
        child = self._start(folder, env, port, die_at)
        log = child.log
        deadline = time.monotonic() + START_SECONDS
        while not child.is_up():
            if time.monotonic() > deadline or self._ask("ended", pid=child.pid):
                child.kill()
                raise AssertionError(f"it did not start:\n{log.read_text()[-4000:]}")
            time.sleep(0.005)
        return child

    def run(
        self, folder: Path, env: Mapping[str, str], port: int, die_at: int | None = None
    ) -> tuple[int, str]:
        """Run a program that will not come up; returns how it ended and what it said.

        Statements count from its beginning here.
        """
        child = self._start(folder, env, port, die_at, at_once=True)
        deadline = time.monotonic() + START_SECONDS
        while not self._ask("ended", pid=child.pid):
            if time.monotonic() > deadline:
                child.strike()  # it came up after all
            time.sleep(0.005)
        return self.reap(child.pid), child.log.read_text(encoding="utf-8")

    def _start(
        self,
        folder: Path,
        env: Mapping[str, str],
        port: int,
        die_at: int | None,
        *,
        at_once: bool = False,
    ) -> Child:
        log = folder / "program.log"
        settings = {"DATA_DIR": str(folder), "WEB_PORT": str(port), "LOG_LEVEL": "INFO", **env}
        asked = {"env": settings, "cwd": str(folder), "log": str(log)}
        pid = self._ask("start", **asked, die_at=die_at, at_once=at_once)
        return Child(pid, port, log, self)

    def reap(self, pid: int) -> int:
        """Wait until the process is gone; negative: the signal that ended it."""
        return self._ask("reap", pid=pid)

    def _ask(self, what: str, **more: Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"what": what, **more}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the launcher died"
        answer: int = json.loads(line)
        return answer


@contextmanager
def launcher() -> Iterator[Launcher]:
    """A launcher for as long as the block lasts; its children end with it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.forking"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Launcher(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)


def _serve_forks() -> None:
    """The launcher itself: reads commands until its input ends."""
    for name in ("bot.app", "bot.cli.run", "bot.__main__", "storage.migrate", "uvloop"):
        import_module(name)
    running: set[int] = set()
    ended: dict[int, int] = {}
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            match asked["what"]:
                case "start":
                    running.add(pid := _fork(asked))
                    answer = pid
                case "ended":
                    answer = int(_has_ended(asked["pid"], ended))
                case "reap":
                    answer = _reaped(asked["pid"], ended)
                    running.discard(asked["pid"])
                case other:
                    raise ValueError(other)
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        for pid in running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _has_ended(pid: int, ended: dict[int, int]) -> bool:
    if pid not in ended:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            ended[pid] = os.waitstatus_to_exitcode(status)
    return pid in ended


def _reaped(pid: int, ended: dict[int, int]) -> int:
    if pid not in ended:
        ended[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return ended.pop(pid)


def _fork(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        os.chdir(asked["cwd"])
        os.environ.update(asked["env"])
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        if asked["die_at"] is not None:
            _die_at(asked["die_at"], at_once=asked["at_once"])
        from bot.__main__ import main

        code = main(["run"])
    finally:
        os._exit(code)


def _die_at(number: int, *, at_once: bool) -> None:
    """Once armed, die before the `number`th statement or commit: kill -9, nothing is tidied."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    left = [number] if at_once else []
    signal.signal(ARM, lambda *_: left.append(number))

    def count(*_: object) -> None:
        if left:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)


if __name__ == "__main__":
    _serve_forks()
