"""A fresh shop for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from reactor.testing import Harness
from tests.unit.contrib.world import open_shop


@pytest.fixture
async def shop() -> AsyncIterator[Harness]:
    async with open_shop() as running:
        yield running
