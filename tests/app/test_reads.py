"""How much a click reads: what belongs to it, however much else there is."""

from __future__ import annotations

from typing import Any

import schema
from reactor import MutationCtx
from reactor.testing import Harness
from tests.app.school import School, open_school
from tests.app.support import Json, Reimaji


async def documents_read(app: Reimaji, caller: Harness, path: str, args: Json) -> float:
    """How many documents a call reads, as the log of functions says."""
    executions = app.backend.node.hub.runner.executions
    await app.backend.drain()
    _, cursor = await executions.after(0)
    await caller.call(path, args)
    entries, _ = await executions.after(cursor)
    shown = [executions.entry_json(entry, structured=False) for entry in entries]
    usages: list[Any] = [each["usageStats"] for each in shown if each.get("identifier") == path]
    assert len(usages) == 1, shown
    return float(usages[0]["databaseReadDocuments"])


async def crowd(app: Reimaji, school: School, people: int) -> None:
    """Others at the same lessons, as rows."""

    async def fill(ctx: MutationCtx) -> None:
        lessons = [
            await ctx.db.require(row.id)
            for row in await ctx.db.query(schema.Lesson).collect()
            if row.id in school.lessons
        ]
        for number in range(people):
            user_id = await ctx.db.insert(
                schema.User(
                    clerk_user_id=f"crowd-{number}",
                    email=f"crowd-{number}@example.test",
                    role="free",
                    subscription_status="trial",
                    created_at=0.0,
                    updated_at=0.0,
                )
            )
            for lesson in lessons:
                await ctx.db.insert(
                    schema.UserProgress(
                        user_id=user_id,
                        lesson_id=lesson.id,
                        module_id=lesson.module_id,
                        course_id=lesson.course_id,
                        status="started",
                        time_spent=0.0,
                        created_at=0.0,
                        updated_at=0.0,
                    )
                )

    await app.backend.run(fill)


async def test_learning_reads_only_ones_own(app: Reimaji) -> None:
    """D88, D38: a click costs the same beside 50 learners and three more courses."""
    school = await open_school(app, modules=2, lessons=2, quizzes=1)
    one = school.lessons[0]
    await school.start(app.free, one)
    await school.complete(app.free, one)
    clicks: list[tuple[Harness, str, Json]] = [
        (app.free, "progress:startLesson", {"lessonId": one}),
        (app.free, "progress:completeLesson", {"lessonId": one, "timeSpent": 1}),
        (app.free, "progress:recordTime", {"lessonId": one, "minutes": 1}),
        (app.free, "progress:getMyLesson", {"lessonId": one}),
        (app.free, "progress:getCourseProgress", {"courseId": school.course}),
        (app.free, "quizzes:getMyResults", {"lessonId": one}),
        (app.free, "courses:getOutline", {"courseId": school.course}),
        (app.visitor, "courses:getById", {"id": school.course}),
        (app.visitor, "lessons:listByModule", {"moduleId": school.modules[0]}),
    ]
    alone = [await documents_read(app, *click) for click in clicks]
    for _ in range(3):
        await open_school(app, modules=3, lessons=2, quizzes=1)
    await crowd(app, school, people=50)
    # An unimportant edit makes every query run again instead of answering from the cache.
    await school.edit("courses", school.course, description="Edited.")
    crowded = [await documents_read(app, *click) for click in clicks]
    assert crowded == alone
    assert min(alone) > 0
    assert max(alone) < 40
