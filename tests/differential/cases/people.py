"""Documents that several areas use."""

from __future__ import annotations

from tests.compat.support.wire import Wire

ADA: Wire = {"name": "Ada", "motto": None, "role": "user", "tags": [], "scores": {}}


def person(**changes: Wire) -> Wire:
    """A person that fits the schema, with changes."""
    return {**ADA, **changes}
