"""What `permissions:hasAccess` and `permissions:my` say about the caller."""

from __future__ import annotations

import pytest

import schema
from reactor import Id, MutationCtx
from reactor.testing import Harness
from tests.app.support import Json, Reimaji, code_of


async def has(caller: Harness, resource: str, item: str | None = None, **args: str) -> object:
    given = {"resource": resource, **({} if item is None else {"id": item}), **args}
    return await caller.call("permissions:hasAccess", given)


async def test_access_to_articles(app: Reimaji) -> None:
    """D10, D28: listed items are open, premium ones for Pro and admins, others for admins."""
    for module in ("news", "research"):
        open_, premium = await app.publish(module), await app.publish(module, isPremium=True)
        draft = await app.draft(module)
        deleted = await app.publish(module)
        await app.admin.call(f"{module}:remove", {"id": deleted})
        everybody = (app.visitor, app.free, app.pro, app.admin)
        assert [await has(who, module, open_) for who in everybody] == [True] * 4
        assert [await has(who, module, premium) for who in everybody] == [False, False, True, True]
        for hidden in (draft, deleted):
            allowed = [await has(who, module, hidden) for who in everybody]
            assert allowed == [False, False, False, True]


@pytest.mark.parametrize("resource", ["news", "research", "lesson"])
async def test_ids_that_name_nothing(app: Reimaji, resource: str) -> None:
    """D14: a malformed id is no crash, and another table's id is no access."""
    other = await app.publish("news" if resource != "news" else "research")
    for item in ("", "x", "…", other, None):
        assert await has(app.admin, resource, item) is False


async def test_access_to_the_rest(app: Reimaji) -> None:
    """One notion of Pro everywhere, and admins have it too."""
    everybody = (app.visitor, app.signed_in("new-1"), app.free, app.pro, app.admin, app.system)
    answers = {
        "admin": [False, False, False, False, True, True],
        "pro": [False, False, False, True, True, True],
        "playground": [False, False, True, True, True, False],
    }
    for resource, expected in answers.items():
        assert [await has(who, resource) for who in everybody] == expected
    assert await has(app.admin, "pro", clerkUserId="free-1") is False
    unknown = app.admin.call("permissions:hasAccess", {"resource": "pro", "clerkUserId": "nobody"})
    assert await code_of(unknown) == "USER_NOT_FOUND"


async def lesson(app: Reimaji, **changes: Json) -> str:
    """Stores a lesson in a published course; a change may close any part of it."""

    async def insert(ctx: MutationCtx) -> str:
        def part(name: str, default: Json) -> Json:
            return {**default, **changes.get(name, {})}

        texts: Json = {"title": "T", "description": "", "created_at": 0.0, "updated_at": 0.0}
        owner = (await ctx.db.query(schema.User).take(1))[0]
        slug = str(await ctx.db.query(schema.Course).count())
        course = schema.Course(
            **part("course", {"is_published": True}),
            **texts,
            slug=slug,
            level="basic",
            duration=1.0,
            created_by=owner.id,
        )
        course_id = await ctx.db.insert(course)
        module = schema.Module(
            **part("module", {"is_active": True}),
            **texts,
            course_id=course_id,
            slug=slug,
            order=1.0,
            duration=1.0,
            course_title="T",
        )
        module_id = await ctx.db.insert(module)
        row = schema.Lesson(
            **part("lesson", {"is_active": True, "is_free_preview": True}),
            **texts,
            course_id=course_id,
            module_id=module_id,
            slug=slug,
            content="c",
            video_url="",
            duration=1.0,
            order=1.0,
            module_title="T",
            course_title="T",
        )
        return await ctx.db.insert(row)

    return await app.backend.run(insert)


async def test_access_to_lessons(app: Reimaji) -> None:
    """A lesson opens when all above it is open, and it is free or paid for."""
    everybody = (app.visitor, app.free, app.pro, app.admin)
    preview, premium = await lesson(app), await lesson(app, lesson={"is_free_preview": False})
    assert [await has(who, "lesson", preview) for who in everybody] == [True] * 4
    assert [await has(who, "lesson", premium) for who in everybody] == [False, False, True, True]
    closed: list[Json] = [
        {"lesson": {"is_active": False}},
        {"lesson": {"deleted_at": 1.0}},
        {"module": {"is_active": False}},
        {"module": {"deleted_at": 1.0}},
        {"course": {"is_published": False}},
        {"course": {"deleted_at": 1.0}},
    ]
    for parts in closed:
        hidden = await lesson(app, **parts)
        allowed = [await has(who, "lesson", hidden) for who in everybody]
        assert allowed == [False, False, False, True], parts


async def test_my_says_who_i_am(app: Reimaji) -> None:
    """The frame of every page: menus, badges and the playground's meter."""
    visitor = {
        "isSignedIn": False,
        "isAdmin": False,
        "isPro": False,
        "subscriptionExpiresAt": None,
        "playground": None,
    }
    assert await app.visitor.call("permissions:my") == visitor
    new = await app.signed_in("new-1").call("permissions:my")
    assert new == {**visitor, "isSignedIn": True}
    free = await app.free.call("permissions:my")
    assert (free["isPro"], free["playground"]["limit"], free["playground"]["used"]) == (False, 5, 0)
    pro = await app.pro.call("permissions:my")
    assert (pro["isPro"], pro["playground"]["limit"]) == (True, 200)
    admin = await app.admin.call("permissions:my")
    assert (admin["isAdmin"], admin["isPro"]) == (True, True)
    assert (admin["playground"]["limit"], admin["playground"]["remaining"]) == (None, None)
    await app.subscribe_user("free-1", days=1)
    mine = await app.free.call("permissions:my")
    me = await app.free.call("users:me")
    assert (mine["isPro"], mine["subscriptionExpiresAt"]) == (True, me["subscriptionExpiresAt"])
    await app.pass_time(days=1)
    assert (await app.free.call("permissions:my"))["isPro"] is False


async def test_playground_usage_is_that_of_the_platforms_day(app: Reimaji) -> None:
    """D97: the meter turns over at midnight in Jakarta, and refunded runs do not count."""
    free = (await app.free.call("users:me"))["_id"]
    resets_at = (await app.free.call("permissions:my"))["playground"]["resetsAt"]
    assert resets_at % 86_400_000 == 17 * 3_600_000  # 00:00 at UTC+7
    for created_at, counts in [
        (resets_at - 86_400_000 - 1, True),
        (resets_at - 86_400_000, True),
        (resets_at - 1, True),
        (resets_at - 2, False),
    ]:
        await app.backend.insert(
            schema.AiSession(
                user_id=Id(free),
                title="t",
                prompt="p",
                response="r",
                model="m",
                status="done",
                created_at=created_at,
                updated_at=created_at,
                counts_toward_limit=counts,
            )
        )
    usage = (await app.free.call("permissions:my"))["playground"]
    assert usage == {"limit": 5, "used": 2, "remaining": 3, "resetsAt": resets_at}
