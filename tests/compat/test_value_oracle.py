"""npm's own value functions as the oracle of ours: order, sizes and both codecs."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest

from reactor.runtime.random import SeededEntropy
from reactor.values.json import dumps, from_json
from reactor.values.order import compare, encode_key
from reactor.values.size import size_of, wire_size
from reactor.values.types import ABSENT
from tests.compat.support.samples import samples

SCRIPT = Path(__file__).parent / "node" / "oracle.mjs"
SEED = 1_048
VALUES = 4_000
PAIRS = 20_000


@pytest.fixture(scope="module")
def values() -> list[Any]:
    """What npm is asked about."""
    return samples(SeededEntropy(SEED).seeded(), VALUES)


@pytest.fixture(scope="module")
def pairs(values: list[Any]) -> list[tuple[int, int]]:
    """Which of the values are compared: any two, and all that are neighbours in our order."""
    source = SeededEntropy(SEED + 1).seeded()
    chosen = [(source.randrange(VALUES), source.randrange(VALUES)) for _ in range(PAIRS)]
    ranked = sorted(range(VALUES), key=lambda at: encode_key(values[at]))
    return [*chosen, *pairwise(ranked)]


@pytest.fixture(scope="module")
def npm(values: list[Any], pairs: list[tuple[int, int]]) -> dict[str, list[Any]]:
    """What npm says, from one child process."""
    request = {
        "values": [
            {} if value is ABSENT else {"wire": orjson.Fragment(dumps(value))} for value in values
        ],
        "pairs": pairs,
    }
    done = subprocess.run(
        ["node", str(SCRIPT)], input=orjson.dumps(request), capture_output=True, check=True
    )
    answer: dict[str, list[Any]] = orjson.loads(done.stdout)
    return answer


def test_order(values: list[Any], pairs: list[tuple[int, int]], npm: dict[str, list[Any]]) -> None:
    """An index gives documents in the order in which Convex gives them."""
    for (a, b), expected in zip(pairs, npm["orders"], strict=True):
        assert compare(values[a], values[b]) == expected, (values[a], values[b])


def test_sizes(values: list[Any], npm: dict[str, list[Any]]) -> None:
    """A document that fits into Convex fits here, and the other way round."""
    for value, expected in zip(values[1:], npm["sizes"][1:], strict=True):
        assert size_of(value) == expected, value
        assert wire_size(orjson.loads(dumps(value))) == expected, value


def test_codecs(values: list[Any], npm: dict[str, list[Any]]) -> None:
    """What npm reads from us and writes again is what we sent, to the last bit of a float."""
    for value, answer in zip(values[1:], npm["wires"][1:], strict=True):
        back = from_json(answer["wire"])
        assert dumps(back) == dumps(value), value
        assert compare(back, value) == 0, value
