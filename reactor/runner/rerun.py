"""Runs a sample of queries twice in development: both runs must give and read the same.

A query whose result hangs on a global, the machine's clock or `random` is right when it is first
run and wrong for everyone who is shown it later; nothing else would tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from reactor.log.reads import ReadSet


def difference(
    first: bytes, second: bytes | None, reads: ReadSet, reads_again: ReadSet
) -> str | None:
    """How two runs of a query differ; None when they agree.

    Args:
        first: the result of the first run, as wire JSON.
        second: that of the second; None when it failed.
        reads: what the first one read.
        reads_again: what the second one read.
    """
    if second is None:
        return "the second run failed"
    if first != second:
        place, one, other = _apart(orjson.loads(first), orjson.loads(second), "the result")
        return f"{place} was {one}, and then {other}"
    if reads != reads_again:
        return "the second run read other documents"
    return None


def _apart(one: Any, other: Any, place: str) -> tuple[str, str, str]:
    """The first place at which two values differ, and both values there."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
        for name in both[0].keys() & both[1].keys():
            if both[0][name] != both[1][name]:
                return _apart(both[0][name], both[1][name], f"{place}.{name}")
    elif isinstance(one, list) and isinstance(other, list):
        pairs: list[tuple[Any, Any]] = list(zip(one, other, strict=False))  # pyright: ignore[reportUnknownArgumentType]  # parsed JSON
        for at, (left, right) in enumerate(pairs):
            if left != right:
                return _apart(left, right, f"{place}[{at}]")
    return place, _cut(one), _cut(other)


def _cut(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 60 else f"{text[:60]}…"
