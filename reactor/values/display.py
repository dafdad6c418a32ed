# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Values and paths as Convex prints them in its messages.

Source: protocol.md 5.7.
"""

from __future__ import annotations

from typing import Any

from reactor.errors import ValueNotAllowed
from reactor.values.json import from_json
from reactor.values.types import Int64


def display(value: Any) -> str:
    """A value as Convex prints it in messages: `{a: 1.0, b: "x"}`."""
    if isinstance(value, list):
        return "[" + ", ".join(map(display, value)) + "]"
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith("$"):
            return _display_special(value)
        return "{" + ", ".join(f"{k}: {display(v)}" for k, v in sorted(value.items())) + "}"
    return _display_single(value)


def _display_special(value: dict[str, Any]) -> str:
    try:
        return _display_single(from_json(value))
    except ValueNotAllowed:
        return str(value)


def _display_single(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Int64():
            return f"{int(value)}n"
        case int() | float():
            return repr(float(value)) if abs(value) < 1e300 else str(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case bytes():
            return f"Bytes({value.hex()})"
        case _:
            return repr(value)


def shown(value: Any) -> str:
    """`display`, cut so that a message stays readable."""
    text = display(value)
    return text if len(text) <= 1000 else text[:1000] + "…"


def at(path: str) -> str:
    """`Path: .a[0].b`, or nothing at the root."""
    return f"Path: {path}" if path else ""
