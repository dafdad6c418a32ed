"""What every tally does at night."""

from __future__ import annotations

from datetime import time

from reactor import Crons
from tests.unit.sample.tally.functions import tallies

crons = Crons()
crons.daily("at three", time(3), tallies.add, name="nights")
