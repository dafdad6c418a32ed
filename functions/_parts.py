"""What modules, lessons and questions have in common for editors: order, the bin, copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from functions import _errors as errors
from functions import utils
from functions._bookkeeping import audit
from functions.constants import TITLES_PER_RUN
from functions.permissions import Caller
from reactor import Bound, Change, FieldRef, Id, IndexedQuery, IndexRef, MutationCtx, QueryCtx
from schema import Course, Lesson, Module, Quiz

T = TypeVar("T", Module, Lesson, Quiz)
"""A part of something above it; the checkers read a function once for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartKind(Generic[T]):
    """Where modules, lessons and questions differ in the code they share.

    Args:
        table: the table of the parts.
        name: what audits call the table.
        entity: what errors call one part.
        parent: the column with what the part belongs to.
        by_order: the index that begins with it and goes on with `order`.
    """

    table: type[T]
    name: str
    entity: errors.Entity
    parent: FieldRef[T, Any]
    by_order: IndexRef[T]


MODULES = PartKind(
    table=Module,
    name="modules",
    entity="module",
    parent=Module.course_id,
    by_order=Module.by_course_order,
)
LESSONS = PartKind(
    table=Lesson,
    name="lessons",
    entity="lesson",
    parent=Lesson.module_id,
    by_order=Lesson.by_module_order,
)
QUIZZES = PartKind(
    table=Quiz,
    name="quizzes",
    entity="quiz",
    parent=Quiz.lesson_id,
    by_order=Quiz.by_lesson_order,
)


# ---------------------------------------------------------------- what editors find


def parts_of(ctx: QueryCtx, kind: PartKind[T], parent_id: str) -> IndexedQuery[T]:
    """Every part of something by order, closed and deleted ones included."""
    match: Bound[T] = kind.parent == parent_id
    return ctx.db.query(kind.table).with_index(kind.by_order, match)


async def require_part(ctx: QueryCtx, kind: PartKind[T], id: Id[T]) -> T:
    """A part that is not in the bin.

    Raises:
        AppError: NOT_FOUND.
    """
    part = await ctx.db.get(id)
    if part is None or part.deleted_at is not None:
        raise errors.not_found(kind.entity)
    return part


async def require_course(ctx: QueryCtx, id: Id[Course]) -> Course:
    """A course that is not in the bin.

    Raises:
        AppError: NOT_FOUND.
    """
    course = await ctx.db.get(id)
    if course is None or course.deleted_at is not None:
        raise errors.not_found("course")
    return course


# ---------------------------------------------------------------- order


async def next_order(ctx: QueryCtx, kind: PartKind[T], parent_id: str) -> float:
    """The place after the last part."""
    last = await parts_of(ctx, kind, parent_id).order("desc").first()
    return 1.0 if last is None else last.order + 1


async def reorder(
    ctx: MutationCtx, kind: PartKind[T], editor: Caller, parent_id: str, ids: Sequence[Id[T]]
) -> None:
    """Numbers the parts from 1, as they are listed.

    Raises:
        AppError: INVALID_ARGUMENT unless these are exactly the parts that are not deleted.
    """
    parts = await parts_of(ctx, kind, parent_id).collect()
    kept: dict[str, T] = {part.id: part for part in parts if part.deleted_at is None}
    if sorted(ids) != sorted(kept):
        reason = f"must be exactly the {kind.name} that are not deleted, each once"
        raise errors.invalid_argument("orderedIds", reason)
    table, now = kind.table, ctx.now_ms()
    for place, id in enumerate(ids, start=1):
        if kept[id].order != place:
            changes: list[Change[T]] = [table.order.set(place), table.updated_at.set(now)]
            await ctx.db.patch(id, *changes)
    await audit(ctx, editor, f"{kind.name}.reorder", kind.name, parent_id)


# ---------------------------------------------------------------- the bin


async def set_deleted(
    ctx: MutationCtx, kind: PartKind[T], editor: Caller, id: Id[T], is_deleted: bool
) -> T:
    """Moves a part to the bin or back; does nothing when it is there already.

    Returns:
        The part as it was.

    Raises:
        AppError: NOT_FOUND.
    """
    table, part = kind.table, await ctx.db.get(id)
    if part is None:
        raise errors.not_found(kind.entity)
    if (part.deleted_at is not None) == is_deleted:
        return part
    now = ctx.now_ms()
    changes: list[Change[T]] = [
        table.deleted_at.set(now if is_deleted else None),
        table.updated_at.set(now),
    ]
    await ctx.db.patch(id, *changes)
    await audit(ctx, editor, f"{kind.name}.{'remove' if is_deleted else 'restore'}", kind.name, id)
    return part


# ---------------------------------------------------------------- slugs


async def module_slug(ctx: QueryCtx, course_id: Id[Course], title: str) -> str:
    """A slug that no other module of the course has, deleted ones included."""

    async def is_taken(slug: str) -> bool:
        return await _module_by_slug(ctx, course_id, slug) is not None

    return await utils.unique_slug(ctx, title, "module-", is_taken)


async def lesson_slug(ctx: QueryCtx, module_id: Id[Module], title: str) -> str:
    """A slug that no other lesson of the module has, deleted ones included."""

    async def is_taken(slug: str) -> bool:
        return await _lesson_by_slug(ctx, module_id, slug) is not None

    return await utils.unique_slug(ctx, title, "lesson-", is_taken)


async def check_module_slug(ctx: QueryCtx, module: Module, slug: str) -> str:
    """A slug that an editor chose, unless another module of the course has it.

    Raises:
        AppError: SLUG_TAKEN.
    """
    other = await _module_by_slug(ctx, module.course_id, slug)
    if other is not None and other.id != module.id:
        raise errors.slug_taken(slug)
    return slug


async def check_lesson_slug(ctx: QueryCtx, lesson: Lesson, slug: str) -> str:
    """A slug that an editor chose, unless another lesson of the module has it.

    Raises:
        AppError: SLUG_TAKEN.
    """
    other = await _lesson_by_slug(ctx, lesson.module_id, slug)
    if other is not None and other.id != lesson.id:
        raise errors.slug_taken(slug)
    return slug


async def _module_by_slug(ctx: QueryCtx, course_id: Id[Course], slug: str) -> Module | None:
    modules = ctx.db.query(Module).with_index(
        Module.by_course_slug, Module.course_id == course_id, Module.slug == slug
    )
    return await modules.unique()


async def _lesson_by_slug(ctx: QueryCtx, module_id: Id[Module], slug: str) -> Lesson | None:
    lessons = ctx.db.query(Lesson).with_index(
        Lesson.by_module_slug, Lesson.module_id == module_id, Lesson.slug == slug
    )
    return await lessons.unique()


# ---------------------------------------------------------------- copies


async def count_lessons(ctx: MutationCtx, module_id: Id[Module]) -> None:
    """Brings a module's number of open lessons up to date."""
    lessons = ctx.db.query(Lesson).with_index(
        Lesson.by_module_active_order,
        Lesson.module_id == module_id,
        Lesson.deleted_at.is_absent(),
        Lesson.is_active.is_(True),
    )
    number, module = await lessons.count(), await ctx.db.get(module_id)
    if module is not None and module.lesson_count != number:
        await ctx.db.patch(module_id, Module.lesson_count.set(number))


async def copy_course_title(ctx: MutationCtx, course: Course) -> bool:
    """Gives a course's title to its modules and lessons, so many rows at a time.

    Returns:
        Whether there may be more rows with another title.
    """
    modules = ctx.db.query(Module).with_index(Module.by_course_order, Module.course_id == course.id)
    stale_modules = modules.filter(lambda module: module.course_title != course.title)
    changed = 0
    for module in await stale_modules.take(TITLES_PER_RUN):
        await ctx.db.patch(module.id, Module.course_title.set(course.title))
        changed += 1
    lessons = ctx.db.query(Lesson).with_index(
        Lesson.by_course_active, Lesson.course_id == course.id
    )
    stale_lessons = lessons.filter(lambda lesson: lesson.course_title != course.title)
    for lesson in await stale_lessons.take(TITLES_PER_RUN - changed):
        await ctx.db.patch(lesson.id, Lesson.course_title.set(course.title))
        changed += 1
    return changed == TITLES_PER_RUN


async def copy_module_title(ctx: MutationCtx, module_id: Id[Module], title: str) -> None:
    """Gives a module's title to its lessons."""
    for lesson in await parts_of(ctx, LESSONS, module_id).collect():
        await ctx.db.patch(lesson.id, Lesson.module_title.set(title))
