"""From comparisons of columns to one interval of index keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reactor.errors import DatabaseError, SchemaError
from reactor.log.snapshot import BY_ID, IndexData, WirePath, encode_stored, prefix_end
from reactor.values.ids import decode_id
from reactor.values.json import to_json
from reactor.values.order import encode_key
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reactor.schema.columns import Bound
    from reactor.schema.load import Column, TableDef

_PLAIN: Final = (str, float, bool, int)
_CREATION_TIME: Final[WirePath] = ("_creationTime",)
_ID: Final[WirePath] = ("_id",)


class KeyRange(NamedTuple):
    """`low <= key < high`, below an equality prefix of `depth` columns."""

    depth: int
    prefix: bytes
    low: bytes
    high: bytes

    def after(self, edge: bytes, *, reverse: bool) -> KeyRange:
        """What remains beyond an edge that a read has reached."""
        return self._replace(high=edge) if reverse else self._replace(low=edge)


def everything() -> KeyRange:
    """The range of a whole index."""
    return KeyRange(0, b"", b"", prefix_end(b""))


def key_range(definition: TableDef, index: IndexData, bounds: Sequence[Bound[Any]]) -> KeyRange:
    """The interval that bounds describe on an index.

    Args:
        definition: the table's definition, to turn columns into wire paths.
        index: the index that is read.
        bounds: comparisons, in any order.

    Raises:
        DatabaseError: with Convex's code: FieldNotInIndex, InvalidIndexRange, AlreadyDefinedBound
            or BoundsOnMultipleFields.
    """
    if not bounds:
        return everything()
    columns: list[WirePath] = [_ID] if index.name == BY_ID else [*index.paths, _CREATION_TIME]
    sides = _sorted_out(definition, index, columns, bounds)
    depth = len(sides.equal)
    prefix = b"".join(_prefix(index, columns, sides.equal))
    _check_edge(index, columns, depth, sides)
    first, last = prefix, prefix_end(prefix)
    if sides.low is not None:
        edge = prefix + sides.low.key
        first = prefix_end(edge) if sides.low.beyond else edge
    if sides.high is not None:
        edge = prefix + sides.high.key
        last = prefix_end(edge) if sides.high.beyond else edge
    if index.name == BY_ID:
        # by_id has no columns before the id, so its readers all stand under the empty prefix.
        depth, prefix = 0, b""
    return KeyRange(depth, prefix, first, max(first, last))


class _Edge(NamedTuple):
    """One end of a range: a column's key, and whether the range starts or ends beyond it."""

    path: WirePath
    key: bytes
    beyond: bool


@dataclass(slots=True)
class _Sides:
    """Bounds, sorted out."""

    equal: dict[WirePath, bytes]
    low: _Edge | None = None
    high: _Edge | None = None


def _sorted_out(
    definition: TableDef,
    index: IndexData,
    columns: list[WirePath],
    bounds: Sequence[Bound[Any]],
) -> _Sides:
    sides = _Sides({})
    for bound in bounds:
        path, key = _resolve(definition, index, columns, bound)
        if bound.op == "eq":
            if path in sides.equal:
                raise _refused(index, "AlreadyDefinedBound", f"{_dotted(path)} is compared twice")
            sides.equal[path] = key
        elif bound.op in ("gt", "gte"):
            if sides.low is not None:
                raise _refused(index, "AlreadyDefinedBound", "a second lower bound")
            sides.low = _Edge(path, key, bound.op == "gt")
        else:
            if sides.high is not None:
                raise _refused(index, "AlreadyDefinedBound", "a second upper bound")
            sides.high = _Edge(path, key, bound.op == "lte")
    return sides


def _check_edge(index: IndexData, columns: list[WirePath], depth: int, sides: _Sides) -> None:
    low, high = sides.low, sides.high
    if low and high and low.path != high.path:
        raise _refused(
            index, "BoundsOnMultipleFields", f"{_dotted(low.path)} and {_dotted(high.path)}"
        )
    edge = low or high
    if edge is not None and (depth >= len(columns) or edge.path != columns[depth]):
        expected = _dotted(columns[depth]) if depth < len(columns) else "no further column"
        raise _refused(
            index,
            "InvalidIndexRange",
            f"after {depth} equalities the range may go on with {expected}, "
            f"not {_dotted(edge.path)}",
        )


def _prefix(index: IndexData, columns: list[WirePath], equal: dict[WirePath, bytes]) -> list[bytes]:
    parts = [equal[path] for path in columns[: len(equal)] if path in equal]
    if len(parts) != len(equal):
        missing = next(path for path in columns if path not in equal)
        raise _refused(
            index,
            "InvalidIndexRange",
            f"equalities must cover the first columns of the index; {_dotted(missing)} is missing",
        )
    return parts


def _resolve(
    definition: TableDef, index: IndexData, columns: list[WirePath], bound: Bound[Any]
) -> tuple[WirePath, bytes]:
    owner = getattr(bound.owner, "__table_name__", None)
    if owner != definition.name:
        raise _refused(
            index, "FieldNotInIndex", f"{bound.owner.__name__}.{bound.path} is another table's"
        )
    try:
        column = definition.column(bound.path)
    except SchemaError as error:
        raise _refused(index, "FieldNotInIndex", str(error)) from None
    path = column.wire_path
    if path not in columns:
        known = ", ".join(_dotted(one) for one in columns)
        raise _refused(
            index, "FieldNotInIndex", f"{_dotted(path)} is not one of its columns ({known})"
        )
    if path == _ID:
        return path, decode_id(bound.value)[1]
    return path, encode_bound(column, bound.value)


def encode_bound(column: Column, value: Any) -> bytes:
    """The key of a value that a column is compared with."""
    if type(value) in _PLAIN or value is ABSENT:
        return encode_key(value)
    if value is None:
        # A column whose default is None stores None as a missing key (API.md G3).
        missing = column.spec.optional and column.spec.default is None
        return encode_key(ABSENT if missing else None)
    return encode_stored(_as_json(value))


def _as_json(value: Any) -> Any:
    return to_json(str(value) if isinstance(value, str) else value)


def _dotted(path: WirePath) -> str:
    return ".".join(path)


def _refused(index: IndexData, code: str, why: str) -> DatabaseError:
    return DatabaseError(
        f"Index {index.table.name}.{index.name} cannot be read with these bounds: {why}.", code=code
    )
