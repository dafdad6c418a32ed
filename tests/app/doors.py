"""Who may call each public function of Reimaji: the Who columns of the specification, as data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from tests.app.support import NEWS, RESEARCH, Json
from tests.app.things import Things

Who = Literal[
    "any", "signed in", "user", "owner", "owner or admin", "admin", "editor", "reader",
    "subscriber", "private", "explainer", "finder",
]  # fmt: skip
"""`editor`: an admin, whose account is stored with the work. `reader`: whoever may read what is
premium; `subscriber`: a user who may. `private`: the owner and admins; for everybody else it does
not exist. `explainer`: an owner who may read what is premium. `finder`: a user, who gets null when
it is neither theirs nor they an admin."""

CALLERS = ("visitor", "stranger", "gone", "owner", "other", "pro", "admin", "system")
"""`stranger`: a good token without an account. `gone`: one whose account was deleted. `owner` and
`other`: learners. `system`: the admin key, which names nobody to act for."""

NO, NOBODY, FORBIDDEN = "UNAUTHENTICATED", "USER_NOT_FOUND", "FORBIDDEN"
HIDDEN, UNNAMED, PREMIUM = "NOT_FOUND", "INVALID_ARGUMENT", "PREMIUM_REQUIRED"
ANSWERS: Mapping[Who, tuple[str | None, ...]] = {
    "any": (None,) * 8,
    "signed in": (NO, None, NOBODY, None, None, None, None, UNNAMED),
    "user": (NO, NOBODY, NOBODY, None, None, None, None, UNNAMED),
    "owner": (NO, NOBODY, NOBODY, None, HIDDEN, HIDDEN, HIDDEN, UNNAMED),
    "owner or admin": (NO, NOBODY, NOBODY, None, HIDDEN, HIDDEN, None, None),
    "admin": (NO, NOBODY, NOBODY, FORBIDDEN, FORBIDDEN, FORBIDDEN, None, None),
    "editor": (NO, NOBODY, NOBODY, FORBIDDEN, FORBIDDEN, FORBIDDEN, None, UNNAMED),
    "reader": (PREMIUM, PREMIUM, PREMIUM, PREMIUM, PREMIUM, None, None, None),
    "subscriber": (NO, NOBODY, NOBODY, PREMIUM, PREMIUM, None, None, UNNAMED),
    "private": (HIDDEN, HIDDEN, HIDDEN, None, HIDDEN, HIDDEN, None, None),
    "explainer": (NO, NOBODY, NOBODY, PREMIUM, HIDDEN, HIDDEN, HIDDEN, UNNAMED),
    "finder": (NO, NOBODY, NOBODY, None, None, None, None, None),
}
"""What each of CALLERS is told: an error's code, None when the call gets in."""

Make = Callable[[Things], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Door:
    """One way to call a public function.

    Args:
        path: the function.
        who: who gets in.
        make: valid arguments, made for each call.
        inside: errors that a caller who got in may meet there, as there is nothing to work on.
    """

    path: str
    who: Who
    make: Make
    inside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a test report calls it."""
        return f"{self.path} ({self.who})"


def given(**args: Any) -> Make:
    """Arguments; those that are functions of Things are made for each call."""
    makers = {
        name: cast("Callable[[Things], Awaitable[Any]]", value)
        for name, value in args.items()
        if callable(value)
    }

    async def make(things: Things) -> Json:
        return {**args, **{name: await maker(things) for name, maker in makers.items()}}

    return make


async def _picture_for_news(things: Things) -> Json:
    """A picture that is stored, and an item that has none."""
    news, stored = await things.news(), await things.upload()
    return {"storageId": stored, "purpose": "news_image", "targetId": news}


async def _modules(things: Things) -> Json:
    course = await things.course()
    return {"courseId": course, "orderedIds": [await things.module(course)]}


async def _questions(things: Things) -> Json:
    lesson = await things.lesson()
    return {"lessonId": lesson, "orderedIds": [await things.question(lesson)]}


async def _answers(things: Things, *, premium: bool = False) -> Json:
    lesson = await things.lesson(premium=premium)
    answer = {"quizId": await things.question(lesson), "selectedOption": 0.0}
    return {"lessonId": lesson, "answers": [answer]}


async def _premium_answers(things: Things) -> Json:
    return await _answers(things, premium=True)


async def question(things: Things) -> str:
    """A question of a lesson that is free."""
    return await things.question(await things.lesson())


async def premium_question(things: Things) -> str:
    """A question of a premium lesson."""
    return await things.question(await things.lesson(premium=True))


async def premium_news(things: Things) -> str:
    """A premium item of the news."""
    return await things.news(premium=True)


async def premium_research(things: Things) -> str:
    """A premium digest."""
    return await things.research(premium=True)


async def premium_lesson(things: Things) -> str:
    """A lesson that is no free preview."""
    return await things.lesson(premium=True)


async def public_session(things: Things) -> str:
    """A session that its owner shows to everybody."""
    return await things.session(public=True)


nothing = given()
PAGE: Json = {"numItems": 5, "cursor": None}
COURSE: Json = {"title": "Course", "description": "About.", "level": "basic", "duration": 1.0}
MODULE: Json = {"title": "Module", "description": "About.", "duration": 1.0}
LESSON: Json = {
    "title": "Lesson", "description": "", "content": "Long.", "videoUrl": "", "duration": 5.0,
    "isFreePreview": True,
}  # fmt: skip
QUESTION: Json = {
    "question": "Which?", "options": ["A", "B"], "correctIndex": 0.0, "difficulty": "easy",
}  # fmt: skip
ASKING: Json = {"prompt": "Why?", "model": "gpt-3.5-turbo"}
NO_PROVIDER = ("PROVIDER_NOT_CONFIGURED", "AI_PROVIDER_ERROR", "PAYMENT_PROVIDER_ERROR")

DOORS: list[Door] = [
    # accounts
    Door("users:createOrUpdate", "signed in", given(email="new@example.test")),
    Door("users:getByClerkId", "any", given(clerkUserId=Things.person)),
    Door("users:me", "any", nothing),
    Door("users:updateRole", "admin", given(clerkUserId=Things.person, role="pro")),
    Door("users:updateProfile", "user", given(name="Ayu")),
    Door("users:updatePreferences", "user", given(theme="dark")),
    Door("users:list", "admin", nothing),
    Door("users:listPaginated", "admin", given(paginationOpts=PAGE)),
    Door("users:get", "admin", given(id=Things.owner)),
    Door("permissions:hasAccess", "any", given(resource="pro")),
    Door("permissions:my", "any", nothing),
    # articles
    *(
        door
        for kind, item, premium, new in (
            ("news", Things.news, premium_news, NEWS),
            ("research", Things.research, premium_research, RESEARCH),
        )
        for door in (
            Door(f"{kind}:list", "any", nothing),
            Door(f"{kind}:listPaginated", "any", given(paginationOpts=PAGE)),
            Door(f"{kind}:getById", "any", given(id=item)),
            Door(f"{kind}:getById", "reader", given(id=premium)),
            Door(f"{kind}:getBySlug", "any", given(slug="none"), (HIDDEN,)),
            Door(f"{kind}:create", "editor", given(**new)),
            Door(f"{kind}:update", "admin", given(id=item, title="Another")),
            Door(f"{kind}:remove", "admin", given(id=item)),
            Door(f"{kind}:restore", "admin", given(id=item)),
            Door(f"{kind}:adminList", "admin", nothing),
            Door(f"{kind}:recordView", "any", given(id=item, viewerKey="a-browser")),
        )
    ),
    Door("news:listTags", "any", nothing),
    Door("news:toggleLike", "user", given(id=Things.news)),
    Door("news:toggleLike", "subscriber", given(id=premium_news)),
    # learning
    Door("courses:list", "any", nothing),
    Door("courses:getById", "any", given(id=Things.course)),
    Door("courses:getBySlug", "any", given(slug="none"), (HIDDEN,)),
    Door("courses:getOutline", "any", given(courseId=Things.course)),
    Door("courses:create", "editor", given(**COURSE)),
    Door("courses:update", "admin", given(id=Things.course, title="Another")),
    Door("courses:remove", "admin", given(id=Things.course)),
    Door("courses:restore", "admin", given(id=Things.course)),
    Door("courses:adminList", "admin", nothing),
    Door("modules:listByCourse", "any", given(courseId=Things.course)),
    Door("modules:getById", "any", given(id=Things.module)),
    Door("modules:create", "admin", given(courseId=Things.course, **MODULE)),
    Door("modules:update", "admin", given(id=Things.module, title="Another")),
    Door("modules:reorder", "admin", _modules),
    Door("modules:remove", "admin", given(id=Things.module)),
    Door("modules:restore", "admin", given(id=Things.module)),
    Door("modules:adminListByCourse", "admin", given(courseId=Things.course)),
    Door("lessons:listByModule", "any", given(moduleId=Things.module)),
    Door("lessons:getById", "any", given(id=Things.lesson)),
    Door("lessons:getById", "reader", given(id=premium_lesson)),
    Door("lessons:listFreePreviews", "any", nothing),
    Door("lessons:create", "admin", given(moduleId=Things.module, **LESSON)),
    Door("lessons:update", "admin", given(id=Things.lesson, title="Another")),
    Door("lessons:reorder", "admin", given(moduleId=Things.module, orderedIds=[])),
    Door("lessons:remove", "admin", given(id=Things.lesson)),
    Door("lessons:restore", "admin", given(id=Things.lesson)),
    Door("lessons:adminListByModule", "admin", given(moduleId=Things.module)),
    Door("quizzes:listByLesson", "any", given(lessonId=Things.lesson)),
    Door("quizzes:listByLesson", "reader", given(lessonId=premium_lesson)),
    Door("quizzes:submitAnswer", "user", given(quizId=question, selectedOption=0.0)),
    Door("quizzes:submitAnswer", "subscriber", given(quizId=premium_question, selectedOption=0.0)),
    Door("quizzes:submitLesson", "user", _answers),
    Door("quizzes:submitLesson", "subscriber", _premium_answers),
    Door("quizzes:getMyResults", "user", given(lessonId=Things.lesson)),
    Door("quizzes:retake", "user", given(lessonId=Things.lesson), ("RETAKE_NOT_ALLOWED",)),
    Door("quizzes:adminListByLesson", "admin", given(lessonId=Things.lesson)),
    Door("quizzes:create", "admin", given(lessonId=Things.lesson, **QUESTION)),
    Door("quizzes:update", "admin", given(id=question, difficulty="hard")),
    Door("quizzes:reorder", "admin", _questions),
    Door("quizzes:remove", "admin", given(id=question)),
    Door("quizzes:restore", "admin", given(id=question)),
    Door("progress:startLesson", "user", given(lessonId=Things.lesson)),
    Door("progress:startLesson", "subscriber", given(lessonId=premium_lesson)),
    Door(
        "progress:completeLesson", "user", given(lessonId=Things.lesson, timeSpent=5.0), (HIDDEN,)
    ),
    Door("progress:recordTime", "user", given(lessonId=Things.lesson, minutes=1.0), (HIDDEN,)),
    Door("progress:getMyLesson", "user", given(lessonId=Things.lesson)),
    Door("progress:getCourseProgress", "user", given(courseId=Things.course)),
    Door("progress:getMyDashboard", "user", nothing),
    Door("progress:listMyEnrollments", "user", nothing),
    Door("certificates:listMine", "user", nothing),
    Door("certificates:getByCode", "any", given(code="0000-0000-0000")),
    # billing
    Door("subscriptions:getPlans", "any", nothing),
    Door("subscriptions:getMine", "user", nothing),
    Door("subscriptions:cancel", "user", nothing, ("NO_ACTIVE_SUBSCRIPTION",)),
    Door("subscriptions:resume", "user", nothing, ("NO_ACTIVE_SUBSCRIPTION",)),
    Door("subscriptions:adminGrant", "admin", given(clerkUserId=Things.person, plan="pro_monthly")),
    Door(
        "subscriptions:adminCancel",
        "admin",
        given(subscriptionId=Things.subscription, immediate=True),
    ),
    Door("subscriptions:adminList", "admin", nothing),
    Door("transactions:createInvoice", "user", given(plan="pro_monthly"), NO_PROVIDER),
    Door("transactions:requestInvoice", "user", given(plan="pro_monthly"), NO_PROVIDER),
    Door("transactions:get", "owner or admin", given(transactionId=Things.transaction)),
    Door("transactions:getByExternalId", "finder", given(externalId=Things.external_id)),
    Door("transactions:listMine", "user", nothing),
    Door("transactions:getReceipt", "owner or admin", given(transactionId=Things.transaction)),
    Door(
        "transactions:cancelPending",
        "owner",
        given(transactionId=Things.transaction),
        ("CONFLICT",),
    ),
    Door("transactions:adminList", "admin", nothing),
    # the playground
    Door("ai:generatePlaygroundResponse", "user", given(**ASKING), NO_PROVIDER),
    Door("ai:startPlayground", "user", given(**ASKING), NO_PROVIDER),
    Door("ai:getSession", "any", given(sessionId=public_session)),
    Door("ai:getSession", "private", given(sessionId=Things.session)),
    Door("ai:explainSession", "explainer", given(sessionId=Things.session)),
    Door("ai:listMySessions", "user", nothing),
    Door("ai:listPublic", "any", nothing),
    Door("ai:listPublicPaginated", "any", given(paginationOpts=PAGE)),
    Door("ai:setPublic", "owner or admin", given(sessionId=public_session, isPublic=False)),
    Door("ai:renameSession", "owner", given(sessionId=Things.session, title="Another")),
    Door("ai:deleteSession", "owner", given(sessionId=Things.session)),
    Door("ai:cancelSession", "owner", given(sessionId=Things.session)),
    Door("ai:getUsage", "user", nothing),
    Door("ai:listModels", "any", nothing),
    Door("ai:summarizeContent", "admin", given(type="news", rawText="A text."), NO_PROVIDER),
    Door("ai:generateQuizDrafts", "admin", given(lessonId=Things.lesson, count=2.0), NO_PROVIDER),
    # what admins see, search, and the inbox
    Door("analytics:getDashboardStats", "admin", nothing),
    Door("analytics:getTimeSeries", "admin", nothing),
    Door("analytics:getContentPerformance", "admin", given(type="news")),
    Door("search:searchContent", "any", given(query="ai")),
    Door("search:suggest", "any", given(query="ai")),
    Door("notifications:list", "user", nothing),
    Door("notifications:listPaginated", "user", given(paginationOpts=PAGE)),
    Door("notifications:unreadCount", "any", nothing),
    Door("notifications:markRead", "owner", given(id=Things.notification)),
    Door("notifications:markAllRead", "user", nothing),
    Door("notifications:remove", "owner", given(id=Things.notification)),
    Door("notifications:announce", "editor", given(title="Hello", message="There.")),
    Door("notifications:listAnnouncements", "admin", nothing),
    Door("emails:adminListLog", "admin", nothing),
    Door("files:generateUploadUrl", "user", given(purpose="avatar")),
    Door("files:generateUploadUrl", "admin", given(purpose="news_image")),
    Door("files:attach", "user", given(storageId=Things.upload, purpose="avatar")),
    Door("files:attach", "editor", _picture_for_news),
    Door("files:remove", "owner or admin", given(storageId=Things.file)),
]
