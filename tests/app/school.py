"""A course for tests: modules, lessons and questions, made through the editors' functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reactor.testing import Harness
from tests.app.support import Json, Reimaji

COURSE: Json = {
    "title": "AI Basics",
    "description": "What it is.",
    "level": "basic",
    "duration": 2,
}
MODULE: Json = {"title": "A Module", "description": "", "duration": 1}
LESSON: Json = {
    "title": "A Lesson",
    "description": "About.",
    "content": "The lesson's text.",
    "videoUrl": "https://video.test/1",
    "duration": 10,
    "isFreePreview": True,
}
QUIZ: Json = {
    "question": "Two and two?",
    "options": ["three", "four", "five"],
    "correctIndex": 1,
    "explanation": "Count your fingers.",
    "difficulty": "easy",
}
RIGHT, WRONG = 1, 0


@dataclass
class School:
    """A course and the ids of its parts, in order."""

    app: Reimaji
    course: str = ""
    modules: list[str] = field(default_factory=list[str])
    lessons: list[str] = field(default_factory=list[str])
    quizzes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    async def add_course(self, **changes: Any) -> str:
        """A course of its own; published unless `isPublished` says otherwise."""
        is_published = changes.pop("isPublished", True)
        course = str(await self.app.admin.call("courses:create", {**COURSE, **changes}))
        if is_published:
            await self.app.admin.call("courses:update", {"id": course, "isPublished": True})
        return course

    async def add_module(self, **changes: Any) -> str:
        args = {**MODULE, "courseId": self.course, **changes}
        return str(await self.app.admin.call("modules:create", args))

    async def add_lesson(self, module: str, **changes: Any) -> str:
        args = {**LESSON, "moduleId": module, **changes}
        return str(await self.app.admin.call("lessons:create", args))

    async def add_quiz(self, lesson: str, **changes: Any) -> str:
        args = {**QUIZ, "lessonId": lesson, **changes}
        return str(await self.app.admin.call("quizzes:create", args))

    async def edit(self, module: str, id: str, **changes: Any) -> None:
        await self.app.admin.call(f"{module}:update", {"id": id, **changes})

    async def answer(self, who: Harness, quiz: str, option: int = RIGHT) -> Json:
        args = {"quizId": quiz, "selectedOption": option}
        return dict(await who.call("quizzes:submitAnswer", args))

    async def answer_all(self, who: Harness, lesson: str, option: int = RIGHT) -> None:
        for quiz in self.quizzes[lesson]:
            await self.answer(who, quiz, option)

    async def start(self, who: Harness, lesson: str) -> str:
        return str(await who.call("progress:startLesson", {"lessonId": lesson}))

    async def complete(self, who: Harness, lesson: str, **args: Any) -> str:
        whole = {"lessonId": lesson, "timeSpent": 5, **args}
        return str(await who.call("progress:completeLesson", whole))

    async def take(self, who: Harness, lesson: str) -> None:
        """Starts and completes a lesson, its questions left alone."""
        await self.start(who, lesson)
        await self.complete(who, lesson)

    async def progress(self, who: Harness) -> Json:
        return dict(await who.call("progress:getCourseProgress", {"courseId": self.course}))


async def open_school(
    app: Reimaji, *, modules: int = 2, lessons: int = 2, quizzes: int = 0, **changes: Any
) -> School:
    """A published course.

    Args:
        app: where.
        modules: how many.
        lessons: how many in each module.
        quizzes: how many questions in each lesson.
        changes: of the lessons.
    """
    school = School(app)
    school.course = await school.add_course()
    for number in range(modules):
        module = await school.add_module(title=f"Module {number}")
        school.modules.append(module)
        for place in range(lessons):
            lesson = await school.add_lesson(module, title=f"Lesson {number}.{place}", **changes)
            school.lessons.append(lesson)
            school.quizzes[lesson] = [await school.add_quiz(lesson) for _ in range(quizzes)]
    return school
