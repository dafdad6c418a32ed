"""Chance, from the system and from a seed."""

from __future__ import annotations

from reactor.runtime.random import SeededEntropy, SystemEntropy, uuid_from


def test_the_same_seed_gives_the_same_run() -> None:
    """A failed simulation could not be repeated otherwise."""
    one, two, other = SeededEntropy(1), SeededEntropy(1), SeededEntropy(2)
    assert one.token(16) == two.token(16) != other.token(16)
    assert one.seeded().random() == two.seeded().random()
    made = uuid_from(one.seeded())
    assert made == uuid_from(two.seeded())
    assert made.version == 4


def test_the_systems_bytes_are_never_given_twice() -> None:
    """Tokens are drawn from blocks; a block's end must not repeat its start."""
    entropy = SystemEntropy()
    tokens = [entropy.token(length) for length in [16, 4096, 4000, 90, 16] * 20]
    assert len(set(tokens)) == len(tokens)
    assert [len(token) for token in tokens[:5]] == [16, 4096, 4000, 90, 16]
    assert entropy.seeded().random() != entropy.seeded().random()
