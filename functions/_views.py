"""Views of news and research: noted one by one, added to the items in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from functions import validation
from functions._articles import A, ArticleKind, find
from functions._bookkeeping import mark_active
from functions.constants import VIEW_WINDOW_MS, VIEWS_PER_FLUSH
from functions.permissions import Caller
from reactor import Change, Id, MutationCtx
from schema import ContentView


async def record_view(
    ctx: MutationCtx, kind: ArticleKind[A], caller: Caller, id: Id[A], viewer_key: str | None
) -> bool:
    """Notes that somebody looked at an item; `news:flushViews` adds it to the item later.

    Counting on the item itself would push every list that shows it, once per reader.

    Returns:
        Whether it is the viewer's first look in this half hour. Visitors without a key do not
        count.

    Raises:
        AppError: INVALID_ARGUMENT for the key, NOT_FOUND.
    """
    validation.given(validation.viewer_key, viewer_key)
    find(kind, caller, await ctx.db.get(id))
    if caller.user is not None:
        await mark_active(ctx, caller.user)
    # The prefixes keep a visitor from using up a user's view by sending the user's id as a key.
    viewer = viewer_key and f"key:{viewer_key}"
    if caller.subject is not None:
        viewer = f"user:{caller.subject}"
    if viewer is None:
        return False
    window = int(ctx.now_ms() // VIEW_WINDOW_MS)
    seen = ctx.db.query(ContentView).with_index(
        ContentView.by_view,
        ContentView.content_type == kind.name,
        ContentView.content_id == id,
        ContentView.viewer_key == viewer,
        ContentView.bucket == window,
    )
    if await seen.unique() is not None:
        return False
    await ctx.db.insert(
        ContentView(content_type=kind.name, content_id=id, viewer_key=viewer, bucket=window)
    )
    return True


async def flush_views(ctx: MutationCtx, kinds: Sequence[ArticleKind[Any]]) -> int:
    """Adds the views that wait to their items, one write per item.

    Returns:
        How many views it took, at most `VIEWS_PER_FLUSH`.
    """
    waiting = ctx.db.query(ContentView).with_index(
        ContentView.by_flushed, ContentView.flushed.is_(False)
    )
    views = await waiting.take(VIEWS_PER_FLUSH)
    for kind in kinds:
        tally = Counter(view.content_id for view in views if view.content_type == kind.name)
        for content_id, number in tally.items():
            await _add_views(ctx, kind, content_id, number)
    for view in views:
        await ctx.db.patch(view.id, ContentView.flushed.set(True))
    return len(views)


async def _add_views(ctx: MutationCtx, kind: ArticleKind[A], content_id: str, number: int) -> None:
    item_id = ctx.db.normalize_id(kind.table, content_id)
    item = None if item_id is None else await ctx.db.get(item_id)
    if item_id is not None and item is not None:  # a purged item takes its views along
        changes: list[Change[A]] = [kind.table.view_count.set(item.view_count + number)]
        await ctx.db.patch(item_id, *changes)
