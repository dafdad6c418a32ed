# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Validators of values inside values: arrays, records, unions and objects.

`reactor.values.scalars` has the leaves and explains how a validator works.

Source: protocol.md 5.7 (texts) and 9.2 (exported form).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reactor.values.display import at, shown
from reactor.values.json import check_array, check_fields, to_json
from reactor.values.scalars import (
    Mismatch,
    Read,
    Tables,
    Validator,
    VLiteral,
    Write,
    literal_reader,
    literal_writer,
    special,
    wrong_type,
)
from reactor.values.types import ABSENT


@dataclass(frozen=True, slots=True)
class VArray(Validator):
    """A list of one type."""

    item: Validator

    def reader(self, tables: Tables) -> Read:
        read = self.item.reader(tables)

        def read_all(value: Any) -> list[Any]:
            if type(value) is not list:
                raise Mismatch
            check_array(len(value))
            return [read(item) for item in value]

        return read_all

    def writer(self, tables: Tables) -> Write:
        write = self.item.writer(tables)

        def write_all(value: Any) -> list[Any]:
            if not isinstance(value, list | tuple):
                raise Mismatch
            check_array(len(value))
            return [write(item) for item in value]

        return write_all

    def export(self) -> dict[str, Any]:
        return {"type": "array", "value": self.item.export()}

    def text(self) -> str:
        return f"v.array({self.item.text()})"

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        if not isinstance(value, list):
            return wrong_type(self, value, path)
        for index, item in enumerate(value):
            found = self.item.problem(item, f"{path}[{index}]", tables)
            if found is not None:
                return found
        return None


@dataclass(frozen=True, slots=True)
class VRecord(Validator):
    """An object with any keys of one type and values of one type."""

    keys: Validator
    values: Validator

    def reader(self, tables: Tables) -> Read:
        key, read = self.keys.reader(tables), self.values.reader(tables)

        def read_all(value: Any) -> dict[str, Any]:
            if type(value) is not dict or any(name.startswith("$") for name in value):
                raise Mismatch
            check_fields(value)
            return {key(name): read(item) for name, item in value.items()}

        return read_all

    def writer(self, tables: Tables) -> Write:
        key, write = self.keys.writer(tables), self.values.writer(tables)

        def write_all(value: Any) -> dict[str, Any]:
            if not isinstance(value, Mapping):
                raise Mismatch
            out = {key(name): write(item) for name, item in value.items()}
            check_fields(out)
            return out

        return write_all

    def export(self) -> dict[str, Any]:
        values = {"fieldType": self.values.export(), "optional": False}
        return {"type": "record", "keys": self.keys.export(), "values": values}

    def text(self) -> str:
        return f"v.record({self.keys.text()}, {self.values.text()})"

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        if not isinstance(value, dict) or any(name.startswith("$") for name in value):
            return wrong_type(self, value, path)
        for name, item in value.items():
            found = self.keys.problem(name, f"{path}.keys()", tables) or self.values.problem(
                item, f"{path}.values()", tables
            )
            if found is not None:
                return found
        return None


@dataclass(frozen=True, slots=True)
class VUnion(Validator):
    """The first member that fits, in order."""

    members: tuple[Validator, ...]

    def reader(self, tables: Tables) -> Read:
        return self._either([member.reader(tables) for member in self.members], literal_reader)

    def writer(self, tables: Tables) -> Write:
        return self._either([member.writer(tables) for member in self.members], literal_writer)

    def _either(
        self, choices: list[Read], of_literals: Callable[[Sequence[VLiteral]], Read]
    ) -> Read:
        literals = [member for member in self.members if isinstance(member, VLiteral)]
        if literals and len(literals) == len(self.members):
            return of_literals(literals)

        def choose(value: Any) -> Any:
            for choice in choices:
                try:
                    return choice(value)
                except Mismatch:
                    continue
            raise Mismatch

        return choose

    def export(self) -> dict[str, Any]:
        return {"type": "union", "value": [member.export() for member in self.members]}

    def text(self) -> str:
        return "v.union(" + ", ".join(member.text() for member in self.members) + ")"


def union_of(members: Sequence[Validator]) -> Validator:
    """The members as one validator: nested unions flattened, a single member alone."""
    flat: list[Validator] = []
    for member in members:
        flat.extend(member.members if isinstance(member, VUnion) else [member])
    return flat[0] if len(flat) == 1 else VUnion(tuple(flat))


@dataclass(frozen=True, slots=True)
class VField:
    """One field of an object: its names, its type, and what a missing key means.

    Args:
        name: the Python name.
        wire: the name on the wire and on disk.
        validator: what the value must be when the key is there.
        optional: whether the key may be missing.
        default: the Python value of a missing key.
        factory: makes the default afresh, for lists and dicts.
    """

    name: str
    wire: str
    validator: Validator
    optional: bool = False
    default: Any = ABSENT
    factory: Callable[[], Any] | None = field(default=None, repr=False)

    def text(self) -> str:
        """The field as Convex prints it: `title: v.optional(v.string())`."""
        inner = self.validator.text()
        return f"{self.wire}: v.optional({inner})" if self.optional else f"{self.wire}: {inner}"

    def missing(self) -> Any:
        """The Python value of a missing key."""
        return self.factory() if self.factory is not None else self.default


Make = Callable[[dict[str, Any]], Any]
Take = Callable[[Any], Mapping[str, Any]]


def _as_is(values: dict[str, Any]) -> Any:
    return values


def _take_mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Mismatch
    return value


@dataclass(frozen=True, slots=True)
class VObject(Validator):
    """An object with known fields; unknown ones are refused, unless `rest` names where they go.

    Args:
        fields: the declared fields.
        make: Python values by Python name to the object that the handler sees.
        take: the object that the handler gives to its Python values by Python name.
        rest: the Python name that receives every undeclared field, or None.
    """

    fields: tuple[VField, ...]
    make: Make = field(default=_as_is, compare=False, repr=False)
    take: Take = field(default=_take_mapping, compare=False, repr=False)
    rest: str | None = None

    def reader(self, tables: Tables) -> Read:
        steps = [(f.wire, f.name, f.validator.reader(tables), f) for f in self.fields]
        make, rest = self.make, self.rest

        def read(value: Any) -> Any:
            if type(value) is not dict:
                raise Mismatch
            out: dict[str, Any] = {}
            seen = 0
            for wire, name, read_field, spec in steps:
                if wire in value:
                    out[name] = read_field(value[wire])
                    seen += 1
                elif spec.optional:
                    out[name] = spec.default if spec.factory is None else spec.factory()
                else:
                    raise Mismatch
            if rest is not None:
                known = {step[0] for step in steps}
                out[rest] = special({k: v for k, v in value.items() if k not in known})
            elif seen != len(value):
                raise Mismatch
            return make(out)

        return read

    def writer(self, tables: Tables) -> Write:
        steps = sorted((f.wire, f.name, f.validator.writer(tables), f) for f in self.fields)
        take, rest = self.take, self.rest

        def write(value: Any) -> dict[str, Any]:
            values = take(value)
            out: dict[str, Any] = {}
            for wire, name, write_field, spec in steps:
                item = values.get(name, ABSENT)
                if item is ABSENT or (item is None and spec.optional and spec.default is None):
                    if not spec.optional:
                        raise Mismatch
                    continue
                out[wire] = write_field(item)
            if rest is not None:
                more = to_json(values.get(rest) or {})
                if any(key in out for key in more):
                    raise Mismatch
                out.update(more)
            return out

        return write

    def export(self) -> dict[str, Any]:
        if self.rest is not None and not self.fields:
            return {"type": "any"}
        fields = {
            f.wire: {"fieldType": f.validator.export(), "optional": f.optional} for f in self.fields
        }
        return {"type": "object", "value": dict(sorted(fields.items()))}

    def text(self) -> str:
        if self.rest is not None and not self.fields:
            return "v.any()"
        return "v.object({" + ", ".join(f.text() for f in self.fields) + "})"

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        if not isinstance(value, dict):
            return wrong_type(self, value, path)
        for spec in self.fields:
            if spec.wire not in value:
                if not spec.optional:
                    return (
                        f"Object is missing the required field `{spec.wire}`. Consider wrapping "
                        "the field validator in `v.optional(...)` if this is expected.\n"
                        f"{at(path)}\nObject: {shown(value)}\nValidator: {self.text()}"
                    )
                continue
            found = spec.validator.problem(value[spec.wire], f"{path}.{spec.wire}", tables)
            if found is not None:
                return found
        known = {spec.wire for spec in self.fields}
        for key in value:
            if key not in known and self.rest is None:
                return (
                    f"Object contains extra field `{key}` that is not in the validator.\n"
                    f"{at(path)}\nObject: {shown(value)}\nValidator: {self.text()}"
                )
        return None
