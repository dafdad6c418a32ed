"""Lessons: who reads what, order, counts, the bin."""

from __future__ import annotations

from typing import Any

import pytest

import schema
from tests.app.school import LESSON, School, open_school
from tests.app.support import Json, Reimaji, code_of, refusal

SECRET = "secret-lesson-text"


async def test_texts_are_for_those_who_may_read_them(app: Reimaji) -> None:
    """Free previews for everybody, the rest for Pro; the teaser never holds the text."""
    paid: Json = {"content": SECRET, "videoUrl": f"https://video.test/{SECRET}"}
    school = await open_school(app, modules=1, lessons=1, isFreePreview=False, **paid)
    preview = await school.add_lesson(school.modules[0], content=SECRET)
    lesson = school.lessons[0]
    for caller in (app.visitor, app.free):
        data = await refusal(caller.call("lessons:getById", {"id": lesson}))
        assert data["code"] == "PREMIUM_REQUIRED"
        assert data["message"] == "Premium lesson requires subscription"
        assert (data["preview"]["title"], data["preview"]["isLocked"]) == ("Lesson 0.0", True)
        listed = await caller.call("lessons:listByModule", {"moduleId": school.modules[0]})
        module = await caller.call("modules:getById", {"id": school.modules[0]})
        assert module["lessons"] == listed
        assert [card["isLocked"] for card in listed] == [True, False]
        assert SECRET not in f"{data} {listed}"
        assert (await caller.call("lessons:getById", {"id": preview}))["content"] == SECRET
        quiz = await refusal(caller.call("quizzes:listByLesson", {"lessonId": lesson}))
        assert quiz["code"] == "PREMIUM_REQUIRED"
    for caller in (app.pro, app.admin):
        read = await caller.call("lessons:getById", {"id": lesson})
        assert (read["content"], read["isLocked"]) == (SECRET, False)


async def test_a_lesson_knows_its_place(app: Reimaji) -> None:
    """Previous and next lead through the whole course, over closed parts and module ends."""
    school = await open_school(app, quizzes=1)
    one, two, three, four = school.lessons
    await school.edit("lessons", two, isActive=False)
    await school.add_module(title="Empty")

    async def around(lesson: str) -> tuple[str | None, str | None]:
        read = await app.admin.call("lessons:getById", {"id": lesson})
        return read["prevLessonId"], read["nextLessonId"]

    assert await around(one) == (None, three)
    assert await around(three) == (one, four)
    assert await around(four) == (three, None)
    assert await around(two) == (None, None)
    await app.free.call("progress:startLesson", {"lessonId": one})
    mine = await app.free.call("lessons:getById", {"id": one})
    assert (mine["quizCount"], mine["progress"]["status"]) == (1, "started")
    assert (mine["moduleTitle"], mine["courseTitle"]) == ("Module 0", "AI Basics")
    assert (await app.visitor.call("lessons:getById", {"id": one}))["progress"] is None


async def test_free_previews_are_reachable(app: Reimaji) -> None:
    """The shop window shows no lesson that cannot be opened."""
    school = await open_school(app)
    hidden = School(app)
    hidden.course = await hidden.add_course(title="Draft", isPublished=False)
    await hidden.add_lesson(await hidden.add_module())
    await school.edit("lessons", school.lessons[0], isFreePreview=False)
    await school.edit("lessons", school.lessons[1], isActive=False)
    await app.pass_time(seconds=1)
    newest = await school.add_lesson(school.modules[0])
    await school.edit("lessons", school.lessons[2], isFreePreview=False)
    for caller in (app.visitor, app.admin):
        cards = await caller.call("lessons:listFreePreviews")
        assert [card["_id"] for card in cards] == [newest, school.lessons[3]]
    one = await app.visitor.call("lessons:listFreePreviews", {"limit": 1})
    assert [card["_id"] for card in one] == [newest]


async def lesson_count(school: School, place: int = 0) -> int:
    rows = {row.id: row.lesson_count for row in await school.app.rows(schema.Module)}
    return int(rows[school.modules[place]])


async def test_modules_count_their_open_lessons(app: Reimaji) -> None:
    """I10: opening, closing, deleting and restoring keep `lessonCount` right, also in any order."""
    school = await open_school(app)
    lesson, module = school.lessons[0], school.modules[0]
    assert await lesson_count(school) == 2
    await school.edit("lessons", lesson, isActive=False)
    await school.edit("lessons", lesson, isActive=False)
    assert await lesson_count(school) == 1
    for _ in range(2):
        assert await app.admin.call("lessons:remove", {"id": lesson}) == lesson
    assert await lesson_count(school) == 1
    await app.admin.call("lessons:restore", {"id": lesson})
    assert await lesson_count(school) == 1
    await school.edit("lessons", lesson, isActive=True)
    assert await lesson_count(school) == 2
    await app.admin.call("lessons:remove", {"id": lesson})
    assert await code_of(app.admin.call("lessons:update", {"id": lesson})) == "NOT_FOUND"
    assert await lesson_count(school) == 1
    for _ in range(2):
        await app.admin.call("lessons:restore", {"id": lesson})
    assert await lesson_count(school) == 2
    await school.add_lesson(module)
    assert (await lesson_count(school), await lesson_count(school, 1)) == (3, 2)


async def test_editing_changes_what_is_given(app: Reimaji) -> None:
    """An absent key leaves a value; an empty video takes the video away."""
    school = await open_school(app, modules=1, lessons=2)
    lesson, other = school.lessons
    before = await app.admin.call("lessons:getById", {"id": lesson})
    await app.pass_time(seconds=1)
    await school.edit("lessons", lesson, videoUrl="", title="New")
    after = await app.admin.call("lessons:getById", {"id": lesson})
    assert (after.pop("videoUrl"), after.pop("title")) == ("", "New")
    assert after.pop("updatedAt") > before.pop("updatedAt")
    assert after == {
        key: value for key, value in before.items() if key not in ("videoUrl", "title")
    }
    slugs = {row.id: row.slug for row in await app.rows(schema.Lesson)}
    taken = {"id": lesson, "slug": slugs[other]}
    assert await code_of(app.admin.call("lessons:update", taken)) == "SLUG_TAKEN"
    await school.edit("lessons", lesson, slug="mine")
    args = {"moduleId": school.modules[0], "orderedIds": [other, lesson]}
    assert await app.admin.call("lessons:reorder", args) is None
    listed = await app.visitor.call("lessons:listByModule", {"moduleId": school.modules[0]})
    assert [(card["_id"], card["slug"]) for card in listed] == [
        (other, slugs[other]), (lesson, "mine")
    ]  # fmt: skip
    args["orderedIds"] = [other]
    assert await code_of(app.admin.call("lessons:reorder", args)) == "INVALID_ARGUMENT"


async def test_editors_see_everything(app: Reimaji) -> None:
    """Closed and deleted lessons stay in the editors' list, with their texts."""
    school = await open_school(app, modules=1, lessons=3)
    await school.edit("lessons", school.lessons[0], isActive=False)
    await app.admin.call("lessons:remove", {"id": school.lessons[1]})
    listed = await app.admin.call("lessons:adminListByModule", {"moduleId": school.modules[0]})
    assert [lesson["_id"] for lesson in listed] == school.lessons
    assert listed[1]["deletedAt"] > 0
    assert {lesson["content"] for lesson in listed} == {LESSON["content"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", " "), ("content", ""), ("content", "x" * 200_001), ("duration", -0.5),
        ("videoUrl", "javascript:alert(1)"), ("videoUrl", "//x"), ("description", "x" * 5_001),
        ("order", -1),
    ],
)  # fmt: skip
async def test_bad_lessons_are_refused(app: Reimaji, name: str, value: Any) -> None:
    """The input rules hold when creating and changing."""
    school = await open_school(app, modules=1, lessons=1)
    args = {**LESSON, "moduleId": school.modules[0], name: value}
    data = await refusal(app.admin.call("lessons:create", args))
    assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", name)
    if name != "order":
        change = {"id": school.lessons[0], name: value}
        data = await refusal(app.admin.call("lessons:update", change))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", name)
    assert len(await app.rows(schema.Lesson)) == 1


async def test_lessons_need_a_living_module(app: Reimaji) -> None:
    """A module in the bin does not grow."""
    school = await open_school(app, modules=1, lessons=0)
    await app.admin.call("modules:remove", {"id": school.modules[0]})
    data = await refusal(school.add_lesson(school.modules[0]))
    assert (data["code"], data["message"]) == ("NOT_FOUND", "Module not found")
