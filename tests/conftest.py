"""What every test shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# A deadline per example fails on a busy machine, not on slow code: pytest's timeout is the bound.
settings.register_profile("reactor", deadline=None, print_blob=True)
settings.load_profile("reactor")


@pytest.fixture(autouse=True)
def log_as_configured() -> Iterator[None]:
    """The command line sends the log of the whole process to stderr: only its own test is meant."""
    yield
    structlog.reset_defaults()
