"""A fresh Reimaji for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

import schema
from functions._env import Env
from reactor.testing import open_harness
from tests.app import checkout
from tests.app.checkout import Checkout
from tests.app.mailed import Mailed, open_mailed
from tests.app.support import ENV, Reimaji


@pytest.fixture
async def app() -> AsyncIterator[Reimaji]:
    """Without cron jobs: tests of what they run call it by hand."""
    harness = open_harness(schema=schema, functions="functions", env=ENV, settings=Env, crons=False)
    async with harness as backend:
        reimaji = Reimaji(backend)
        await reimaji.open()
        yield reimaji


@pytest.fixture
async def mailed() -> AsyncIterator[Mailed]:
    """Reimaji with Resend's stand-in, on one clock; nobody has signed in yet."""
    async with open_mailed() as world:
        yield world


@pytest.fixture
async def shop(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Checkout]:
    """Reimaji with Xendit's stand-in behind it."""
    whole = {**ENV, **checkout.ENV}
    harness = open_harness(schema=schema, functions="functions", env=whole, settings=Env)
    async with harness as backend:
        reimaji = Reimaji(backend)
        await reimaji.open()
        yield Checkout(reimaji, monkeypatch)
