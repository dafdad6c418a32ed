"""`ctx.meta`: what a function can know about its own run.

Source: protocol.md 5.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from reactor.schema.objects import Object

if TYPE_CHECKING:
    from reactor.runner.context import Run
    from reactor.transaction.transaction import Transaction


class FunctionInfo(Object):
    """What is running: its wire path, its component ("" for the project itself), what it is."""

    name: str
    component_path: str
    type: Literal["query", "mutation", "action"]
    visibility: Literal["public", "internal"]


class DeploymentInfo(Object):
    """Where it is running; `region` is None where whoever runs the node names none."""

    name: str
    region: str | None


class RequestInfo(Object):
    """Who asked: a client's address and what it calls itself, or the job of the scheduler."""

    ip: str | None
    user_agent: str | None
    request_id: str
    scheduled_function_id: str | None


class Usage(Object):
    """How much of one limit is used, and how much is left."""

    used: int
    remaining: int


class TransactionMetrics(Object):
    """What the transaction has used so far, callers and nested calls together."""

    bytes_read: Usage
    bytes_written: Usage
    database_queries: Usage
    documents_read: Usage
    documents_written: Usage
    functions_scheduled: Usage
    scheduled_function_args_bytes: Usage


class Meta:
    """Facts about a run."""

    __slots__ = ("_run",)

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def function(self) -> FunctionInfo:
        """The function that is running: the nested one inside a nested call."""
        run = self._run
        return FunctionInfo(
            name=run.name,
            component_path=run.space.path,
            type=run.kind,
            visibility=run.visibility,
        )

    @property
    def deployment(self) -> DeploymentInfo:
        """The deployment that it runs on."""
        return self._run.calls.deployment


class QueryMeta(Meta):
    """Facts about a query's run."""

    __slots__ = ()

    @property
    def transaction(self) -> TransactionMetrics:
        """What the transaction has used so far, and what is left of its limits."""
        usage = _transaction(self._run).usage
        return TransactionMetrics(
            **{
                counter: Usage(used=getattr(usage, counter), remaining=usage.remaining(counter))
                for counter in TransactionMetrics.__annotations__
            }
        )

    @property
    def snapshot_ts(self) -> int:
        """The timestamp that everything read so far is true at, in nanoseconds."""
        return _transaction(self._run).begin_ts


class MutationMeta(QueryMeta):
    """Facts about a mutation's run."""

    __slots__ = ()

    @property
    def request(self) -> RequestInfo:
        """The request that it serves."""
        return _request(self._run)


class ActionMeta(Meta):
    """Facts about an action's run."""

    __slots__ = ()

    @property
    def request(self) -> RequestInfo:
        """The request that it serves."""
        return _request(self._run)


def _transaction(run: Run) -> Transaction:
    assert run.tx is not None, "queries and mutations have a transaction"
    return run.tx


def _request(run: Run) -> RequestInfo:
    execution = run.execution
    origin = execution.call.origin
    return RequestInfo(
        ip=origin.ip,
        user_agent=origin.user_agent,
        request_id=execution.request_id,
        scheduled_function_id=run.job,
    )
