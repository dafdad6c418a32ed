"""The invoices that nobody paid; those of the subscriptions follow from their periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from schema import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaid:
    """One invoice without money; `days_ago` is when it was made."""

    clerk_user_id: str
    plan: Plan
    status: Literal["PENDING", "EXPIRED", "FAILED"]
    days_ago: float
    failure_reason: str | None = None


UNPAID: Final[tuple[Unpaid, ...]] = (
    Unpaid(clerk_user_id="expired-1", plan="pro_yearly", status="EXPIRED", days_ago=8.2),
    Unpaid(clerk_user_id="free-1", plan="pro_monthly", status="EXPIRED", days_ago=30.6),
    Unpaid(clerk_user_id="free-1", plan="pro_yearly", status="EXPIRED", days_ago=12.3),
    Unpaid(clerk_user_id="free-3", plan="pro_monthly", status="EXPIRED", days_ago=5.5),
    Unpaid(
        clerk_user_id="pro-1",
        plan="pro_monthly",
        status="FAILED",
        days_ago=10.1,
        failure_reason="503 SERVER_ERROR: Service unavailable",
    ),
    Unpaid(
        clerk_user_id="free-2",
        plan="pro_monthly",
        status="FAILED",
        days_ago=20.4,
        failure_reason="Xendit was not reached: ConnectTimeout",
    ),
    Unpaid(clerk_user_id="free-4", plan="pro_monthly", status="PENDING", days_ago=0.1),
)
