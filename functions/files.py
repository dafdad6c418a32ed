"""Uploads: pictures for articles and courses, and avatars."""

from __future__ import annotations

from functions import _errors as errors
from functions import _images as images
from functions import utils
from functions._bookkeeping import audit
from functions._images import Illustrated, Purpose
from functions._rates import spend
from functions.constants import (
    AVATAR_UPLOADS_PER_HOUR,
    FILES_PER_PURGE,
    HOUR_MS,
    ORPHAN_AGE_MS,
)
from functions.permissions import Caller, identify, require_admin, require_user
from functions.types.inbox import Attached
from reactor import (
    ActionCtx,
    Id,
    MutationCtx,
    PaginationOptions,
    QueryCtx,
    StoredFile,
    internal_action,
    internal_mutation,
    mutation,
)
from schema import File, User


@mutation
async def generate_upload_url(ctx: MutationCtx, *, purpose: Purpose) -> str:
    """An address to POST one file to: avatars for every user, the rest for admins."""
    if purpose == "avatar":
        user = await require_user(ctx)
        limit, window = AVATAR_UPLOADS_PER_HOUR, HOUR_MS
        await spend(ctx, f"upload:{user.id}", limit=limit, window_ms=window)
    else:
        await require_admin(ctx)
    return await ctx.storage.generate_upload_url()


@mutation
async def attach(
    ctx: MutationCtx,
    *,
    storage_id: Id[StoredFile],
    purpose: Purpose,
    target_id: str | None = None,
) -> Attached:
    """Makes an uploaded file the picture of something; the one it replaces is deleted.

    An article that is yet to be created gets its picture by `imageStorageId`. What the file says
    it is counts at once; what its bytes say is looked at right after.
    """
    caller = await identify(ctx) if purpose == "avatar" else await require_admin(ctx)
    owner = caller.require_user()
    stored = await ctx.db.get(storage_id)
    url = None if stored is None else await ctx.storage.get_url(storage_id)
    if stored is None or url is None:
        raise errors.not_found("file")
    refusal = images.problem(stored, purpose)
    if refusal is not None:
        await ctx.scheduler.run_anyway(forget_refused, storage_id=storage_id)
        raise refusal
    target = await _target(ctx, owner, purpose, target_id)
    known = await images.find_file(ctx, storage_id)
    if known is not None:
        _require_free(known, owner, purpose, target)
        await ctx.db.delete(known.id)
    await ctx.db.insert(
        File(
            storage_id=storage_id,
            owner_id=owner.id,
            purpose=purpose,
            target_table=None if target is None else images.table_of(purpose),
            target_id=None if target is None else target.id,
            content_type=images.named_type(stored),
            size=stored.size,
            created_at=ctx.now_ms(),
        )
    )
    if target is not None:
        await images.show(ctx, target, storage_id, url)
    await ctx.scheduler.run_after(0, inspect, storage_id=storage_id)
    return Attached(url=url)


async def _target(
    ctx: QueryCtx, owner: User, purpose: Purpose, target_id: str | None
) -> Illustrated | User | None:
    if purpose == "avatar":
        if target_id not in (None, owner.id):
            raise errors.invalid_argument("targetId", "must be your own account")
        return owner
    if target_id is None:
        return None
    entity, table = images.TARGETS[purpose]
    target = await utils.find(ctx, table, target_id)
    if target is None or target.deleted_at is not None:
        raise errors.not_found(entity)
    return target


def _require_free(
    known: File, owner: User, purpose: Purpose, target: Illustrated | User | None
) -> None:
    if known.owner_id != owner.id:
        raise errors.conflict("The file is attached already by somebody else")
    is_elsewhere = known.target_id is not None and (target is None or known.target_id != target.id)
    if known.purpose != purpose or is_elsewhere:
        raise errors.conflict("The file is attached already to something else")


@internal_mutation
async def forget_refused(ctx: MutationCtx, *, storage_id: Id[StoredFile]) -> None:
    """Deletes a file that was refused, unless it is in use as something else."""
    if await images.find_file(ctx, storage_id) is None:
        await images.drop(ctx, storage_id)


@mutation
async def remove(ctx: MutationCtx, *, storage_id: Id[StoredFile]) -> None:
    """Deletes an attached file, and takes it away from what shows it."""
    caller = await identify(ctx)
    if not caller.is_system:
        caller.require_user()
    file = await images.find_file(ctx, storage_id)
    if file is None or not _may_remove(caller, file):
        raise errors.not_found("file")
    await images.hide(ctx, file)
    await images.drop(ctx, storage_id)
    if caller.user is None or caller.user.id != file.owner_id:
        await audit(ctx, caller, "files.remove", "files", file.id)


def _may_remove(caller: Caller, file: File) -> bool:
    is_owner = caller.user is not None and caller.user.id == file.owner_id
    return is_owner or caller.sees_everything


@internal_action
async def inspect(ctx: ActionCtx, *, storage_id: Id[StoredFile]) -> None:
    """Looks at the first bytes of an attached file; deletes one that is not what it says."""
    blob = await ctx.storage.get(storage_id)
    if blob is None:
        return
    head = b""
    async for part in blob:
        head += part[: images.HEAD_BYTES - len(head)]
        if len(head) >= images.HEAD_BYTES:
            break
    await ctx.run_mutation(judge, storage_id=storage_id, found_type=images.type_of(head))


@internal_mutation
async def judge(ctx: MutationCtx, *, storage_id: Id[StoredFile], found_type: str | None) -> bool:
    """Keeps a file whose bytes are of the type it says; deletes any other."""
    file = await images.find_file(ctx, storage_id)
    if file is None:
        return False
    if file.content_type == found_type:
        return True
    await images.hide(ctx, file)
    await images.drop(ctx, storage_id)
    return False


@internal_mutation
async def purge_orphans(ctx: MutationCtx, *, cursor: str | None = None) -> int:
    """Deletes uploads that nobody attached within a day; how many in this run."""
    before = StoredFile.creation_time < ctx.now_ms() - ORPHAN_AGE_MS
    old = ctx.db.query(StoredFile).with_index(StoredFile.by_creation_time, before)
    page = await old.paginate(PaginationOptions(num_items=FILES_PER_PURGE, cursor=cursor))
    orphans = [file for file in page.page if await images.find_file(ctx, file.id) is None]
    for orphan in orphans:
        await ctx.storage.delete(orphan.id)
    if not page.is_done:
        await ctx.scheduler.run_after(0, purge_orphans, cursor=page.continue_cursor)
    return len(orphans)
