"""A request's arguments: one object, within its size."""

from __future__ import annotations

from typing import Any, cast

import orjson

from reactor import limits
from reactor.errors import ValidationFailed


def parse_args(raw: bytes) -> dict[str, Any]:
    """The arguments of a request: an object, or a list of exactly one object.

    Raises:
        ValidationFailed: anything else, or too large.
    """
    if len(raw) > limits.ARGUMENTS_BYTES_MAX:
        raise ValidationFailed(
            f"Arguments are too large (actual: {len(raw)} bytes, limit: "
            f"{limits.ARGUMENTS_BYTES_MAX} bytes)",
            code="FunctionArgumentsTooLarge",
        )
    try:
        args: Any = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ValidationFailed(
            f"ArgumentValidationError: the arguments are not valid JSON: {error}",
            code="ArgumentValidationError",
        ) from None
    if type(args) is list:
        args = _only(args)  # pyright: ignore[reportUnknownArgumentType]  # parsed JSON
    if not isinstance(args, dict):
        raise ValidationFailed(
            "ArgumentValidationError: the arguments must be one object",
            code="ArgumentValidationError",
        )
    return cast("dict[str, Any]", args)


def _only(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else None
