"""The inbox: reading, counting, marking, and announcements to many."""

from __future__ import annotations

from typing import Any

import pytest

from functions import notifications
from reactor import Id, MutationCtx
from schema import Announcement, EmailLog, Notification, Preferences, User
from tests.app.mailed import Mailed, open_mailed
from tests.app.support import Reimaji, code_of, refusal


async def fill(app: Reimaji, subject: str, count: int, **columns: Any) -> list[Id[Notification]]:
    """Puts notifications into somebody's inbox, the oldest first, all in one millisecond."""

    async def body(ctx: MutationCtx) -> list[Id[Notification]]:
        match = User.clerk_user_id == subject
        user = await ctx.db.query(User).with_index(User.by_clerk_user_id, match).unique()
        assert user is not None
        whole: dict[str, Any] = {"type_": "payment_success", "message": "m", **columns}
        now = ctx.now_ms()
        return [
            await ctx.db.insert(
                Notification(user_id=user.id, title=str(number), created_at=now, **whole)
            )
            for number in range(count)
        ]

    return await app.backend.run(body)


async def read(app: Reimaji, who: Any, **args: Any) -> list[str]:
    """The titles of one page."""
    page = await who.call("notifications:list", args)
    return [row["title"] for row in page["notifications"]]


# ---------------------------------------------------------------- reading


async def test_the_inbox_shows_the_newest_first_in_pages(app: Reimaji) -> None:
    """Rows of one millisecond too, each once, and nobody else's."""
    await fill(app, "free-1", 25)
    await fill(app, "pro-1", 3)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        args = {"limit": 10, "cursor": cursor}
        page = await app.free.call("notifications:list", args)
        seen += [row["title"] for row in page["notifications"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == [str(number) for number in reversed(range(25))]


async def test_unread_and_one_kind(app: Reimaji) -> None:
    """Both filters, alone and together."""
    await fill(app, "free-1", 2, is_read=True)
    await app.pass_time(seconds=1)
    await fill(app, "free-1", 2, type_="course_completed")
    assert await read(app, app.free) == ["1", "0", "1", "0"]
    assert await read(app, app.free, unreadOnly=True) == ["1", "0"]
    assert await read(app, app.free, type="payment_success") == ["1", "0"]
    assert await read(app, app.free, unreadOnly=True, type="payment_success") == []


async def test_clients_do_not_see_the_key(app: Reimaji) -> None:
    """It is how the server keeps from saying things twice."""
    await fill(app, "free-1", 1, dedupe_key="k", metadata={"a": 1})
    (row,) = (await app.free.call("notifications:list", {}))["notifications"]
    assert "dedupeKey" not in row
    assert row["metadata"] == {"a": 1}
    options = {"numItems": 5, "cursor": None}
    page = await app.free.call("notifications:listPaginated", {"paginationOpts": options})
    assert page["page"] == [row]


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("notifications:list", {}),
        ("notifications:markAllRead", {}),
        ("notifications:listPaginated", {"paginationOpts": {"numItems": 1, "cursor": None}}),
    ],
)
async def test_an_inbox_needs_somebody(app: Reimaji, path: str, args: Any) -> None:
    """Visitors have none; counting is for everybody."""
    assert await code_of(app.visitor.call(path, args)) == "UNAUTHENTICATED"
    assert await code_of(app.signed_in("stranger").call(path, args)) == "USER_NOT_FOUND"
    assert await app.visitor.call("notifications:unreadCount", {}) == 0
    assert await app.signed_in("stranger").call("notifications:unreadCount", {}) == 0


async def test_counting_stops_at_a_hundred(app: Reimaji) -> None:
    """A client shows 99+; more would re-read the whole inbox with each notification."""
    await fill(app, "free-1", 99)
    assert await app.free.call("notifications:unreadCount", {}) == 99
    await fill(app, "free-1", 2)
    assert await app.free.call("notifications:unreadCount", {}) == 100


async def test_open_tabs_count_live_and_only_for_their_own(app: Reimaji) -> None:
    """Somebody else's notification does not even run the query again."""
    async with app.free.subscribe(notifications.unread_count) as unread:
        assert await unread.next() == 0
        await fill(app, "free-1", 1)
        assert await unread.next() == 1
        runs = app.backend.query_runs
        await fill(app, "pro-1", 1)
        await app.backend.drain()
        assert app.backend.query_runs == runs


# ---------------------------------------------------------------- marking and removing


async def test_marking_one(app: Reimaji) -> None:
    """Again is fine; other people's and removed ones do not exist."""
    first, second = await fill(app, "free-1", 2)
    for _ in range(2):
        assert await app.free.call("notifications:markRead", {"id": first}) == first
    assert await app.free.call("notifications:unreadCount", {}) == 1
    assert await app.free.call("notifications:remove", {"id": second}) == second
    assert await app.free.call("notifications:unreadCount", {}) == 0
    for path in ("notifications:markRead", "notifications:remove"):
        for who, id in ((app.pro, first), (app.admin, first), (app.free, second)):
            error = await refusal(who.call(path, {"id": id}))
            assert (error["code"], error["entity"]) == ("NOT_FOUND", "notification")
            assert error["message"] == "Notification not found"


async def test_marking_all_goes_on_in_the_background(app: Reimaji) -> None:
    """Five hundred at once; what came after the click stays unread."""
    await fill(app, "free-1", 700)
    await app.pass_time(seconds=1)
    assert await app.free.call("notifications:markAllRead", {}) == 500
    await app.pass_time(seconds=1)
    await fill(app, "free-1", 1)
    await app.backend.drain()
    assert await app.free.call("notifications:unreadCount", {}) == 1
    assert await app.free.call("notifications:markAllRead", {}) == 1


async def test_operators_can_tell_a_user_something(app: Reimaji) -> None:
    """In their own words, once per key."""
    user = (await app.free.call("users:me", {}))["_id"]
    args = {"userId": user, "type": "system_announcement", "title": "T", "message": "M"}
    id = await app.system.call("notifications:create", {**args, "dedupeKey": "k"})
    assert id is not None
    assert await app.system.call("notifications:create", {**args, "dedupeKey": "k"}) is None
    too_long = {**args, "metadata": {"x": "y" * 5_000}}
    assert await code_of(app.system.call("notifications:create", too_long)) == "INVALID_ARGUMENT"
    assert await read(app, app.free) == ["T"]


# ---------------------------------------------------------------- announcements


async def announce(app: Reimaji, **args: Any) -> str:
    """Announces as the admin, and lets it reach everybody."""
    whole = {"title": "Baru", "message": "Halo {semua} <b>", **args}
    answer = await app.admin.call("notifications:announce", whole)
    await app.backend.drain()
    return str(answer["announcementId"])


@pytest.mark.parametrize(
    ("audience", "reached"),
    [("all", {"admin-1", "free-1", "pro-1"}), ("free", {"free-1"}), ("pro", {"pro-1"})],
)
async def test_an_audience_is_reached(app: Reimaji, audience: str, reached: set[str]) -> None:
    """And nobody else."""
    await app.insert_user("gone", deleted_at=1.0)
    await announce(app, audience=audience)
    names = {user.id: user.clerk_user_id for user in await app.rows(User)}
    assert {names[row.user_id] for row in await app.rows(Notification)} == reached
    (row,) = await app.rows(Announcement)
    assert (row.status, row.sent_count) == ("sent", len(reached))
    assert all(email.template == "welcome" for email in await app.rows(EmailLog))


async def test_many_are_reached_in_steps_and_each_once(app: Reimaji) -> None:
    """Two hundred a run; running it again reaches nobody twice."""
    for number in range(410):
        await app.insert_user(f"user-{number}")
    announcement = await announce(app)
    (row,) = await app.rows(Announcement)
    assert (row.status, row.sent_count) == ("sent", 413)
    args = {"announcementId": announcement, "cursor": None}
    await app.system.call("notifications:fanOut", args)
    await app.backend.drain()
    assert len(await app.rows(Notification)) == 413
    page = await app.admin.call("notifications:listAnnouncements", {})
    assert [each["sentCount"] for each in page["announcements"]] == [413]


async def test_only_admins_announce(app: Reimaji) -> None:
    """And what they announce has a title and a text."""
    args = {"title": "T", "message": "M"}
    assert await code_of(app.free.call("notifications:announce", args)) == "FORBIDDEN"
    assert await code_of(app.visitor.call("notifications:announce", args)) == "UNAUTHENTICATED"
    for field in ("title", "message"):
        error = await refusal(app.admin.call("notifications:announce", {**args, field: ""}))
        assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", field)
    assert await app.rows(Announcement) == []


async def test_announcements_are_mailed_in_batches_to_who_wants_them(mailed: Mailed) -> None:
    """A hundred in a request; whoever turned e-mails off is only notified."""
    await mailed.join("admin-1")
    quiet = Preferences(language="en", notifications=False, theme="light")
    await mailed.insert_user("quiet", preferences=quiet)
    for number in range(149):
        await mailed.insert_user(f"user-{number}")
    await mailed.pass_time(seconds=2)
    await announce(mailed, sendEmail=True)
    await mailed.pass_time(seconds=5)
    letters = await mailed.mailbox(template="announcement")
    assert len({letter["to"][0] for letter in letters}) == len(letters) == 150
    assert letters[0]["subject"] == "Baru"
    assert "Halo {semua} &lt;b&gt;" in letters[0]["html"]
    assert "Halo {semua} <b>" in letters[0]["text"]
    paths = [request["path"] for request in await mailed.requests()]
    assert paths.count("/emails/batch") == 2
    rows = [row for row in await mailed.log() if row.template == "announcement"]
    assert sorted({row.status for row in rows}) == ["sent", "skipped"]
    assert len(await mailed.rows(Notification)) == 151


@pytest.mark.parametrize("fault", [{"status": 503}, {"mode": "drop_after"}])
async def test_a_batch_is_tried_again_together(mailed: Mailed, fault: Any) -> None:
    """Nobody gets it twice, even when it was the answer that was lost."""
    await mailed.join("admin-1")
    await mailed.insert_user("ayu")
    await mailed.backend.drain()
    await mailed.fault(match="POST /emails/batch", **fault)
    await announce(mailed, sendEmail=True)
    await mailed.pass_time(seconds=30)
    assert len(await mailed.mailbox(template="announcement")) == 2


async def test_one_bad_address_does_not_keep_the_others_from_it(mailed: Mailed) -> None:
    """Resend takes all of a batch or none; then each goes alone."""
    await mailed.join("admin-1")
    await mailed.insert_user("bad", email="no address")
    await mailed.insert_user("good")
    await announce(mailed, sendEmail=True)
    await mailed.pass_time(seconds=30)
    letters = await mailed.mailbox(template="announcement")
    assert {letter["to"][0] for letter in letters} == {
        "admin-1@example.test",
        "good@example.test",
    }
    (failed,) = [row for row in await mailed.log() if row.status == "failed"]
    assert failed.to == "no address"


async def test_a_lost_batch_is_taken_up_together(mailed: Mailed) -> None:
    """The process died while a batch was on its way: its rows go again, as a batch."""
    await mailed.join("admin-1")
    ids = [await mailed.insert_user(f"user-{number}") for number in range(3)]
    await mailed.pass_time(seconds=5)
    announcement = await announce(mailed)
    args = {"announcementId": announcement, "userIds": ids}
    await mailed.fault(match="POST /emails/batch", status=500)
    await mailed.system.call("emails:sendAnnouncementBatch", args)

    async def lose(ctx: MutationCtx) -> None:
        for row in await ctx.db.query(EmailLog).collect():
            if row.template == "announcement":
                await ctx.db.patch(row.id, EmailLog.next_attempt_at.set(0.0))

    await mailed.backend.run(lose)
    assert await mailed.system.call("emails:retryStuck", {}) == 3
    await mailed.pass_time(minutes=1)
    assert len(await mailed.mailbox(template="announcement")) == 3


async def test_a_batch_is_at_most_a_hundred() -> None:
    """Resend takes no more."""
    async with open_mailed() as mailed:
        await mailed.join("admin-1")
        user = await mailed.insert_user("ayu")
        announcement = await announce(mailed)
        args = {"announcementId": announcement, "userIds": [user] * 101}
        call = mailed.system.call("emails:sendAnnouncementBatch", args)
        assert await code_of(call) == "INVALID_ARGUMENT"
