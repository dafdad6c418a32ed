"""Limits that whoever runs a node may set: `REACTOR_LIMIT_<NAME>`, read once, when it starts.

A limit is declared in `reactor/limits.py` as `NAME: Final = settable(default, unit, lowest,
highest)`. Its readers see a plain number, which costs them nothing.
"""

from __future__ import annotations

import ast
import difflib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from reactor.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from types import ModuleType

PREFIX: Final = "REACTOR_LIMIT_"

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that can be set.

    Args:
        default: what it is when nobody sets it.
        unit: of what it is a number.
        lowest: the least that it may be set to.
        highest: the most.
    """

    default: float
    unit: str
    lowest: float
    highest: float


def settable(default: Number, unit: str, lowest: Number, highest: Number) -> Number:
    """A limit that `declared` turns into its default, and `set_limits` into what is set.

    Args:
        default: Convex's number, where it has one.
        unit: of what it is a number, as in "documents".
        lowest: the least that it may be set to.
        highest: the most.
    """
    assert lowest <= default <= highest, f"{default} {unit} is out of its own range"
    return cast("Number", Limit(default, unit, lowest, highest))


def declared(names: MutableMapping[str, Any]) -> dict[str, Limit]:
    """The limits among a module's names, each of which becomes its default."""
    found = {name: limit for name, limit in names.items() if isinstance(limit, Limit)}
    names.update({name: limit.default for name, limit in found.items()})
    return found


def set_limits(module: ModuleType, environment: Mapping[str, str]) -> None:
    """Sets a module's limits from the environment; those that it does not name get their default.

    Args:
        module: has `SETTABLE`, by name, and `ASCENDING`, pairs of names in order of size.
        environment: variables; those that do not start with `REACTOR_LIMIT_` are not looked at.

    Raises:
        ProjectError: a value is no number, out of range, or of a limit that there is not; or two
            values do not fit together. Nothing has been set then.
    """
    limits: dict[str, Limit] = module.SETTABLE
    values = {name: limit.default for name, limit in limits.items()}
    for variable, text in environment.items():
        if variable.startswith(PREFIX):
            name = variable.removeprefix(PREFIX)
            values[name] = _value(variable, text, limits.get(name), limits)
    for lower, upper in module.ASCENDING:
        if values[lower] > values[upper]:
            raise ProjectError(
                f"{PREFIX}{lower} ({values[lower]}) must not be above {PREFIX}{upper} "
                f"({values[upper]}); set both"
            )
    vars(module).update(values)


def _value(variable: str, text: str, limit: Limit | None, limits: Mapping[str, Limit]) -> float:
    if limit is None:
        near = difflib.get_close_matches(variable.removeprefix(PREFIX), limits, 1)
        hint = f"did you mean {PREFIX}{near[0]}?" if near else "`reactor limits` lists all"
        raise ProjectError(f"{variable} names no limit that can be set; {hint}")
    whole = isinstance(limit.default, int)
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        kind = "a whole number" if whole else "a number"
        raise ProjectError(
            f"{variable} is {text!r}, but must be {kind} from {limit.lowest} to {limit.highest}"
        ) from None
    if not limit.lowest <= value <= limit.highest:
        raise ProjectError(
            f"{variable} is {text}, but must be from {limit.lowest} to {limit.highest} {limit.unit}"
        )
    return value


def purposes(module: ModuleType) -> dict[str, str]:
    """What each number of a module is: the text below it, or below the group that it opens."""
    told: dict[str, str] = {}
    waiting: list[str] = []
    for node in ast.parse(inspect.getsource(module)).body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)):
                waiting.append(name)
            case ast.Expr(value=ast.Constant(value=str() as text)):
                told |= dict.fromkeys(waiting, " ".join(text.split()))
                waiting = []
            case _:
                waiting = []
    return told
