"""A running Reimaji for tests: the people who use it, and what they often do."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, TypeVar, cast

import pytest

import schema
from reactor import AppError, Id, MutationCtx, Table
from reactor.testing import Harness

ENV = {
    "CLERK_JWT_ISSUER_DOMAIN": "https://issuer.test",
    "ADMIN_CLERK_USER_IDS": "admin-1, admin-2",
}

URLS = {"CONVEX_SITE_URL": "http://site.test", "CONVEX_CLOUD_URL": "http://cloud.test"}
"""What a running deployment adds to its variables."""

Json = dict[str, Any]
W = TypeVar("W", bound=Table)

NEWS: Json = {
    "title": "AI Tools for Everybody",
    "summary": "A summary.",
    "content": "The whole text.",
    "type": "tool",
    "tags": ["ChatGPT"],
    "isPremium": False,
}
RESEARCH: Json = {
    "title": "A Paper",
    "summary": "A summary.",
    "implication": "What it means.",
    "content": "The whole text.",
    "tags": ["models"],
    "isPremium": False,
}


def words(text: str) -> int:
    """Tokens with a letter or a digit: Markdown's marks are no words."""
    return sum(any(char.isalnum() for char in token) for token in text.split())


async def refusal(call: Awaitable[object]) -> Json:
    """The data of the error that a call ends with."""
    with pytest.raises(AppError) as caught:
        await call
    return cast("Json", caught.value.data)


async def code_of(call: Awaitable[object]) -> str:
    """The code of the error that a call ends with."""
    return str((await refusal(call))["code"])


async def all_of(backend: Harness, table: type[W]) -> list[W]:
    """Every row of a table, oldest first."""

    async def read(ctx: MutationCtx) -> list[W]:
        return await ctx.db.query(table).collect()

    return await backend.run(read)


class Reimaji:
    """A harness with Reimaji's people.

    Args:
        backend: the harness, called by nobody in particular.
    """

    def __init__(self, backend: Harness) -> None:
        self.backend = backend
        self.visitor = backend
        self.system = backend.as_admin()
        self.admin = self.signed_in("admin-1")
        self.free = self.signed_in("free-1")
        self.pro = self.signed_in("pro-1")

    def signed_in(self, subject: str, **claims: Any) -> Harness:
        """Somebody with a verified token, whether they have an account or not."""
        return self.backend.with_identity(subject=subject, **claims)

    async def open(self) -> None:
        """Gives the three people their accounts."""
        for subject in ("admin-1", "free-1", "pro-1"):
            await self.join(subject)
        await self.system.call("users:grantRole", {"clerkUserId": "pro-1", "role": "pro"})

    async def join(self, subject: str) -> str:
        """Signs somebody up; the id of the account."""
        args = {"clerkUserId": subject, "email": f"{subject}@example.test"}
        return str(await self.signed_in(subject).call("users:createOrUpdate", args))

    async def draft(self, module: str = "news", **changes: Any) -> str:
        """Stores a draft as the admin."""
        args = NEWS if module == "news" else RESEARCH
        return str(await self.admin.call(f"{module}:create", {**args, **changes}))

    async def publish(self, module: str = "news", **changes: Any) -> str:
        """Stores and publishes an item as the admin."""
        item = await self.draft(module, **changes)
        await self.admin.call(f"{module}:update", {"id": item, "isPublished": True})
        return item

    async def publish_many(self, count: int, **changes: Any) -> list[str]:
        """Publishes items one second apart; the newest first, as lists show them."""
        items: list[str] = []
        for number in range(count):
            items.insert(0, await self.publish(**{"title": f"Item {number}", **changes}))
            await self.pass_time(seconds=1)
        return items

    async def pass_time(self, **span: float) -> None:
        """Moves the clock."""
        await self.backend.advance(timedelta(**span))

    async def news(self, item: str) -> Json:
        """One item of the news as the admin sees it."""
        return cast("Json", await self.admin.call("news:getById", {"id": item}))

    async def rows(self, table: type[Any]) -> list[Any]:
        """Every row of a table."""

        async def read(ctx: MutationCtx) -> list[Table]:
            return await ctx.db.query(cast("type[Table]", table)).collect()

        return list(await self.backend.run(read))

    async def insert_user(self, subject: str, **columns: Any) -> Id[schema.User]:
        """Stores an account directly, in any state."""
        whole: Json = {
            "clerk_user_id": subject,
            "email": f"{subject}@example.test",
            "role": "free",
            "subscription_status": "trial",
            "created_at": 0.0,
            "updated_at": 0.0,
            **columns,
        }
        return await self.backend.insert(schema.User(**whole))

    async def insert_course(self, **columns: Any) -> Id[schema.Course]:
        """Stores a course directly, in any state."""
        author = await self.insert_user(f"author-{len(await self.rows(schema.Course))}")
        whole: Json = {
            "title": "Dasar AI",
            "slug": "dasar-ai",
            "description": "",
            "level": "basic",
            "duration": 1.0,
            "created_by": author,
            "created_at": 0.0,
            "updated_at": 0.0,
            **columns,
        }
        return await self.backend.insert(schema.Course(**whole))

    async def subscribe_user(self, subject: str, *, days: float) -> None:
        """Gives somebody a paid period, as a payment would."""

        async def pay(ctx: MutationCtx) -> None:
            match = schema.User.clerk_user_id == subject
            users = ctx.db.query(schema.User).with_index(schema.User.by_clerk_user_id, match)
            user = await users.unique()
            assert user is not None
            now = ctx.now_ms()
            end = now + days * 86_400_000
            await ctx.db.insert(
                schema.Subscription(
                    user_id=user.id,
                    plan="pro_monthly",
                    status="active",
                    started_at=now,
                    expires_at=end,
                    created_at=now,
                    updated_at=now,
                )
            )
            await ctx.db.patch(
                user.id,
                schema.User.role.set("pro"),
                schema.User.subscription_status.set("active"),
                schema.User.subscription_expires_at.set(end),
            )

        await self.backend.run(pay)
