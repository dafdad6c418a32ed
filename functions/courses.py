"""Courses: what there is to learn."""

from __future__ import annotations

from functions import _articles as articles
from functions import _curriculum as curriculum
from functions import _editing as editing
from functions import _parts as parts
from functions import _standing as standing
from functions import validation
from functions._articles import Kind
from functions._lists import read_page
from functions.constants import COURSES_LIMIT
from functions.permissions import Caller, admin_query, identify, require_admin
from functions.types.learning import (
    CourseDoc,
    CourseList,
    CourseWithModules,
    course_doc,
    module_doc,
    outline_lesson,
)
from functions.types.progress import Outline, OutlineModule
from reactor import (
    ABSENT,
    Absent,
    Change,
    Id,
    MutationCtx,
    QueryCtx,
    StoredFile,
    internal_mutation,
    mutation,
    query,
)
from schema import Course, CourseLevel, Language

COURSES = Kind(
    table=Course,
    name="courses",
    entity="course",
    counter="totalCourses",
    by_deleted=Course.by_deleted_at_updated_at,
)


# ---------------------------------------------------------------- reading


@query
async def list_(
    ctx: QueryCtx, *, level: CourseLevel | None = None, limit: float | None = None
) -> list[CourseDoc]:
    """Published courses, the newest first."""
    number = validation.limit(limit, default=COURSES_LIMIT)
    is_published, is_kept = Course.is_published.is_(True), Course.deleted_at.is_absent()
    courses = ctx.db.query(Course)
    if level is None:
        chosen = courses.with_index(Course.by_listed, is_published, is_kept)
    else:
        chosen = courses.with_index(
            Course.by_listed_level, is_published, is_kept, Course.level == level
        )
    return [course_doc(course) for course in await chosen.order("desc").take(number)]


@query
async def get_by_id(ctx: QueryCtx, *, id: Id[Course]) -> CourseWithModules:
    """One course with its modules."""
    return await _with_modules(ctx, await ctx.db.get(id))


@query
async def get_by_slug(ctx: QueryCtx, *, slug: str) -> CourseWithModules:
    """One course by the last part of its address."""
    return await _with_modules(ctx, await articles.by_slug(ctx, Course, slug))


async def _with_modules(ctx: QueryCtx, item: Course | None) -> CourseWithModules:
    course = articles.find(COURSES, await identify(ctx), item)
    modules = await curriculum.open_modules(ctx, course.id)
    return CourseWithModules(
        course=course_doc(course), modules=[module_doc(module) for module in modules]
    )


@query
async def get_outline(ctx: QueryCtx, *, course_id: Id[Course]) -> Outline:
    """All that a course consists of, and where the caller stands in it."""
    caller = await identify(ctx)
    course = await curriculum.find_course(ctx, caller, course_id)
    chapters = await curriculum.chapters(ctx, course_id)
    mine = None
    if caller.user is not None:
        mine = await standing.read(ctx, caller.user, course_id, chapters)
    reads_premium = caller.reads_premium(ctx.now_ms())
    return Outline(
        course=course_doc(course),
        modules=[
            OutlineModule(
                module=module_doc(chapter.module),
                lessons=[
                    outline_lesson(
                        lesson, reads_premium, mine.status_of(lesson) if mine else "not_started"
                    )
                    for lesson in chapter.lessons
                ],
            )
            for chapter in chapters
        ],
        progress=mine.course_progress() if mine else None,
    )


# ---------------------------------------------------------------- editing


@mutation
async def create(
    ctx: MutationCtx,
    *,
    title: str,
    description: str,
    level: CourseLevel,
    duration: float,
    image_url: str | None = None,
    image_storage_id: Id[StoredFile] | None = None,
    language: Language | None = None,
    clerk_user_id: str | None = None,
) -> Id[Course]:
    """Stores a draft; `update` publishes it."""
    editor = await require_admin(ctx, clerk_user_id)
    author, now = editor.require_user(), ctx.now_ms()
    title = validation.title(title)
    course = Course(
        title=title,
        slug=await editing.new_slug(ctx, COURSES, title),
        description=validation.description(description),
        level=level,
        duration=validation.duration(duration),
        image_url=validation.given(validation.image_url, image_url),
        image_storage_id=image_storage_id,
        language=language,
        published_at=None,
        created_by=author.id,
        created_at=now,
        updated_at=now,
    )
    course_id = await ctx.db.insert(course)
    await editing.created(ctx, COURSES, editor, course_id, image_storage_id)
    return course_id


@mutation
async def update(
    ctx: MutationCtx,
    *,
    id: Id[Course],
    title: str | None = None,
    description: str | None = None,
    level: CourseLevel | None = None,
    duration: float | None = None,
    image_url: str | Absent | None = ABSENT,
    is_published: bool | None = None,
    slug: str | None = None,
    clerk_user_id: str | None = None,
) -> Id[Course]:
    """Changes what is given, publishes or unpublishes; null clears an address."""
    editor = await require_admin(ctx, clerk_user_id)
    edit = editing.Edit(
        title=title, image_url=image_url, is_published=is_published, slug=slug
    ).checked()
    own: list[Change[Course]] = [
        Course.description.given(validation.given(validation.description, description)),
        Course.level.given(level),
        Course.duration.given(validation.given(validation.duration, duration)),
    ]
    before = await editing.save(ctx, COURSES, editor, id, edit, own)
    if edit.title not in (None, before.title):
        await _copy_title(ctx, id)
    return id


@internal_mutation
async def copy_title(ctx: MutationCtx, *, id: Id[Course]) -> None:
    """Goes on giving a course's title to its modules and lessons; again is fine."""
    await _copy_title(ctx, id)


async def _copy_title(ctx: MutationCtx, id: Id[Course]) -> None:
    course = await ctx.db.get(id)
    if course is not None and await parts.copy_course_title(ctx, course):
        await ctx.scheduler.run_after(0, copy_title, id=id)


@mutation
async def remove(
    ctx: MutationCtx, *, id: Id[Course], clerk_user_id: str | None = None
) -> Id[Course]:
    """Moves a course to the bin, and all it consists of out of reach; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await editing.set_deleted(ctx, COURSES, editor, id, is_deleted=True)
    return id


@mutation
async def restore(
    ctx: MutationCtx, *, id: Id[Course], clerk_user_id: str | None = None
) -> Id[Course]:
    """Takes a course out of the bin, in the state it had; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await editing.set_deleted(ctx, COURSES, editor, id, is_deleted=False)
    return id


@admin_query
async def admin_list(
    ctx: QueryCtx,
    admin: Caller,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    status: articles.Status = "all",
) -> CourseList:
    """All courses in a state, the last changed first; "all" leaves out the bin."""
    page = await read_page(ctx, articles.administered(COURSES, status), cursor, limit)
    return CourseList(
        courses=[course_doc(course) for course in page.items], next_cursor=page.next_cursor
    )
