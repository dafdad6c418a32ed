"""Pictures that people upload: what is allowed, and what they belong to."""

from __future__ import annotations

from typing import Final, Literal, get_args

from functions import _errors as errors
from functions import utils
from functions.constants import AVATAR_BYTES_MAX, IMAGE_BYTES_MAX
from reactor import AppError, Id, MutationCtx, QueryCtx, StoredFile
from schema import Course, File, News, Research, User

Purpose = Literal["news_image", "research_image", "course_image", "avatar"]
PURPOSES: Final[dict[str, Purpose]] = {purpose: purpose for purpose in get_args(Purpose)}
Illustrated = News | Research | Course
TARGETS: Final[dict[Purpose, tuple[Literal["news", "research", "course"], type[Illustrated]]]] = {
    "news_image": ("news", News),
    "research_image": ("research", Research),
    "course_image": ("course", Course),
}

HEAD_BYTES: Final = 64
"""As much of a file as says what it is."""

_SIGNATURES: Final = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
ALLOWED: Final = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif")


def type_of(head: bytes) -> str | None:
    """Which of the allowed types the first bytes of a file belong to."""
    for content_type, signatures in _SIGNATURES.items():
        if head.startswith(signatures):
            return content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and (b"avif" in head[8:] or b"avis" in head[8:]):
        return "image/avif"
    return None


def named_type(stored: StoredFile) -> str:
    """The type of a file, as its uploader says."""
    return (stored.content_type or "").partition(";")[0].strip().lower()


def problem(stored: StoredFile, purpose: Purpose) -> AppError | None:
    """FILE_TYPE_NOT_ALLOWED or FILE_TOO_LARGE for a file that is not fit for its purpose."""
    if named_type(stored) not in ALLOWED:
        return errors.file_type_not_allowed(ALLOWED)
    most = AVATAR_BYTES_MAX if purpose == "avatar" else IMAGE_BYTES_MAX
    return errors.file_too_large(most) if stored.size > most else None


async def find_file(ctx: QueryCtx, storage_id: Id[StoredFile]) -> File | None:
    """The row of an attached file."""
    match = File.storage_id == storage_id
    return await ctx.db.query(File).with_index(File.by_storage_id, match).unique()


async def show(
    ctx: MutationCtx, target: Illustrated | User, storage_id: Id[StoredFile], url: str
) -> None:
    """Shows a file as the picture of its target, and deletes the one it replaces."""
    old = _shown(target)
    await _set(ctx, target, storage_id, url)
    if old is not None and old != storage_id:
        await drop(ctx, old)


async def clear(ctx: MutationCtx, target: Illustrated | User) -> None:
    """Leaves a target without a picture, and deletes the file it had."""
    old = _shown(target)
    await _set(ctx, target, None, None)
    if old is not None:
        await drop(ctx, old)


async def hide(ctx: MutationCtx, file: File) -> None:
    """Takes a file away from what shows it."""
    target = await target_of(ctx, file)
    if target is not None and _shown(target) == file.storage_id:
        await _set(ctx, target, None, None)


async def drop(ctx: MutationCtx, storage_id: Id[StoredFile]) -> None:
    """Deletes a file with its row; what is gone already is fine."""
    file = await find_file(ctx, storage_id)
    if file is not None:
        await ctx.db.delete(file.id)
    if await ctx.db.get(storage_id) is not None:
        await ctx.storage.delete(storage_id)


async def target_of(ctx: QueryCtx, file: File) -> Illustrated | User | None:
    """What a file is the picture of."""
    id = file.target_id or ""
    match file.target_table:
        case "users":
            return await utils.find(ctx, User, id)
        case "news":
            return await utils.find(ctx, News, id)
        case "research":
            return await utils.find(ctx, Research, id)
        case _:
            return await utils.find(ctx, Course, id)


def table_of(purpose: Purpose) -> str:
    """The table that pictures of a purpose belong to."""
    return "users" if purpose == "avatar" else TARGETS[purpose][0]


def _shown(target: Illustrated | User) -> Id[StoredFile] | None:
    return target.avatar_storage_id if isinstance(target, User) else target.image_storage_id


async def _set(
    ctx: MutationCtx,
    target: Illustrated | User,
    storage_id: Id[StoredFile] | None,
    url: str | None,
) -> None:
    now = ctx.now_ms()
    match target:
        case User():
            await ctx.db.patch(
                target.id,
                User.avatar_storage_id.set(storage_id),
                User.avatar.set(url),
                User.updated_at.set(now),
            )
        case News():
            await ctx.db.patch(
                target.id,
                News.image_storage_id.set(storage_id),
                News.image_url.set(url),
                News.updated_at.set(now),
            )
        case Research():
            await ctx.db.patch(
                target.id,
                Research.image_storage_id.set(storage_id),
                Research.image_url.set(url),
                Research.updated_at.set(now),
            )
        case Course():
            await ctx.db.patch(
                target.id,
                Course.image_storage_id.set(storage_id),
                Course.image_url.set(url),
                Course.updated_at.set(now),
            )
