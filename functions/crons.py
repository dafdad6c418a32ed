"""What runs by time; each of these may run twice, or by hand."""

from __future__ import annotations

from datetime import timedelta

from functions import ai, analytics
from reactor import Crons

crons = Crons()
crons.interval("active users snapshot", timedelta(seconds=60), analytics.refresh_active_users)
crons.interval("reap stale ai sessions", timedelta(seconds=60), ai.reap_stale)
