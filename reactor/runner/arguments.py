"""Arguments as data: those of a request, and those that are kept for a later call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, cast

import orjson

from reactor import limits
from reactor.errors import ProjectError, ValidationFailed
from reactor.runner.space import current_space
from reactor.values.json import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reactor.runner.registry import Fn

P = ParamSpec("P")


class Arguments:
    """What a function is to be called with, as data that can be stored beside its handle.

    `Arguments.of(fn, …)` where the function is known, `.data` to store, and later, with a
    reference: `await ctx.run_mutation(MutationFn.ref(handle), Arguments(data))`.

    Args:
        data: the arguments object: wire names to Convex values.
    """

    __slots__ = ("data",)

    def __init__(self, data: Mapping[str, Any], /) -> None:
        self.data = data

    @staticmethod
    def of(fn: Fn[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> Arguments:
        """The arguments of a call, checked as if it were made.

        Raises:
            FunctionNotFound: the function cannot be called from here.
            ValidationFailed: it does not take these arguments.
            ProjectError: no function is running.
        """
        space = current_space()
        if space is None:
            raise ProjectError("Arguments.of() needs a running function, whose calls it checks")
        definition = space.resolve(fn)
        parsed = orjson.loads(definition.wired(args, kwargs))
        definition.arguments(parsed)
        return Arguments(from_json(parsed))

    def wire(self) -> bytes:
        """The arguments object as wire JSON.

        Raises:
            ValueNotAllowed: a value is no Convex value.
        """
        return orjson.dumps(to_json(dict(self.data)))


def parse_args(raw: bytes, path: str = "") -> dict[str, Any]:
    """The arguments of a request: an object, or a list of exactly one object.

    Args:
        raw: wire JSON.
        path: the function, as messages name it: `news.js:list`.

    Raises:
        ValidationFailed: anything else, or too large.
    """
    if len(raw) > limits.ARGUMENTS_BYTES_MAX:
        raise too_large(f"Arguments for {path} are", len(raw), limits.ARGUMENTS_BYTES_MAX)
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


def too_large(what: str, actual: int, limit: int) -> ValidationFailed:
    """The refusal of arguments or a result that are too large.

    Args:
        what: the sentence up to the verb.
        actual: bytes.
        limit: bytes.

    Source: protocol.md 5.1.
    """
    code = "FunctionArgumentsTooLarge" if what.startswith("Arg") else "FunctionReturnValueTooLarge"
    shown, most = _size(actual), _size(limit)
    if shown == most:
        shown, most = f"{actual} B", f"{limit} B"
    return ValidationFailed(f"{what} too large (actual: {shown}, limit: {most})", code=code)


def _size(size: int) -> str:
    """A number of bytes for people: `16 MiB`, `17.25 MiB`, `900 B`."""
    for unit, name in ((2**20, "MiB"), (2**10, "KiB")):
        if size >= unit:
            return f"{f'{size / unit:.2f}'.rstrip('0').rstrip('.')} {name}"
    return f"{size} B"
