"""Modules: the chapters of a course."""

from __future__ import annotations

from functions import _curriculum as curriculum
from functions import _parts as parts
from functions import validation
from functions._bookkeeping import audit
from functions._parts import MODULES
from functions.permissions import Caller, admin_query, identify, require_admin
from functions.types.learning import ModuleDoc, ModuleWithLessons, lesson_card, module_doc
from reactor import Id, MutationCtx, QueryCtx, mutation, query
from schema import Course, Module

# ---------------------------------------------------------------- reading


@query
async def list_by_course(ctx: QueryCtx, *, course_id: Id[Course]) -> list[ModuleDoc]:
    """The open modules of a course, in order."""
    course = await curriculum.find_course(ctx, await identify(ctx), course_id)
    return [module_doc(module) for module in await curriculum.open_modules(ctx, course.id)]


@query
async def get_by_id(ctx: QueryCtx, *, id: Id[Module]) -> ModuleWithLessons:
    """One module with its lessons."""
    caller = await identify(ctx)
    module = await curriculum.find_module(ctx, caller, id)
    reads_premium = caller.reads_premium(ctx.now_ms())
    return ModuleWithLessons(
        module=module_doc(module),
        lessons=[
            lesson_card(lesson, reads_premium) for lesson in await curriculum.open_lessons(ctx, id)
        ],
    )


# ---------------------------------------------------------------- editing


@mutation
async def create(
    ctx: MutationCtx,
    *,
    course_id: Id[Course],
    title: str,
    description: str,
    duration: float,
    order: float | None = None,
    is_active: bool = True,
    clerk_user_id: str | None = None,
) -> Id[Module]:
    """Adds a module to a course, at its end unless a place is given."""
    editor = await require_admin(ctx, clerk_user_id)
    title, now = validation.title(title), ctx.now_ms()
    description, duration = validation.description(description), validation.duration(duration)
    order = validation.given(validation.order, order)
    course = await parts.require_course(ctx, course_id)
    module = Module(
        course_id=course_id,
        title=title,
        slug=await parts.module_slug(ctx, course_id, title),
        description=description,
        order=await parts.next_order(ctx, MODULES, course_id) if order is None else order,
        duration=duration,
        course_title=course.title,
        is_active=is_active,
        created_at=now,
        updated_at=now,
    )
    module_id = await ctx.db.insert(module)
    await audit(ctx, editor, "modules.create", "modules", module_id)
    return module_id


@mutation
async def update(
    ctx: MutationCtx,
    *,
    id: Id[Module],
    title: str | None = None,
    description: str | None = None,
    duration: float | None = None,
    is_active: bool | None = None,
    slug: str | None = None,
    clerk_user_id: str | None = None,
) -> Id[Module]:
    """Changes what is given; its lessons take over a new title."""
    editor = await require_admin(ctx, clerk_user_id)
    title = validation.given(validation.title, title)
    description = validation.given(validation.description, description)
    duration = validation.given(validation.duration, duration)
    slug = validation.given(validation.slug, slug)
    module = await parts.require_part(ctx, MODULES, id)
    if slug is not None:
        await parts.check_module_slug(ctx, module, slug)
    await ctx.db.patch(
        id,
        Module.title.given(title),
        Module.description.given(description),
        Module.duration.given(duration),
        Module.is_active.given(is_active),
        Module.slug.given(slug),
        Module.updated_at.set(ctx.now_ms()),
    )
    if title is not None and title != module.title:
        await parts.copy_module_title(ctx, id, title)
    await audit(ctx, editor, "modules.update", "modules", id)
    return id


@mutation
async def reorder(
    ctx: MutationCtx,
    *,
    course_id: Id[Course],
    ordered_ids: list[Id[Module]],
    clerk_user_id: str | None = None,
) -> None:
    """Puts the modules of a course in this order."""
    editor = await require_admin(ctx, clerk_user_id)
    await parts.reorder(ctx, MODULES, editor, course_id, ordered_ids)


@mutation
async def remove(
    ctx: MutationCtx, *, id: Id[Module], clerk_user_id: str | None = None
) -> Id[Module]:
    """Moves a module to the bin, and its lessons out of reach; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await parts.set_deleted(ctx, MODULES, editor, id, is_deleted=True)
    return id


@mutation
async def restore(
    ctx: MutationCtx, *, id: Id[Module], clerk_user_id: str | None = None
) -> Id[Module]:
    """Takes a module out of the bin, in the state it had; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await parts.set_deleted(ctx, MODULES, editor, id, is_deleted=False)
    return id


@admin_query
async def admin_list_by_course(
    ctx: QueryCtx, admin: Caller, *, course_id: Id[Course]
) -> list[ModuleDoc]:
    """All modules of a course by order, closed and deleted ones included."""
    await curriculum.find_course(ctx, admin, course_id)
    return [
        module_doc(module) for module in await parts.parts_of(ctx, MODULES, course_id).collect()
    ]
