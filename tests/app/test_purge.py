"""What is forgotten, when, and what is kept because something refers to it."""

from __future__ import annotations

from typing import Any

import pytest

import schema
from functions._env import Env
from reactor import MutationCtx
from reactor.testing import open_harness
from schema import (
    AiChunk,
    AiSession,
    ContentView,
    Course,
    EmailLog,
    Enrollment,
    Lesson,
    Module,
    News,
    Quiz,
    WebhookEvent,
)
from tests.app.school import open_school
from tests.app.support import ENV, Reimaji
from tests.app.test_files import attach, stored, upload
from tests.app.things import Things

DAY = 86_400_000.0


async def purge(app: Reimaji, path: str = "purge:deletedContent") -> None:
    """Runs a purge to its end."""
    await app.system.call(path, {})
    await app.backend.drain()


async def test_deleted_articles_go_after_thirty_days_with_their_pictures(app: Reimaji) -> None:
    """Until then an editor can bring them back."""
    items = {"news": await app.publish(), "research": await app.publish("research")}
    await attach(app.admin, await upload(app), "news_image", targetId=items["news"])
    kept = await app.publish(title="Kept")
    for module, item in items.items():
        await app.admin.call(f"{module}:remove", {"id": item})
    await app.pass_time(days=29)
    await purge(app)
    assert len(await app.rows(News)) == 2
    await app.pass_time(days=2)
    await purge(app)
    assert [row.id for row in await app.rows(News)] == [kept]
    assert await app.rows(schema.Research) == []
    assert await stored(app) == set()


async def test_many_go_in_steps(app: Reimaji) -> None:
    """One mutation never takes all of them."""

    async def fill(ctx: MutationCtx) -> None:
        author = (await ctx.db.query(schema.User).first()).id  # type: ignore[union-attr]
        for number in range(120):
            await ctx.db.insert(
                News(
                    title="t", slug=f"s-{number}", summary="s", content="c", type_="tool",
                    tags=[], is_premium=False, created_by=author, deleted_at=1.0,
                    created_at=0.0, updated_at=0.0,
                )
            )  # fmt: skip

    await app.backend.run(fill)
    await purge(app)
    assert await app.rows(News) == []


async def test_a_course_that_somebody_began_stays(app: Reimaji) -> None:
    """Their progress refers to it; another one goes with all its parts."""
    old: dict[str, Any] = {"deleted_at": 1.0}
    begun = await app.insert_course(slug="begun", **old)
    unused = await app.insert_course(slug="unused", **old)
    user = await app.insert_user("ayu")
    await app.backend.insert(
        Enrollment(
            user_id=user,
            course_id=begun,
            status="in_progress",
            started_at=0.0,
            last_activity_at=0.0,
        )
    )
    for course in (begun, unused):
        module = await app.backend.insert(
            Module(
                course_id=course, title="t", slug="s", description="", order=1, duration=1.0,
                course_title="c", is_active=True, created_at=0.0, updated_at=0.0,
            )
        )  # fmt: skip
        await app.backend.insert(
            Lesson(
                module_id=module, course_id=course, title="t", slug="s", description="",
                content="c", video_url="", duration=1.0, order=1, module_title="m",
                course_title="c", is_active=True, is_free_preview=True, created_at=0.0,
                updated_at=0.0,
            )
        )  # fmt: skip
    await purge(app)
    assert [row.id for row in await app.rows(Course)] == [begun]
    assert [row.course_id for row in await app.rows(Module)] == [begun]
    assert [row.course_id for row in await app.rows(Lesson)] == [begun]


async def test_parts_that_were_deleted_alone_go_unless_somebody_began_them(app: Reimaji) -> None:
    """A lesson that an editor took out of a living course is not kept for ever."""
    school = await open_school(app, modules=3, lessons=2, quizzes=2)
    begun, unused, kept = school.modules
    first, second, third, _, fifth, _ = school.lessons
    await school.start(app.free, first)
    await school.answer(app.free, school.quizzes[fifth][0])
    for module in (begun, unused):
        await app.admin.call("modules:remove", {"id": module})
    for lesson in (first, second):
        await app.admin.call("lessons:remove", {"id": lesson})
    for question in school.quizzes[fifth]:
        await app.admin.call("quizzes:remove", {"id": question})
    await app.pass_time(days=29)
    await purge(app)
    assert len(await app.rows(Module)) == 3
    await app.pass_time(days=2)
    await purge(app)
    assert {row.id for row in await app.rows(Module)} == {begun, kept}
    assert third not in {row.id for row in await app.rows(Lesson)}
    assert second not in {row.id for row in await app.rows(Lesson)}
    assert first in {row.id for row in await app.rows(Lesson)}
    questions = {row.id for row in await app.rows(Quiz)}
    assert school.quizzes[fifth][0] in questions
    assert not {school.quizzes[fifth][1], *school.quizzes[third]} & questions


async def test_what_an_asker_deleted_goes_with_its_pieces(app: Reimaji) -> None:
    things = Things(app)
    gone, kept = await things.session(), await things.session()
    for session in (gone, kept):
        await app.backend.insert(AiChunk(session_id=session, seq=0, text="Because"))
    await app.free.call("ai:deleteSession", {"sessionId": gone})
    await app.pass_time(days=31)
    await purge(app)
    assert [row.id for row in await app.rows(AiSession)] == [kept]
    assert [row.session_id for row in await app.rows(AiChunk)] == [kept]


@pytest.mark.parametrize(("table", "days"), [(WebhookEvent, 30), (ContentView, 7), (EmailLog, 90)])
async def test_logs_are_kept_for_their_time(app: Reimaji, table: Any, days: int) -> None:
    """More than one run's worth; what is young stays, and views that were not counted."""

    async def fill(ctx: MutationCtx) -> None:
        for number in range(600):
            await ctx.db.insert(_row(table, f"old-{number}", ctx.now_ms()))

    before = len(await app.rows(table))
    await app.backend.run(fill)
    await app.pass_time(days=days - 1)
    await purge(app, "purge:logs")
    assert len(await app.rows(table)) == 600 + before
    await app.backend.insert(_row(table, "young", app.backend.clock.now_ms()))
    if table is ContentView:
        uncounted = _row(table, "uncounted", 0.0, flushed=False)
        await app.backend.insert(uncounted)
    await app.pass_time(days=1.5)
    await purge(app, "purge:logs")
    assert len(await app.rows(table)) == (2 if table is ContentView else 1)


def _row(table: Any, name: str, now: float, **columns: Any) -> Any:
    if table is WebhookEvent:
        return WebhookEvent(
            provider="clerk", event_id=name, type_="t", outcome="processed", payload="",
            received_at=now,
        )  # fmt: skip
    if table is ContentView:
        whole: dict[str, Any] = {"flushed": True, **columns}
        return ContentView(content_type="news", content_id="x", viewer_key=name, bucket=0, **whole)
    return EmailLog(
        key=name, template="welcome", to="a@b.c", subject="s", vars={}, status="sent",
        created_at=now, updated_at=now,
    )  # fmt: skip


async def test_the_operator_sets_how_long(app: Reimaji) -> None:
    """The law that applies is theirs to know."""
    env = {**ENV, "REIMAJI_KEEP_DELETED_DAYS": "1"}
    harness = open_harness(schema=schema, functions="functions", env=env, settings=Env, crons=False)
    async with harness as backend:
        short = Reimaji(backend)
        await short.open()
        item = await short.publish()
        await short.admin.call("news:remove", {"id": item})
        await short.pass_time(days=1.5)
        await purge(short)
        assert await short.rows(News) == []


async def test_it_all_runs_by_itself() -> None:
    """The cron jobs, at their times: counted views, lost e-mails, the nightly purges."""
    harness = open_harness(schema=schema, functions="functions", env=ENV, settings=Env)
    async with harness as backend:
        app = Reimaji(backend)
        await app.open()
        item = await app.publish()
        await app.free.call("news:recordView", {"id": item})
        await app.pass_time(seconds=11)
        assert (await app.news(item))["viewCount"] == 1
        old = WebhookEvent(
            provider="clerk", event_id="old", type_="t", outcome="processed", payload="",
            received_at=backend.clock.now_ms() - 31 * DAY,
        )  # fmt: skip
        await backend.insert(old)
        orphan = await upload(app)
        for _ in range(25):
            await app.pass_time(hours=1)
        assert await app.rows(WebhookEvent) == []
        assert orphan in await stored(app), "it was a few hours old at the last purge"
