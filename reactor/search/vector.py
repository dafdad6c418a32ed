"""A vector index over one column of floats: exact nearest neighbours by cosine.

Rows are unit vectors in 32-bit floats, in blocks of a fixed size, so that growing never copies what
is there. Each filter column is a code per row beside them. A search is one multiplication per
block: it finds exactly what a comparison with every document would find.

    begin (on the loop) -> scores (anywhere, it only reads) -> finish (on the loop)

A commit that lands between begin and finish is seen: `finish` computes the rows that were written
meanwhile anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from reactor.log.snapshot import encode_stored, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from reactor.log.snapshot import WirePath
    from reactor.log.terms import Terms

    Floats = NDArray[np.float32]
    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

BLOCK_ROWS: Final = 16_384
"""Rows of a block; pages of it that no row has been in take no memory. Smaller, the multiplication
pays more calls than arithmetic; larger, a filter reserves more than it needs to."""

GATHER_SHARE: Final = 0.03
"""Below this share of a block's rows a filter picks rows out before they are multiplied; above it,
picking costs more than multiplying all."""

_NOT_FOUND: Final = -2.0
"""The score of rows that are free or not wanted: lower than any cosine."""

Filter = tuple[int, bytes]
"""One equality: the place of a filter column, and the encoded value."""

Neighbour = tuple[bytes, float]
"""An internal id, and the cosine of its vector with the one that was searched: -1 to 1."""


class _Block:
    """Rows that stand together."""

    __slots__ = ("codes", "ids", "taken", "top", "vectors")

    def __init__(self, dimensions: int, columns: int) -> None:
        self.vectors: Floats = np.zeros((BLOCK_ROWS, dimensions), np.float32)
        self.codes: Codes = np.zeros((columns, BLOCK_ROWS), np.int32)
        self.ids: list[bytes | None] = [None] * BLOCK_ROWS
        self.taken: Mask = np.zeros(BLOCK_ROWS, np.bool_)
        self.top = 0


class VectorTable:
    """The vectors of one table; it follows the log (`reactor.log.terms.Follower`).

    A document is in it when its column holds an array of `dimensions` finite floats; others are
    stored and never found.

    Args:
        path: the column.
        dimensions: of every vector.
        filters: the columns that a search may be narrowed by.
    """

    def __init__(self, path: WirePath, dimensions: int, filters: tuple[WirePath, ...]) -> None:
        self.dimensions = dimensions
        self.filters = filters
        self._path = path
        self._blocks: list[_Block] = []
        self._row_of: dict[bytes, int] = {}
        self._free: list[int] = []
        # Code 0 is no document's: a free row fits no filter.
        self._codes: list[dict[bytes, int]] = [{} for _ in filters]
        self._searches: set[VectorSearch] = set()

    def __len__(self) -> int:
        return len(self._row_of)

    def empty(self) -> VectorTable:
        """An index of the same column without documents."""
        return VectorTable(self._path, self.dimensions, self.filters)

    def load(self, documents: Iterable[tuple[bytes, bytes]]) -> None:
        """Fills an empty index from (internal id, stored JSON) pairs."""
        for id, raw in documents:
            self._put(id, raw)

    def apply(self, id: bytes, old: bytes | None, new: bytes | None) -> Sequence[Terms]:
        """Takes a write in; nobody subscribes to vectors, so it touches no terms."""
        if new is not None:
            self._put(id, new)
        elif id in self._row_of:
            self._remove(id)
        return ()

    def _put(self, id: bytes, raw: bytes) -> None:
        document: dict[str, Any] = orjson.loads(raw)
        vector = unit_vector(value_at(document, self._path), self.dimensions)
        if vector is None:
            if id in self._row_of:
                self._remove(id)
            return
        row = self._row_of.get(id)
        if row is None:
            row = self._row_of[id] = self._free_row()
        block, at = self._blocks[row // BLOCK_ROWS], row % BLOCK_ROWS
        block.vectors[at] = vector
        block.ids[at] = id
        block.taken[at] = True
        block.top = max(block.top, at + 1)
        for column, path in enumerate(self.filters):
            block.codes[column, at] = self._code(column, encode_stored(value_at(document, path)))
        self._written(row)

    def _remove(self, id: bytes) -> None:
        row = self._row_of.pop(id)
        block, at = self._blocks[row // BLOCK_ROWS], row % BLOCK_ROWS
        block.codes[:, at] = 0
        block.ids[at] = None
        block.taken[at] = False
        self._free.append(row)
        self._written(row)

    def _free_row(self) -> int:
        if not self._free:
            first = len(self._blocks) * BLOCK_ROWS
            self._blocks.append(_Block(self.dimensions, len(self.filters)))
            self._free = list(range(first + BLOCK_ROWS - 1, first - 1, -1))
        return self._free.pop()

    def _code(self, column: int, value: bytes) -> int:
        codes = self._codes[column]
        return codes.setdefault(value, len(codes) + 1)

    def _written(self, row: int) -> None:
        for search in self._searches:
            search.written.add(row)

    def unit(self, vector: Sequence[float]) -> Floats | None:
        """A vector to search for; None when it does not fit this index (`unit_vector`)."""
        return unit_vector(list(vector), self.dimensions)

    def begin(self, vector: Floats, any_of: Sequence[Filter] = ()) -> VectorSearch:
        """Starts a search; it sees every commit until it is finished.

        Args:
            vector: of length one, from `unit_vector`.
            any_of: documents that fit one of these are wanted; all of them when it is empty.
        """
        wanted = [(column, self._codes[column].get(value, -1)) for column, value in any_of]
        search = VectorSearch(self, vector, wanted, list(self._blocks))
        self._searches.add(search)
        return search

    def end(self, search: VectorSearch) -> None:
        """A search is over."""
        self._searches.discard(search)

    def score(self, row: int, vector: Floats, wanted: Sequence[tuple[int, int]]) -> float | None:
        """How near one row is now; None when it is free or not wanted."""
        block, at = self._blocks[row // BLOCK_ROWS], row % BLOCK_ROWS
        if block.ids[at] is None:
            return None
        if wanted and not any(block.codes[column, at] == code for column, code in wanted):
            return None
        return float(block.vectors[at] @ vector)

    def id_at(self, row: int) -> bytes | None:
        """Whose row it is."""
        return self._blocks[row // BLOCK_ROWS].ids[row % BLOCK_ROWS]

    def bytes_used(self) -> int:
        """Memory of the vectors and codes."""
        return sum(block.vectors.nbytes + block.codes.nbytes for block in self._blocks)


class VectorSearch:
    """One search under way.

    Args:
        table: what is searched.
        vector: what is looked for.
        wanted: (column, code) pairs, one of which must fit; empty for no filter.
        blocks: the rows as they stood when it began.
    """

    def __init__(
        self,
        table: VectorTable,
        vector: Floats,
        wanted: list[tuple[int, int]],
        blocks: list[_Block],
    ) -> None:
        self.written: set[int] = set()
        self._table = table
        self._vector = vector
        self._wanted = wanted
        self._blocks = blocks

    @property
    def work(self) -> int:
        """Multiplications that `scores` will do; worth a thread when there are millions."""
        return len(self._blocks) * BLOCK_ROWS * self._table.dimensions

    def scores(self, limit: int) -> list[tuple[float, int]]:
        """The best `limit` rows that were there, as (score, row) pairs; may run in a thread."""
        scores: Floats = np.empty(len(self._blocks) * BLOCK_ROWS, np.float32)
        for number, block in enumerate(self._blocks):
            self._score(block, scores[number * BLOCK_ROWS : (number + 1) * BLOCK_ROWS])
        # First what was found: choosing among thousands of equal scores takes longer than the sums.
        best = np.flatnonzero(scores > _NOT_FOUND)
        if limit < len(best):
            near = scores[best]
            edge = np.partition(near, len(near) - limit)[len(near) - limit]
            # Rows that are as near as the last of them stay, so that the ids decide among equals.
            best = best[near >= edge]
        return list(zip(scores[best].tolist(), best.tolist(), strict=True))

    def _score(self, block: _Block, out: Floats) -> None:
        top = block.top
        mask = block.taken[:top]
        if self._wanted:
            mask = np.zeros(top, np.bool_)
            for column, code in self._wanted:
                mask |= block.codes[column, :top] == code
        count = int(np.count_nonzero(mask))
        if count < GATHER_SHARE * top:
            rows = np.flatnonzero(mask)
            out.fill(_NOT_FOUND)
            out[rows] = block.vectors[rows] @ self._vector
            return
        np.dot(block.vectors[:top], self._vector, out=out[:top])
        out[top:] = _NOT_FOUND
        if count < top:
            out[:top][~mask] = _NOT_FOUND

    def finish(self, found: list[tuple[float, int]], limit: int) -> list[Neighbour]:
        """The nearest documents now, the nearest first; equally near ones by id.

        Args:
            found: what `scores` answered for this limit.
            limit: documents at most.
        """
        table = self._table
        table.end(self)
        if self.written:
            found = [pair for pair in found if pair[1] not in self.written]
            for row in self.written:
                score = table.score(row, self._vector, self._wanted)
                if score is not None:
                    found.append((score, row))
        neighbours = [(id, score) for score, row in found if (id := table.id_at(row)) is not None]
        neighbours.sort(key=lambda one: (-one[1], one[0]))
        return neighbours[:limit]


def unit_vector(value: Any, dimensions: int) -> Floats | None:
    """A vector of length one in 32-bit floats.

    Args:
        value: parsed wire JSON, or a list of numbers from a function.
        dimensions: how many numbers it must have.

    Returns:
        None when it is no array of that many finite numbers, or has no direction.
    """
    if not isinstance(value, list):
        return None
    numbers: list[Any] = value  # pyright: ignore[reportUnknownVariableType]  # parsed JSON
    if len(numbers) != dimensions or any(type(one) not in (float, int) for one in numbers):
        return None
    whole = np.array(numbers, np.float64)
    largest = float(np.abs(whole).max())
    if not np.isfinite(largest) or largest == 0.0:
        return None
    whole /= largest  # first, so that no square overflows or vanishes
    return (whole / np.sqrt(whole @ whole)).astype(np.float32)
