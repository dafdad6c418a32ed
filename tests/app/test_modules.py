"""Modules: order, addresses, counts, the bin."""

from __future__ import annotations

from typing import Any

import pytest

import schema
from tests.app.school import MODULE, School, open_school
from tests.app.support import Json, Reimaji, code_of, refusal


async def order_of(school: School) -> list[tuple[str, float]]:
    args = {"courseId": school.course}
    modules = await school.app.admin.call("modules:adminListByCourse", args)
    return [(module["_id"], module["order"]) for module in modules]


async def test_modules_come_last_unless_told(app: Reimaji) -> None:
    """Adding goes on where the course ends; names and counts are filled in."""
    school = await open_school(app, lessons=0)
    early = await school.add_module(order=0.5, isActive=False)
    late = await school.add_module()
    assert await order_of(school) == [
        (early, 0.5), (school.modules[0], 1), (school.modules[1], 2), (late, 3)
    ]  # fmt: skip
    module = await app.visitor.call("modules:getById", {"id": late})
    assert (module["courseTitle"], module["lessonCount"]) == ("AI Basics", 0)
    assert (module["isActive"], module["lessons"]) == (True, [])


async def test_slugs_are_unique_in_a_course(app: Reimaji) -> None:
    """I2: two chapters of one name have two addresses, deleted ones included."""
    school = await open_school(app, modules=0)
    first, second = await school.add_module(), await school.add_module()
    await app.admin.call("modules:remove", {"id": second})
    third = await school.add_module()
    elsewhere = await school.add_module(courseId=await school.add_course(title="Other"))
    rows = {row.id: row.slug for row in await app.rows(schema.Module)}
    slugs = [rows[id] for id in (first, second, third, elsewhere)]
    assert slugs == ["a-module", "a-module-2", "a-module-3", "a-module"]
    change: Json = {"id": first, "slug": "a-module-2"}
    assert await code_of(app.admin.call("modules:update", change)) == "SLUG_TAKEN"
    await school.edit("modules", first, slug="intro")
    await school.edit("modules", first, slug="intro", title="Other title")
    rows = {row.id: row.slug for row in await app.rows(schema.Module)}
    assert rows[first] == "intro"


async def test_reordering(app: Reimaji) -> None:
    """Dragging chapters: every living one once, or nothing moves."""
    school = await open_school(app, modules=3, lessons=0)
    one, two, three = school.modules
    deleted = await school.add_module()
    await app.admin.call("modules:remove", {"id": deleted})
    args: Json = {"courseId": school.course}
    assert (
        await app.admin.call("modules:reorder", {**args, "orderedIds": [three, one, two]}) is None
    )
    assert (await order_of(school))[:3] == [(three, 1), (one, 2), (two, 3)]
    foreign = await school.add_module(courseId=await school.add_course(title="Other"))
    for ids in ([three, one], [three, one, one], [three, one, two, deleted],
                [three, one, foreign], []):  # fmt: skip
        call = app.admin.call("modules:reorder", {**args, "orderedIds": ids})
        data = await refusal(call)
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "orderedIds")
    assert (await order_of(school))[:3] == [(three, 1), (one, 2), (two, 3)]


async def test_closed_modules_take_their_lessons_along(app: Reimaji) -> None:
    """D83: nothing inside a closed or deleted module is found, and restoring brings it back."""
    school = await open_school(app, modules=1, lessons=1)
    module, lesson = school.modules[0], school.lessons[0]
    calls: list[tuple[str, Json, str]] = [
        ("modules:getById", {"id": module}, "module"),
        ("lessons:listByModule", {"moduleId": module}, "module"),
        ("lessons:getById", {"id": lesson}, "lesson"),
    ]

    async def check(is_open: bool) -> None:
        for path, args, entity in calls:
            if is_open:
                await app.visitor.call(path, args)
            else:
                data = await refusal(app.pro.call(path, args))
                assert (data["code"], data["entity"]) == ("NOT_FOUND", entity)
                await app.admin.call(path, args)

    await check(is_open=True)
    await school.edit("modules", module, isActive=False)
    await check(is_open=False)
    await school.edit("modules", module, isActive=True)
    for _ in range(2):
        assert await app.admin.call("modules:remove", {"id": module}) == module
    await check(is_open=False)
    change = {"id": module, "title": "X"}
    assert await code_of(app.admin.call("modules:update", change)) == "NOT_FOUND"
    for _ in range(2):
        assert await app.admin.call("modules:restore", {"id": module}) == module
    await check(is_open=True)
    await app.admin.call("courses:remove", {"id": school.course})
    await check(is_open=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", ""), ("description", "x" * 5_001), ("duration", 10_001), ("order", -1)],
)
async def test_bad_modules_are_refused(app: Reimaji, name: str, value: Any) -> None:
    """The input rules hold, and nothing is stored."""
    school = await open_school(app, modules=0)
    args = {**MODULE, "courseId": school.course, name: value}
    data = await refusal(app.admin.call("modules:create", args))
    assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", name)
    assert await app.rows(schema.Module) == []


async def test_modules_need_a_living_course(app: Reimaji) -> None:
    """A course in the bin does not grow."""
    school = await open_school(app, modules=0)
    await app.admin.call("courses:remove", {"id": school.course})
    data = await refusal(school.add_module())
    assert (data["code"], data["message"]) == ("NOT_FOUND", "Course not found")
