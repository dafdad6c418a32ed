"""The identity rule, row by row, and the seed's holes that it closes."""

from __future__ import annotations

from typing import Any

import pytest

import schema
from reactor.errors import DeveloperError
from reactor.testing import Harness
from tests.app.support import NEWS, RESEARCH, Json, Reimaji, code_of, refusal

SECRET = "xyzzy-secret-text"


# ---------------------------------------------------------------- anonymous


async def test_visitors_gain_nothing_by_naming_somebody(app: Reimaji) -> None:
    """D01, D02: a guessed id opens no premium text and no draft."""
    premium = await app.publish(isPremium=True, content=SECRET)
    draft = await app.draft()
    for name in ({}, {"userId": "admin-1"}, {"userId": "pro-1"}, {"userId": "nobody"}):
        args = {"id": premium, **name}
        assert await code_of(app.visitor.call("news:getById", args)) == "PREMIUM_REQUIRED"
        assert await code_of(app.visitor.call("news:getById", {"id": draft, **name})) == "NOT_FOUND"
        listed = await app.visitor.call("news:list", name)
        assert SECRET not in str(listed)
        assert (
            await app.visitor.call(
                "permissions:hasAccess", {"resource": "admin", "clerkUserId": "admin-1"}
            )
            is False
        )


async def test_visitors_cannot_write_in_anybodys_name(app: Reimaji) -> None:
    """D01: the seed took the admin's id for the admin."""
    calls: list[tuple[str, Json]] = [
        ("news:create", {**NEWS, "clerkUserId": "admin-1"}),
        ("research:create", {**RESEARCH, "clerkUserId": "admin-1"}),
        ("users:createOrUpdate", {"clerkUserId": "free-1", "email": "x@example.test"}),
        (
            "users:updateRole",
            {"clerkUserId": "free-1", "role": "admin", "adminClerkUserId": "admin-1"},
        ),
    ]
    for path, args in calls:
        assert await code_of(app.visitor.call(path, args)) == "UNAUTHENTICATED", path
    item = await app.publish()
    for path in ("news:update", "news:remove", "news:restore"):
        args = {"id": item, "clerkUserId": "admin-1"}
        assert await code_of(app.visitor.call(path, args)) == "UNAUTHENTICATED", path
    for path, args in [
        ("news:toggleLike", {"id": item}),
        ("news:adminList", {}),
        ("users:list", {}),
        ("users:updateProfile", {"name": "X"}),
        ("users:updatePreferences", {"theme": "dark"}),
    ]:
        assert await code_of(app.visitor.call(path, args)) == "UNAUTHENTICATED", path
    assert len(await app.rows(schema.News)) == 1
    assert await app.rows(schema.Research) == []


async def test_anonymous_admin_calls_keep_the_seeds_words(app: Reimaji) -> None:
    """D15: old clients that show the message keep showing the same one."""
    item = await app.publish()
    messages = {
        "news:create": (NEWS, "Unauthorized to create news"),
        "news:update": ({"id": item}, "Unauthorized to update news"),
        "news:remove": ({"id": item}, "Unauthorized"),
        "research:create": (RESEARCH, "Unauthorized to create research"),
    }
    for path, (args, message) in messages.items():
        visitor = await refusal(app.visitor.call(path, args))
        assert (visitor["code"], visitor["message"]) == ("UNAUTHENTICATED", message)
        reader = await refusal(app.free.call(path, args))
        assert (reader["code"], reader["message"]) == ("FORBIDDEN", message)
    like = await refusal(app.visitor.call("news:toggleLike", {"id": item}))
    assert like["message"] == "Not signed in"


# ---------------------------------------------------------------- users


async def test_users_may_name_themselves_and_nobody_else(app: Reimaji) -> None:
    """An argument that lies stops the call before anything is read or written."""
    item = await app.publish()
    own = await app.free.call("news:getById", {"id": item, "userId": "free-1"})
    assert own["_id"] == item
    calls: list[tuple[str, Json, str]] = [
        ("news:getById", {"id": item, "userId": "admin-1"}, "userId"),
        ("news:list", {"userId": "pro-1"}, "userId"),
        ("research:list", {"userId": "unknown"}, "userId"),
        ("news:create", {**NEWS, "clerkUserId": "admin-1"}, "clerkUserId"),
        ("news:update", {"id": item, "clerkUserId": "admin-1"}, "clerkUserId"),
        ("news:remove", {"id": item, "clerkUserId": "admin-1"}, "clerkUserId"),
        ("permissions:hasAccess", {"resource": "pro", "clerkUserId": "pro-1"}, "clerkUserId"),
        ("users:createOrUpdate", {"clerkUserId": "pro-1", "email": "x@y.id"}, "clerkUserId"),
    ]
    for path, args, field in calls:
        data = await refusal(app.free.call(path, args))
        assert (data["code"], data["field"]) == ("IDENTITY_MISMATCH", field), path
    assert len(await app.rows(schema.News)) == 1


async def test_the_comparison_comes_before_rights_and_input(app: Reimaji) -> None:
    """Order of checks: comparison, rights, input rules, existence."""
    gone = await app.draft()
    bad: Json = {**NEWS, "title": ""}
    other = {"clerkUserId": "admin-1"}
    assert await code_of(app.free.call("news:create", {**bad, **other})) == "IDENTITY_MISMATCH"
    assert await code_of(app.free.call("news:create", bad)) == "FORBIDDEN"
    assert await code_of(app.admin.call("news:create", bad)) == "INVALID_ARGUMENT"
    await app.admin.call("news:remove", {"id": gone})
    update: Json = {"id": gone, "title": " "}
    assert await code_of(app.admin.call("news:update", update)) == "INVALID_ARGUMENT"
    assert await code_of(app.admin.call("news:update", {"id": gone})) == "NOT_FOUND"
    with pytest.raises(DeveloperError, match="ArgumentValidationError"):
        await app.free.call("news:create", {**bad, **other, "type": "rumour"})


async def test_an_identity_without_an_account_reads_like_a_visitor(app: Reimaji) -> None:
    """Between the first sign-in and `createOrUpdate` the site works, writing does not."""
    item = await app.publish()
    stranger = app.signed_in("new-1")
    assert (await stranger.call("news:getById", {"id": item, "userId": "new-1"}))["_id"] == item
    assert await stranger.call("users:me") is None
    args = {"id": item, "userId": "free-1"}
    assert await code_of(stranger.call("news:getById", args)) == "IDENTITY_MISMATCH"
    assert await code_of(stranger.call("news:toggleLike", {"id": item})) == "USER_NOT_FOUND"
    assert await code_of(stranger.call("news:create", NEWS)) == "USER_NOT_FOUND"
    assert await code_of(stranger.call("users:list")) == "USER_NOT_FOUND"


# ---------------------------------------------------------------- admins


async def test_admins_run_as_the_user_they_name(app: Reimaji) -> None:
    """Support sees what the customer sees: the customer's access, not the admin's."""
    premium = await app.publish(isPremium=True)
    draft = await app.draft()
    as_free = {"userId": "free-1"}
    assert (await app.admin.call("news:getById", {"id": premium}))["isLocked"] is False
    call = app.admin.call("news:getById", {"id": premium, **as_free})
    assert await code_of(call) == "PREMIUM_REQUIRED"
    assert await code_of(app.admin.call("news:getById", {"id": draft, **as_free})) == "NOT_FOUND"
    as_pro = await app.admin.call("news:getById", {"id": premium, "userId": "pro-1"})
    assert as_pro["isLocked"] is False
    listed = await app.admin.call("news:list", as_free)
    assert [item["isLocked"] for item in listed["news"]] == [True]
    unknown = app.admin.call("news:getById", {"id": premium, "userId": "nobody"})
    assert await code_of(unknown) == "USER_NOT_FOUND"
    access = {"resource": "admin", "clerkUserId": "free-1"}
    assert await app.admin.call("permissions:hasAccess", access) is False


async def test_admin_functions_check_the_caller_and_record_the_named(app: Reimaji) -> None:
    """An editor can file an item under a colleague's name, and the log says so."""
    item = await app.admin.call("news:create", {**NEWS, "clerkUserId": "free-1"})
    free = await app.free.call("users:me")
    assert (await app.news(item))["createdBy"] == free["_id"]
    (entry,) = await app.rows(schema.AuditLog)
    assert (entry.actor, entry.action, entry.entity_id) == ("admin-1", "news.create", item)
    assert entry.summary == "for free-1"
    await app.admin.call("users:createOrUpdate", {"clerkUserId": "free-1", "email": "n@e.test"})
    assert (await app.free.call("users:me"))["email"] == "n@e.test"
    noted = {(row.action, row.summary) for row in await app.rows(schema.AuditLog)}
    assert ("users.createOrUpdate", "for free-1") in noted
    args = {"clerkUserId": "nobody", "email": "x@e.test"}
    assert await code_of(app.admin.call("users:createOrUpdate", args)) == "USER_NOT_FOUND"
    named = {**NEWS, "clerkUserId": "nobody"}
    assert await code_of(app.admin.call("news:create", named)) == "USER_NOT_FOUND"


# ---------------------------------------------------------------- the system


async def test_the_system_names_whom_it_acts_for(app: Reimaji) -> None:
    """The admin key does everything, but a row needs an owner."""
    data = await refusal(app.system.call("news:create", NEWS))
    assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "clerkUserId")
    item = await app.system.call("news:create", {**NEWS, "clerkUserId": "free-1"})
    assert [row.actor for row in await app.rows(schema.AuditLog)] == ["system"]
    assert await app.system.call("news:update", {"id": item, "isPublished": True}) == item
    data = await refusal(app.system.call("news:toggleLike", {"id": item}))
    assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "clerkUserId")
    data = await refusal(app.system.call("users:createOrUpdate", {"email": "a@b.id"}))
    assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "clerkUserId")
    made = {"clerkUserId": "imported-1", "email": "a@b.id"}
    assert await app.system.call("users:createOrUpdate", made)
    draft, premium = await app.draft(), await app.publish(isPremium=True)
    for seen in (draft, premium):
        assert (await app.system.call("news:getById", {"id": seen}))["_id"] == seen
    as_free = {"id": premium, "userId": "free-1"}
    assert await code_of(app.system.call("news:getById", as_free)) == "PREMIUM_REQUIRED"
    unknown = {"id": premium, "userId": "nobody"}
    assert await code_of(app.system.call("news:getById", unknown)) == "USER_NOT_FOUND"


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("news:flushViews", {}),
        ("users:grantRole", {"clerkUserId": "free-1", "role": "admin"}),
        ("users:upsertFromClerk", {"data": {}, "eventTimestamp": 1}),
        ("users:deleteFromClerk", {"clerkUserId": "free-1", "eventTimestamp": 1}),
        ("demo:seed", {}),
        ("transactions:updateStatus", {}),
        ("subscriptions:createFromTransaction", {}),
        ("subscriptions:checkAndExpire", {}),
    ],
)
async def test_internal_functions_do_not_exist_for_clients(
    app: Reimaji, path: str, args: Json
) -> None:
    """D11: nobody, signed in or not, reaches what only the system may do."""
    for caller in (app.visitor, app.free, app.admin):
        with pytest.raises(DeveloperError, match="Could not find public function"):
            await caller.call(path, args)


# ---------------------------------------------------------------- other people's data


async def test_accounts_are_private(app: Reimaji) -> None:
    """D05: the answer for a stranger's account is the one for no account."""
    args = {"clerkUserId": "pro-1"}
    for caller in (app.visitor, app.free, app.signed_in("new-1")):
        assert await caller.call("users:getByClerkId", args) is None
    for caller in (app.pro, app.admin, app.system):
        assert (await caller.call("users:getByClerkId", args))["email"] == "pro-1@example.test"
    assert await app.admin.call("users:getByClerkId", {"clerkUserId": "nobody"}) is None


async def test_nobody_overwrites_another_account(app: Reimaji) -> None:
    """D06: receipts keep going to the payer's address."""
    args = {"clerkUserId": "pro-1", "email": "thief@example.test"}
    assert await code_of(app.free.call("users:createOrUpdate", args)) == "IDENTITY_MISMATCH"
    assert (await app.pro.call("users:me"))["email"] == "pro-1@example.test"


async def test_nobody_makes_himself_admin(app: Reimaji) -> None:
    """D08: naming an admin is not being one."""
    base: Json = {"clerkUserId": "free-1", "role": "admin"}
    named = app.free.call("users:updateRole", {**base, "adminClerkUserId": "admin-1"})
    data = await refusal(named)
    assert (data["code"], data["field"]) == ("IDENTITY_MISMATCH", "adminClerkUserId")
    own = app.free.call("users:updateRole", {**base, "adminClerkUserId": "free-1"})
    assert await code_of(own) == "FORBIDDEN"
    assert await code_of(app.free.call("users:updateRole", base)) == "FORBIDDEN"
    wrong = app.admin.call("users:updateRole", {**base, "adminClerkUserId": "free-1"})
    assert await code_of(wrong) == "IDENTITY_MISMATCH"
    assert (await app.free.call("users:me"))["role"] == "free"
    assert await app.admin.call("users:updateRole", {**base, "adminClerkUserId": "admin-1"})
    assert (await app.free.call("users:me"))["role"] == "admin"


async def test_the_admin_role_comes_from_the_account_not_the_token(app: Reimaji) -> None:
    """A claim named role in a token means nothing."""
    cunning: Harness = app.signed_in("free-1", role="admin", public_metadata={"role": "admin"})
    assert await code_of(cunning.call("news:create", NEWS)) == "FORBIDDEN"
    access: Any = await cunning.call("permissions:my")
    assert access["isAdmin"] is False
