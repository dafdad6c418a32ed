"""`ctx.vector_search`: the documents whose vectors are nearest to one.

It sees every commit that has landed when it answers, and answers only what is durable. Nothing is
recorded as read: actions have no read set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import orjson
from anyio import to_thread

from reactor import limits
from reactor.errors import DatabaseError, LimitError
from reactor.schema.table import Document
from reactor.transaction.search import equality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reactor.runner.context import Run
    from reactor.schema.columns import Bound
    from reactor.schema.fields import Id
    from reactor.schema.index import VectorIndexRef
    from reactor.schema.load import TableDef, VectorIndexDef
    from reactor.search.vector import Filter, Neighbour, VectorTable

D = TypeVar("D", bound=Document)


@dataclass(frozen=True, slots=True)
class Scored(Generic[D]):
    """A document that a vector search has found.

    Args:
        id: its id; read it with a query.
        score: the cosine of its vector with the one that was searched for, -1 to 1.
    """

    id: Id[D]
    score: float

    def __wire__(self) -> dict[str, Any]:
        """What Convex's clients know as `{_id, _score}`."""
        return {"_id": self.id, "_score": self.score}


async def vector_search(
    run: Run,
    ref: VectorIndexRef[D],
    vector: Sequence[float],
    limit: int,
    any_of: Sequence[Bound[D]],
) -> list[Scored[D]]:
    """The nearest documents, the nearest first.

    Args:
        run: the action that asks.
        ref: a vector index of its space.
        vector: as many finite numbers as the index has dimensions, not all zero.
        limit: documents, 1 to 256.
        any_of: equalities on filter columns; a document must fit one of them.

    Raises:
        DatabaseError: IndexNotFoundError, IndexStagedError, FieldNotInIndex, or a vector or a limit
            that does not fit.
        LimitError: TooManyVectorFilters.
    """
    definition = run.space.schema.of(ref.owner)
    declared = _declared(definition, ref)
    _check_limit(limit)
    wanted = _wanted(definition, declared, any_of)
    table = run.calls.log.snapshot.table(definition.place)
    found: list[Neighbour] | None = None
    while found is None:
        # An import may have put another index in its place while the sums were done.
        index = cast("VectorTable", table.followers[declared.name])
        found = await _nearest(index, vector, limit, wanted)
        if table.followers[declared.name] is not index:
            found = None
    scored = [
        Scored(cast("Id[D]", orjson.loads(table.documents[id])["_id"]), score)
        for id, score in found
    ]
    await run.calls.durable()
    return scored


async def _nearest(
    index: VectorTable, vector: Sequence[float], limit: int, wanted: Sequence[Filter]
) -> list[Neighbour]:
    unit = index.unit(vector)
    if unit is None:
        raise DatabaseError(
            f"vector_search needs a list of {index.dimensions} finite numbers that are not all "
            f"zero; it was given {len(vector)}",
            code="InvalidVector",
        )
    search = index.begin(unit, wanted)
    try:
        if search.work < limits.VECTOR_THREAD_WORK:
            rows = search.scores(limit)
        else:
            rows = await to_thread.run_sync(search.scores, limit)
    except BaseException:
        index.end(search)
        raise
    return search.finish(rows, limit)


def _declared(definition: TableDef, ref: VectorIndexRef[Any]) -> VectorIndexDef:
    name = ref.index.name
    declared = definition.vector_indexes.get(name)
    if declared is None:
        raise DatabaseError(f"Index {definition.name}.{name} not found.", code="IndexNotFoundError")
    if declared.staged:
        raise DatabaseError(
            f"Index {definition.name}.{name} is staged, and cannot be queried until staged=True is "
            "removed from it.",
            code="IndexStagedError",
        )
    return declared


def _check_limit(limit: int) -> None:
    if type(limit) is not int or not 1 <= limit <= limits.VECTOR_RESULTS_MAX:
        raise DatabaseError(
            f"vector_search takes a limit of 1 to {limits.VECTOR_RESULTS_MAX} documents, not "
            f"{limit!r}",
            code="InvalidVectorLimit",
        )


def _wanted(
    definition: TableDef, declared: VectorIndexDef, any_of: Sequence[Bound[Any]]
) -> list[Filter]:
    where = f"Vector index {definition.name}.{declared.name}"
    if len(any_of) > limits.VECTOR_FILTERS_MAX:
        raise LimitError(
            f"{where}: {len(any_of)} filters (limit: {limits.VECTOR_FILTERS_MAX})",
            code="TooManyVectorFilters",
        )
    return [equality(where, definition, declared.filters, bound) for bound in any_of]
