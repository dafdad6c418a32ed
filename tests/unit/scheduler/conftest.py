"""A machine for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.scheduler.world import Machine


@pytest.fixture
async def machine() -> AsyncIterator[Machine]:
    made = Machine()
    await made.start()
    yield made
    await made.close()
