"""Journey 4: a learner takes a course from the first lesson to the certificate."""

from __future__ import annotations

from typing import Any

from tests.journeys.stage import Stage, Tab, new_subject

MODULES, LESSONS, QUESTIONS = 2, 2, 2


async def new_course(admin: Tab) -> tuple[str, list[str]]:
    """Writes and publishes a free course; its id, and its lessons in order."""
    about: dict[str, Any] = {"description": "", "duration": 1}
    title = f"Course {new_subject()}"
    course = await admin.mutation("courses:create", title=title, level="basic", **{
        **about, "description": "About."
    })  # fmt: skip
    lessons: list[str] = []
    for part in range(MODULES):
        module = await admin.mutation(
            "modules:create", courseId=course, title=f"Module {part}", **about
        )
        for number in range(LESSONS):
            lesson = await admin.mutation(
                "lessons:create", moduleId=module, title=f"Lesson {number}", content="Read.",
                videoUrl="", isFreePreview=True, **about,
            )  # fmt: skip
            lessons.append(lesson)
            for question in range(QUESTIONS):
                await admin.mutation(
                    "quizzes:create", lessonId=lesson, question=f"Which {question}?",
                    options=["Right", "Wrong"], correctIndex=0, difficulty="easy",
                    explanation="Since it is right.",
                )  # fmt: skip
    await admin.mutation("courses:update", id=course, isPublished=True)
    return str(course), lessons


async def learn(tab: Tab, lesson: str) -> None:
    """Starts a lesson, answers everything right at once, and completes it."""
    await tab.mutation("progress:startLesson", lessonId=lesson)
    questions = await tab.query("quizzes:listByLesson", lessonId=lesson)
    lesson_score = 0
    assert len(questions) == QUESTIONS
    for question in questions:
        assert not {"correctIndex", "explanation"} & set(question)
        answer = await tab.mutation(
            "quizzes:submitAnswer", quizId=question["_id"], selectedOption=0
        )
        assert (answer["isCorrect"], answer["score"], answer["correctIndex"]) == (True, 100, 0)
        lesson_score = answer["lessonScore"]
    assert lesson_score == 100
    await tab.mutation("progress:completeLesson", lessonId=lesson, timeSpent=3)


async def told(tab: Tab) -> list[str]:
    inbox = await tab.query("notifications:list", limit=100)
    return sorted(one["type"] for one in inbox["notifications"])


async def test_learner_finishes_a_course(stage: Stage) -> None:
    """Every page follows; the certificate can be checked by anybody; nothing counts twice."""
    admin, tab, visitor = await stage.admin(), await stage.newcomer(), await stage.tab()
    course, lessons = await new_course(admin)
    progress = tab.live("progress:getCourseProgress", courseId=course)
    assert (await progress.shows(lambda value: value is not None))["status"] == "not_started"

    for lesson in lessons[:3]:
        await learn(tab, lesson)
    await progress.shows(lambda value: value["percent"] == 75)
    assert await told(tab) == []
    await learn(tab, lessons[3])
    done = await progress.shows(lambda value: value["percent"] == 100)
    assert (done["status"], done["completedLessons"], done["score"]) == ("completed", 4, 100)
    assert await told(tab) == ["certificate_issued", "course_completed"]

    code = done["certificateCode"]
    assert [one["code"] for one in (await tab.query("certificates:listMine"))["certificates"]] == [
        code
    ]
    shown = await visitor.query("certificates:getByCode", code=code.lower())
    assert (shown["recipientName"], shown["score"]) == ("Wayan", 100)
    assert set(shown) == {"code", "recipientName", "courseTitle", "score", "issuedAt"}
    outline = await visitor.query("courses:getById", id=course)
    assert (outline["course"]["completionCount"], outline["course"]["enrollmentCount"]) == (1, 1)

    before = [outline, done, await told(tab)]
    await tab.mutation("progress:completeLesson", lessonId=lessons[3], timeSpent=3)
    again = await tab.query("progress:getCourseProgress", courseId=course)
    assert [await visitor.query("courses:getById", id=course), again, await told(tab)] == before
