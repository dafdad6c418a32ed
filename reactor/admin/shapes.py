"""What the documents of a table look like, whatever the schema says: inferred from a sample.

Source: protocol.md 8.8; the shapes are those that Convex's dashboard and `npx convex mcp` read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, ComponentId
from reactor.errors import InvalidId
from reactor.transaction.ranges import everything
from reactor.transaction.transaction import consumed
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Shape = dict[str, Any]

SAMPLE: Final = 500
"""Documents of a table that are looked at, the newest: enough to see its variants, and quick."""

FIELDS_MAX: Final = 64
"""Fields of an object that are told apart; one with more is a record of any keys."""

UNION_MAX: Final = 16
"""Shapes of one field that are told apart; with more, nothing is known about it."""

_LEAVES: Final[dict[type, str]] = {str: "String", float: "Float64", bool: "Boolean"}
_SPECIAL: Final = {"$integer": "Int64", "$float": "Float64", "$bytes": "Bytes"}
_NEVER: Final[Shape] = {"type": "Never"}
_UNKNOWN: Final[Shape] = {"type": "Unknown"}


@system_query("_system/reactor/shapes")
async def shapes(admin: Admin, *, component_id: ComponentId = ABSENT) -> dict[str, Shape]:
    """The shape of every table by its name; behind `/api/shapes2`."""
    inference = Inference(lambda text: admin.table_of(text, component_id))
    whole, found = everything(), dict[str, Shape]()
    for name in admin.tables(component_id):
        index = admin.data(name, component_id).by_creation_time
        keys, raws = admin.tx.slice(index, whole.low, whole.high, SAMPLE, reverse=True)
        exhausted = len(keys) < SAMPLE
        low, high = consumed(whole.low, whole.high, keys, exhausted=exhausted, reverse=True)
        admin.tx.record(index, whole.depth, whole.prefix, low, high)
        found[name] = inference.union(inference.of(orjson.loads(raw)) for raw in raws)
    return found


class Inference:
    """From values to the shape that all of them have.

    Args:
        table_of: the name of the table that an id belongs to; raises InvalidId.
    """

    def __init__(self, table_of: Callable[[str], str | None]) -> None:
        self._table_of = table_of

    def of(self, value: Any) -> Shape:
        """The shape of one value, as parsed wire JSON."""
        if isinstance(value, str):
            table = self._table(value)
            return {"type": "String"} if table is None else {"type": "Id", "tableName": table}
        if value is None:
            return {"type": "Null"}
        if type(value) in _LEAVES:
            return {"type": _LEAVES[type(value)]}
        if isinstance(value, list):
            items = cast("list[object]", value)
            return {"type": "Array", "shape": self.union(map(self.of, items))}
        return self._of_object(cast("dict[str, Any]", value))

    def _of_object(self, fields: dict[str, Any]) -> Shape:
        if len(fields) == 1 and (only := next(iter(fields))) in _SPECIAL:
            return {"type": _SPECIAL[only]}
        if len(fields) > FIELDS_MAX:
            return {
                "type": "Record",
                "keyShape": {"type": "String"},
                "valueShape": self.union(map(self.of, fields.values())),
            }
        return _object({name: (self.of(value), False) for name, value in fields.items()})

    def _table(self, text: str) -> str | None:
        try:
            return self._table_of(text)
        except InvalidId:
            return None

    def union(self, shapes: Iterable[Shape]) -> Shape:
        """The shape that each of these fits: objects are merged, equal ones counted once."""
        members: list[Shape] = []
        for shape in shapes:
            for one in shape["shapes"] if shape["type"] == "Union" else [shape]:
                self._take_in(members, one)
        if any(one["type"] == "Unknown" for one in members) or len(members) > UNION_MAX:
            return _UNKNOWN
        if len(members) < 2:
            return members[0] if members else _NEVER
        return {"type": "Union", "shapes": members}

    def _take_in(self, members: list[Shape], shape: Shape) -> None:
        if shape["type"] == "Never" or shape in members:
            return
        for at, known in enumerate(members):
            if known["type"] == shape["type"] and shape["type"] in ("Object", "Array", "Record"):
                members[at] = self._merged(known, shape)
                return
        members.append(shape)

    def _merged(self, one: Shape, other: Shape) -> Shape:
        if one["type"] == "Array":
            return {"type": "Array", "shape": self.union([one["shape"], other["shape"]])}
        if one["type"] == "Record":
            values = self.union([one["valueShape"], other["valueShape"]])
            return {**one, "valueShape": values}
        left, right = _fields(one), _fields(other)
        merged: dict[str, tuple[Shape, bool]] = {}
        for name in sorted(left.keys() | right.keys()):
            both = [fields[name] for fields in (left, right) if name in fields]
            optional = len(both) < 2 or any(is_optional for _, is_optional in both)
            merged[name] = (self.union(shape for shape, _ in both), optional)
        return _object(merged)


def _object(fields: dict[str, tuple[Shape, bool]]) -> Shape:
    return {
        "type": "Object",
        "fields": [
            {"fieldName": name, "optional": optional, "shape": shape}
            for name, (shape, optional) in sorted(fields.items())
        ],
    }


def _fields(shape: Shape) -> dict[str, tuple[Shape, bool]]:
    return {one["fieldName"]: (one["shape"], one["optional"]) for one in shape["fields"]}


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (shapes,)
