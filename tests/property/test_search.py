"""A text search finds what a naive reading of every document finds, in the same order."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reactor.log.reads import ReadSet
from reactor.schema.columns import Bound
from reactor.schema.objects import PaginationOptions
from reactor.search import postings, ranking, text, vocabulary
from reactor.search.analyzer import Analyzer
from reactor.transaction.database import DatabaseReader
from reactor.transaction.transaction import Transaction
from tests.unit.search.world import hits, index, stored
from tests.unit.transaction.world import Note, World, drive, note

ANALYZER = Analyzer()
WORDS = [
    "anak",
    "anak-anak",
    "belajar",
    "bel",
    "be",
    "a",
    "guru",
    "gurun",
    "東京大学",
    "東京",
    "東",
]
texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
phrases = st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True).map(" ".join)
topics = st.sampled_from(["ai", "law"])
ranks = st.sampled_from([None, 1.0, 2.0])


edits = st.tuples(
    st.sampled_from(["insert", "insert", "retitle", "retopic", "rerank", "delete"]),
    st.integers(0, 30), texts, topics, ranks,
)  # fmt: skip
inserts = st.tuples(st.just("insert"), st.just(0), texts, topics, ranks)
filled = st.lists(inserts, min_size=3, max_size=25)
Edit = tuple[str, int, str, str, float | None]
searches = st.tuples(texts | phrases, st.none() | topics, st.booleans(), ranks)
Search = tuple[str, str | None, bool, float | None]


@pytest.fixture(autouse=True)
def small_floors(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few documents already change what terms weigh, fill blocks and take many steps."""
    monkeypatch.setattr(text, "SIZE_FLOOR", 2)
    monkeypatch.setattr(text, "STATISTIC_FLOOR", 1)
    monkeypatch.setattr(postings, "BLOCK_MAX", 4)
    monkeypatch.setattr(vocabulary, "BLOCK_MAX", 4)
    monkeypatch.setattr(ranking, "CHUNK_FIRST", 1)
    monkeypatch.setattr(ranking, "CHUNK_MAX", 2)
    monkeypatch.setattr(ranking, "FEW", 1)


def edit(world: World, tx: Transaction, steps: list[Edit]) -> None:
    db = world.writer(tx)
    for kind, at, title, topic, rank in steps:
        notes = drive(db.query(Note).collect())
        if kind == "insert" or not notes:
            drive(db.insert(note(topic, title=title, rank=rank)))
            continue
        one = notes[at % len(notes)]
        if kind == "delete":
            drive(db.delete(one.id))
        elif kind == "retitle":
            drive(db.patch(one.id, Note.title.set(title)))
        elif kind == "retopic":
            drive(db.patch(one.id, Note.topic.set(topic)))
        else:
            drive(db.patch(one.id, Note.rank.set(rank)))


def bounds(search: Search) -> list[Bound[Note]]:
    _, topic, by_rank, rank = search
    found: list[Bound[Note]] = []
    if by_rank:
        found.append(Note.rank.is_(rank))
    if topic is not None:
        found.append(Note.topic == topic)
    return found


def searched(db: DatabaseReader, search: Search) -> list[Note]:
    return drive(
        db.query(Note).with_search_index(Note.search, search[0], *bounds(search)).collect()
    )


def power(count: int, floor: int) -> int:
    found = floor
    while found < count:
        found *= 2
    return found


def naive(notes: list[Note], search: Search) -> list[Note]:
    """Reads everything, scores everything, sorts everything."""
    terms = ANALYZER.query(search[0])
    counts = {one.id: Counter(ANALYZER.document(one.title)) for one in notes}
    frequency = Counter(word for each in counts.values() for word in each)
    size = power(sum(1 for each in counts.values() if each), 2)

    def level(one: Note, word: str) -> int:
        here = counts[one.id]
        if not here[word]:
            return 0
        room = 1.2 * (0.25 + 0.75 * math.sqrt(here.total() / 16))
        return max(1, round(255 * here[word] / (here[word] + room)))

    def weight(word: str, is_prefix: bool) -> int:
        if len(terms) == 1:
            return 1
        alike = [f for w, f in frequency.items() if w == word or (is_prefix and w.startswith(word))]
        some = power(max(alike, default=0), 1)
        return max(1, round(1024 * math.log(1 + (size - some + 0.5) / (some + 0.5))))

    def score(one: Note) -> int:
        total = 0
        for word, is_prefix, is_part in terms:
            best = 2 * level(one, word)
            if is_prefix:
                for other in counts[one.id]:
                    if other.startswith(word):
                        best = max(best, (2 if is_part else 1) * level(one, other))
            total += weight(word, is_prefix) * best
        return total

    _, topic, by_rank, rank = search
    fits = [
        one for one in notes
        if (topic is None or one.topic == topic) and (not by_rank or one.rank == rank)
    ]  # fmt: skip
    found = [(-score(one), -one.creation_time, one.id) for one in fits if score(one)]
    by_id = {one.id: one for one in notes}
    return [by_id[id] for _, _, id in sorted(found)]


def everything(db: DatabaseReader) -> list[Note]:
    return drive(db.query(Note).collect())


@given(st.tuples(filled, st.lists(edits, max_size=6)), st.lists(edits, max_size=6),
       st.lists(searches, min_size=1, max_size=4))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_search_finds_what_reading_everything_finds(
    commits: tuple[list[Edit], list[Edit]], own: list[Edit], asked: list[Search]
) -> None:
    """In the newest state, with a mutation's own writes on top, and at an older timestamp."""
    world = World()
    for steps in commits:
        tx = world.tx()
        edit(world, tx, steps)
        tx.commit("test:edit")
        world.clock.advance(0.001)
    then_ts = world.log.last_ts
    then = world.tx()
    before = [naive(everything(world.reader(then)), one) for one in asked]
    assert [searched(world.reader(then), one) for one in asked] == before
    mine = world.tx()
    for at, step in enumerate(own):
        edit(world, mine, [step])
        one = asked[at % len(asked)]  # between the writes, so that the overlay is kept in step
        db = world.reader(mine)
        assert searched(db, one) == naive(everything(db), one)
    mine.commit("test:edit")
    for one in asked:
        fresh = world.reader()
        assert searched(fresh, one) == naive(everything(fresh), one)
    past = world.reader(world.tx(at_ts=then_ts))
    assert [searched(past, one) for one in asked] == before


@given(filled, st.lists(edits, min_size=1, max_size=3), st.tuples(phrases, topics))
@settings(max_examples=60, deadline=None)
def test_a_result_that_is_not_touched_is_not_stale(
    first: list[Edit], then: list[Edit], narrowed: tuple[str, str]
) -> None:
    """A live search that is not run again shows what running it again would show."""
    world = World()
    asked: Search = (*narrowed, False, None)
    tx = world.tx()
    edit(world, tx, first)
    tx.commit("test:first")
    reading = world.tx()
    before = searched(world.reader(reading), asked)
    writing = world.tx()
    edit(world, writing, then)
    done = writing.commit("test:then")
    if done is None:
        return
    reads = ReadSet({}, [], terms=reading.reads.terms)
    subscriptions = world.log.subscriptions
    subscriptions.add("live", reads)
    woken: dict[Any, None] = {}
    commit = next(iter(world.log.window.since(done.ts - 1)))
    for touch in commit.touches:
        subscriptions.affected(touch, woken)
    assert bool(woken) == reads.is_touched_by(commit.touches)
    if not woken:
        assert searched(world.reader(), asked) == before


@given(filled, searches, st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_pages_make_up_the_whole(steps: list[Edit], asked: Search, size: int) -> None:
    world = World()
    tx = world.tx()
    edit(world, tx, steps)
    cursor: str | None = None
    found: list[Note] = []
    while True:
        tx.page_end = None
        query = world.reader(tx).query(Note)
        page = drive(
            query.with_search_index(Note.search, asked[0], *bounds(asked)).paginate(
                PaginationOptions(num_items=size, cursor=cursor)
            )
        )
        found += page.page
        if page.is_done:
            break
        cursor = page.continue_cursor
    assert found == searched(world.reader(tx), asked)


@given(st.lists(texts, min_size=1, max_size=40), st.randoms(use_true_random=False), texts)
@settings(max_examples=40, deadline=None)
def test_the_order_of_writing_does_not_show(titles: list[str], chance: Any, asked: str) -> None:
    """After a restart, which loads everything at once, every search is as before."""
    documents = [stored(at, title, created=float(at // 3)) for at, title in enumerate(titles)]
    loaded, applied = index(), index()
    loaded.load(documents)
    chance.shuffle(documents)
    for id, raw in documents:
        applied.apply(id, None, raw)
    assert hits(loaded, asked) == hits(applied, asked)
    for id, raw in documents[::2]:
        applied.apply(id, raw, None)
    rest = index()
    rest.load(documents[1::2])
    assert hits(rest, asked) == hits(applied, asked)
    for id, raw in documents[1::2]:
        applied.apply(id, raw, None)
    assert applied.is_empty
