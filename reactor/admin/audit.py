"""What was done to the deployment by hand: the newest events, in `_deployment_audit_log`.

Names only: no value of a variable, and nothing of a document, is ever written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reactor import limits
from reactor.runner.space import ROOT
from reactor.schema.system import DeploymentEvent

if TYPE_CHECKING:
    from reactor.admin.view import Admin


def note(admin: Admin, action: str, **metadata: Any) -> None:
    """Adds an event to the log; the oldest ones make room.

    Args:
        admin: the transaction that does it, so that the event is there exactly when the deed is.
        action: what was done, in Convex's words where it has some.
        metadata: to what.
    """
    name = DeploymentEvent.__table_name__
    events = admin.system(name, ROOT)
    excess = admin.count(name, ROOT) + 1 - limits.AUDIT_EVENTS_MAX
    for old in events.range("by_creation_time", [], max(0, excess)):
        events.delete(old["_id"])
    events.insert({"action": action, "member_id": None, "metadata": metadata})
