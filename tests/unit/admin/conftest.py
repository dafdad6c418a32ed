"""A fresh sample for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.sample.world import World, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as running:
        yield running
