"""A fresh Reimaji for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

import schema
from functions._env import Env
from reactor.testing import open_harness
from tests.app.support import ENV, Reimaji


@pytest.fixture
async def app() -> AsyncIterator[Reimaji]:
    harness = open_harness(schema=schema, functions="functions", env=ENV, settings=Env)
    async with harness as backend:
        reimaji = Reimaji(backend)
        await reimaji.open()
        yield reimaji
