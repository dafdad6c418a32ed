"""Progress: lessons begun and completed, courses finished, and what follows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import schema
from tests.app.school import WRONG, School, open_school
from tests.app.support import Json, Reimaji, code_of, refusal


async def notices(app: Reimaji) -> list[str]:
    return sorted(row.type_ for row in await app.rows(schema.Notification))


async def lesson_row(app: Reimaji, lesson: str) -> schema.Lesson:
    rows = {row.id: row for row in await app.rows(schema.Lesson)}
    row: schema.Lesson = rows[lesson]
    return row


# ---------------------------------------------------------------- starting


async def test_starting_counts_once(app: Reimaji) -> None:
    """D85, I3, I15: five clicks, also at once, are one start; the course counts the person once."""
    school = await open_school(app)
    one, two = school.lessons[:2]
    starts = await asyncio.gather(*(school.start(app.free, one) for _ in range(5)))
    assert len(set(starts)) == 1
    await school.start(app.free, two)
    await school.start(app.pro, one)
    assert ((await lesson_row(app, one)).enrollment_count,
            (await lesson_row(app, two)).enrollment_count) == (2, 1)  # fmt: skip
    course = (await app.visitor.call("courses:getById", {"id": school.course}))["course"]
    assert course["enrollmentCount"] == 2
    enrollments = await app.free.call("progress:listMyEnrollments")
    assert [row["lastLessonId"] for row in enrollments["enrollments"]] == [two]
    await school.start(app.free, one)
    enrollments = await app.free.call("progress:listMyEnrollments")
    assert [row["lastLessonId"] for row in enrollments["enrollments"]] == [one]
    mine = await app.free.call("progress:getMyLesson", {"lessonId": one})
    assert (mine["status"], mine["timeSpent"]) == ("started", 0)
    assert "score" not in mine
    other = {"lessonId": school.lessons[3]}
    assert await app.free.call("progress:getMyLesson", other) is None


async def test_only_reachable_lessons_start(app: Reimaji) -> None:
    """D83: closed modules, drafts and deleted courses are not there; paid lessons say so."""
    school = await open_school(app, modules=1, lessons=1, isFreePreview=False)
    lesson = school.lessons[0]
    data = await refusal(school.start(app.free, lesson))
    assert data["code"] == "PREMIUM_REQUIRED"
    assert data["message"] == "Premium lesson requires subscription"
    hide: list[tuple[str, Json, Json]] = [
        ("lessons:update", {"id": lesson, "isActive": False}, {"id": lesson, "isActive": True}),
        ("modules:update", {"id": school.modules[0], "isActive": False},
         {"id": school.modules[0], "isActive": True}),
        ("courses:update", {"id": school.course, "isPublished": False},
         {"id": school.course, "isPublished": True}),
    ]  # fmt: skip
    for path, close, reopen in hide:
        await app.admin.call(path, close)
        data = await refusal(school.start(app.pro, lesson))
        assert (data["code"], data["message"]) == ("NOT_FOUND", "Lesson not found")
        await app.admin.call(path, reopen)
    for module, id in (("courses", school.course), ("modules", school.modules[0]),
                       ("lessons", lesson)):  # fmt: skip
        await app.admin.call(f"{module}:remove", {"id": id})
        assert await code_of(school.start(app.pro, lesson)) == "NOT_FOUND"
        await app.admin.call(f"{module}:restore", {"id": id})
    assert await app.rows(schema.UserProgress) == []
    await school.start(app.pro, lesson)
    assert await code_of(school.start(app.visitor, lesson)) == "UNAUTHENTICATED"
    assert await code_of(school.start(app.signed_in("new-1"), lesson)) == "USER_NOT_FOUND"


# ---------------------------------------------------------------- completing


async def test_completing_counts_once(app: Reimaji) -> None:
    """D80: five calls add one, and `completedAt` stays."""
    school = await open_school(app)
    lesson = school.lessons[0]
    await school.start(app.free, lesson)
    await asyncio.gather(*(school.complete(app.free, lesson) for _ in range(5)))
    first = await app.free.call("progress:getMyLesson", {"lessonId": lesson})
    await app.pass_time(hours=1)
    await school.complete(app.free, lesson, timeSpent=3)
    again = await app.free.call("progress:getMyLesson", {"lessonId": lesson})
    assert (again["completedAt"], again["timeSpent"]) == (first["completedAt"], 5)
    assert again["updatedAt"] > first["updatedAt"]
    await school.complete(app.free, lesson, timeSpent=9)
    assert (await app.free.call("progress:getMyLesson", {"lessonId": lesson}))["timeSpent"] == 9
    assert (await lesson_row(app, lesson)).completion_count == 1


async def test_what_was_not_started_cannot_be_completed(app: Reimaji) -> None:
    """A completion without a start is a bug of the client, and told apart from a missing lesson."""
    school = await open_school(app)
    data = await refusal(school.complete(app.free, school.lessons[0]))
    assert (data["code"], data["message"]) == ("NOT_FOUND", "Progress not found")
    await school.edit("lessons", school.lessons[0], isActive=False)
    data = await refusal(school.complete(app.free, school.lessons[0]))
    assert data["message"] == "Lesson not found"


async def test_completing_needs_access_now(app: Reimaji) -> None:
    """D82: who began as a subscriber finishes as one."""
    school = await open_school(app, isFreePreview=False)
    await app.subscribe_user("free-1", days=1)
    await school.start(app.free, school.lessons[0])
    await app.pass_time(days=2)
    data = await refusal(school.complete(app.free, school.lessons[0]))
    assert data["code"] == "PREMIUM_REQUIRED"
    assert (await lesson_row(app, school.lessons[0])).completion_count == 0


async def test_scores_come_from_answers(app: Reimaji) -> None:
    """D81: a client that says 100 gets what it answered; without questions its word counts."""
    school = await open_school(app, modules=1, lessons=2, quizzes=2)
    asked, plain = school.lessons
    for quiz in school.quizzes[plain]:
        await app.admin.call("quizzes:remove", {"id": quiz})
    one, two = school.quizzes[asked]
    await school.answer(app.free, one)
    await school.complete(app.free, asked, score=100)

    async def score_of(lesson: str) -> float:
        mine = await app.free.call("progress:getMyLesson", {"lessonId": lesson})
        return float(mine["score"])

    assert await score_of(asked) == 50
    await school.answer(app.free, two)
    assert await score_of(asked) == 100
    await app.free.call("quizzes:retake", {"lessonId": asked})
    await school.answer(app.free, one, WRONG)
    await school.complete(app.free, asked)
    assert await score_of(asked) == 100
    await school.start(app.free, plain)
    await school.complete(app.free, plain, score=70)
    await school.complete(app.free, plain, score=40)
    await school.complete(app.free, plain)
    assert await score_of(plain) == 70


@pytest.mark.parametrize(
    ("name", "value"),
    [("score", -1), ("score", 101), ("score", 1e9), ("timeSpent", -1), ("timeSpent", 100_001)],
)
async def test_impossible_numbers_are_refused(app: Reimaji, name: str, value: float) -> None:
    """D81: nobody learned a billion minutes."""
    school = await open_school(app, modules=1, lessons=1)
    await school.start(app.free, school.lessons[0])
    data = await refusal(school.complete(app.free, school.lessons[0], **{name: value}))
    assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", name)


async def test_time_adds_up(app: Reimaji) -> None:
    """A tab reports its minutes as they pass, a few at a time."""
    school = await open_school(app)
    args: Json = {"lessonId": school.lessons[0], "minutes": 2.5}
    assert await code_of(app.free.call("progress:recordTime", args)) == "NOT_FOUND"
    await school.start(app.free, school.lessons[0])
    assert await app.free.call("progress:recordTime", args) == {"timeSpent": 2.5}
    assert await app.free.call("progress:recordTime", args) == {"timeSpent": 5}
    for minutes in (0, -1, 5.1):
        data = await refusal(app.free.call("progress:recordTime", {**args, "minutes": minutes}))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "minutes")


# ---------------------------------------------------------------- courses


async def test_a_learner_finishes_a_course(app: Reimaji) -> None:
    """Journey 4: 75 after three of four, then everything that follows, once."""
    school = await open_school(app, quizzes=2)
    assert (await school.progress(app.free))["status"] == "not_started"
    for lesson in school.lessons[:3]:
        await school.answer_all(app.free, lesson)
        await school.complete(app.free, lesson)
    progress = await school.progress(app.free)
    assert (progress["percent"], progress["status"], progress["score"]) == (75, "in_progress", 100)
    assert [module["completed"] for module in progress["modules"]] == [True, False]
    assert await notices(app) == []
    last = school.lessons[3]
    await school.answer_all(app.free, last)
    for _ in range(2):
        await school.complete(app.free, last)
    progress = await school.progress(app.free)
    code = progress.pop("certificateCode")
    assert progress == {
        "courseId": school.course, "totalLessons": 4, "completedLessons": 4, "percent": 100,
        "status": "completed", "score": 100,
        "modules": [
            {"moduleId": module, "totalLessons": 2, "completedLessons": 2, "completed": True}
            for module in school.modules
        ],
        "lessons": [
            {"lessonId": lesson, "status": "completed", "score": 100} for lesson in school.lessons
        ],
    }  # fmt: skip
    assert await notices(app) == ["certificate_issued", "course_completed"]
    told = {row.type_: row.metadata for row in await app.rows(schema.Notification)}
    assert told["course_completed"] == {"courseId": school.course}
    assert told["certificate_issued"] == {"courseId": school.course, "code": code}
    mails = [row.template for row in await app.rows(schema.EmailLog)]
    assert (mails.count("course_completed"), mails.count("certificate")) == (1, 1)
    course = (await app.visitor.call("courses:getById", {"id": school.course}))["course"]
    assert course["completionCount"] == 1
    public = await app.visitor.call("certificates:getByCode", {"code": code})
    assert public["courseTitle"] == "AI Basics"


async def test_what_is_completed_stays_completed(app: Reimaji) -> None:
    """An editor who adds a lesson takes no certificate away and gives none twice."""
    school = await open_school(app, modules=1, lessons=1)
    await school.take(app.free, school.lessons[0])
    new = await school.add_lesson(school.modules[0], title="New")
    progress = await school.progress(app.free)
    assert (progress["percent"], progress["status"]) == (50, "completed")
    await school.take(app.free, new)
    assert (await school.progress(app.free))["percent"] == 100
    assert await notices(app) == ["certificate_issued", "course_completed"]
    assert len(await app.rows(schema.Certificate)) == 1


async def test_hidden_lessons_do_not_count(app: Reimaji) -> None:
    """Totals are of what a learner can see; completing the rest is completing all."""
    school = await open_school(app)
    await school.edit("lessons", school.lessons[1], isActive=False)
    await school.take(app.free, school.lessons[0])
    await school.edit("modules", school.modules[1], isActive=False)
    progress = await school.progress(app.free)
    assert (progress["totalLessons"], progress["percent"]) == (1, 100)
    assert progress["status"] == "in_progress"
    free = (await app.free.call("users:me"))["_id"]
    args = {"userId": free, "courseId": school.course}
    done = {"completed": True, "completedLessons": 1, "totalLessons": 1}
    for _ in range(2):
        assert await app.system.call("progress:checkCourseCompletion", args) == done
    assert (await school.progress(app.free))["status"] == "completed"
    assert await notices(app) == ["certificate_issued", "course_completed"]


async def test_the_checks_are_the_systems(app: Reimaji) -> None:
    """D13, D84: they exist, and no client reaches them."""
    school = await open_school(app, modules=1, lessons=2)
    await school.take(app.free, school.lessons[0])
    free = (await app.free.call("users:me"))["_id"]
    module = {"userId": free, "moduleId": school.modules[0]}
    part = {"completed": False, "completedLessons": 1, "totalLessons": 2}
    assert await app.system.call("progress:checkModuleCompletion", module) == part
    course = {"userId": free, "courseId": school.course}
    assert await app.system.call("progress:checkCourseCompletion", course) == part
    for path, args in (("progress:checkModuleCompletion", module),
                       ("progress:checkCourseCompletion", course),
                       ("certificates:issueIfEligible", course)):  # fmt: skip
        with pytest.raises(Exception, match="Could not find public function"):
            await app.free.call(path, args)


async def test_many_finish_at_once(app: Reimaji) -> None:
    """Counts are exact when a class finishes together."""
    school = await open_school(app, modules=1, lessons=1)
    people = [app.signed_in(f"pupil-{number}") for number in range(12)]
    for number in range(12):
        await app.join(f"pupil-{number}")
    await asyncio.gather(*(school.start(who, school.lessons[0]) for who in people))
    await asyncio.gather(*(school.complete(who, school.lessons[0]) for who in people))
    course = (await app.visitor.call("courses:getById", {"id": school.course}))["course"]
    assert (course["enrollmentCount"], course["completionCount"]) == (12, 12)
    row = await lesson_row(app, school.lessons[0])
    assert (row.enrollment_count, row.completion_count) == (12, 12)
    assert len({row.code for row in await app.rows(schema.Certificate)}) == 12


# ---------------------------------------------------------------- the dashboard


async def test_the_dashboard(app: Reimaji) -> None:
    """Where to go on, and one's own numbers."""
    empty = await app.free.call("progress:getMyDashboard")
    assert empty == {
        "inProgress": [], "completedCourses": 0, "lessonsCompleted": 0, "minutesSpent": 0,
        "certificates": 0, "streakDays": 0, "recent": [],
    }  # fmt: skip
    done = await open_school(app, modules=1, lessons=1)
    await done.take(app.free, done.lessons[0])
    await app.pass_time(seconds=1)
    school = await open_school(app, modules=1, lessons=3)
    await school.take(app.free, school.lessons[0])
    await app.pass_time(seconds=1)
    hidden = await open_school(app, modules=1, lessons=1)
    await hidden.start(app.free, hidden.lessons[0])
    await app.admin.call("courses:remove", {"id": hidden.course})
    await app.pass_time(seconds=1)
    await school.start(app.free, school.lessons[1])
    board = await app.free.call("progress:getMyDashboard")
    (going,) = board["inProgress"]
    assert (going["course"]["_id"], going["percent"]) == (school.course, 33)
    assert going["lastLessonId"] == school.lessons[1]
    numbers = [board[name] for name in ("completedCourses", "lessonsCompleted", "certificates")]
    assert (numbers, board["minutesSpent"], board["streakDays"]) == ([1, 2, 1], 10, 1)
    assert [row["lessonId"] for row in board["recent"]] == [
        school.lessons[1], hidden.lessons[0], school.lessons[0], done.lessons[0],
    ]  # fmt: skip
    listed = await app.free.call("progress:listMyEnrollments", {"limit": 2})
    assert [row["courseId"] for row in listed["enrollments"]] == [school.course, hidden.course]
    rest = {"cursor": listed["nextCursor"]}
    listed = await app.free.call("progress:listMyEnrollments", rest)
    assert [row["courseId"] for row in listed["enrollments"]] == [done.course]
    assert listed["nextCursor"] is None


async def test_streaks_survive_until_tomorrow_ends(app: Reimaji) -> None:
    """Days in a row, by the platform's midnight; one day off ends it."""
    school = await open_school(app)

    async def streak() -> Any:
        return (await app.free.call("progress:getMyDashboard"))["streakDays"]

    for day in range(3):
        await school.start(app.free, school.lessons[0])
        await school.start(app.free, school.lessons[1])
        assert await streak() == day + 1
        await app.pass_time(days=1)
    assert await streak() == 3
    await app.pass_time(days=1)
    assert await streak() == 0
    await school.start(app.free, school.lessons[0])
    assert await streak() == 1


async def test_only_signed_in_people_have_progress(app: Reimaji) -> None:
    """A visitor gets a code to branch on, not an empty page."""
    school: School = await open_school(app)
    calls: list[tuple[str, Json]] = [
        ("progress:getCourseProgress", {"courseId": school.course}),
        ("progress:getMyDashboard", {}),
        ("progress:listMyEnrollments", {}),
        ("progress:getMyLesson", {"lessonId": school.lessons[0]}),
        ("quizzes:getMyResults", {"lessonId": school.lessons[0]}),
        ("certificates:listMine", {}),
    ]
    for path, args in calls:
        assert await code_of(app.visitor.call(path, args)) == "UNAUTHENTICATED"
