"""Accounts: sign-in, profile, roles, and what Clerk reports."""

from __future__ import annotations

from typing import Any

import pytest

import schema
from reactor import ActionCtx, Id, MutationCtx, StoredFile
from tests.app.support import Json, Reimaji, code_of, refusal


def message(subject: str, **changes: Any) -> Json:
    """Clerk's `data` of a person, as its webhook sends it."""
    return {
        "id": subject,
        "object": "user",
        "email_addresses": [
            {"id": "e1", "email_address": "Old@Example.test", "linked_to": []},
            {"id": "e2", "email_address": "Main@Example.test", "verification": None},
        ],
        "primary_email_address_id": "e2",
        "first_name": "Ayu",
        "last_name": None,
        "username": None,
        "image_url": "https://img.example.test/a.png",
        "public_metadata": {"role": "admin"},
        "updated_at": 1_000,
        **changes,
    }


# ---------------------------------------------------------------- signing in


async def test_first_sign_in(app: Reimaji) -> None:
    """Journey 3: an account with defaults, counted once, one welcome in the queue."""
    ayu = app.signed_in("ayu")
    assert await ayu.call("users:me") is None
    args = {"clerkUserId": "ayu", "email": " Ayu@Example.TEST ", "name": " Ayu "}
    user = await ayu.call("users:createOrUpdate", args)
    me = await ayu.call("users:me")
    assert me["_id"] == user
    assert (me["email"], me["name"]) == ("ayu@example.test", "Ayu")
    assert (me["role"], me["subscriptionStatus"]) == ("free", "trial")
    assert me["preferences"] == {"language": "id", "notifications": True, "theme": "light"}
    assert "avatar" not in me
    again = await ayu.call("users:createOrUpdate", args)
    assert again == user
    mails = [mail for mail in await app.rows(schema.EmailLog) if mail.user_id == user]
    assert [(mail.key, mail.status, mail.to) for mail in mails] == [
        (f"welcome/{user}", "queued", "ayu@example.test")
    ]
    counters = {row.name: row.value for row in await app.rows(schema.Counter)}
    assert counters["totalUsers"] == 4
    assert [day.new_users for day in await app.rows(schema.DailyStats)] == [4]


async def test_what_is_not_given_stays(app: Reimaji) -> None:
    """D07: signing in again without a name does not lose the name."""
    args = {"email": "f@example.test", "name": "Fajar", "avatar": "https://a.test/x.png"}
    await app.free.call("users:createOrUpdate", args)
    await app.free.call("users:createOrUpdate", {"email": "g@example.test"})
    me = await app.free.call("users:me")
    assert (me["name"], me["avatar"]) == ("Fajar", "https://a.test/x.png")
    assert me["email"] == "g@example.test"


async def test_the_tokens_email_wins(app: Reimaji) -> None:
    """D06: receipts go to the address that the provider verified."""
    ayu = app.signed_in("ayu", email="True@Example.test")
    await ayu.call("users:createOrUpdate", {"email": "false@example.test"})
    assert (await ayu.call("users:me"))["email"] == "true@example.test"
    admin = app.signed_in("admin-1", email="admin@example.test")
    await admin.call("users:createOrUpdate", {"clerkUserId": "ayu", "email": "by@admin.test"})
    assert (await ayu.call("users:me"))["email"] == "by@admin.test"


async def test_bad_sign_in_data_is_refused(app: Reimaji) -> None:
    """An address that cannot receive mail, or a picture that is a script, is not stored."""
    for field, value in [
        ("email", "nobody"),
        ("email", "a@b@c"),
        ("email", f"{'a' * 250}@b.id"),
        ("avatar", "javascript:alert(1)"),
        ("name", " "),
        ("name", "x" * 121),
    ]:
        args = {"email": "a@b.id", field: value}
        data = await refusal(app.free.call("users:createOrUpdate", args))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", field)


async def test_operators_name_the_admins(app: Reimaji) -> None:
    """`ADMIN_CLERK_USER_IDS` makes an admin at sign-in and at every later one."""
    await app.join("admin-2")
    assert (await app.signed_in("admin-2").call("users:me"))["role"] == "admin"
    await app.admin.call("users:updateRole", {"clerkUserId": "admin-2", "role": "free"})
    await app.join("admin-2")
    assert (await app.signed_in("admin-2").call("users:me"))["role"] == "admin"


# ---------------------------------------------------------------- profile


async def test_preferences_merge(app: Reimaji) -> None:
    """Changing the theme keeps the language."""
    answer = await app.free.call("users:updatePreferences", {"theme": "dark"})
    assert answer == {"language": "id", "notifications": True, "theme": "dark"}
    answer = await app.free.call(
        "users:updatePreferences", {"language": "en", "notifications": False}
    )
    assert answer == {"language": "en", "notifications": False, "theme": "dark"}
    assert (await app.free.call("users:me"))["preferences"] == answer
    for field, value in [("language", "fr"), ("theme", "pink")]:
        data = await refusal(app.free.call("users:updatePreferences", {field: value}))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", field)


async def test_profile_changes_what_is_given(app: Reimaji) -> None:
    """Null removes the name, an absent key leaves it."""
    await app.free.call("users:updateProfile", {"name": " Fajar "})
    assert (await app.free.call("users:me"))["name"] == "Fajar"
    await app.free.call("users:updateProfile", {})
    assert (await app.free.call("users:me"))["name"] == "Fajar"
    await app.free.call("users:updateProfile", {"name": None})
    assert "name" not in await app.free.call("users:me")
    assert await code_of(app.free.call("users:updateProfile", {"name": ""})) == "INVALID_ARGUMENT"


async def test_avatars_must_be_ones_own_files(app: Reimaji) -> None:
    """Nobody shows a file that another person uploaded."""

    async def store(ctx: ActionCtx) -> Id[StoredFile]:
        return await ctx.storage.store(b"x", content_type="image/png")

    files = [await app.backend.run_action(store) for _ in range(4)]
    free, pro = [(await who.call("users:me"))["_id"] for who in (app.free, app.pro)]
    owners = [(free, "avatar"), (pro, "avatar"), (free, "news_image")]
    for file, (owner, purpose) in zip(files, owners, strict=False):
        await app.backend.insert(
            schema.File(
                storage_id=file,
                owner_id=Id(owner),
                purpose=purpose,
                content_type="image/png",
                size=1,
                created_at=0.0,
            )
        )
    path, key = "users:updateProfile", "avatarStorageId"
    for file in files[1:]:
        data = await refusal(app.free.call(path, {key: file}))
        assert (data["code"], data["entity"]) == ("NOT_FOUND", "file")
    assert await app.free.call(path, {key: files[0]}) == free
    assert key not in await app.free.call("users:me")
    await app.free.call(path, {key: None})
    assert all(user.avatar_storage_id is None for user in await app.rows(schema.User))


# ---------------------------------------------------------------- roles


async def test_pro_is_given_and_taken(app: Reimaji) -> None:
    """Complimentary Pro opens premium texts at once and closes them at once."""
    role = "users:updateRole"
    await app.admin.call(role, {"clerkUserId": "free-1", "role": "pro"})
    me = await app.free.call("users:me")
    assert (me["role"], me["manualPro"], me["subscriptionStatus"]) == ("pro", True, "trial")
    await app.admin.call(role, {"clerkUserId": "free-1", "role": "free"})
    me = await app.free.call("users:me")
    assert me["role"] == "free"
    assert "manualPro" not in me


async def test_the_last_admin_stays(app: Reimaji) -> None:
    """D09: the platform cannot lock itself out; tombstones are no admins."""
    role = "users:updateRole"
    await app.insert_user("admin-gone", role="admin", deleted_at=1.0)
    for new in ("free", "pro"):
        args = {"clerkUserId": "admin-1", "role": new}
        assert await code_of(app.admin.call(role, args)) == "LAST_ADMIN"
        assert await code_of(app.system.call("users:grantRole", args)) == "LAST_ADMIN"
    await app.admin.call(role, {"clerkUserId": "free-1", "role": "admin"})
    await app.admin.call(role, {"clerkUserId": "admin-1", "role": "free"})
    assert (await app.admin.call("users:me"))["role"] == "free"
    assert await code_of(app.admin.call("users:list")) == "FORBIDDEN"


async def test_paying_users_are_not_demoted(app: Reimaji) -> None:
    """D09: paid access ends by the subscription, not by an edit of the role."""
    await app.subscribe_user("free-1", days=10)
    args = {"clerkUserId": "free-1", "role": "free"}
    data = await refusal(app.admin.call("users:updateRole", args))
    assert data["code"] == "ACTIVE_SUBSCRIPTION"
    assert data["expiresAt"] == (await app.free.call("users:me"))["subscriptionExpiresAt"]
    await app.pass_time(days=11)
    assert await app.admin.call("users:updateRole", args)


async def test_roles_of_nobody(app: Reimaji) -> None:
    """Granting a role creates no account."""
    for caller, path in ((app.admin, "users:updateRole"), (app.system, "users:grantRole")):
        call = caller.call(path, {"clerkUserId": "nobody", "role": "pro"})
        assert await code_of(call) == "USER_NOT_FOUND"


async def test_admins_look_at_one_account(app: Reimaji) -> None:
    """`users:get` shows the latest subscription and whether it gives access."""
    free = (await app.free.call("users:me"))["_id"]
    assert (await app.admin.call("users:get", {"id": free}))["subscription"] is None
    await app.subscribe_user("free-1", days=10)
    subscription = (await app.admin.call("users:get", {"id": free}))["subscription"]
    assert (subscription["plan"], subscription["isCurrent"]) == ("pro_monthly", True)
    assert "remindersSent" not in subscription
    await app.pass_time(days=11)
    assert (await app.admin.call("users:get", {"id": free}))["subscription"]["isCurrent"] is False
    assert await code_of(app.free.call("users:get", {"id": free})) == "FORBIDDEN"
    gone = await app.insert_user("gone", deleted_at=1.0)
    assert await code_of(app.admin.call("users:get", {"id": gone})) == "USER_NOT_FOUND"


# ---------------------------------------------------------------- Clerk


async def upsert(app: Reimaji, data: Any, timestamp: float = 2_000) -> Json:
    args = {"data": data, "eventTimestamp": timestamp}
    return dict(await app.system.call("users:upsertFromClerk", args))


async def test_clerk_opens_and_updates_accounts(app: Reimaji) -> None:
    """Whoever comes first creates the row; there is one welcome; metadata gives no role."""
    made = await upsert(app, message("ayu"))
    assert made["outcome"] == "processed"
    ayu = app.signed_in("ayu")
    me = await ayu.call("users:me")
    assert (me["_id"], me["email"], me["name"]) == (made["userId"], "main@example.test", "Ayu")
    assert (me["role"], me["avatar"]) == ("free", "https://img.example.test/a.png")
    await ayu.call("users:createOrUpdate", {"email": "ayu@example.test"})
    later = message("ayu", first_name="Ayu", last_name="Lestari", updated_at=1_500)
    assert (await upsert(app, later))["outcome"] == "processed"
    assert (await ayu.call("users:me"))["name"] == "Ayu Lestari"
    assert (await upsert(app, message("ayu")))["outcome"] == "ignored:stale"
    assert (await ayu.call("users:me"))["name"] == "Ayu Lestari"
    mails = [mail for mail in await app.rows(schema.EmailLog) if mail.user_id == made["userId"]]
    assert len(mails) == 1


async def test_clerk_messages_in_odd_shapes(app: Reimaji) -> None:
    """Missing parts have stand-ins; what is no person is refused."""
    odd = message("odd", first_name=None, username="odd-one", image_url="data:x", updated_at=None)
    del odd["primary_email_address_id"], odd["last_name"]
    await upsert(app, odd)
    me = await app.signed_in("odd").call("users:me")
    assert (me["name"], me["email"]) == ("odd-one", "old@example.test")
    assert "avatar" not in me
    bad: list[Any] = [None, {}, [], "x", {"id": 1}, message(" ")]
    bad.append(message("x", email_addresses=[]))
    for data in bad:
        call = app.system.call("users:upsertFromClerk", {"data": data, "eventTimestamp": 1})
        assert await code_of(call) == "INVALID_ARGUMENT"
    assert await app.signed_in("x").call("users:me") is None


async def test_deleting_at_clerk_leaves_a_tombstone(app: Reimaji) -> None:
    """D19, journey 15: nothing personal stays, nothing comes back, the token is worthless."""
    user = (await app.free.call("users:me"))["_id"]
    await app.subscribe_user("free-1", days=10)

    async def history(ctx: MutationCtx) -> None:
        for is_read in (True, False):
            await ctx.db.insert(
                schema.Notification(
                    user_id=Id(user),
                    type_="system_announcement",
                    title="t",
                    message="m",
                    is_read=is_read,
                    created_at=0.0,
                )
            )
        await ctx.db.insert(
            schema.AiSession(
                user_id=Id(user),
                title="t",
                prompt="p",
                response="r",
                model="m",
                is_public=True,
                status="done",
                created_at=0.0,
                updated_at=0.0,
            )
        )

    await app.backend.run(history)
    args = {"clerkUserId": "free-1", "eventTimestamp": 5_000}
    assert (await app.system.call("users:deleteFromClerk", args))["outcome"] == "processed"
    assert await app.free.call("users:me") is None
    assert await app.admin.call("users:getByClerkId", {"clerkUserId": "free-1"}) is None
    assert await code_of(app.free.call("users:updateProfile", {})) == "USER_NOT_FOUND"
    sign_in = app.free.call("users:createOrUpdate", {"email": "f@example.test"})
    assert await code_of(sign_in) == "USER_NOT_FOUND"
    row = next(row for row in await app.rows(schema.User) if row.id == user)
    assert row.email == f"deleted-{user}@deleted.invalid"
    assert (row.name, row.avatar, row.role) == (None, None, "free")
    (subscription,) = await app.rows(schema.Subscription)
    assert subscription.status == "cancelled"
    assert row.subscription_expires_at == subscription.expires_at
    assert [note.is_read for note in await app.rows(schema.Notification)] == [True]
    assert [session.is_public for session in await app.rows(schema.AiSession)] == [False]
    counters = {counter.name: counter.value for counter in await app.rows(schema.Counter)}
    assert counters["totalUsers"] == 2
    assert (await upsert(app, message("free-1", updated_at=9_000)))["outcome"] == "ignored:deleted"
    assert (await app.system.call("users:deleteFromClerk", args))["outcome"] == "ignored:deleted"


async def test_deleting_an_unknown_person_blocks_a_late_creation(app: Reimaji) -> None:
    """Clerk's messages come in any order."""
    args = {"clerkUserId": "late", "eventTimestamp": 5_000}
    assert (await app.system.call("users:deleteFromClerk", args))["outcome"] == "processed"
    assert (await upsert(app, message("late")))["outcome"] == "ignored:deleted"
    assert await app.signed_in("late").call("users:me") is None
    counters = {counter.name: counter.value for counter in await app.rows(schema.Counter)}
    assert counters["totalUsers"] == 3


async def test_the_last_admins_deletion_is_applied_and_logged(
    app: Reimaji, caplog: pytest.LogCaptureFixture
) -> None:
    """I8: the provider is the truth, and an operator must hear of it."""
    args = {"clerkUserId": "admin-1", "eventTimestamp": 5_000}
    await app.system.call("users:deleteFromClerk", args)
    assert await app.admin.call("users:me") is None
    assert "last admin" in caplog.text
