"""An app that mounts one component twice, and one that mounts it again."""

from __future__ import annotations

from reactor import Component
from tests.unit.sample.nest import inner
from tests.unit.sample.tally import schema as tally_schema

TALLY = "tests.unit.sample.tally.functions"

left = Component(
    "left", functions=TALLY, schema=tally_schema, http_prefix="/left", env={"PASSED": "SECRET"}
)
right = Component("right", functions=TALLY, schema=tally_schema)
nest = Component(
    "nest",
    functions="tests.unit.sample.nest.functions",
    http_prefix="/nest/",
    env={"OWN": "SECRET"},
    components=[inner],
)
