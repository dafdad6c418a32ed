"""Reimaji as its users meet it: `reactor dev` with the demo data and the stand-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.compat.support.server import Server
from tests.journeys.stage import Stage

ROOT = Path(__file__).parent.parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each journey talks to real processes: mark it, and give it more time than a unit test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.compat)
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="session")
def reimaji(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that the journeys share; each takes people of its own."""
    server = Server(tmp_path_factory.mktemp("reimaji"), {}, project=ROOT, command="dev")
    server.start()
    yield server
    assert server.stop() == 0, server.output()


@pytest.fixture
async def stage(reimaji: Server) -> AsyncIterator[Stage]:
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
async def hasty_stage(hasty_reimaji: Server) -> AsyncIterator[Stage]:
    """The server with the short months."""
    async with Stage(hasty_reimaji, AsyncExitStack()) as stage:
        yield stage
