"""Reimaji as its users meet it: `reactor dev` with the demo data and the stand-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.compat.support.server import Server
from tests.journeys.stage import PROMISED_SECONDS, WAITS, Stage

ROOT = Path(__file__).parent.parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each journey talks to real processes: mark it, and give it more time than a unit test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.compat)
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="session")
def pushes_are_quick() -> Iterator[None]:
    """Prints how long pushes took (`pytest -s` shows it), and holds the run to the promise."""
    yield
    if WAITS:
        waits = sorted(WAITS)
        usual, slow = waits[len(waits) // 2], waits[len(waits) * 9 // 10]
        print(  # noqa: T201  # the measurement is what it is for
            f"\n{len(waits)} pushes seen within: median {usual:.3f} s, nine of ten {slow:.3f} s, "
            f"all {waits[-1]:.3f} s"
        )
        assert slow < PROMISED_SECONDS


@pytest.fixture(scope="session")
def reimaji(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that the journeys share; each takes people of its own."""
    server = Server(tmp_path_factory.mktemp("reimaji"), {}, project=ROOT, command="dev")
    server.start()
    yield server
    assert server.stop() == 0, server.output()


@pytest.fixture
async def stage(reimaji: Server, pushes_are_quick: None) -> AsyncIterator[Stage]:
    """The shared server, with the demo people."""
    async with Stage(reimaji, AsyncExitStack()) as stage:
        yield stage


@pytest.fixture(scope="module")
def hasty_reimaji(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where a month of Pro lasts eight seconds."""
    env = {"REIMAJI_PERIOD_MONTHLY_MS": "8000"}
    server = Server(tmp_path_factory.mktemp("hasty"), env, project=ROOT, command="dev")
    server.start()
    yield server
    assert server.stop() == 0, server.output()


@pytest.fixture
async def hasty_stage(hasty_reimaji: Server, pushes_are_quick: None) -> AsyncIterator[Stage]:
    """The server with the short months."""
    async with Stage(hasty_reimaji, AsyncExitStack()) as stage:
        yield stage
