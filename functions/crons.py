"""What runs by itself, in UTC. All of it may run twice, or by hand with the admin key."""

from __future__ import annotations

import os
from datetime import time, timedelta

from functions import ai, analytics, emails, files, news, purge, subscriptions, transactions
from reactor import Crons

_VIEW_FLUSH_MS = float(os.environ.get("REIMAJI_VIEW_FLUSH_MS", "10000"))

crons = Crons()
crons.hourly("expire subscriptions", 7, subscriptions.check_and_expire)
crons.daily("renewal reminders", time(2, 13), subscriptions.send_renewal_reminders)
crons.interval("reconcile invoices", timedelta(minutes=15), transactions.reconcile)
crons.interval("flush views", timedelta(milliseconds=_VIEW_FLUSH_MS), news.flush_views)
crons.interval("active users snapshot", timedelta(seconds=60), analytics.refresh_active_users)
crons.interval("reap stale ai sessions", timedelta(seconds=60), ai.reap_stale)
crons.interval("retry e-mails", timedelta(minutes=5), emails.retry_stuck)
crons.daily("purge deleted content", time(19, 23), purge.deleted_content)
crons.daily("purge orphan uploads", time(19, 41), files.purge_orphans)
crons.daily("purge logs", time(19, 53), purge.logs)
