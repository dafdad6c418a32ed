"""Things of Reimaji, stored directly and fresh for each call: a test needs one function only."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import schema
from reactor import ActionCtx, Id, StoredFile

if TYPE_CHECKING:
    from tests.app.support import Reimaji

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class Things:
    """Stores things, of which no two are the same.

    Args:
        app: where; `free-1` owns what can be owned, `admin-1` wrote what was written.
    """

    def __init__(self, app: Reimaji) -> None:
        self.app = app
        self._numbers = itertools.count(1)

    @property
    def _now(self) -> float:
        return self.app.backend.clock.now_ms()

    async def user(self, subject: str) -> Id[schema.User]:
        """Somebody's account."""
        rows = await self.app.rows(schema.User)
        return next(row.id for row in rows if row.clerk_user_id == subject)

    async def owner(self) -> Id[schema.User]:
        """The account that owns what can be owned."""
        return await self.user("free-1")

    async def author(self) -> Id[schema.User]:
        """The account that wrote what was written."""
        return await self.user("admin-1")

    async def person(self) -> str:
        """The Clerk id of somebody who is not among the callers."""
        subject = f"person-{next(self._numbers)}"
        await self.app.insert_user(subject)
        return subject

    async def news(self, *, premium: bool = False) -> Id[schema.News]:
        """A published item."""
        number, now = next(self._numbers), self._now
        return await self.app.backend.insert(
            schema.News(
                title=f"News {number}", slug=f"news-{number}", summary="Short.", content="Long.",
                type_="tool", tags=[], is_premium=premium, is_published=True, published_at=now,
                created_by=await self.author(), created_at=now, updated_at=now,
            )
        )  # fmt: skip

    async def research(self, *, premium: bool = False) -> Id[schema.Research]:
        """A published digest."""
        number, now = next(self._numbers), self._now
        return await self.app.backend.insert(
            schema.Research(
                title=f"Paper {number}", slug=f"paper-{number}", summary="Short.", content="Long.",
                implication="Much.", tags=[], is_premium=premium, is_published=True,
                published_at=now, created_by=await self.author(), created_at=now, updated_at=now,
            )
        )  # fmt: skip

    async def course(self) -> Id[schema.Course]:
        """A published course."""
        number, now = next(self._numbers), self._now
        return await self.app.backend.insert(
            schema.Course(
                title=f"Course {number}", slug=f"course-{number}", description="", level="basic",
                duration=1.0, is_published=True, published_at=now, created_by=await self.author(),
                created_at=now, updated_at=now,
            )
        )  # fmt: skip

    async def module(self, course: Id[schema.Course] | None = None) -> Id[schema.Module]:
        """An active module of a published course."""
        number, now = next(self._numbers), self._now
        return await self.app.backend.insert(
            schema.Module(
                course_id=course or await self.course(), title="Module", slug=f"module-{number}",
                description="", order=1.0, duration=1.0, course_title="Course", is_active=True,
                lesson_count=0, created_at=now, updated_at=now,
            )
        )  # fmt: skip

    async def lesson(self, *, premium: bool = False) -> Id[schema.Lesson]:
        """An active lesson, reachable; for everybody unless it is premium."""
        number, now = next(self._numbers), self._now
        course = await self.course()
        return await self.app.backend.insert(
            schema.Lesson(
                course_id=course, module_id=await self.module(course), title="Lesson",
                slug=f"lesson-{number}", description="", content="Long.", video_url="",
                duration=5.0, order=1.0, module_title="Module", course_title="Course",
                is_free_preview=not premium, is_active=True, created_at=now, updated_at=now,
            )
        )  # fmt: skip

    async def question(self, lesson: Id[schema.Lesson]) -> Id[schema.Quiz]:
        """A question of a lesson, whose first answer is right."""
        return await self.app.backend.insert(
            schema.Quiz(
                lesson_id=lesson, question="Which?", options=["This", "That"], correct_index=0,
                is_active=True, difficulty="easy", order=1.0, created_at=self._now,
                updated_at=self._now,
            )
        )  # fmt: skip

    async def transaction(self) -> Id[schema.Transaction]:
        """A payment of the owner's, made and received."""
        number, now = next(self._numbers), self._now
        return await self.app.backend.insert(
            schema.Transaction(
                user_id=await self.owner(), amount=99_000, currency="IDR", status="PAID",
                description="Pro", external_id=f"INV_{number}", xendit_invoice_id=f"inv-{number}",
                expires_at=now + 1, paid_at=now, paid_amount=99_000, plan="pro_monthly",
                applied_at=now, period_start=now, period_end=now + 1, created_at=now,
                updated_at=now,
            )
        )  # fmt: skip

    async def external_id(self) -> str:
        """The name by which the provider knows a payment of the owner's."""
        paid = await self.transaction()
        rows = await self.app.rows(schema.Transaction)
        return str(next(row.external_id for row in rows if row.id == paid))

    async def subscription(self) -> Id[schema.Subscription]:
        """A period that somebody has paid."""
        owner = await self.app.insert_user(f"subscriber-{next(self._numbers)}")
        return await self.app.backend.insert(
            schema.Subscription(
                user_id=owner, plan="pro_monthly", status="active", started_at=self._now,
                expires_at=self._now + 1e9, created_at=self._now, updated_at=self._now,
            )
        )  # fmt: skip

    async def session(self, *, public: bool = False) -> Id[schema.AiSession]:
        """A playground session of the owner's, answered."""
        return await self.app.backend.insert(
            schema.AiSession(
                user_id=await self.owner(), title="Title", prompt="Why?", response="Because.",
                model="gpt-3.5-turbo", status="done", is_public=public, created_at=self._now,
                updated_at=self._now, counts_toward_limit=False,
            )
        )  # fmt: skip

    async def notification(self) -> Id[schema.Notification]:
        """Something that the owner was told."""
        return await self.app.backend.insert(
            schema.Notification(
                user_id=await self.owner(), type_="system_announcement", title="Hello",
                message="There.", created_at=self._now,
            )
        )  # fmt: skip

    async def upload(self) -> str:
        """The id of a stored picture that nobody has attached."""

        async def store(ctx: ActionCtx) -> str:
            return await ctx.storage.store(PNG, content_type="image/png")

        return await self.app.backend.run_action(store)

    async def file(self) -> str:
        """The id of a stored picture that the owner has attached."""
        stored = Id[StoredFile](await self.upload())
        await self.app.backend.insert(
            schema.File(
                storage_id=stored, owner_id=await self.owner(), purpose="avatar",
                content_type="image/png", size=len(PNG), created_at=self._now,
            )
        )  # fmt: skip
        return stored
