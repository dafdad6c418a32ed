"""A function, ready to run: its names, its arguments and its result as validators."""

from __future__ import annotations

import inspect
import typing
from dataclasses import dataclass
from typing import Any

import orjson

from reactor import limits
from reactor.errors import SchemaError, ValidationFailed, ValueNotAllowed
from reactor.runner.arguments import Arguments, parse_args, too_large
from reactor.schema.fields import FieldSpec
from reactor.schema.shapes import Slot, shape, validator_of
from reactor.values.json import to_json
from reactor.values.scalars import Mismatch, Tables, Validator, VAny

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reactor.runner.registry import Fn
    from reactor.values.validators import VObject


@dataclass(slots=True)
class Definition:
    """One function of a project.

    Args:
        fn: the object that developers name.
        path: its wire path without `.js`, such as `news:list`.
        args: the validator of its arguments object.
        returns: the validator of its result; None when it declares none.
        read_args: parsed wire JSON to keyword arguments.
        write_args: keyword arguments to wire JSON.
        write_result: a Python result to an orjson-able structure.
        positions: the parameter names in order, for calls with positional arguments.
        component: the path of the space that it runs in.
    """

    fn: Fn[..., Any]
    path: str
    args: VObject
    returns: Validator | None
    read_args: Callable[[Any], dict[str, Any]]
    write_args: Callable[[Mapping[str, Any]], dict[str, Any]]
    write_result: Callable[[Any], Any]
    positions: tuple[str, ...]
    tables: Tables
    component: str = ""

    @property
    def module_path(self) -> str:
        """The path as Convex prints it in messages: `news.js:list`."""
        module, _, name = self.path.partition(":")
        return f"{module}.js:{name}"

    def arguments(self, parsed: Any) -> dict[str, Any]:
        """Keyword arguments from parsed wire JSON.

        Raises:
            ValidationFailed: with Convex's words.
        """
        try:
            return self.read_args(parsed)
        except Mismatch:
            problem = self.args.problem(parsed, "", self.tables)
            raise ValidationFailed(
                f"ArgumentValidationError: {problem or 'the arguments do not fit'}",
                code="ArgumentValidationError",
            ) from None

    def rebound(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Another function's Python arguments, checked and copied as if they came by wire."""
        return self.arguments(parse_args(self.wired(args, kwargs), self.module_path))

    def wired(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bytes:
        """Another function's Python arguments as wire JSON, to be read by `arguments`.

        Args:
            args: by position, or one `Arguments` that is all of them.
            kwargs: by Python name.

        Raises:
            ValidationFailed: there is no such parameter.
        """
        if len(args) == 1 and isinstance(args[0], Arguments) and not kwargs:
            return args[0].wire()
        named = dict(zip(self.positions, args, strict=False)) | dict(kwargs)
        unknown = [name for name in named if name not in self.positions]
        if unknown or len(args) > len(self.positions):
            raise ValidationFailed(
                f"ArgumentValidationError: {self.path} has no parameter "
                f"{', '.join(unknown) or len(args)}",
                code="ArgumentValidationError",
            )
        try:
            wire = self.write_args(named)
        except Mismatch:
            wires = {field.name: field.wire for field in self.args.fields}
            given = {wires.get(name, name): value for name, value in named.items()}
            wire = {name: to_json(value) for name, value in given.items() if value is not None}
        return orjson.dumps(wire)

    def result(self, value: Any) -> bytes:
        """A result as canonical wire JSON.

        Raises:
            ValidationFailed: it does not match the declared return type, or is too large.
            ValueNotAllowed: it is no Convex value.
        """
        try:
            body = self.write_result(value)
        except Mismatch:
            raise self._refused(value) from None
        try:
            raw = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        except TypeError as error:
            raise ValueNotAllowed(f"the result of {self.path} cannot be sent: {error}") from None
        if len(raw) > limits.RESULT_BYTES_MAX:
            what = f"Function {self.module_path} return value is"
            raise too_large(what, len(raw), limits.RESULT_BYTES_MAX)
        return raw

    def _refused(self, value: Any) -> ValidationFailed:
        assert self.returns is not None, "only a declared return type can be missed"
        wire = orjson.loads(orjson.dumps(to_json(value)))
        problem = self.returns.problem(wire, "", self.tables)
        return ValidationFailed(
            "ReturnsValidationError: "
            + (problem or f"{type(value).__name__} is not the declared Python type"),
            code="ReturnsValidationError",
        )


def define(
    fn: Fn[..., Any], path: str, tables: Tables, *, component: str = "", camel: bool = True
) -> Definition:
    """Reads a function's signature.

    Args:
        fn: the function.
        path: its wire path inside its space.
        tables: the table numbers of that space.
        component: the path of that space.
        camel: whether parameter names become camelCase on the wire.

    Raises:
        SchemaError: a parameter or the result has a type without a form on the wire, or the
            handler does not take the context it is given.
    """
    handler = fn.handler
    where = f"{handler.__module__}.{getattr(handler, '__qualname__', path)}"
    if not inspect.iscoroutinefunction(handler):
        raise SchemaError(f"{where}: a {fn.kind} is an async function; write async def")
    try:
        hints = typing.get_type_hints(handler, include_extras=True)
    except NameError as error:
        raise SchemaError(
            f"{where}: {error}. Annotations are read when the project loads, so import what they "
            "name at run time, not under TYPE_CHECKING"
        ) from error
    parameters = list(inspect.signature(handler).parameters.values())
    given = 1 if fn.guard is None else 2
    if len(parameters) < given:
        raise SchemaError(
            f"{where} must take the context" + (" and its guard's result" * (given - 1))
        )
    slots = [_slot(where, one, hints, camel=camel and fn.camel) for one in parameters[given:]]
    args = shape(slots, where, dict, _mapping)
    returns = validator_of(hints["return"], f"{where} result") if "return" in hints else None
    write_result = to_json if returns is None else returns.writer(tables)
    return Definition(
        fn=fn,
        path=path,
        args=args,
        returns=None if isinstance(returns, VAny) else returns,
        read_args=args.reader(tables),
        write_args=args.writer(tables),
        write_result=write_result,
        positions=tuple(slot.name for slot in slots),
        tables=tables,
        component=component,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = value
    return found


def _slot(where: str, parameter: inspect.Parameter, hints: dict[str, Any], *, camel: bool) -> Slot:
    if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
        raise SchemaError(
            f"{where}: *{parameter.name} cannot be declared; take Flat[dict[str, Any]] for any "
            "arguments"
        )
    if parameter.name not in hints:
        raise SchemaError(f"{where}: parameter {parameter.name!r} needs a type annotation")
    default = parameter.default
    spec = default if isinstance(default, FieldSpec) else FieldSpec(default=default)
    return Slot(parameter.name, hints[parameter.name], spec, fills_missing=True, camel=camel)
