"""A query that is not deterministic is found in development, before a client shows old data."""

from __future__ import annotations

import pytest

from reactor import limits
from reactor.log.reads import ReadSet
from reactor.runner.rerun import difference
from tests.unit.sample.functions import reach
from tests.unit.sample.world import World


@pytest.fixture(autouse=True)
def every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RERUN_ONE_IN", 1)


def agree(first: bytes, second: bytes | None) -> str | None:
    return difference(first, second, ReadSet.empty(), ReadSet.empty())


def test_the_place_that_differs_is_named() -> None:
    assert agree(b'{"a":[1,{"b":2}]}', b'{"a":[1,{"b":2}]}') is None
    assert (
        agree(b'{"a":[1,{"b":2}]}', b'{"a":[1,{"b":3}]}') == "the result.a[1].b was 2, and then 3"
    )
    assert agree(b"[1,2]", b"[1]") == "the result was [1,2], and then [1]"
    assert agree(b'{"a":1}', b"null") == 'the result was {"a":1}, and then null'
    assert agree(b"1", None) == "the second run failed"
    long = agree(b'"' + b"x" * 100 + b'"', b"1")
    assert long is not None
    assert len(long) < 100


@pytest.mark.parametrize(
    ("path", "difference"),
    [
        ("reach:fickle", "the result.counts[1] was 1.0, and then 2.0"),
        ("reach:curious", "the second run read other documents"),
        ("reach:moody", "the second run failed"),
    ],
)
async def test_queries_that_differ_say_so(world: World, path: str, difference: str) -> None:
    reach.counted[0] = 0
    outcome = await world.ask(path)
    assert outcome.value is not None
    (line,) = outcome.log_lines
    assert line.startswith(f"[WARN] '{path} ran twice on the same data and differed: {difference}.")


async def test_time_and_chance_of_the_context_are_fine(world: World) -> None:
    """They are the same in both runs, so using them is no mistake."""
    reach.counted[0] = 0
    assert (await world.ask("reach:steady")).log_lines == ()
    assert reach.counted[0] == 2


async def test_only_a_sample_runs_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RERUN_ONE_IN", 4)
    reach.counted[0] = 0
    for _ in range(100):
        await world.ask("reach:steady")
    assert 105 < reach.counted[0] < 150


async def test_in_production_everything_runs_once(world: World) -> None:
    world.hub.runner.is_production = True
    reach.counted[0] = 0
    await world.ask("reach:fickle")
    assert reach.counted[0] == 1


async def test_the_second_run_leaves_no_trace(world: World) -> None:
    """Neither in the log of executions nor in the counters."""
    runs = world.hub.runner.query_runs
    await world.ask("reach:steady")
    entries, _ = await world.hub.runner.executions.after(0)
    assert (len(entries), world.hub.runner.query_runs) == (1, runs + 1)
