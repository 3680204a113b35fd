"""The program in a process of its own, to be killed."""

from collections.abc import Iterator

import pytest

from tests.support import forking


@pytest.fixture(scope="session")
def launcher() -> Iterator[forking.Launcher]:
    """Starts the real program in a fork: its import is paid once a run."""
    with forking.launcher() as running:
        yield running
