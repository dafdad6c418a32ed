"""Keys of blobs: when they were made, and which names are keys at all."""

from __future__ import annotations

import pytest

from reactor.runtime.random import SeededEntropy
from reactor.storage.blobs import is_key, made_ms, new_key

NOW_MS = 1_767_225_600_123.9


def test_a_key_tells_when_it_was_made() -> None:
    """What is being written now can be told from what a crash left behind yesterday."""
    assert made_ms(new_key(SeededEntropy(0), NOW_MS)) == int(NOW_MS)


def test_keys_of_one_moment_differ() -> None:
    entropy = SeededEntropy(0)
    keys = [new_key(entropy, NOW_MS) for _ in range(100)]
    assert len(set(keys)) == 100
    assert all(map(is_key, keys))


@pytest.mark.parametrize("name", ["", "partial", "x" * 32, "A" * 32, "0" * 31, "0" * 33, "../"])
def test_names_that_are_no_keys(name: str) -> None:
    assert not is_key(name)
