"""A dashboard's filters: base64 of JSON, to a range of an index and a test of each document.

    {"clauses": [{"field": "a.b", "op": "gt", "value": 3, "enabled": true}, …],
     "order": "asc",
     "index": {"name": "by_owner", "clauses": [{"type": "indexEq", "value": "ann"},
               {"type": "indexRange", "lowerOp": "gte", "lowerValue": 1, "upperOp": "lt",
                "upperValue": 9}]}}

A clause without a value compares with the missing field. What a dashboard sends and is not listed
here is refused by name: a filter that is left out would show documents that were to be hidden.

Source: protocol.md 8.8; the order of values is that of 1.4.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from reactor.errors import DatabaseError, InvalidId, ValueNotAllowed
from reactor.log.snapshot import BY_ID, encode_stored, prefix_end, value_at
from reactor.transaction.ranges import KeyRange, everything
from reactor.values.ids import decode_id
from reactor.values.json import from_json, to_json
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from reactor.admin.view import Order
    from reactor.log.snapshot import IndexData, TableData

Json = Mapping[str, Any]
TableOf = Callable[[str], str | None]
Test = Callable[[Any], bool]
"""Of a value of a document: parsed wire JSON, or ABSENT."""

CLAUSES_MAX: Final = 256
"""Convex's limit of operators in one filter; each is looked at for every document."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents of a table are shown.

    Args:
        index: the index that is read.
        span: the part of it.
        order: in which direction.
        tests: what each document must pass: wire paths, and what stands there.
    """

    index: IndexData
    span: KeyRange
    order: Order
    tests: tuple[tuple[tuple[str, ...], Test], ...]

    def keeps(self, document: Json) -> bool:
        """Whether a document, as parsed wire JSON, is shown."""
        return all(test(value_at(document, path)) for path, test in self.tests)


def read_filters(encoded: str | None, table: TableData, table_of: TableOf) -> Filters:
    """The filters of a table; none show every document, the newest first.

    Args:
        encoded: base64 of JSON, or None.
        table: whose documents.
        table_of: the name of the table that an id belongs to; raises InvalidId.

    Raises:
        DatabaseError: they cannot be read, or ask for what is not known here.
    """
    given: Json = _NONE if encoded is None else _decoded(encoded)
    order: object = given.get("order") or "desc"
    if order not in ("asc", "desc"):
        raise _refused(f"the order is asc or desc, not {order!r}")
    clauses = _enabled(given.get("clauses", []))
    index, span = table.by_creation_time, everything()
    if given.get("index") is not None:
        index, span = _range(_object(given["index"]), table)
    tests = tuple((_path(clause), _test(clause, table_of)) for clause in clauses)
    return Filters(index, span, order, tests)


_NONE: Final[Json] = {}


def _decoded(encoded: str) -> Json:
    try:
        return _object(orjson.loads(base64.b64decode(encoded, validate=True)))
    except (binascii.Error, ValueError) as error:
        raise _refused(f"they are not base64 of JSON ({error})") from None


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise _refused("an object was expected")
    return cast("Json", value)


def _enabled(clauses: object) -> list[Json]:
    if not isinstance(clauses, list):
        raise _refused("clauses are a list")
    found = [_object(clause) for clause in cast("list[object]", clauses)]
    if len(found) > CLAUSES_MAX:
        raise _refused(f"{len(found)} clauses (limit: {CLAUSES_MAX})")
    return [clause for clause in found if clause.get("enabled", True)]


# --- clauses ----------------------------------------------------------------------------------


def _path(clause: Json) -> tuple[str, ...]:
    field = clause.get("field")
    if not isinstance(field, str) or not field:
        raise _refused(f"a clause names the field that it is about, not {field!r}")
    return tuple(field.split("."))


_COMPARISONS: Final[Mapping[str, Callable[[bytes, bytes], bool]]] = {
    "eq": lambda one, other: one == other,
    "neq": lambda one, other: one != other,
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
}


def _test(clause: Json, table_of: TableOf) -> Test:
    op = str(clause.get("op"))
    if op in _COMPARISONS:
        compare, key = _COMPARISONS[op], _key(clause, "value")
        return lambda value: compare(encode_stored(value), key)
    if op in ("anyOf", "noneOf"):
        values = clause.get("value")
        if not isinstance(values, list):
            raise _refused(f"{op} needs a list of values")
        keys = {_encoded(value) for value in cast("list[object]", values)}
        return lambda value: (encode_stored(value) in keys) == (op == "anyOf")
    if op in ("type", "isType", "notype", "isNotType"):
        is_type = _type_test(str(clause.get("value")), table_of)
        wanted = op in ("type", "isType")
        return lambda value: is_type(value) == wanted
    raise _refused(
        f"the operator {op!r} is not known here; use one of eq, neq, gt, gte, lt, lte, anyOf, "
        "noneOf, isType, isNotType"
    )


def _key(clause: Json, name: str) -> bytes:
    """The key of a clause's value; without one, that of a missing field."""
    return _encoded(clause.get(name, ABSENT))


def _encoded(value: Any) -> bytes:
    if value is ABSENT:
        return encode_stored(ABSENT)
    try:
        return encode_stored(to_json(from_json(value)))
    except ValueNotAllowed as error:
        raise _refused(str(error)) from None


def _type_test(name: str, table_of: TableOf) -> Test:
    if name in ("unset", "undefined"):
        return lambda value: value is ABSENT
    if name == "id":
        return lambda value: isinstance(value, str) and _is_id(value, table_of)
    if name in _SPECIAL:
        form = _SPECIAL[name]
        return lambda value: _form(value) == form or (name == "number" and type(value) is float)
    if name in _PLAIN:
        kind = _PLAIN[name]
        return lambda value: type(value) is kind and _form(value) is None
    raise _refused(
        f"{name!r} is no type; use one of {', '.join([*_PLAIN, *_SPECIAL, 'id', 'unset'])}"
    )


_PLAIN: Final[dict[str, type]] = {
    "string": str,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}
_SPECIAL: Final[dict[str, str]] = {"number": "$float", "bigint": "$integer", "bytes": "$bytes"}


def _form(value: object) -> str | None:
    """The `$` key of a value that JSON has no form of its own for."""
    if isinstance(value, dict) and len(cast("Json", value)) == 1:
        only = next(iter(cast("Json", value)))
        return only if only.startswith("$") else None
    return None


def _is_id(text: str, table_of: TableOf) -> bool:
    try:
        return table_of(text) is not None
    except InvalidId:
        return False


# --- the index --------------------------------------------------------------------------------


def _range(given: Json, table: TableData) -> tuple[IndexData, KeyRange]:
    name = given.get("name")
    if "search" in given:
        raise _refused(f"{name!r}: filters by a search index are not part of this release")
    index = table.ordered_by_id() if name == BY_ID else table.indexes.get(str(name))
    if index is None:
        raise DatabaseError(f"Index {table.name}.{name} not found.", code="IndexNotFoundError")
    columns = 1 if index.name == BY_ID else len(index.paths) + 1
    prefix, depth = b"", 0
    edges: tuple[bytes, bytes] | None = None
    for clause in _enabled(given.get("clauses", [])):
        if edges is not None or depth == columns:
            raise _refused("an index takes equalities of its first columns, then one range")
        match clause.get("type"):
            case "indexEq":
                prefix, depth = prefix + _part(index, clause, "value"), depth + 1
            case "indexRange":
                edges = _edges(index, clause, prefix)
            case other:
                raise _refused(f"an index clause is indexEq or indexRange, not {other!r}")
    low, high = edges or (prefix, prefix_end(prefix))
    if index.name == BY_ID:
        # by_id has no columns before the id, so its readers all stand under the empty prefix.
        prefix, depth = b"", 0
    return index, KeyRange(depth, prefix, low, max(low, high))


def _edges(index: IndexData, clause: Json, prefix: bytes) -> tuple[bytes, bytes]:
    low, high = prefix, prefix_end(prefix)
    if clause.get("lowerOp") is not None:
        edge = prefix + _part(index, clause, "lowerValue")
        low = prefix_end(edge) if _op(clause, "lowerOp", "gt", "gte") == "gt" else edge
    if clause.get("upperOp") is not None:
        edge = prefix + _part(index, clause, "upperValue")
        high = prefix_end(edge) if _op(clause, "upperOp", "lte", "lt") == "lte" else edge
    return low, high


def _op(clause: Json, name: str, *allowed: str) -> str:
    if clause[name] not in allowed:
        raise _refused(f"{name} is {' or '.join(allowed)}, not {clause[name]!r}")
    found: str = clause[name]
    return found


def _part(index: IndexData, clause: Json, name: str) -> bytes:
    if index.name != BY_ID:
        return _key(clause, name)
    try:
        return decode_id(str(clause.get(name)))[1]
    except InvalidId as error:
        raise _refused(str(error)) from None


def _refused(why: str) -> DatabaseError:
    return DatabaseError(f"the filters cannot be used: {why}", code="InvalidFilter")
