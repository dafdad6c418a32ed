"""`ctx.vector_search`: what an action finds, and what it is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from reactor import ActionCtx, LimitError, Scored
from reactor import limits as all_limits
from reactor.errors import DatabaseError
from reactor.search.vector import VectorSearch
from reactor.testing import Harness, open_harness
from tests.unit.sample.atlas import schema
from tests.unit.sample.atlas.functions import places
from tests.unit.sample.atlas.schema import Place

FUNCTIONS = "tests.unit.sample.atlas.functions"
EAST = [1.0, 0.0, 0.0]


@pytest.fixture
async def atlas() -> AsyncIterator[Harness]:
    async with open_harness(functions=FUNCTIONS, schema=schema) as running:
        await running.mutation(places.add, name="Ambon", likeness=[1.0, 0.1, 0.0])
        await running.mutation(places.add, name="Sabang", likeness=[-1.0, 0.0, 0.0])
        await running.mutation(places.add, name="Dili", likeness=[1.0, 0.0, 0.0], country="tl")
        yield running


async def search(atlas: Harness, **options: Any) -> list[Scored[Place]]:
    async def body(ctx: ActionCtx) -> list[Scored[Place]]:
        return await ctx.vector_search(Place.nearest, options.pop("vector", EAST), **options)

    return await atlas.run_action(body)


async def test_the_nearest_come_first(atlas: Harness) -> None:
    assert await atlas.action(places.like, likeness=EAST) == ["Dili", "Ambon", "Sabang"]
    assert await atlas.action(places.like, likeness=EAST, limit=1) == ["Dili"]


async def test_clients_see_convexs_names(atlas: Harness) -> None:
    first, *_ = await atlas.call("places:scores", {"likeness": EAST})
    assert set(first) == {"_id", "_score"}
    assert first["_score"] == pytest.approx(1.0)


async def test_any_of_several_equalities(atlas: Harness) -> None:
    assert len(await search(atlas, any_of=[Place.country == "tl"])) == 1
    either = [Place.country == "tl", Place.country == "id"]
    assert len(await search(atlas, any_of=either)) == 3
    assert len(await search(atlas, any_of=[Place.climate.is_(None)])) == 3
    assert await search(atlas, any_of=[Place.country == "nowhere"]) == []


async def test_what_has_committed_is_found_and_what_is_gone_is_not(atlas: Harness) -> None:
    new = await atlas.mutation(places.add, name="Dobo", likeness=EAST)
    assert new in [one.id for one in await search(atlas)]
    await atlas.run(lambda ctx: ctx.db.patch(new, Place.likeness.set([0.0, 0.0, 1.0])))
    assert [one.score for one in await search(atlas) if one.id == new] == [pytest.approx(0.0)]
    await atlas.run(lambda ctx: ctx.db.delete(new))
    assert new not in [one.id for one in await search(atlas)]


async def test_a_mutation_that_failed_leaves_nothing_to_find(atlas: Harness) -> None:
    async def fail(ctx: Any) -> None:
        await ctx.db.insert(Place(name="x", country="id", likeness=EAST))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await atlas.run(fail)
    assert len(await search(atlas)) == 3


async def test_a_large_search_is_done_beside_the_loop(
    atlas: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that lands while the thread works is in the answer."""
    monkeypatch.setattr(all_limits, "VECTOR_THREAD_WORK", 1)
    real: Callable[..., Any] = VectorSearch.scores
    written = False

    def scores(one: VectorSearch, limit: int) -> Any:
        nonlocal written
        found = real(one, limit)
        if not written:
            written = True
            table = one._table  # pyright: ignore[reportPrivateUsage]  # a commit in the middle
            for id in list(table._row_of):  # pyright: ignore[reportPrivateUsage]
                table.apply(id, b"", None)
        return found

    monkeypatch.setattr(VectorSearch, "scores", scores)
    assert await search(atlas) == []


@pytest.mark.parametrize(
    "vector", [[], [1.0], [0.0] * 3, [float("nan"), 0.0, 0.0], [1.0] * 4, ["x", 0.0, 0.0]]
)
async def test_a_vector_that_does_not_fit(atlas: Harness, vector: Any) -> None:
    with pytest.raises(DatabaseError, match="3 finite numbers") as refused:
        await search(atlas, vector=vector)
    assert refused.value.code == "InvalidVector"


@pytest.mark.parametrize("limit", [0, -1, 257, 1.5, True])
async def test_a_limit_that_does_not_fit(atlas: Harness, limit: Any) -> None:
    with pytest.raises(DatabaseError) as refused:
        await search(atlas, limit=limit)
    assert refused.value.code == "InvalidVectorLimit"


async def test_filters_are_its_own_columns_and_not_too_many(atlas: Harness) -> None:
    with pytest.raises(DatabaseError) as refused:
        await search(atlas, any_of=[Place.name == "Dili"])
    assert refused.value.code == "FieldNotInIndex"
    with pytest.raises(DatabaseError, match="=="):
        await search(atlas, any_of=[Place.country > "a"])
    with pytest.raises(LimitError) as many:
        await search(atlas, any_of=[Place.country == "id"] * 65)
    assert many.value.code == "TooManyVectorFilters"


async def test_a_staged_index_is_not_searched(atlas: Harness) -> None:
    async def body(ctx: ActionCtx) -> Any:
        return await ctx.vector_search(Place.later, EAST)

    with pytest.raises(DatabaseError) as refused:
        await atlas.run_action(body)
    assert refused.value.code == "IndexStagedError"


async def test_vectors_are_there_after_a_restart(atlas: Harness) -> None:
    await atlas.restart()
    assert await atlas.action(places.like, likeness=EAST) == ["Dili", "Ambon", "Sabang"]
