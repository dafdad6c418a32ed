# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""How large a value counts, and how deep and large a document may be.

Source: protocol.md 1.2 and 1.3.
"""

from __future__ import annotations

from typing import Any

from reactor import limits
from reactor.errors import ValueNotAllowed
from reactor.values.json import from_json
from reactor.values.types import ABSENT


def size_of(value: Any) -> int:
    """Bytes that a value counts; fields that are ABSENT do not.

    Raises:
        ValueNotAllowed: it is no Convex value.
    """
    kind = type(value)
    if value is None or kind is bool:
        return 1
    if isinstance(value, int | float):
        return 9
    if isinstance(value, str):
        return 2 + len(value.encode())
    if isinstance(value, bytes):
        return 2 + len(value)
    if isinstance(value, list | tuple):
        return 2 + sum(map(size_of, value))
    if isinstance(value, dict):
        present = [(name, item) for name, item in value.items() if item is not ABSENT]
        return 2 + sum(len(name) + 1 + size_of(item) for name, item in present)
    raise ValueNotAllowed(f"{kind.__name__} is no Convex value")


def wire_size(parsed: Any) -> int:
    """`size_of` for parsed wire JSON."""
    return size_of(from_json(parsed))


def nesting_of(parsed: Any) -> int:
    """How many objects and arrays stand in each other; 0 for a single value."""
    deepest, level = 0, _containers([parsed])
    while level:
        deepest += 1
        inner: list[Any] = []
        for item in level:
            inner.extend(item if type(item) is list else item.values())
        level = _containers(inner)
    return deepest


def _containers(items: list[Any]) -> list[Any]:
    """The objects and arrays among items; a `$` form is a single value."""
    return [
        item
        for item in items
        if type(item) is list
        or (type(item) is dict and not any(name.startswith("$") for name in item))
    ]


def check_document(parsed: Any) -> None:
    """Refuses a document past its limits.

    Args:
        parsed: its wire JSON, system fields included.

    Raises:
        ValueNotAllowed: TooNestedError or ValueTooLargeError.
    """
    depth = nesting_of(parsed)
    if depth > limits.DOCUMENT_NESTING_MAX:
        raise ValueNotAllowed(
            f"Document is too nested (nested {depth} levels deep > maximum nesting "
            f"{limits.DOCUMENT_NESTING_MAX})",
            code="TooNestedError",
        )
    size = wire_size(parsed)
    if size > limits.DOCUMENT_BYTES_MAX:
        raise ValueNotAllowed(
            f"Value is too large ({size} bytes > maximum size {limits.DOCUMENT_BYTES_MAX} bytes)",
            code="ValueTooLargeError",
        )
