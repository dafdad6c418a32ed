"""What editors made: the editors themselves, courses with their questions, news, research."""

from __future__ import annotations

from typing import Final, TypeVar

from functions import news as news_functions
from functions import research as research_functions
from functions._bookkeeping import count
from functions._editing import keep_tags
from functions._load import texts
from functions._load.sizes import Step, dealt, mixed, repeats_title, state_of
from functions._load.writer import Writer, clerk_user_id
from functions.constants import DAY_MS, DEFAULT_PREFERENCES
from functions.utils import unique_slug
from reactor import Id
from schema import (
    Course,
    CourseLevel,
    Language,
    Lesson,
    Like,
    Module,
    News,
    NewsType,
    Quiz,
    Research,
    User,
)

P = TypeVar("P", News, Research)

_DAYS: Final = 730
"""Age of the oldest item."""

_LIKES_MAX: Final = 100
_LEVELS: Final[tuple[CourseLevel, ...]] = ("basic", "intermediate", "advanced")
_NEWS_TYPES: Final[tuple[NewsType, ...]] = ("tool", "use_case", "regulation")
_FREE_COURSES: Final = 5
"""One course in so many is free as a whole; of the others the first module is."""


# ---------------------------------------------------------------- editors


async def store_editors(writer: Writer, step: Step) -> None:
    """Stores the admins who made everything."""
    for number in step.numbers:
        joined_at = writer.moment(_DAYS + 10)
        subject = clerk_user_id(number)
        editor = User(
            clerk_user_id=subject,
            email=f"{subject}@example.test",
            name=texts.name(writer.chance),
            role="admin",
            subscription_status="trial",
            preferences=DEFAULT_PREFERENCES,
            created_at=joined_at,
            updated_at=joined_at,
        )
        await writer.insert(editor)
        writer.new_users[writer.day(joined_at)] += 1
    await count(writer.ctx, "totalUsers", len(step.numbers))


# ---------------------------------------------------------------- courses


async def store_courses(writer: Writer, step: Step) -> None:
    """Stores courses, each with its modules, lessons and questions."""
    for number in step.numbers:
        await _store_course(writer, number)


async def _store_course(writer: Writer, number: int) -> None:
    size, state = writer.size, state_of(number)
    created_at, published_at, deleted_at = _times(writer, number, size.courses)
    title = texts.title("course", number)
    modules = dealt(size.modules, number, size.courses)
    course = Course(
        title=title,
        slug=course_slug(number),
        description=texts.words(writer.chance, 30).capitalize(),
        level=_LEVELS[number % 3],
        duration=float(2 * len(modules)),
        language=_language(number),
        is_published=state != "draft",
        published_at=published_at,
        created_by=await writer.editor(number),
        deleted_at=deleted_at,
        created_at=created_at,
        updated_at=deleted_at or created_at,
    )
    course_id = await writer.insert(course)
    if state != "deleted":
        await count(writer.ctx, "totalCourses", 1)
    is_free = number % _FREE_COURSES == 0
    taken: set[str] = set()
    for order, module_number in enumerate(modules, 1):
        opens = is_free or order == 1
        await _store_module(writer, course_id, course, module_number, order, opens, taken)


def course_slug(number: int) -> str:
    """The slug of a course, without looking; the learners' steps find the course by it."""
    base = texts.slug_base("course", number, texts.title("course", number))
    return f"{base}-2" if repeats_title(number) else base


async def _store_module(
    writer: Writer,
    course_id: Id[Course],
    course: Course,
    number: int,
    order: int,
    is_free: bool,
    taken: set[str],
) -> None:
    state, title = state_of(number), texts.title("module", number)
    lessons = dealt(writer.size.lessons, number, writer.size.modules)
    module = Module(
        course_id=course_id,
        title=title,
        slug=_slug_within(taken, texts.slug_base("module", number, title)),
        description=texts.words(writer.chance, 20).capitalize(),
        order=float(order),
        duration=2.0,
        course_title=course.title,
        is_active=state != "draft",
        lesson_count=sum(state_of(lesson) == "published" for lesson in lessons),
        deleted_at=_withdrawn(writer, course.created_at) if state == "deleted" else None,
        created_at=course.created_at,
        updated_at=course.created_at,
    )
    module_id = await writer.insert(module)
    slugs: set[str] = set()
    for place, lesson in enumerate(lessons, 1):
        await _store_lesson(writer, module_id, module, lesson, place, is_free, slugs)


async def _store_lesson(
    writer: Writer,
    module_id: Id[Module],
    module: Module,
    number: int,
    order: int,
    is_free: bool,
    taken: set[str],
) -> None:
    state, title = state_of(number), texts.title("lesson", number)
    lesson = Lesson(
        module_id=module_id,
        course_id=module.course_id,
        title=title,
        slug=_slug_within(taken, texts.slug_base("lesson", number, title)),
        description=texts.words(writer.chance, 15).capitalize(),
        content=texts.prose(writer.chance, 3),
        video_url="",
        duration=float(writer.chance.randint(5, 40)),
        order=float(order),
        module_title=module.title,
        course_title=module.course_title,
        is_free_preview=is_free,
        is_active=state != "draft",
        deleted_at=_withdrawn(writer, module.created_at) if state == "deleted" else None,
        created_at=module.created_at,
        updated_at=module.created_at,
    )
    lesson_id = await writer.insert(lesson)
    questions = dealt(writer.size.questions, number, writer.size.lessons)
    for place, question in enumerate(questions, 1):
        await writer.insert(_quiz(writer, lesson_id, lesson, question, place))


def _quiz(writer: Writer, lesson_id: Id[Lesson], lesson: Lesson, number: int, order: int) -> Quiz:
    state, chance = state_of(number), writer.chance
    return Quiz(
        lesson_id=lesson_id,
        question=f"{texts.words(chance, 8).capitalize()}?",
        options=[f"{letter}. {texts.words(chance, 3)}" for letter in "ABCD"],
        correct_index=chance.randrange(4),
        explanation=texts.words(chance, 12).capitalize(),
        is_active=state != "draft",
        difficulty=("easy", "medium", "hard")[number % 3],
        order=float(order),
        deleted_at=_withdrawn(writer, lesson.created_at) if state == "deleted" else None,
        created_at=lesson.created_at,
        updated_at=lesson.created_at,
    )


# ---------------------------------------------------------------- articles


async def store_news(writer: Writer, step: Step) -> None:
    """Stores news with their tags and likes."""
    for number in step.numbers:
        views, likes = _popularity(writer, number, writer.size.news)
        created_at, published_at, deleted_at = _times(writer, number, writer.size.news)
        title = texts.title("news", number)
        item = News(
            title=title,
            slug=await _slug(writer, News, texts.slug_base("news", number, title)),
            summary=texts.words(writer.chance, 25).capitalize(),
            content=texts.prose(writer.chance, 4),
            type_=_NEWS_TYPES[number % 3],
            tags=texts.tags(writer.chance),
            language=_language(number),
            is_premium=number % 4 == 0,
            is_published=published_at is not None,
            published_at=published_at,
            view_count=views,
            like_count=likes,
            created_by=await writer.editor(number),
            deleted_at=deleted_at,
            created_at=created_at,
            updated_at=deleted_at or published_at or created_at,
        )
        item_id = await writer.insert(item)
        await keep_tags(writer.ctx, news_functions.NEWS, item_id)
        await _store_likes(writer, item_id, number, likes)
    await count(writer.ctx, "totalNews", _kept(step))


async def store_research(writer: Writer, step: Step) -> None:
    """Stores digests of papers with their tags."""
    for number in step.numbers:
        views, _ = _popularity(writer, number, writer.size.research)
        created_at, published_at, deleted_at = _times(writer, number, writer.size.research)
        title = texts.title("research", number)
        item = Research(
            title=title,
            slug=await _slug(writer, Research, texts.slug_base("research", number, title)),
            summary=texts.words(writer.chance, 25).capitalize(),
            implication=texts.words(writer.chance, 30).capitalize(),
            content=texts.prose(writer.chance, 5),
            tags=texts.tags(writer.chance),
            language=_language(number),
            is_premium=number % 3 == 0,
            is_published=published_at is not None,
            published_at=published_at,
            view_count=views,
            citation_count=writer.chance.randint(0, 200),
            created_by=await writer.editor(number),
            deleted_at=deleted_at,
            created_at=created_at,
            updated_at=deleted_at or published_at or created_at,
        )
        item_id = await writer.insert(item)
        await keep_tags(writer.ctx, research_functions.RESEARCH, item_id)
    await count(writer.ctx, "totalResearch", _kept(step))


async def _store_likes(writer: Writer, item_id: Id[News], number: int, likes: int) -> None:
    size = writer.size
    for place in range(likes):
        user = await writer.user(size.editors + (number + place) % size.people)
        liked_at = writer.moment(writer.chance.randint(1, 30))
        await writer.insert(
            Like(user_id=user.id, content_type="news", content_id=item_id, created_at=liked_at)
        )


def _popularity(writer: Writer, number: int, total: int) -> tuple[int, int]:
    """Views and likes by Zipf's law; nobody has seen a draft."""
    if state_of(number) == "draft":
        return 0, 0
    rank = mixed(number, total) + 1
    users = writer.size.people
    return 2 * users // rank, min(users // 10 // rank, users, _LIKES_MAX)


# ---------------------------------------------------------------- what all have


def _times(writer: Writer, number: int, total: int) -> tuple[float, float | None, float | None]:
    """When an item was created, published (None for a draft) and deleted (or None)."""
    state = state_of(number)
    days_ago = 2 + (total - 1 - number) * _DAYS // total
    published_at = writer.moment(days_ago)
    created_at = published_at - writer.chance.randint(1, 3 * int(DAY_MS))
    deleted_at = _withdrawn(writer, published_at) if state == "deleted" else None
    return created_at, None if state == "draft" else published_at, deleted_at


def _withdrawn(writer: Writer, since: float) -> float:
    """Some time between then and the present."""
    return since + round((writer.present - since) * writer.chance.random())


def _language(number: int) -> Language:
    return "en" if number % 3 == 0 else "id"


def _kept(step: Step) -> int:
    return sum(state_of(number) != "deleted" for number in step.numbers)


async def _slug(writer: Writer, table: type[P], base: str) -> str:
    async def is_taken(slug: str) -> bool:
        found = writer.ctx.db.query(table).with_index(table.by_slug, table.slug == slug)
        return await found.unique() is not None

    return await unique_slug(writer.ctx, base, "", is_taken)


def _slug_within(taken: set[str], base: str) -> str:
    """A slug that the siblings stored before do not have."""
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug
