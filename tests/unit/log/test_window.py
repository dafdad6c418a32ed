"""The recent log: what conflict checks and reads of the past can still see."""

from __future__ import annotations

import pytest

from reactor import limits
from reactor.log.snapshot import Touch
from reactor.log.window import Commit, Window
from tests.unit.log.world import World, id_, raw

SECOND = 10**9


def commit(ts: int, *touches: Touch) -> Commit:
    return Commit(ts, "news:write", list(touches))


def test_since_gives_newer_commits_newest_first() -> None:
    window = Window(0)
    for ts in (1, 2, 3):
        window.append(commit(ts))
    assert [one.ts for one in window.since(1)] == [3, 2]
    assert [one.ts for one in window.since(0)] == [3, 2, 1]
    assert list(window.since(3)) == []


def test_commits_grow_old() -> None:
    """A function that slept too long restarts instead of trusting a log that forgot."""
    window = Window(5)
    first = 10 * SECOND
    for ts in (first, first + SECOND, first + limits.LOG_WINDOW_NS):
        window.append(commit(ts))
    assert window.covers(5)
    window.append(commit(first + limits.LOG_WINDOW_NS + 1))
    assert window.floor == first
    assert not window.covers(first - 1)
    assert window.covers(first)
    assert [one.ts for one in window.since(first)][-1] == first + SECOND


def test_commits_are_counted_by_their_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bulk import does not take all memory."""
    monkeypatch.setattr(limits, "LOG_WINDOW_WRITES_MAX", 4)
    world, window = World(), Window(0)
    touches = [world.apply(n, raw(n)) for n in range(4)]
    window.append(commit(1, *touches[:2]))
    window.append(commit(2, *touches[2:]))
    assert window.covers(0)
    window.append(commit(3, touches[0]))
    assert (window.floor, [one.ts for one in window.since(1)]) == (1, [3, 2])
    window.append(commit(4, *touches, touches[0]))
    assert window.floor == 4, "a commit larger than the whole window is not kept"
    assert list(window.since(4)) == []


def test_undo_gives_the_past() -> None:
    """`/api/query_at_ts` sees the documents as they were."""
    world, window = World(), Window(0)
    one, two, three = raw(1, n=1), raw(1, n=2), raw(2)
    window.append(commit(1, world.apply(1, one)))
    window.append(commit(2, world.apply(1, two), world.apply(2, three)))
    window.append(commit(3, world.apply(1, None)))
    assert window.undo(3) == {}
    assert window.undo(2) == {world.table: {id_(1): two}}
    assert window.undo(1) == {world.table: {id_(1): one, id_(2): None}}
    assert window.undo(0) == {world.table: {id_(1): None, id_(2): None}}


def test_a_cut_window_covers_nothing_older() -> None:
    """After a table was replaced as a whole, its older states cannot be told from writes."""
    window = Window(0)
    window.append(Commit(5, "news:write", []))
    window.cut(9)
    assert not window.covers(8)
    assert window.covers(9)
    assert list(window.since(9)) == []
