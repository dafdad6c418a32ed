# Columns and documents are one mechanism in two modules:
# pyright: reportPrivateUsage=false
"""Between stored JSON and typed documents: decoding, taking apart, splicing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from reactor.errors import DatabaseError
from reactor.values.scalars import (
    Mismatch,
    Read,
    Tables,
    Validator,
    VAny,
    VBoolean,
    VId,
    VLiteral,
    VNull,
    VNumber,
    VString,
)
from reactor.values.validators import VArray, VObject, VUnion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reactor.schema.table import Decode, Document


def make_new(cls: type[Document]) -> Callable[[dict[str, Any]], Document]:
    """From checked values to a document that is not stored."""

    def make(values: dict[str, Any]) -> Document:
        document = cls.__new__(cls)
        object.__setattr__(document, "_raw", None)
        document.__dict__.update(values)
        return document

    return make


make_stored = make_new
"""A whole document sent as an argument: it has an id, but it is the sender's copy."""


def take_values(cls: type[Document]) -> Callable[[Any], Mapping[str, Any]]:
    """From a document to its Python values."""

    def take(value: Any) -> Mapping[str, Any]:
        if not isinstance(value, cls):
            raise Mismatch
        return values_of(value)

    return take


def values_of(document: Document) -> dict[str, Any]:
    """The Python values of a document, decoding it if need be."""
    values = document.__dict__
    if document._raw is not None and "id" not in values:
        values.update(document._decode(document._raw))
    return values


def is_stored(document: Document) -> bool:
    """Whether a document has an id already."""
    return document._raw is not None or "id" in document.__dict__


def splice_stored(cls: type[Document]) -> Callable[[Any], orjson.Fragment | None]:
    """The stored JSON of a document, ready for a result; None when it has none."""

    def splice(value: Any) -> orjson.Fragment | None:
        if isinstance(value, cls) and value._raw is not None:
            return orjson.Fragment(value._raw)
        return None

    return splice


def decoder(shape: VObject, tables: Tables, where: str) -> Decode:
    """Compiles the function from stored JSON to Python values.

    What was stored was checked, so most fields are taken as they are; only documents that hold one
    of the `$` forms go through the full readers.

    Args:
        shape: the validator of the whole document.
        tables: the table numbers.
        where: the table's name, for errors.
    """
    careful = [(f.wire, f.name, f.validator.reader(tables), f) for f in shape.fields]
    quick = [(wire, name, _trusted(f.validator, tables), f) for wire, name, _, f in careful]
    known = {f.wire for f in shape.fields}
    rest, loads = shape.rest, orjson.loads
    has_parts = any("." in f.name for f in shape.fields)

    def decode(raw: bytes) -> dict[str, Any]:
        stored = loads(raw)
        values: dict[str, Any] = {}
        wire = ""
        try:
            for wire, name, read, spec in careful if b'"$' in raw else quick:
                if wire in stored:
                    item = stored[wire]
                    values[name] = item if read is None else read(item)
                elif spec.optional or spec.factory is not None:
                    values[name] = spec.missing()
        except Mismatch:
            raise DatabaseError(
                f"document {stored.get('_id')} of table {where!r} does not match the schema in "
                f"field {wire!r}; migrate it, or change the schema back"
            ) from None
        if rest is not None:
            more = {k: v for k, v in stored.items() if k not in known}
            values[rest] = VAny().reader(tables)(more) if b'"$' in raw else more
        # The fields of a flattened part go back into their Object, which `make` does.
        return dict(values_of(shape.make(values))) if has_parts else values

    return decode


def _trusted(validator: Validator, tables: Tables) -> Read | None:
    """How to read a value that was checked when it was written; None = take it as it is."""
    match validator:
        case VString() | VBoolean() | VNull() | VAny() | VId() | VNumber(whole=False):
            return None
        case VNumber():
            return int
        case VLiteral(python=None, value=str() | bool()):
            return None
        case VArray(item=item) if _trusted(item, tables) is None:
            return None
        case VUnion(members=members) if all(_trusted(m, tables) is None for m in members):
            return None
        case _:
            return validator.reader(tables)
