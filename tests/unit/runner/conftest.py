"""A fresh sample for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from reactor.testing import Harness
from tests.unit.sample.world import World, open_board, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as running:
        yield running


@pytest.fixture
async def board() -> AsyncIterator[Harness]:
    """An app that mounts components."""
    async with open_board() as running:
        yield running
