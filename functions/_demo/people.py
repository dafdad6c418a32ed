"""The fourteen accounts: every role and every state of a subscription, once at least."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Period, Person

PEOPLE: Final[tuple[Person, ...]] = (
    Person(
        clerk_user_id="admin-1",
        name="Ratna Wulandari",
        language="id",
        role="admin",
        joined_days_ago=182.4,
    ),
    Person(
        clerk_user_id="admin-2",
        name="Dimas Prasetyo",
        language="en",
        role="admin",
        theme="dark",
        joined_days_ago=181.2,
    ),
    Person(
        clerk_user_id="pro-1",
        name="Siti Rahmawati",
        language="id",
        role="pro",
        theme="system",
        joined_days_ago=58.6,
        # She let the first month lapse and came back: a lapsed period is a row of its own.
        periods=(
            Period(plan="pro_monthly", status="expired", days_left=-25),
            Period(plan="pro_monthly", status="active", days_left=20),
        ),
    ),
    Person(
        clerk_user_id="pro-2",
        name="Yohanes Manurung",
        language="en",
        role="pro",
        theme="dark",
        joined_days_ago=170.3,
        periods=(Period(plan="pro_yearly", status="active", days_left=200),),
    ),
    Person(
        clerk_user_id="pro-3",
        name="Putri Ayu Lestari",
        language="id",
        role="pro",
        joined_days_ago=33.7,
        periods=(
            Period(
                plan="pro_monthly",
                status="cancelled",
                days_left=12,
                cancelled_days_ago=5.3,
                cancel_reason="Sedang fokus menyelesaikan tesis, nanti lanjut lagi.",
            ),
        ),
    ),
    Person(
        clerk_user_id="pro-4",
        name="Made Wirawan",
        language="en",
        role="pro",
        manual_pro=True,
        theme="system",
        joined_days_ago=96.1,
    ),
    Person(
        clerk_user_id="expired-1",
        name="Bambang Sutrisno",
        language="id",
        notifications=False,
        joined_days_ago=45.8,
        periods=(Period(plan="pro_monthly", status="expired", days_left=-9),),
    ),
    Person(
        clerk_user_id="free-1",
        name="Andi Saputra",
        language="id",
        joined_days_ago=41.5,
    ),
    Person(
        clerk_user_id="free-2",
        name="Maria Goretti Tukan",
        language="en",
        joined_days_ago=28.2,
    ),
    Person(
        clerk_user_id="free-3",
        name="Rizky Hidayat",
        language="id",
        theme="dark",
        joined_days_ago=21.9,
    ),
    Person(
        clerk_user_id="free-4",
        name="Clara Wijaya",
        language="en",
        notifications=False,
        joined_days_ago=14.4,
    ),
    Person(
        clerk_user_id="free-5",
        name="Nur Aini",
        language="id",
        theme="system",
        joined_days_ago=9.6,
    ),
    Person(
        clerk_user_id="free-6",
        name="Teuku Iskandar",
        language="en",
        theme="dark",
        joined_days_ago=3.3,
    ),
    Person(
        clerk_user_id="free-7",
        name="Lidya Pattiasina",
        language="en",
        joined_days_ago=3.1,
    ),
)
