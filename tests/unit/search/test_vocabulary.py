"""Words that begin alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reactor.search.vocabulary import BLOCK_MAX, Vocabulary

words = st.text("ab\U0010fffe", max_size=4)


@given(st.sets(words), st.lists(words, unique=True), words)
def test_it_finds_what_a_look_at_every_word_finds(
    first: set[str], then: list[str], prefix: str
) -> None:
    vocabulary = Vocabulary(first)
    for word in then:
        if word not in first:
            vocabulary.add(word)
    whole = first | set(then)
    for gone in [*then, *first]:
        assert vocabulary.beginning_with(prefix) == sorted(
            word for word in whole if word.startswith(prefix)
        )
        if gone in whole:
            vocabulary.remove(gone)
            whole.remove(gone)
    assert vocabulary.beginning_with(prefix) == []


def test_blocks_are_split_and_crossed() -> None:
    vocabulary = Vocabulary()
    whole = [f"w{number:05}" for number in range(3 * BLOCK_MAX)]
    for word in whole:
        vocabulary.add(word)
    assert vocabulary.beginning_with("w") == whole
    assert vocabulary.beginning_with("w01") == [word for word in whole if word[:3] == "w01"]
    assert vocabulary.beginning_with("x") == vocabulary.beginning_with("a") == []
