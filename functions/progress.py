"""How far learners are: lessons begun and completed, courses finished."""

from __future__ import annotations

from datetime import date, timedelta

from functions import _curriculum as curriculum
from functions import _errors as errors
from functions import _learning as learning
from functions import _standing as standing
from functions import utils, validation
from functions._bookkeeping import mark_active
from functions._env import Env
from functions._lists import Listing, read_page
from functions._standing import progress_of
from functions.constants import DASHBOARD_ITEMS, TIME_SPENT_MAX
from functions.permissions import Caller, user_mutation, user_query
from functions.types.learning import course_doc
from functions.types.progress import (
    Completion,
    CourseInProgress,
    CourseProgress,
    Dashboard,
    EnrollmentList,
    ProgressDoc,
    TimeSpent,
    enrollment_doc,
    progress_doc,
)
from reactor import ABSENT, Absent, Id, MutationCtx, QueryCtx, internal_mutation, mutation
from schema import Certificate, Course, DailyActive, Enrollment, Lesson, Module, User, UserProgress

# ---------------------------------------------------------------- lessons


@mutation
async def start_lesson(
    ctx: MutationCtx, *, lesson_id: Id[Lesson], clerk_user_id: str | None = None
) -> Id[UserProgress]:
    """Notes that the caller is at a lesson; again is fine."""
    caller, user = await learning.learner(ctx, clerk_user_id, "progress.startLesson")
    lesson = await curriculum.open_lesson(ctx, caller, lesson_id)
    return (await learning.start(ctx, user, lesson)).id


@mutation
async def complete_lesson(
    ctx: MutationCtx,
    *,
    lesson_id: Id[Lesson],
    time_spent: float,
    score: float | None = None,
    clerk_user_id: str | None = None,
) -> Id[UserProgress]:
    """Completes a lesson that was started; the last one completes the course."""
    caller, user = await learning.learner(ctx, clerk_user_id, "progress.completeLesson")
    time_spent = validation.time_spent(time_spent)
    score = validation.given(validation.score, score)
    lesson = await curriculum.open_lesson(ctx, caller, lesson_id)
    return await learning.complete(ctx, user, lesson, score, time_spent)


@user_mutation
async def record_time(
    ctx: MutationCtx, user: User, *, lesson_id: Id[Lesson], minutes: float
) -> TimeSpent:
    """Adds to the time spent on a lesson that was started."""
    minutes = validation.minutes(minutes)
    await mark_active(ctx, user)
    progress = await progress_of(ctx, user, lesson_id)
    if progress is None:
        raise errors.not_found("progress")
    time_spent = min(progress.time_spent + minutes, TIME_SPENT_MAX)
    await ctx.db.patch(
        progress.id,
        UserProgress.time_spent.set(time_spent),
        UserProgress.updated_at.set(ctx.now_ms()),
    )
    return TimeSpent(time_spent=time_spent)


@user_query
async def get_my_lesson(ctx: QueryCtx, user: User, *, lesson_id: Id[Lesson]) -> ProgressDoc | None:
    """The caller's progress with a lesson; null before the start."""
    progress = await progress_of(ctx, user, lesson_id)
    return progress_doc(progress) if progress else None


# ---------------------------------------------------------------- courses


@user_query
async def get_course_progress(
    ctx: QueryCtx, user: User, *, course_id: Id[Course]
) -> CourseProgress:
    """How far the caller is with a course."""
    await curriculum.find_course(ctx, Caller(user=user), course_id)
    chapters = await curriculum.chapters(ctx, course_id)
    return (await standing.read(ctx, user, course_id, chapters)).course_progress()


@user_query
async def list_my_enrollments(
    ctx: QueryCtx,
    user: User,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
) -> EnrollmentList:
    """The courses that the caller has begun, the last visited first."""
    page = await read_page(ctx, _enrollments(user), cursor, limit)
    return EnrollmentList(
        enrollments=[enrollment_doc(enrollment) for enrollment in page.items],
        next_cursor=page.next_cursor,
    )


def _enrollments(user: User) -> Listing[Enrollment]:
    return Listing(
        table=Enrollment,
        index=Enrollment.by_user_activity,
        equal=[Enrollment.user_id == user.id],
        columns=[Enrollment.last_activity_at],
        values=lambda enrollment: (enrollment.last_activity_at,),
    )


@internal_mutation
async def check_module_completion(
    ctx: MutationCtx, *, user_id: Id[User], module_id: Id[Module]
) -> Completion:
    """Whether a learner completed a module. Nothing is stored: modules have no record of it."""
    user, module = await _require_user(ctx, user_id), await ctx.db.get(module_id)
    if module is None:
        raise errors.not_found("module")
    chapters = await curriculum.chapters(ctx, module.course_id)
    mine = await standing.read(ctx, user, module.course_id, chapters)
    return mine.module_completion(module_id)


@internal_mutation
async def check_course_completion(
    ctx: MutationCtx, *, user_id: Id[User], course_id: Id[Course]
) -> Completion:
    """Brings a learner's course up to date, after its lessons have changed; again is fine."""
    user = await _require_user(ctx, user_id)
    if await ctx.db.get(course_id) is None:
        raise errors.not_found("course")
    return await learning.check_course(ctx, user, course_id)


async def _require_user(ctx: QueryCtx, user_id: Id[User]) -> User:
    user = await ctx.db.get(user_id)
    if user is None or user.deleted_at is not None:
        raise errors.user_not_found()
    return user


# ---------------------------------------------------------------- the dashboard


@user_query
async def get_my_dashboard(ctx: QueryCtx, user: User) -> Dashboard:
    """The caller's numbers, and where to go on."""
    enrollments = await _enrollments(user).query(ctx).collect()
    lessons = ctx.db.query(UserProgress).with_index(
        UserProgress.by_user_updated_at, UserProgress.user_id == user.id
    )
    rows = await lessons.order("desc").collect()
    certificates = ctx.db.query(Certificate).with_index(
        Certificate.by_user_course, Certificate.user_id == user.id
    )
    return Dashboard(
        in_progress=await _in_progress(ctx, user, enrollments),
        completed_courses=sum(row.status == "completed" for row in enrollments),
        lessons_completed=sum(row.status == "completed" for row in rows),
        minutes_spent=sum(row.time_spent for row in rows),
        certificates=await certificates.count(),
        streak_days=await _streak_days(ctx, user),
        recent=[progress_doc(row) for row in rows[:DASHBOARD_ITEMS]],
    )


async def _in_progress(
    ctx: QueryCtx, user: User, enrollments: list[Enrollment]
) -> list[CourseInProgress]:
    """The last visited courses that are not finished and that the user still finds."""
    found: list[CourseInProgress] = []
    for enrollment in enrollments:
        course = await ctx.db.get(enrollment.course_id)
        is_open = course is not None and Caller(user=user).can_find(course)
        if course is None or not is_open or enrollment.status == "completed":
            continue
        chapters = await curriculum.chapters(ctx, course.id)
        mine = await standing.read(ctx, user, course.id, chapters)
        found.append(
            CourseInProgress(
                course=course_doc(course),
                percent=standing.percent(mine.completion()),
                last_lesson_id=enrollment.last_lesson_id,
            )
        )
        if len(found) == DASHBOARD_ITEMS:
            break
    return found


async def _streak_days(ctx: QueryCtx, user: User) -> int:
    """How many days in a row the user was active, until today or yesterday."""
    today = utils.day_key(ctx.now_ms(), ctx.env(Env).reimaji_day_utc_offset_minutes)
    days = ctx.db.query(DailyActive).with_index(
        DailyActive.by_user_day, DailyActive.user_id == user.id
    )
    streak, expected = 0, date.fromisoformat(today)
    async for active in days.order("desc"):
        day = date.fromisoformat(active.day)
        if streak == 0 and day == expected - timedelta(days=1):
            expected = day
        if day != expected:
            break
        streak += 1
        expected -= timedelta(days=1)
    return streak
