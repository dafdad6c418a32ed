"""Twelve invoices in all four states. The paid ones are those of the subscriptions in `people`."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Invoice, Payment

PAY_PAGE: Final = "http://127.0.0.1:3215/xendit/web"
"""Where the sandbox of `reactor dev` has its pay pages. It forgets its invoices when it stops."""

PAYMENTS: Final[tuple[Payment, ...]] = (
    Payment(payer="pro-1", period=0, minutes=6.5, method="BANK_TRANSFER", channel="BCA"),
    Payment(payer="pro-1", period=1, minutes=2.1, method="EWALLET", channel="GOPAY"),
    Payment(payer="pro-2", period=0, minutes=11.4, method="BANK_TRANSFER", channel="MANDIRI"),
    Payment(payer="pro-3", period=0, minutes=3.8, method="QR_CODE", channel="QRIS"),
    Payment(payer="expired-1", period=0, minutes=4.2, method="EWALLET", channel="OVO"),
)

INVOICES: Final[tuple[Invoice, ...]] = (
    Invoice(payer="pro-3", plan="pro_monthly", status="EXPIRED", days_ago=19.6),
    Invoice(payer="free-4", plan="pro_monthly", status="EXPIRED", days_ago=11.3),
    Invoice(payer="free-5", plan="pro_yearly", status="EXPIRED", days_ago=7.2),
    Invoice(
        payer="pro-2",
        plan="pro_yearly",
        status="FAILED",
        days_ago=165.1,
        failure_reason="No answer from Xendit",
    ),
    Invoice(
        payer="free-2",
        plan="pro_monthly",
        status="FAILED",
        days_ago=15.4,
        failure_reason="Xendit answered 503",
    ),
    Invoice(payer="free-6", plan="pro_yearly", status="PENDING", days_ago=0.12),
    Invoice(payer="free-7", plan="pro_yearly", status="PENDING", days_ago=0.05),
)
