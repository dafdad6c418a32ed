"""Free functions over shapes: reading foreign data, changing a copy, measuring a value."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import orjson

from reactor.errors import ParseError, SchemaError, ValueNotAllowed
from reactor.schema.documents import make_new, values_of
from reactor.schema.objects import Object
from reactor.schema.shapes import validator_of
from reactor.schema.table import Document, Table
from reactor.values.json import dumps, to_json
from reactor.values.scalars import Mismatch
from reactor.values.size import wire_size

if TYPE_CHECKING:
    from reactor.schema.columns import Change
    from reactor.values.scalars import Read, Validator

C = TypeVar("C", bound=Object | Document)
W = TypeVar("W", bound=Table)

SHAPES_KEPT: Final = 256
"""Shapes whose readers are kept: more than a project has, and a bound over many reloads."""


def parse(shape: type[C], data: Any, /) -> C:
    """Reads JSON-like data by wire names; for webhooks and third parties.

    Args:
        shape: an Object or a table class; a table reads a whole document.
        data: what a JSON parser gave.

    Raises:
        ParseError: it does not have that shape; `path` says where.
    """
    validator, read = _readers(cast("Any", shape))
    wire: Any = None
    try:
        wire = orjson.loads(dumps(data))
        found: C = read(wire)
    except ValueNotAllowed as error:
        raise ParseError(f"not JSON-like: {error}") from None
    except Mismatch:
        problem = validator.problem(wire, "", {}) or "the data does not fit"
        lines = problem.split("\n")
        path = next((line[6:] for line in lines if line.startswith("Path: ")), "")
        raise ParseError(lines[0], path) from None
    return found


@lru_cache(maxsize=SHAPES_KEPT)
def _readers(shape: Any) -> tuple[Validator, Read]:
    """What reads a shape; making it anew takes longer than most data takes to be read."""
    validator = validator_of(shape, shape.__name__)
    return validator, validator.reader({})


def changed(document: W, /, *changes: Change[W]) -> W:
    """A copy of a document with changes, in memory only.

    Raises:
        SchemaError: a change is another table's, or inside a nested object.
    """
    values = dict(values_of(document))
    for change in changes:
        if change.skipped:
            continue
        if not issubclass(type(document), change.owner) or change.path not in values:
            raise SchemaError(f"{type(document).__name__} has no column {change.path!r} to change")
        values[change.path] = change.value
    copy: W = make_new(type(document))(values)  # type: ignore[assignment]  # of W's own class
    return copy


def size_of(value: Any, /) -> int:
    """Bytes the value takes in a document, as the limits count them."""
    return wire_size(orjson.loads(orjson.dumps(to_json(value))))
