"""Uploads: who may, what is allowed, and what becomes of pictures that are replaced or refused."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from reactor import ActionCtx, Id, StoredFile
from schema import AuditLog, File
from tests.app.school import COURSE
from tests.app.support import NEWS, RESEARCH, Reimaji, code_of, refusal

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
HEADS = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"\x00" * 60,
    "image/gif": b"GIF89a" + b"\x00" * 60,
    "image/webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "image/avif": b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1",
}
MIB = 1024 * 1024


async def upload(app: Reimaji, body: bytes = PNG, content_type: str | None = "image/png") -> str:
    """Stores a file as an upload would."""

    async def store(ctx: ActionCtx) -> Id[StoredFile]:
        return await ctx.storage.store(body, content_type=content_type)

    return await app.backend.run_action(store)


async def attach(who: Any, storage_id: str, purpose: str = "avatar", **args: Any) -> str:
    """Attaches a file; its address."""
    whole = {"storageId": storage_id, "purpose": purpose, **args}
    return str((await who.call("files:attach", whole))["url"])


async def stored(app: Reimaji) -> set[str]:
    """The files that are there."""
    return {file.id for file in await app.rows(StoredFile)}


# ---------------------------------------------------------------- the whole way


async def test_an_upload_becomes_the_picture_of_an_article(app: Reimaji) -> None:
    """As a browser does it: an address, a POST, attach; the picture loads."""
    item = await app.publish()
    address = await app.admin.call("files:generateUploadUrl", {"purpose": "news_image"})
    headers = {"content-type": "image/png"}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app.backend.node.http)
    ) as browser:
        answer = await browser.post(address, content=PNG, headers=headers)
        storage_id = answer.json()["storageId"]
        url = await attach(app.admin, storage_id, "news_image", targetId=item)
        await app.backend.drain()
        assert (await app.news(item))["imageUrl"] == url
        picture = await browser.get(url)
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    (file,) = await app.rows(File)
    assert (file.target_table, file.target_id, file.size) == ("news", item, len(PNG))


@pytest.mark.parametrize("kind", ["research", "course"])
async def test_research_and_courses_have_pictures_too(app: Reimaji, kind: str) -> None:
    """A course's purpose is named like the others."""
    if kind == "research":
        target = await app.draft("research")
    else:
        target = await app.insert_course()
    url = await attach(app.admin, await upload(app), f"{kind}_image", targetId=target)
    (file,) = await app.rows(File)
    assert (file.target_id, url.startswith("http")) == (target, True)


# ---------------------------------------------------------------- avatars


async def test_an_avatar_shows_at_once_and_replaces_the_old_one(app: Reimaji) -> None:
    """The file of the old one is deleted."""
    first, second = await upload(app), await upload(app)
    await attach(app.free, first)
    url = await attach(app.free, second)
    me = await app.free.call("users:me", {})
    assert me["avatar"] == url
    assert await stored(app) == {second}
    assert len(await app.rows(File)) == 1


async def test_removing_an_avatar_in_the_profile_deletes_it(app: Reimaji) -> None:
    """Nothing of it stays."""
    storage_id = await upload(app)
    await attach(app.free, storage_id)
    await app.free.call("users:updateProfile", {"avatarStorageId": None})
    assert "avatar" not in await app.free.call("users:me", {})
    assert (await stored(app), await app.rows(File)) == (set(), [])


async def test_an_uploaded_avatar_outlives_the_next_sign_in(app: Reimaji) -> None:
    """A sign-in and Clerk bring their own picture each time; the one that was chosen stays."""
    url = await attach(app.free, await upload(app))
    theirs = "https://img.clerk.test/a.png"
    await app.free.call("users:createOrUpdate", {"email": "f@e.test", "avatar": theirs})
    addresses = [{"id": "e", "email_address": "f@e.test"}]
    person = {"id": "free-1", "image_url": theirs, "email_addresses": addresses}
    event = {"data": person, "eventTimestamp": 4e12}
    outcome = await app.system.call("users:upsertFromClerk", event)
    assert outcome["outcome"] == "processed"
    assert (await app.free.call("users:me", {}))["avatar"] == url
    await app.free.call("users:updateProfile", {"avatarStorageId": None})
    await app.free.call("users:createOrUpdate", {"email": "f@e.test", "avatar": theirs})
    assert (await app.free.call("users:me", {}))["avatar"] == theirs
    assert await stored(app) == set()


async def test_a_profile_takes_an_attached_avatar(app: Reimaji) -> None:
    """Also one that is shown already; the address comes with it."""
    storage_id = await upload(app)
    url = await attach(app.free, storage_id)
    await app.free.call("users:updateProfile", {"avatarStorageId": storage_id})
    assert (await app.free.call("users:me", {}))["avatar"] == url
    assert await stored(app) == {storage_id}


async def test_an_account_takes_its_avatar_along(app: Reimaji) -> None:
    """A deleted person's face must not stay on the server."""
    await attach(app.free, await upload(app))
    args = {"clerkUserId": "free-1", "eventTimestamp": 1.0}
    await app.system.call("users:deleteFromClerk", args)
    assert (await stored(app), await app.rows(File)) == (set(), [])


async def test_addresses_for_avatars_are_limited(app: Reimaji) -> None:
    """Twenty an hour, for each user."""
    args = {"purpose": "avatar"}
    for _ in range(20):
        assert (await app.free.call("files:generateUploadUrl", args)).startswith("http")
    await app.pass_time(minutes=20)
    error = await refusal(app.free.call("files:generateUploadUrl", args))
    assert (error["code"], error["retryAfterMs"]) == ("RATE_LIMITED", 40 * 60_000)
    await app.pro.call("files:generateUploadUrl", args)
    await app.pass_time(minutes=40)
    await app.free.call("files:generateUploadUrl", args)


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("purpose", ["news_image", "research_image", "course_image"])
async def test_pictures_of_articles_are_the_admins(app: Reimaji, purpose: str) -> None:
    """Users have only their avatar."""
    args = {"purpose": purpose}
    storage_id = await upload(app)
    assert await code_of(app.free.call("files:generateUploadUrl", args)) == "FORBIDDEN"
    assert await code_of(app.visitor.call("files:generateUploadUrl", args)) == "UNAUTHENTICATED"
    assert await code_of(attach(app.free, storage_id, purpose)) == "FORBIDDEN"
    assert await code_of(attach(app.visitor, storage_id)) == "UNAUTHENTICATED"


async def test_a_file_has_one_owner_and_one_place(app: Reimaji) -> None:
    """Otherwise deleting it in one place would break the other."""
    storage_id, item = await upload(app), await app.draft()
    await attach(app.free, storage_id)
    assert await code_of(attach(app.pro, storage_id)) == "CONFLICT"
    assert await code_of(attach(app.admin, storage_id, "news_image", targetId=item)) == "CONFLICT"
    picture = await upload(app)
    await attach(app.admin, picture, "news_image", targetId=item)
    await attach(app.admin, picture, "news_image", targetId=item)
    other = await app.draft()
    call = attach(app.admin, picture, "news_image", targetId=other)
    assert (await refusal(call))["reason"] == "The file is attached already to something else"
    assert len(await app.rows(File)) == 2


async def test_only_what_is_there_can_be_attached(app: Reimaji) -> None:
    """Files and articles that are gone, or none."""
    storage_id, item = await upload(app), await app.draft()
    await app.admin.call("news:remove", {"id": item})
    for target in (item, "nonsense"):
        call = attach(app.admin, storage_id, "news_image", targetId=target)
        assert (await refusal(call))["entity"] == "news"
    call = attach(app.free, storage_id, targetId="somebody")
    assert (await refusal(call))["field"] == "targetId"
    await attach(app.free, storage_id)
    await app.free.call("files:remove", {"storageId": storage_id})
    assert (await refusal(attach(app.free, storage_id)))["entity"] == "file"


async def test_removing_a_file(app: Reimaji) -> None:
    """By its owner, or an admin, which is noted; it disappears from what showed it."""
    first, item = await upload(app), await app.publish()
    await attach(app.free, first)
    assert await code_of(app.pro.call("files:remove", {"storageId": first})) == "NOT_FOUND"
    assert await code_of(app.visitor.call("files:remove", {"storageId": first})) == (
        "UNAUTHENTICATED"
    )
    await app.admin.call("files:remove", {"storageId": first})
    assert "avatar" not in await app.free.call("users:me", {})
    assert "files.remove" in {row.action for row in await app.rows(AuditLog)}
    picture = await upload(app)
    await attach(app.admin, picture, "news_image", targetId=item)
    await app.admin.call("files:remove", {"storageId": picture})
    assert "imageUrl" not in await app.news(item)
    assert await stored(app) == set()
    assert await code_of(app.admin.call("files:remove", {"storageId": picture})) == "NOT_FOUND"


# ---------------------------------------------------------------- what is allowed


@pytest.mark.parametrize("content_type", HEADS)
async def test_pictures_of_every_allowed_type_stay(app: Reimaji, content_type: str) -> None:
    """A type may carry parameters."""
    storage_id = await upload(app, HEADS[content_type], f"{content_type.upper()}; q=1")
    await attach(app.free, storage_id)
    await app.backend.drain()
    assert await stored(app) == {storage_id}
    (file,) = await app.rows(File)
    assert file.content_type == content_type


@pytest.mark.parametrize("kind", ["news", "research", "course"])
async def test_a_draft_shows_the_picture_that_it_is_created_with(app: Reimaji, kind: str) -> None:
    """Upload, attach, create: the address need not be given again."""
    picture = await upload(app)
    url = await attach(app.admin, picture, f"{kind}_image")
    texts = {"news": NEWS, "research": RESEARCH, "course": COURSE}[kind]
    module = "courses" if kind == "course" else kind
    item = await app.admin.call(f"{module}:create", {**texts, "imageStorageId": picture})
    found = await app.admin.call(f"{module}:getById", {"id": item})
    assert (found["course"] if kind == "course" else found)["imageUrl"] == url


async def test_a_draft_cannot_take_the_picture_of_another_article(app: Reimaji) -> None:
    """Else the picture of the first would vanish with that of the second."""
    item = await app.publish()
    storage_id = await upload(app)
    await attach(app.admin, storage_id, "news_image", targetId=item)
    draft = app.draft("news", imageStorageId=storage_id)
    assert await code_of(draft) == "CONFLICT"
    (file,) = await app.rows(File)
    assert file.target_id == item


@pytest.mark.parametrize("url", ["https://cdn.test/new.png", None])
async def test_an_address_replaces_an_uploaded_picture(app: Reimaji, url: str | None) -> None:
    """The file that it replaces is nobody's any more; the same address again changes nothing."""
    item = await app.publish()
    shown = await attach(app.admin, await upload(app), "news_image", targetId=item)
    await app.admin.call("news:update", {"id": item, "imageUrl": shown})
    assert len(await stored(app)) == 1
    await app.admin.call("news:update", {"id": item, "imageUrl": url})
    assert (await app.news(item)).get("imageUrl") == url
    assert await stored(app) == set()
    assert await app.rows(File) == []
    await attach(app.admin, await upload(app), "news_image", targetId=item)
    assert len(await stored(app)) == 1


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", None])
async def test_types_that_can_run_code_are_refused(app: Reimaji, content_type: str | None) -> None:
    """A picture is shown to everybody, on our address."""
    storage_id = await upload(app, b"<svg/>", content_type)
    error = await refusal(attach(app.free, storage_id))
    assert error["code"] == "FILE_TYPE_NOT_ALLOWED"
    assert error["allowed"] == [
        *["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]
    ]
    await app.backend.drain()
    assert await stored(app) == set()


async def test_a_refusal_takes_no_picture_away(app: Reimaji) -> None:
    """Only what nobody uses is deleted: what is shown elsewhere stays there."""
    picture = await upload(app, PNG.ljust(3 * MIB, b"\x00"))
    item = await app.publish()
    url = await attach(app.admin, picture, "news_image", targetId=item)
    assert await code_of(attach(app.free, picture)) == "FILE_TOO_LARGE"
    await app.backend.drain()
    assert await stored(app) == {picture}
    assert (await app.news(item))["imageUrl"] == url


@pytest.mark.parametrize("content_type", HEADS)
async def test_a_file_that_is_not_what_it_says_is_deleted(app: Reimaji, content_type: str) -> None:
    """Its picture is gone as soon as its bytes were looked at."""
    await attach(app.free, await upload(app, b"<html><script>alert(1)</script>", content_type))
    await app.backend.drain()
    assert (await stored(app), await app.rows(File)) == (set(), [])
    assert "avatar" not in await app.free.call("users:me", {})


@pytest.mark.parametrize(("purpose", "most"), [("avatar", 2 * MIB), ("news_image", 5 * MIB)])
async def test_a_picture_has_a_largest_size(app: Reimaji, purpose: str, most: int) -> None:
    """Exactly that is fine."""
    fits = await upload(app, PNG.ljust(most, b"\x00"))
    await attach(app.admin, fits, purpose)
    error = await refusal(
        attach(app.admin, await upload(app, PNG.ljust(most + 1, b"\x00")), purpose)
    )
    assert (error["code"], error["maxBytes"]) == ("FILE_TOO_LARGE", most)
    await app.backend.drain()
    assert await stored(app) == {fits}


# ---------------------------------------------------------------- orphans


async def test_uploads_that_nobody_attached_are_purged_after_a_day(app: Reimaji) -> None:
    """In steps; attached and young ones stay."""
    attached = await upload(app)
    await attach(app.free, attached)
    for _ in range(250):
        await upload(app)
    await app.pass_time(hours=23)
    young = await upload(app)
    assert await app.system.call("files:purgeOrphans", {}) == 0
    await app.pass_time(hours=2)
    assert await app.system.call("files:purgeOrphans", {}) == 199
    await app.backend.drain()
    assert await stored(app) == {attached, young}
