"""What happens when somebody learns: lessons begin and end, courses are finished, papers issued."""

from __future__ import annotations

from functions import _curriculum as curriculum
from functions import _errors as errors
from functions import _mail as mail
from functions import _notices as notices
from functions import _scores as scores
from functions import _standing as standing
from functions import utils
from functions._bookkeeping import audit, mark_active
from functions._standing import Standing, certificate_of, enrollment_of, progress_of
from functions.constants import PASS_MARK, UNNAMED_LEARNER
from functions.permissions import Caller, identify
from functions.types.progress import Completion
from reactor import Change, Id, MutationCtx, QueryCtx
from schema import (
    Certificate,
    Course,
    Enrollment,
    Lesson,
    QuizAttempt,
    User,
    UserProgress,
)


async def learner(ctx: MutationCtx, named: str | None, action: str) -> tuple[Caller, User]:
    """Who learns: the caller, or whom an admin acts for, which is noted. Either is active today.

    Raises:
        AppError: as `identify` and `Caller.require_user`.
    """
    caller = await identify(ctx, named)
    user = caller.require_user()
    if caller.own is None or caller.own.id != user.id:
        await audit(ctx, caller, action, "users", user.id)
    await mark_active(ctx, user)
    return caller, user


# ---------------------------------------------------------------- lessons


async def start(ctx: MutationCtx, user: User, lesson: Lesson) -> UserProgress:
    """Notes that the learner is at a lesson, and counts the first time."""
    progress = await progress_of(ctx, user, lesson.id)
    if progress is None:
        now = ctx.now_ms()
        row = UserProgress(
            user_id=user.id,
            lesson_id=lesson.id,
            module_id=lesson.module_id,
            course_id=lesson.course_id,
            status="started",
            time_spent=0.0,
            created_at=now,
            updated_at=now,
        )
        progress = await ctx.db.require(await ctx.db.insert(row))
        await ctx.db.patch(lesson.id, Lesson.enrollment_count.set(lesson.enrollment_count + 1))
    await _enroll(ctx, user, lesson)
    return progress


async def _enroll(ctx: MutationCtx, user: User, lesson: Lesson) -> None:
    """Notes the lesson as the one to go on with; the first of a course enrolls."""
    now, enrollment = ctx.now_ms(), await enrollment_of(ctx, user, lesson.course_id)
    if enrollment is not None:
        await ctx.db.patch(
            enrollment.id,
            Enrollment.last_lesson_id.set(lesson.id),
            Enrollment.last_activity_at.set(now),
        )
        return
    row = Enrollment(
        user_id=user.id,
        course_id=lesson.course_id,
        status="in_progress",
        last_lesson_id=lesson.id,
        started_at=now,
        last_activity_at=now,
    )
    await ctx.db.insert(row)
    course = await ctx.db.require(lesson.course_id)
    await ctx.db.patch(course.id, Course.enrollment_count.set(course.enrollment_count + 1))


async def complete(
    ctx: MutationCtx, user: User, lesson: Lesson, score: float | None, time_spent: float
) -> Id[UserProgress]:
    """Completes a lesson; again only raises the score and the time.

    Args:
        ctx: the mutation.
        user: who learned.
        lesson: what they may read now.
        score: what the client says, which counts for lessons without questions only.
        time_spent: minutes, all in all.

    Raises:
        AppError: NOT_FOUND when it was never started.
    """
    progress = await progress_of(ctx, user, lesson.id)
    if progress is None:
        raise errors.not_found("progress")
    answered = await answered_score(ctx, user, lesson.id)
    if answered is not None:
        score, progress = answered, await _without_claim(ctx, user, progress)
    changes: list[Change[UserProgress]] = [
        UserProgress.score.set(_higher(progress.score, score)),
        UserProgress.time_spent.set(max(progress.time_spent, time_spent)),
        UserProgress.updated_at.set(ctx.now_ms()),
    ]
    if progress.status != "completed":
        changes += [
            UserProgress.status.set("completed"),
            UserProgress.completed_at.set(ctx.now_ms()),
        ]
        await ctx.db.patch(lesson.id, Lesson.completion_count.set(lesson.completion_count + 1))
    await ctx.db.patch(progress.id, *changes)
    await _enroll(ctx, user, lesson)
    await check_course(ctx, user, lesson.course_id)
    return progress.id


async def start_answering(ctx: MutationCtx, user: User, lesson: Lesson) -> UserProgress:
    """As `start`, before the first answer or any other."""
    progress = await start(ctx, user, lesson)
    return await _without_claim(ctx, user, progress)


async def _without_claim(ctx: MutationCtx, user: User, progress: UserProgress) -> UserProgress:
    """Takes back a score that was the client's word, of a lesson that has questions by now."""
    if progress.score is None or await _is_answered(ctx, user, progress):
        return progress
    await ctx.db.patch(progress.id, UserProgress.score.set(None))
    return await ctx.db.require(progress.id)


async def _is_answered(ctx: QueryCtx, user: User, progress: UserProgress) -> bool:
    return bool(await attempts_of(ctx, user, progress.lesson_id))


async def raise_score(ctx: MutationCtx, user: User, lesson: Lesson, progress: UserProgress) -> None:
    """After an answer: lifts the score of a completed lesson, and what depends on it."""
    answered = await answered_score(ctx, user, lesson.id)
    if progress.status != "completed" or answered is None:
        return
    score = _higher(progress.score, answered)
    if score != progress.score:
        now = ctx.now_ms()
        await ctx.db.patch(
            progress.id, UserProgress.score.set(score), UserProgress.updated_at.set(now)
        )
        await check_course(ctx, user, lesson.course_id)


def _higher(old: float | None, new: float | None) -> float | None:
    known = [score for score in (old, new) if score is not None]
    return max(known, default=None)


async def answered_score(ctx: QueryCtx, user: User, lesson_id: Id[Lesson]) -> int | None:
    """The score of the best round of a lesson; None when it has no questions."""
    quizzes = await curriculum.open_quizzes(ctx, lesson_id)
    if not quizzes:
        return None
    return scores.best_score(quizzes, await attempts_of(ctx, user, lesson_id))


async def attempts_of(ctx: QueryCtx, user: User, lesson_id: Id[Lesson]) -> list[QuizAttempt]:
    """All answers of a learner to the questions of a lesson, in the order of the rounds."""
    attempts = ctx.db.query(QuizAttempt).with_index(
        QuizAttempt.by_user_lesson,
        QuizAttempt.user_id == user.id,
        QuizAttempt.lesson_id == lesson_id,
    )
    return await attempts.collect()


# ---------------------------------------------------------------- courses


async def check_course(ctx: MutationCtx, user: User, course_id: Id[Course]) -> Completion:
    """Brings a learner's enrollment up to date; the first completion is counted and told.

    What is completed stays completed, whatever editors add later.
    """
    mine = await standing.read(ctx, user, course_id, await curriculum.chapters(ctx, course_id))
    completion, enrollment = mine.completion(), mine.enrollment
    if enrollment is None:
        return completion
    score = await _course_score(ctx, user, mine)
    is_finished = completion.completed and enrollment.status != "completed"
    changes: list[Change[Enrollment]] = []
    if enrollment.completed_lesson_count != completion.completed_lessons:
        changes.append(Enrollment.completed_lesson_count.set(completion.completed_lessons))
    if enrollment.score != score:
        changes.append(Enrollment.score.set(score))
    if is_finished:
        changes += [
            Enrollment.status.set("completed"),
            Enrollment.completed_at.set(ctx.now_ms()),
        ]
    if changes:
        await ctx.db.patch(enrollment.id, *changes)
    if is_finished:
        await _tell_completion(ctx, user, course_id)
    await issue_certificate(ctx, user, course_id)
    return completion


async def _course_score(ctx: QueryCtx, user: User, mine: Standing) -> float | None:
    """The mean score of the completed lessons that have questions; None when none has.

    Only answers earn a score here: what a client claimed before the questions came is 0.
    """
    counted: list[float] = []
    for lesson in mine.completed_lessons():
        row = mine.rows[lesson.id]
        if await curriculum.open_quizzes(ctx, lesson.id):
            counted.append(row.score if row.score and await _is_answered(ctx, user, row) else 0.0)
    return sum(counted) / len(counted) if counted else None


async def _tell_completion(ctx: MutationCtx, user: User, course_id: Id[Course]) -> None:
    course = await ctx.db.require(course_id)
    await ctx.db.patch(course_id, Course.completion_count.set(course.completion_count + 1))
    await notices.notify(
        ctx,
        user,
        "course_completed",
        values={"course": course.title},
        metadata={"courseId": course_id},
        dedupe_key=f"course:{course_id}",
    )
    await mail.queue(
        ctx,
        key=f"course_completed/{user.id}/{course_id}",
        template="course_completed",
        user=user,
        values={"courseTitle": course.title},
    )


# ---------------------------------------------------------------- certificates


async def issue_certificate(
    ctx: MutationCtx, user: User, course_id: Id[Course]
) -> Id[Certificate] | None:
    """Issues the certificate of a completed course, once its score passes.

    Returns:
        The certificate, new or old; None when it is not due.
    """
    known = await certificate_of(ctx, user, course_id)
    if known is not None:
        return known.id
    course, enrollment = await ctx.db.get(course_id), await enrollment_of(ctx, user, course_id)
    if course is None or enrollment is None or enrollment.status != "completed":
        return None
    if user.deleted_at is not None or not passes(enrollment.score):
        return None
    certificate = Certificate(
        user_id=user.id,
        course_id=course_id,
        code=utils.random_code(ctx),
        recipient_name=user.name or UNNAMED_LEARNER[utils.language_of(user)],
        course_title=course.title,
        score=enrollment.score,
        issued_at=ctx.now_ms(),
    )
    certificate_id = await ctx.db.insert(certificate)
    await notices.notify(
        ctx,
        user,
        "certificate_issued",
        values={"course": course.title, "code": certificate.code},
        metadata={"courseId": course_id, "code": certificate.code},
        dedupe_key=f"certificate:{course_id}",
    )
    await mail.queue(
        ctx,
        key=f"certificate/{certificate_id}",
        template="certificate",
        user=user,
        values={"courseTitle": course.title, "code": certificate.code},
    )
    return certificate_id


def passes(score: float | None) -> bool:
    """Whether a course's score earns a certificate; courses without questions have none."""
    return score is None or score >= PASS_MARK
