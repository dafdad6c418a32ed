"""Type annotations to validators: the one place where Python's types meet Convex's."""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar

import pydantic
from typing_extensions import TypeAliasType

from reactor.errors import SchemaError
from reactor.schema.columns import Field
from reactor.schema.documents import make_new, make_stored, splice_stored, take_values
from reactor.schema.fields import (
    FLAT,
    NEW,
    FieldSpec,
    Id,
    all_specs,
    check_default,
    is_missable,
    wire,
)
from reactor.schema.models import VModel
from reactor.schema.names import wire_name
from reactor.schema.objects import Object, make_object
from reactor.schema.table import Document
from reactor.values.scalars import (
    Mismatch,
    Tables,
    Validator,
    VAny,
    VBoolean,
    VBytes,
    VId,
    VInt64,
    VLiteral,
    VNull,
    VNumber,
    VString,
    Write,
)
from reactor.values.types import ABSENT, Absent, Int64
from reactor.values.validators import VArray, VField, VObject, VRecord, union_of

_SCALARS: Mapping[Any, Validator] = {
    str: VString(),
    bool: VBoolean(),
    bytes: VBytes(),
    float: VNumber(),
    int: VNumber(whole=True),
    Int64: VInt64(),
    type(None): VNull(),
    None: VNull(),
    Any: VAny(),
}

_ADVICE: Mapping[str, str] = {
    "datetime": "store milliseconds since the epoch as float, as JavaScript does",
    "date": "store the day as a str such as 2026-11-23",
    "Decimal": "store whole units as int",
    "tuple": "use list, or an Object with named fields",
    "set": "use list",
    "UUID": "store it as str",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One declared name: a column, a field of an Object or a parameter.

    Args:
        name: the Python name.
        hint: its resolved annotation, `Annotated` kept.
        spec: its default and wire name.
        fills_missing: whether any default makes the key optional (objects and parameters), or only
            None and ABSENT do (columns, API.md section 5).
    """

    name: str
    hint: Any
    spec: FieldSpec
    fills_missing: bool
    camel: bool = True


def resolved_hints(cls: type, where: str) -> dict[str, Any]:
    """The annotations of a class or function as objects.

    Raises:
        SchemaError: a name cannot be found, or a column shadows the type it is declared with.
    """
    try:
        return typing.get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise SchemaError(
            f"{where}: {error}. Annotations are read when the project loads, so import what they "
            "name at run time, not under TYPE_CHECKING"
        ) from error
    except TypeError as error:
        raise SchemaError(
            f"{where}: {error}. A column that is named like a type hides that type from the "
            "annotations below it; add a trailing underscore (list_), which the wire drops"
        ) from error


def validator_of(hint: Any, where: str, bound: Mapping[Any, Any] | None = None) -> Validator:
    """The validator that an annotation means.

    Args:
        hint: a resolved annotation.
        where: what to name in errors, such as `News.title`.
        bound: type variables of a generic Object and what they stand for.

    Raises:
        SchemaError: the type has no place among Convex's values.
    """
    hint = (bound or {}).get(hint, hint) if isinstance(hint, TypeVar) else hint
    if isinstance(hint, TypeAliasType) or hasattr(hint, "__value__"):
        return validator_of(hint.__value__, where, bound)
    try:
        known = _SCALARS.get(hint)
    except TypeError:
        known = None
    if known is not None:
        return known
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        if NEW in args[1:]:
            return document_validator(args[0], stored=False)
        return validator_of(args[0], where, bound)
    if origin is not None:
        return _generic(hint, origin, args, where, bound)
    if isinstance(hint, type):
        return _class(hint, where)
    if isinstance(hint, TypeVar):
        return VAny()
    raise SchemaError(f"{where}: {hint!r} is not a type that values can have")


def _generic(
    hint: Any, origin: Any, args: tuple[Any, ...], where: str, bound: Mapping[Any, Any] | None
) -> Validator:
    if origin is Literal:
        return union_of([VLiteral(value) for value in args])
    if origin in (typing.Union, types.UnionType):
        return union_of([validator_of(arg, where, bound) for arg in args if arg is not Absent])
    if origin is list or origin in (typing.get_origin(typing.Sequence[int]), Iterable):
        return VArray(validator_of(args[0], where, bound))
    if origin is dict or origin is typing.get_origin(typing.Mapping[str, int]):
        return VRecord(validator_of(args[0], where, bound), validator_of(args[1], where, bound))
    if origin is Id:
        table = getattr(args[0], "__table_name__", None)
        if isinstance(args[0], type) and table is not None:
            return VId(table)
        return VString()  # Id[Any]: some document's id
    if isinstance(origin, type) and issubclass(origin, Object):
        parameters = getattr(origin, "__parameters__", ())
        actual = [(bound or {}).get(arg, arg) if isinstance(arg, TypeVar) else arg for arg in args]
        return object_validator(origin, dict(zip(parameters, actual, strict=False)))
    raise SchemaError(f"{where}: {hint!r} has no form on the wire")


def _class(hint: type, where: str) -> Validator:
    if issubclass(hint, Document):
        return document_validator(hint, stored=True)
    if issubclass(hint, Object):
        return object_validator(hint, {})
    if issubclass(hint, enum.Enum):
        return union_of([VLiteral(member.value, member) for member in hint])
    if issubclass(hint, pydantic.BaseModel):
        return VModel(hint, lambda inner: validator_of(inner, where))
    if hint is list or hint is dict:
        return VArray(VAny()) if hint is list else VRecord(VString(), VAny())
    if issubclass(hint, Id):
        return VString()
    advice = _ADVICE.get(hint.__name__, "declare an Object, or use Any")
    raise SchemaError(f"{where}: {hint.__name__} has no form on the wire; {advice}")


def _strip(hint: Any, unwanted: tuple[Any, ...]) -> Any:
    """An optional annotation without the members that only say "may be missing"."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint
    kept = [arg for arg in typing.get_args(hint) if arg not in unwanted]
    return typing.Union[tuple(kept)] if kept else hint  # noqa: UP007  # built from a tuple


def _field_of(slot: Slot, owner: str, bound: Mapping[Any, Any] | None) -> VField:
    spec, where = slot.spec, f"{owner}.{slot.name}"
    check_default(where, spec)
    hint, name = slot.hint, spec.wire
    if typing.get_origin(hint) is Annotated:
        name = next((m.name for m in typing.get_args(hint)[1:] if isinstance(m, wire)), name)
    missable = is_missable(spec)
    optional = missable or (slot.fills_missing and spec.has_default)
    if missable:
        gone = (type(None), Absent) if spec.default is None else (Absent,)
        hint = _strip(hint, gone)
    return VField(
        name=slot.name,
        wire=name or wire_name(slot.name, camel=slot.camel),
        validator=validator_of(hint, where, bound),
        optional=optional,
        default=spec.default if spec.has_default and spec.factory is None else ABSENT,
        factory=spec.factory,
    )


def _is_flat(hint: Any) -> bool:
    return typing.get_origin(hint) is Annotated and FLAT in typing.get_args(hint)[1:]


@dataclass(frozen=True, slots=True)
class _Group:
    """A flattened part: whose fields stand beside their neighbours on the wire."""

    name: str
    inner: VObject


def shape(
    slots: Iterable[Slot],
    owner: str,
    make: Callable[[dict[str, Any]], Any],
    take: Callable[[Any], Mapping[str, Any]],
    bound: Mapping[Any, Any] | None = None,
) -> VObject:
    """The validator of declared names, with `Flat` parts inlined.

    Raises:
        SchemaError: two names share a wire name, or a part cannot be flattened.
    """
    fields: list[VField] = []
    groups: list[_Group] = []
    rest: str | None = None
    for slot in slots:
        if not _is_flat(slot.hint):
            fields.append(_field_of(slot, owner, bound))
            continue
        base = typing.get_args(slot.hint)[0]
        markers = typing.get_args(slot.hint)[1:]
        if typing.get_origin(base) is dict or base is dict:
            rest = slot.name
            continue
        if NEW in markers:
            inner: Validator = document_validator(base, stored=False)
        else:
            inner = validator_of(base, f"{owner}.{slot.name}", bound)
        if not isinstance(inner, VObject):
            raise SchemaError(f"{owner}.{slot.name}: only an Object or a table can be flattened")
        groups.append(_Group(slot.name, inner))
        fields.extend(replace(f, name=f"{slot.name}.{f.name}") for f in inner.fields)
    _check_unique(fields, owner)
    if groups:
        make, take = _grouped_make(groups, make), _grouped_take(groups, take)
    return VObject(tuple(fields), make, take, rest)


def _check_unique(fields: list[VField], owner: str) -> None:
    seen: dict[str, str] = {}
    for spec in fields:
        if spec.wire in seen:
            raise SchemaError(
                f"{owner}: {seen[spec.wire]!r} and {spec.name!r} are both {spec.wire!r} on the "
                "wire; give one of them another name with wire="
            )
        seen[spec.wire] = spec.name


def _grouped_make(
    groups: list[_Group], make: Callable[[dict[str, Any]], Any]
) -> Callable[[dict[str, Any]], Any]:
    def build(values: dict[str, Any]) -> Any:
        for group in groups:
            prefix = group.name + "."
            names = [f.name for f in group.inner.fields if prefix + f.name in values]
            values[group.name] = group.inner.make({n: values.pop(prefix + n) for n in names})
        return make(values)

    return build


def _grouped_take(
    groups: list[_Group], take: Callable[[Any], Mapping[str, Any]]
) -> Callable[[Any], Mapping[str, Any]]:
    def spread(value: Any) -> Mapping[str, Any]:
        values = dict(take(value))
        for group in groups:
            for name, item in group.inner.take(values[group.name]).items():
                values[f"{group.name}.{name}"] = item
        return values

    return spread


def class_slots(cls: type, *, fills_missing: bool, camel: bool) -> list[Slot]:
    """The declared names of an Object or a table, bases first."""
    hints = resolved_hints(cls, cls.__name__)
    slots: list[Slot] = []
    for name, spec in all_specs(cls).items():
        hint = hints[name]
        if typing.get_origin(hint) is Field:
            hint = typing.get_args(hint)[0]
        slots.append(Slot(name, hint, spec, fills_missing, camel))
    return slots


def object_validator(cls: type[Object], bound: Mapping[Any, Any]) -> VObject:
    """The validator of an Object class; for a generic one with its type variables bound."""

    def take(value: Any) -> Mapping[str, Any]:
        if isinstance(value, cls):
            return value.__dict__
        raise Mismatch

    def make(values: dict[str, Any]) -> Any:
        return make_object(cls, values)

    slots = class_slots(cls, fills_missing=True, camel=cls.__camel__)
    return shape(slots, cls.__name__, make, take, bound)


SYSTEM_FIELDS: tuple[str, str] = ("_creationTime", "_id")


@dataclass(frozen=True, slots=True)
class VDocument(VObject):
    """A whole document; one that came from the store is spliced, not encoded again."""

    table: str = ""
    splice: Callable[[Any], Any] | None = field(default=None, repr=False)

    def writer(self, tables: Tables) -> Write:
        write, splice = VObject.writer(self, tables), self.splice
        if splice is None:
            return write

        def splice_or_write(value: Any) -> Any:
            ready = splice(value)
            return write(value) if ready is None else ready

        return splice_or_write


def document_validator(cls: type[Document], *, stored: bool) -> Validator:
    """The validator of a table's documents: one object, or a union where it has variants.

    Args:
        cls: the table class.
        stored: whether `_id` and `_creationTime` belong to it.
    """
    variants = cls.__variants__ if "__variants__" in cls.__dict__ else []
    if variants:
        return union_of([document_validator(variant, stored=stored) for variant in variants])
    table = getattr(cls, "__table_name__", None)
    if table is None:
        raise SchemaError(
            f'{cls.__name__} names no table; write class {cls.__name__}(Table, name="…")'
        )
    slots = class_slots(cls, fills_missing=False, camel=cls.__camel__)
    make = make_stored(cls) if stored else make_new(cls)
    own = shape(slots, cls.__name__, make, take_values(cls))
    system = (
        VField("creation_time", "_creationTime", VNumber()),
        VField("id", "_id", VId(table)),
    )
    fields = (*system, *own.fields) if stored else own.fields
    return VDocument(
        fields, own.make, own.take, own.rest, table, splice_stored(cls) if stored else None
    )


@lru_cache(maxsize=4096)
def loose_writer(cls: type[Any]) -> Write:
    """Writes instances of a class where no declared type says how; ids are not checked."""
    if issubclass(cls, Document):
        whole = VObject.writer(_object_of(document_validator(cls, stored=True)), {})
        own = VObject.writer(_object_of(document_validator(cls, stored=False)), {})
        splice = splice_stored(cls)

        def write(value: Any) -> Any:
            ready = splice(value)
            if ready is not None:
                return ready
            return (whole if "id" in value.__dict__ else own)(value)

        return write
    return object_validator(cls, {}).writer({})


def _object_of(validator: Validator) -> VObject:
    assert isinstance(validator, VObject), "an instance belongs to one variant"
    return validator
