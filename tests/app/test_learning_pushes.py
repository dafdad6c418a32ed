"""Which writes reach open pages of courses, progress and questions, and which cost no run."""

from __future__ import annotations

from functions import courses, progress, quizzes
from functions.types.progress import Outline
from reactor import Id
from schema import Course, Lesson
from tests.app.school import WRONG, open_school
from tests.app.support import Json, Reimaji
from tests.app.test_pushes import runs


def statuses(outline: Outline) -> list[str]:
    return [lesson.status for module in outline.modules for lesson in module.lessons]


def names(outline: Outline) -> list[str]:
    return [lesson.head.title for module in outline.modules for lesson in module.lessons]


async def test_the_outline_follows_editors_and_the_learner(app: Reimaji) -> None:
    """2.22: a new lesson, a new order, a new name and one's own progress arrive by themselves."""
    school = await open_school(app, modules=2, lessons=1)
    one, two = school.lessons
    async with app.free.subscribe(courses.get_outline, course_id=Id[Course](school.course)) as page:
        assert statuses(await page.next()) == ["not_started"] * 2
        await school.start(app.free, one)
        assert statuses(await page.next()) == ["started", "not_started"]
        await school.complete(app.free, one)
        done = await page.next()
        assert statuses(done) == ["completed", "not_started"]
        assert done.progress is not None
        assert done.progress.percent == 50
        await school.add_lesson(school.modules[1], title="Added")
        assert names(await page.next()) == ["Lesson 0.0", "Lesson 1.0", "Added"]
        swapped = {"courseId": school.course, "orderedIds": school.modules[::-1]}
        await app.admin.call("modules:reorder", swapped)
        assert names(await page.next()) == ["Lesson 1.0", "Added", "Lesson 0.0"]
        await school.edit("lessons", two, isActive=False)
        assert names(await page.next()) == ["Added", "Lesson 0.0"]
        await app.backend.drain()
        assert page.pushes == 6


async def test_progress_follows_the_learner(app: Reimaji) -> None:
    """2.22: own starts, completions and scores push, once each."""
    school = await open_school(app, modules=1, lessons=2, quizzes=1)
    one = school.lessons[0]
    course = Id[Course](school.course)
    async with app.free.subscribe(progress.get_course_progress, course_id=course) as page:
        assert (await page.next()).status == "not_started"
        await school.start(app.free, one)
        assert (await page.next()).status == "in_progress"
        await school.complete(app.free, one)
        assert (await page.next()).percent == 50
        await school.answer(app.free, school.quizzes[one][0])
        scored = await page.next()
        assert (scored.score, scored.lessons[0].score) == (100, 100)
        await app.backend.drain()
        assert page.pushes == 4


async def test_other_learners_cost_nothing(app: Reimaji) -> None:
    """2.22: a class at work does not re-run the pages of one learner.

    Others' first start and first completion do write the course's and the lesson's counts, which
    an outline shows; they are once per learner, and progress pages do not change by them.
    """
    school = await open_school(app, modules=1, lessons=2, quizzes=2)
    one, two = school.lessons
    course, lesson = Id[Course](school.course), Id[Lesson](one)
    for who in (app.free, app.pro):
        await school.start(who, one)
        await school.complete(who, one)
    first, second = school.quizzes[one]
    writes: list[tuple[str, Json]] = [
        ("progress:startLesson", {"lessonId": one}),
        ("progress:recordTime", {"lessonId": one, "minutes": 1}),
        ("quizzes:submitAnswer", {"quizId": first, "selectedOption": WRONG}),
        ("quizzes:submitAnswer", {"quizId": first, "selectedOption": 1}),
        ("progress:completeLesson", {"lessonId": one, "timeSpent": 7}),
        ("quizzes:submitAnswer", {"quizId": second, "selectedOption": 1}),
        ("quizzes:retake", {"lessonId": one}),
    ]
    async with app.free.subscribe(courses.get_outline, course_id=course) as outline, \
            app.free.subscribe(progress.get_course_progress, course_id=course) as mine, \
            app.free.subscribe(quizzes.get_my_results, lesson_id=lesson) as results:  # fmt: skip
        for page in (outline, mine, results):
            await page.next()
        for path, args in writes:
            assert await runs(app, app.pro, path, args) == 0, path
        await school.take(app.pro, two)
        await app.backend.drain()
        assert (mine.pushes, results.pushes) == (1, 1)


async def test_results_follow_answers_and_editors(app: Reimaji) -> None:
    """2.22: own answers and edited questions push; other lessons do not re-run."""
    school = await open_school(app, modules=1, lessons=2, quizzes=1)
    one, two = school.lessons
    quiz = school.quizzes[one][0]
    async with app.free.subscribe(quizzes.get_my_results, lesson_id=Id[Lesson](one)) as page:
        assert (await page.next()).lesson_score == 0
        await school.answer(app.free, quiz, WRONG)
        assert (await page.next()).questions[0].attempts == 1
        await school.answer(app.free, quiz)
        answered = await page.next()
        assert (answered.lesson_score, answered.questions[0].correct_index) == (50, 1)
        await school.edit("quizzes", quiz, explanation="Because.")
        assert (await page.next()).questions[0].explanation == "Because."
        await school.add_quiz(one)
        assert len((await page.next()).questions) == 2
        await app.free.call("progress:startLesson", {"lessonId": two})
        answer = {"quizId": school.quizzes[two][0], "selectedOption": 1}
        assert await runs(app, app.free, "quizzes:submitAnswer", answer) == 0
        assert page.pushes == 5
