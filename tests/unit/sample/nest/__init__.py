"""A component that mounts another one."""

from __future__ import annotations

from reactor import Component
from tests.unit.sample.tally import schema as tally_schema

inner = Component(
    "inner",
    functions="tests.unit.sample.tally.functions",
    schema=tally_schema,
    http_prefix="/inner",
    env={"PASSED": "OWN"},
)
