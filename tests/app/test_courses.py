"""Courses for visitors and editors."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import schema
from reactor import ScheduledFunction
from tests.app.school import COURSE, School, open_school
from tests.app.support import Json, Reimaji, code_of, refusal


def titles(courses: list[Json]) -> list[str]:
    return [course["title"] for course in courses]


async def test_the_list_shows_what_is_published(app: Reimaji) -> None:
    """D35: drafts and deleted courses are absent, the newest comes first, levels filter."""
    school = School(app)
    for number, level in enumerate(("basic", "advanced", "basic")):
        await school.add_course(title=f"Course {number}", level=level)
        await app.pass_time(seconds=1)
    await school.add_course(title="Draft", isPublished=False)
    deleted = await school.add_course(title="Deleted")
    await app.admin.call("courses:remove", {"id": deleted})
    listed = await app.visitor.call("courses:list")
    assert titles(listed) == ["Course 2", "Course 1", "Course 0"]
    basic = await app.visitor.call("courses:list", {"level": "basic"})
    assert titles(basic) == ["Course 2", "Course 0"]
    assert titles(await app.visitor.call("courses:list", {"limit": 1})) == ["Course 2"]
    assert "imageStorageId" not in listed[0]
    assert listed[0]["publishedAt"] > 0
    await app.admin.call("courses:restore", {"id": deleted})
    assert titles(await app.visitor.call("courses:list"))[0] == "Deleted"


@pytest.mark.parametrize("limit", [0, -1, 1.5])
async def test_limits_that_are_no_limits(app: Reimaji, limit: float) -> None:
    """D35: zero is not fifty."""
    data = await refusal(app.visitor.call("courses:list", {"limit": limit}))
    assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "limit")


async def test_a_course_shows_its_open_modules_in_order(app: Reimaji) -> None:
    """D36, D37, D38: by `order`, without closed and deleted ones, and of this course only."""
    school = await open_school(app, modules=0)
    last, first, closed, deleted = [
        await school.add_module(title=title, order=order)
        for title, order in (("Last", 9), ("First", 2), ("Closed", 3), ("Deleted", 4))
    ]
    other = await school.add_course(title="Other")
    await school.add_module(courseId=other)
    await school.edit("modules", closed, isActive=False)
    await app.admin.call("modules:remove", {"id": deleted})
    answer = await app.visitor.call("courses:getById", {"id": school.course})
    assert answer["course"]["title"] == "AI Basics"
    assert [module["_id"] for module in answer["modules"]] == [first, last]
    assert await app.visitor.call("courses:getBySlug", {"slug": "ai-basics"}) == answer
    listed = await app.visitor.call("modules:listByCourse", {"courseId": school.course})
    assert listed == answer["modules"]


async def test_drafts_and_deleted_courses_are_for_admins(app: Reimaji) -> None:
    """D36: the address of a draft leads nowhere yet, whoever guesses it."""
    school = School(app)
    draft = await school.add_course(title="Draft", isPublished=False)
    deleted = await school.add_course(title="Deleted")
    await app.admin.call("courses:remove", {"id": deleted})
    for course, slug in ((draft, "draft"), (deleted, "deleted")):
        calls: list[tuple[str, Json]] = [
            ("courses:getById", {"id": course}),
            ("courses:getBySlug", {"slug": slug}),
            ("courses:getOutline", {"courseId": course}),
            ("modules:listByCourse", {"courseId": course}),
        ]
        for path, args in calls:
            for caller in (app.visitor, app.free, app.pro):
                data = await refusal(caller.call(path, args))
                assert (data["code"], data["message"]) == ("NOT_FOUND", "Course not found")
            await app.admin.call(path, args)
    data = await refusal(app.free.call("progress:getCourseProgress", {"courseId": draft}))
    assert data["entity"] == "course"


async def test_the_outline_tells_what_is_locked_and_done(app: Reimaji) -> None:
    """The page of a course: all lessons, no texts, and one's own marks."""
    school = await open_school(app, content="secret-lesson-text")
    locked = await school.add_lesson(school.modules[1], title="Paid", isFreePreview=False)
    await school.take(app.free, school.lessons[0])
    await school.start(app.free, school.lessons[1])
    outline = await app.free.call("courses:getOutline", {"courseId": school.course})
    lessons = [lesson for module in outline["modules"] for lesson in module["lessons"]]
    assert [lesson["_id"] for lesson in lessons] == [*school.lessons, locked]
    statuses = [lesson["status"] for lesson in lessons]
    assert statuses == ["completed", "started", *["not_started"] * 3]
    assert [lesson["isLocked"] for lesson in lessons] == [False] * 4 + [True]
    assert set(lessons[0]) == {
        "_id", "_creationTime", "moduleId", "courseId", "title", "slug", "description",
        "duration", "order", "isFreePreview", "isLocked", "status",
    }  # fmt: skip
    assert "secret-lesson-text" not in str(outline)
    assert outline["progress"] == await school.progress(app.free)
    visitor = await app.visitor.call("courses:getOutline", {"courseId": school.course})
    assert visitor["progress"] is None
    assert {lesson["status"] for lesson in visitor["modules"][0]["lessons"]} == {"not_started"}
    pro = await app.pro.call("courses:getOutline", {"courseId": school.course})
    assert not pro["modules"][1]["lessons"][2]["isLocked"]


async def test_creating_and_changing(app: Reimaji) -> None:
    """Drafts get an address of their own; what is not given stays; null clears the image."""
    school = School(app)
    rush = [school.add_course(isPublished=False) for _ in range(5)]
    courses = await asyncio.gather(*rush)
    slugs = {(await app.admin.call("courses:getById", {"id": one}))["course"]["slug"]
             for one in courses}  # fmt: skip
    assert slugs == {"ai-basics", *(f"ai-basics-{number}" for number in range(2, 6))}
    course = courses[0]
    image = "https://images.test/1.png"
    await school.edit("courses", course, imageUrl=image, level="advanced", duration=3.5)
    changed = (await app.admin.call("courses:getById", {"id": course}))["course"]
    assert (changed["imageUrl"], changed["level"], changed["duration"]) == (image, "advanced", 3.5)
    assert (changed["publishedAt"], changed["title"]) == (None, "AI Basics")
    await school.edit("courses", course, imageUrl=None, slug="mine", isPublished=True)
    changed = (await app.visitor.call("courses:getBySlug", {"slug": "mine"}))["course"]
    assert "imageUrl" not in changed
    taken = app.admin.call("courses:update", {"id": courses[1], "slug": "mine"})
    assert await code_of(taken) == "SLUG_TAKEN"
    counters = {row.name: row.value for row in await app.rows(schema.Counter)}
    assert counters["totalCourses"] == 5
    actions = {row.action for row in await app.rows(schema.AuditLog)}
    assert actions == {"courses.create", "courses.update"}


async def test_bad_courses_are_refused(app: Reimaji) -> None:
    """D46: the input rules hold for courses, and nothing is stored."""
    bad: list[tuple[str, Any]] = [
        ("title", " "), ("description", "x" * 5_001), ("duration", -1), ("duration", 10_001),
        ("imageUrl", "javascript:alert(1)"),
    ]  # fmt: skip
    for name, value in bad:
        data = await refusal(app.admin.call("courses:create", {**COURSE, name: value}))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", name)
    assert await app.rows(schema.Course) == []


async def test_only_admins_edit(app: Reimaji) -> None:
    """D01: naming an admin makes none."""
    named = {**COURSE, "clerkUserId": "admin-1"}
    assert await code_of(app.visitor.call("courses:create", named)) == "UNAUTHENTICATED"
    assert await code_of(app.free.call("courses:create", named)) == "IDENTITY_MISMATCH"
    assert await code_of(app.pro.call("courses:create", COURSE)) == "FORBIDDEN"
    school = await open_school(app, modules=1, lessons=1, quizzes=1)
    lesson = school.lessons[0]
    ids = {
        "courses": school.course,
        "modules": school.modules[0],
        "lessons": lesson,
        "quizzes": school.quizzes[lesson][0],
    }
    for module, id in ids.items():
        for name in ("update", "remove", "restore"):
            assert await code_of(app.pro.call(f"{module}:{name}", {"id": id})) == "FORBIDDEN"
    lists: list[tuple[str, Json]] = [
        ("courses:adminList", {}),
        ("modules:adminListByCourse", {"courseId": school.course}),
        ("lessons:adminListByModule", {"moduleId": school.modules[0]}),
        ("quizzes:adminListByLesson", {"lessonId": lesson}),
        ("modules:reorder", {"courseId": school.course, "orderedIds": school.modules}),
    ]
    for path, args in lists:
        assert await code_of(app.pro.call(path, args)) == "FORBIDDEN"
        assert await code_of(app.visitor.call(path, args)) == "UNAUTHENTICATED"


async def test_new_titles_reach_the_copies(app: Reimaji, monkeypatch: pytest.MonkeyPatch) -> None:
    """D48, I10: a lesson never shows its course or module under an old name."""
    school = await open_school(app)
    await school.edit("courses", school.course, title="Renamed")
    await school.edit("modules", school.modules[0], title="Chapter One")
    lessons = {row.id: row for row in await app.rows(schema.Lesson)}
    assert {row.course_title for row in lessons.values()} == {"Renamed"}
    assert {row.course_title for row in await app.rows(schema.Module)} == {"Renamed"}
    names = [lessons[id].module_title for id in school.lessons]
    assert names == ["Chapter One"] * 2 + ["Module 1"] * 2
    monkeypatch.setattr("functions._parts.TITLES_PER_RUN", 4)
    await school.edit("courses", school.course, title="Again")
    await app.backend.drain()
    jobs = [job.name for job in await app.rows(ScheduledFunction)]
    assert jobs.count("courses.js:copyTitle") == 1
    rows = await app.rows(schema.Lesson) + await app.rows(schema.Module)
    assert {row.course_title for row in rows} == {"Again"}


async def test_the_admin_list_sorts_by_last_change(app: Reimaji) -> None:
    """Editors go on where they left off, by state."""
    school = School(app)
    courses: list[str] = []
    for number in range(4):
        is_published = number % 2 == 0
        title = f"Course {number}"
        courses.append(await school.add_course(title=title, isPublished=is_published))
        await app.pass_time(seconds=1)
    await app.admin.call("courses:remove", {"id": courses[3]})

    async def listed(**args: Any) -> list[str]:
        answer = await app.admin.call("courses:adminList", args)
        return [course["_id"] for course in answer["courses"]]

    assert await listed() == [courses[2], courses[1], courses[0]]
    assert await listed(status="draft") == [courses[1]]
    assert await listed(status="published") == [courses[2], courses[0]]
    assert await listed(status="deleted") == [courses[3]]
    page = await app.admin.call("courses:adminList", {"limit": 1, "status": "published"})
    assert page["nextCursor"] is not None
    rest = await listed(cursor=page["nextCursor"], status="published")
    assert rest == [courses[0]]
