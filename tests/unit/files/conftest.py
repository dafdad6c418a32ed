"""A fresh sample for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.files.world import Files, open_files


@pytest.fixture
async def world() -> AsyncIterator[Files]:
    async with open_files() as running:
        yield running
