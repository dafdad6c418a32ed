"""Generated Convex values, the same for the same seed, that lie close enough to meet."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

from reactor.values.types import ABSENT, Int64

FLOATS = (
    0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, -5e-324, 1.7976931348623157e308, 2.0**53, 1e21, 1e-7,
    math.inf, -math.inf, math.nan,
)  # fmt: skip
INTEGERS = (0, 1, -1, 255, 256, -256, -257, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
LETTERS = "ab\x00\x01\x02é߿\u0800\uffff\U00010000😀\U0010ffff"
NAME_LETTERS = "ab_ ~A0$"


def generated(source: Random, depth: int = 3) -> Any:
    """One value of any type; few letters and numbers, so that beginnings are often shared."""
    kinds: list[Callable[[], Any]] = [
        lambda: None,
        lambda: source.random() < 0.5,
        lambda: source.choice(FLOATS) if source.random() < 0.7 else source.uniform(-1e6, 1e6),
        lambda: Int64(
            source.choice(INTEGERS) if source.random() < 0.7 else source.getrandbits(64) - 2**63
        ),
        lambda: "".join(source.choices(LETTERS, k=source.randrange(4))),
        lambda: bytes(source.choices((0, 1, 2, 127, 255), k=source.randrange(4))),
        lambda: [generated(source, depth - 1) for _ in range(source.randrange(4))],
        lambda: {name(source): generated(source, depth - 1) for _ in range(source.randrange(4))},
    ]
    return source.choice(kinds if depth else kinds[:-2])()


def name(source: Random) -> str:
    """A field name; `$` stands anywhere but in front."""
    return "".join(source.choices(NAME_LETTERS, k=source.randrange(4))).lstrip("$")


def samples(source: Random, count: int) -> list[Any]:
    """So many values, ABSENT among them."""
    return [ABSENT, *(generated(source) for _ in range(count - 1))]
