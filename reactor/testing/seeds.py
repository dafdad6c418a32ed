"""One scenario under many seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from reactor.testing.harness import Harness

R = TypeVar("R")


async def run_seeds(
    harness: Harness, scenario: Callable[[Harness], Awaitable[R]], seeds: Iterable[int], /
) -> list[R]:
    """Runs a scenario once for each seed, each time on a node of its own.

    When it fails, the error names the seed; `harness.replay(seed)` runs that one again.

    Args:
        harness: whose project is run, open or not.
        scenario: draws what it does from `harness.random`, and asserts.
        seeds: which seeds.

    Returns:
        What the scenario returned, seed by seed.
    """
    results: list[R] = []
    for seed in seeds:
        async with harness.replay(seed) as backend:
            results.append(await scenario(backend))
    return results
