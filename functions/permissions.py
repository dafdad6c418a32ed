"""Who is asking, and what they may do.

The caller comes from the connection, never from arguments. Arguments such as `clerkUserId` are only
compared with it: a user may name nobody else, an admin or the deployment itself ("system", the
admin key) may name the person to act for, and for a visitor they mean nothing.

A guard does not see arguments, so a function that takes one of them calls `identify`,
`require_user` or `require_admin` in its first line instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from functions import _errors as errors
from functions import utils
from functions._env import Env
from functions.constants import DAY_MS
from functions.types.accounts import Access, PlaygroundUsage
from reactor import Id, QueryCtx, mutation, query
from schema import AiSession, Course, Lesson, Module, News, Research, User

Resource = Literal["news", "research", "lesson", "admin", "pro", "playground"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who a call comes from and whom it runs as.

    Args:
        subject: the subject of the verified token; None for visitors and the system.
        own: the caller's own living account.
        user: the account the call runs as: the caller's, or the one that an admin or the system
            named.
        is_system: the deployment's admin key made the call, in nobody's name.
    """

    subject: str | None = None
    own: User | None = None
    user: User | None = None
    is_system: bool = False

    @property
    def sees_everything(self) -> bool:
        """Whether drafts, deleted items and premium texts are open to whom the call runs as."""
        return self.user.role == "admin" if self.user else self.is_system

    def reads_premium(self, now: float) -> bool:
        """Whether premium texts are open to whom the call runs as."""
        return self.sees_everything or can_read_premium(self.user, now)

    def can_find(self, item: News | Research | Course) -> bool:
        """Whether the item exists for whom the call runs as."""
        return is_listed(item) or self.sees_everything

    def can_read(self, item: News | Research, now: float) -> bool:
        """Whether whom the call runs as may read all of the item."""
        return self.can_find(item) and (not item.is_premium or self.reads_premium(now))

    def require_user(self) -> User:
        """The account the call runs as.

        Raises:
            AppError: UNAUTHENTICATED, USER_NOT_FOUND, or INVALID_ARGUMENT for a system that named
                nobody.
        """
        if self.user is not None:
            return self.user
        if self.is_system:
            raise errors.invalid_argument("clerkUserId", "must name the user to act for")
        raise errors.unauthenticated() if self.subject is None else errors.user_not_found()


# ---------------------------------------------------------------- the identity rule


async def identify(
    ctx: QueryCtx, named: str | None = None, *, field: str = "clerkUserId"
) -> Caller:
    """Who is calling, for functions open to everybody.

    Args:
        ctx: the context of the call.
        named: the Clerk id in the arguments, if any.
        field: the wire name of that argument, for the error.

    Raises:
        AppError: IDENTITY_MISMATCH, or USER_NOT_FOUND for an unknown name.
    """
    identity = await ctx.auth.get_user_identity()
    if identity is None and not ctx.auth.is_admin:
        return Caller()
    if identity is None:
        user = None if named is None else await _named_user(ctx, named)
        return Caller(is_system=True, user=user)
    own = await find_user(ctx, identity.subject)
    if named is None or named == identity.subject:
        return Caller(subject=identity.subject, own=own, user=own)
    if own is None or own.role != "admin":
        raise errors.identity_mismatch(field)
    return Caller(subject=identity.subject, own=own, user=await _named_user(ctx, named))


async def require_user(ctx: QueryCtx, named: str | None = None) -> User:
    """The account the call runs as, for functions that need one.

    Raises:
        AppError: as `identify` and `Caller.require_user`.
    """
    caller = await identify(ctx, named)
    return caller.require_user()


async def require_admin(
    ctx: QueryCtx, named: str | None = None, message: str = "Unauthorized"
) -> Caller:
    """The caller, who must be an admin or the system; `caller.user` is only recorded.

    Raises:
        AppError: UNAUTHENTICATED and FORBIDDEN with the message, and as `identify`.
    """
    caller = await identify(ctx, named)
    if caller.is_system:
        return caller
    if caller.subject is None:
        raise errors.unauthenticated(message)
    if caller.own is None:
        raise errors.user_not_found()
    if caller.own.role != "admin":
        raise errors.forbidden(message)
    return caller


async def current_user(ctx: QueryCtx) -> User:
    """Guard: the signed-in user."""
    return await require_user(ctx)


async def current_admin(ctx: QueryCtx) -> Caller:
    """Guard: an admin, or the system."""
    return await require_admin(ctx)


user_query = query.using(current_user)
user_mutation = mutation.using(current_user)
admin_query = query.using(current_admin)


async def find_user(ctx: QueryCtx, clerk_user_id: str) -> User | None:
    """The living account of a Clerk user."""
    account = await find_account(ctx, clerk_user_id)
    return None if account is None or account.deleted_at is not None else account


async def find_account(ctx: QueryCtx, clerk_user_id: str) -> User | None:
    """The account of a Clerk user, tombstones included."""
    match = User.clerk_user_id == clerk_user_id
    return await ctx.db.query(User).with_index(User.by_clerk_user_id, match).unique()


async def _named_user(ctx: QueryCtx, clerk_user_id: str) -> User:
    user = await find_user(ctx, clerk_user_id)
    if user is None:
        raise errors.user_not_found()
    return user


# ---------------------------------------------------------------- what may be read


def can_read_premium(user: User | None, now: float) -> bool:
    """Whether premium texts are open to a user: admins, and Pro that is given or still runs."""
    if user is None or user.role == "free":
        return False
    if user.role == "admin" or user.manual_pro:
        return True
    return user.subscription_expires_at is not None and user.subscription_expires_at > now


def is_listed(item: News | Research | Course) -> bool:
    """Whether visitors can find the item."""
    return item.is_published and item.deleted_at is None


async def can_find_module(ctx: QueryCtx, caller: Caller, module: Module) -> bool:
    """Whether the module exists for whom the call runs as: it is open and its course listed."""
    if caller.sees_everything:
        return True
    course = await ctx.db.get(module.course_id)
    return course is not None and is_open(module) and is_listed(course)


async def can_find_lesson(ctx: QueryCtx, caller: Caller, lesson: Lesson) -> bool:
    """Whether the lesson exists for whom the call runs as: all above it is open as well."""
    if caller.sees_everything:
        return True
    module = await ctx.db.get(lesson.module_id)
    return module is not None and is_open(lesson) and await can_find_module(ctx, caller, module)


async def can_open_lesson(ctx: QueryCtx, caller: Caller, lesson: Lesson) -> bool:
    """Whether the lesson can be reached, and is free or paid for."""
    is_open_to_caller = lesson.is_free_preview or caller.reads_premium(ctx.now_ms())
    return is_open_to_caller and await can_find_lesson(ctx, caller, lesson)


def is_open(part: Lesson | Module) -> bool:
    """Whether an editor left a part of a course open."""
    return part.is_active and part.deleted_at is None


async def playground_usage(ctx: QueryCtx, user: User) -> PlaygroundUsage:
    """How much of today's playground a user has taken; admins have no limit."""
    env, now = ctx.env(Env), ctx.now_ms()
    today = utils.start_of_day(now, env.reimaji_day_utc_offset_minutes)
    used = await runs_since(ctx, user.id, today)
    is_pro = can_read_premium(user, now)
    limit = env.reimaji_pro_daily_limit if is_pro else env.reimaji_free_daily_limit
    is_limited = user.role != "admin"
    return PlaygroundUsage(
        limit=limit if is_limited else None,
        used=used,
        remaining=max(0, limit - used) if is_limited else None,
        resets_at=today + DAY_MS,
    )


async def runs_since(ctx: QueryCtx, user_id: Id[User], since: float) -> int:
    """How many playground runs of a user count toward a limit; failed ones do not."""
    sessions = ctx.db.query(AiSession).with_index(
        AiSession.by_user_created_at, AiSession.user_id == user_id, AiSession.created_at >= since
    )
    return len(await sessions.filter(lambda session: session.counts_toward_limit).collect())


# ---------------------------------------------------------------- functions


@query
async def has_access(
    ctx: QueryCtx, *, resource: Resource, id: str | None = None, clerk_user_id: str | None = None
) -> bool:
    """Whether the caller may use something; false for an id that names nothing."""
    caller = await identify(ctx, clerk_user_id)
    match resource:
        case "admin":
            return caller.sees_everything
        case "pro":
            return caller.reads_premium(ctx.now_ms())
        case "playground":
            return caller.user is not None
        case "lesson":
            lesson = await utils.find(ctx, Lesson, id or "")
            return lesson is not None and await can_open_lesson(ctx, caller, lesson)
        case "news":
            news = await utils.find(ctx, News, id or "")
            return news is not None and caller.can_read(news, ctx.now_ms())
        case "research":
            research = await utils.find(ctx, Research, id or "")
            return research is not None and caller.can_read(research, ctx.now_ms())


@query
async def my(ctx: QueryCtx) -> Access:
    """What the caller is and may do, for the frame of every page."""
    caller = await identify(ctx)
    user = caller.user
    return Access(
        is_signed_in=caller.subject is not None,
        is_admin=caller.sees_everything,
        is_pro=caller.reads_premium(ctx.now_ms()),
        subscription_expires_at=user.subscription_expires_at if user else None,
        playground=await playground_usage(ctx, user) if user else None,
    )
