"""Python names to wire names: snake_case becomes camelCase, one trailing underscore is dropped."""

from __future__ import annotations

import re
from functools import lru_cache

from reactor.errors import SchemaError

IDENTIFIER = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}\Z")


@lru_cache(maxsize=4096)
def wire_name(name: str, *, camel: bool = True) -> str:
    """The wire name of a Python name; `html_url` is `htmlUrl`, `type_` is `type`.

    Raises:
        SchemaError: the camelCase form does not lead back to the same Python name.
    """
    plain = name[:-1] if name.endswith("_") and not name.endswith("__") else name
    if not camel or "_" not in plain:
        return plain
    first, *rest = plain.split("_")
    camelled = first + "".join(part[:1].upper() + part[1:] for part in rest)
    if _snake(camelled) != plain:
        raise SchemaError(
            f"{name!r} has no camelCase name that leads back to it ({camelled!r} would be read as "
            f"{_snake(camelled)!r}); give the wire name yourself, as in field(wire={camelled!r})"
        )
    return camelled


def _snake(camelled: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda match: "_" + match.group(1).lower(), camelled)


def check_identifier(text: str, what: str) -> str:
    """Returns `text` if it may name a table, an index or a validated field.

    Raises:
        SchemaError: it is longer than 64 characters, or has others than letters, digits and `_`.
        Source: protocol.md 1.2.
    """
    if not IDENTIFIER.match(text) or not text.strip("_"):
        raise SchemaError(
            f"{text!r} cannot name {what}: use letters, digits and underscores, start with no "
            "digit, and stay within 64 characters"
        )
    return text
