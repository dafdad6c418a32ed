"""A fresh sample for each test, and a client of its exports and imports."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from reactor.transfer import imports
from tests.unit.sample.world import open_world
from tests.unit.transfer.world import Client, reading_here


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(imports, "reading", reading_here)
    async with open_world() as running:
        yield Client(running)
