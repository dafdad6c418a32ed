"""What every test shares."""

from __future__ import annotations

from hypothesis import settings

# A deadline per example fails on a busy machine, not on slow code: pytest's timeout is the bound.
settings.register_profile("reactor", deadline=None, print_blob=True)
settings.load_profile("reactor")
