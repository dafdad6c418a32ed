"""`Workpool`: the typed face of the workpool component."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar, ParamSpec

from reactor import (
    ActionCtx,
    ActionFn,
    Arguments,
    Component,
    MutationCtx,
    MutationFn,
    QueryCtx,
    limits,
)
from reactor.contrib.workpool import schema
from reactor.contrib.workpool.functions import works
from reactor.contrib.workpool.functions.works import Asked
from reactor.contrib.workpool.outcome import Outcome, Status
from reactor.contrib.workpool.retry import Retry
from reactor.errors import ProjectError

P = ParamSpec("P")


class Workpool:
    """Runs jobs in the background, at most `parallel` of them at once in the whole deployment.

    Its state lives in a component of its own: `Reactor(components=[Workpool.component])`. A job
    that is a mutation has its effect once. One that is an action runs at most once without `retry`;
    with it, again when it fails and when the server stopped while it ran, so that it must bear
    being done twice.

    Args:
        name: unique among the project's pools; two objects of one name share their room.
        parallel: jobs that run at once, 1 to 1,000.
        retry: whether a job that fails is tried again; None for not.

    Raises:
        ProjectError: `parallel` is out of range.
    """

    component: ClassVar[Component] = Component(
        "workpool", functions="reactor.contrib.workpool.functions", schema=schema
    )

    def __init__(self, name: str, /, *, parallel: int, retry: Retry | None = None) -> None:
        most = limits.POOL_PARALLEL_MAX
        if not 1 <= parallel <= most:
            raise ProjectError(f"pool {name!r}: 1 to {most} jobs at once, not {parallel}")
        self.name = name
        self.parallel = parallel
        self.retry = retry
        self._then: MutationFn[..., Any] | None = None
        self._context: Any = None

    def then(self, handler: MutationFn[..., Any], /, *, context: Any = None) -> Workpool:
        """The same pool; the handler is told how each job ends that is enqueued with it.

        Args:
            handler: a mutation that takes `work_id: str`, `context` and `result: Outcome`. It runs
                exactly once for each job, also when the job failed or was canceled.
                When it raises, its writes are undone and it is not run again.
            context: what it is given besides; any Convex value.
        """
        twin = copy(self)
        twin._then, twin._context = handler, context
        return twin

    async def enqueue(
        self,
        ctx: MutationCtx | ActionCtx,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> str:
        """Adds a job and returns its id; it starts when there is room, in the order of coming.

        Raises:
            ValidationFailed: the function does not take these arguments, or the handler not those
                that it will be given.
            ValueNotAllowed: the arguments and the context are too large to store.
        """
        asked = Asked(
            pool=self.name,
            parallel=self.parallel,
            kind="action" if isinstance(fn, ActionFn) else "mutation",
            handle=fn.handle,
            args=Arguments.of(fn, *args, **kwargs).data,
            backoff=None if self.retry is None else self.retry.backoff,
            then=self._checked_handler(),
            context=self._context,
        )
        return await ctx.run_mutation(self.component(works.enqueue), asked=asked)

    def _checked_handler(self) -> str | None:
        if self._then is None:
            return None
        # Found out now, and not when a job has ended and nobody can be told.
        result = Outcome(kind="canceled")
        Arguments.of(self._then, work_id="", context=self._context, result=result)
        return self._then.handle

    async def cancel(self, ctx: MutationCtx | ActionCtx, work_id: str, /) -> bool:
        """Keeps a job from starting, or from being tried again; whether it had not ended yet.

        An attempt that is running goes on; if it succeeds, that is how the job ended.
        """
        return await ctx.run_mutation(self.component(works.cancel), id=work_id)

    async def status(self, ctx: QueryCtx | ActionCtx, work_id: str, /) -> Status | None:
        """How a job stands; None a day after its end, and when there never was one."""
        return await ctx.run_query(self.component(works.status), id=work_id)
