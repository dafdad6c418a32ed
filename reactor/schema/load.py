"""From a module of table classes to one Schema: every name, column and index checked."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from reactor import limits
from reactor.errors import SchemaError
from reactor.schema.documents import decoder
from reactor.schema.index import Index, SearchIndex, VectorIndex
from reactor.schema.names import check_identifier
from reactor.schema.places import place_of
from reactor.schema.shapes import document_validator
from reactor.schema.system import SYSTEM_TABLES
from reactor.schema.table import Decode, Document, Table, stored
from reactor.values.scalars import Mismatch, Read, Validator, VAny, VNumber
from reactor.values.validators import VField, VObject, VUnion, union_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

WirePath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column or a field inside one: where it stands on the wire, and what it takes."""

    wire_path: WirePath
    spec: VField


@dataclass(frozen=True, slots=True)
class IndexDef:
    """An ordered index with its wire names resolved; `_creationTime` and `_id` follow."""

    name: str
    paths: tuple[WirePath, ...]
    unique: bool = False
    staged: bool = False
    sums: tuple[WirePath, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchIndexDef:
    """A text index with its wire names resolved."""

    name: str
    path: WirePath
    filters: tuple[WirePath, ...]
    staged: bool = False


@dataclass(frozen=True, slots=True)
class VectorIndexDef:
    """A vector index with its wire names resolved."""

    name: str
    path: WirePath
    dimensions: int
    filters: tuple[WirePath, ...]
    staged: bool = False


@dataclass(slots=True)
class TableDef:
    """Everything the engine knows about one declared table.

    Args:
        name: the table's own name, on the wire and in messages.
        place: where its documents stand in storage; differs from `name` inside components.
        cls: the class that documents are instances of.
        validator: what a new document must be, without system fields.
        indexes: by wire name, without `by_id` and `by_creation_time`.
    """

    name: str
    place: str
    cls: type[Document]
    validator: Validator
    indexes: dict[str, IndexDef]
    search_indexes: dict[str, SearchIndexDef]
    vector_indexes: dict[str, VectorIndexDef]
    columns: dict[str, Column]
    materialize: Callable[[bytes], Document]
    write: Callable[[Any], dict[str, Any]]
    read: Callable[[Any], Any]
    writers: dict[str, Callable[[Any], Any]] = field(
        default_factory=dict[str, Callable[[Any], Any]]
    )

    @property
    def validator_shapes(self) -> list[VObject]:
        """One shape, or one per variant of a table that is a union."""
        return _shapes(self.validator)

    def column(self, path: str) -> Column:
        """The column at a Python path such as `address.city`.

        Raises:
            SchemaError: there is none; the nearest names are suggested.
        """
        found = self.columns.get(path)
        if found is None:
            found = self.columns[path] = _resolve(path, self.columns, self.cls)
        return found


def _shapes(validator: Validator) -> list[VObject]:
    members = validator.members if isinstance(validator, VUnion) else (validator,)
    return [member for member in members if isinstance(member, VObject)]


def _columns(validator: Validator) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for shape in _shapes(validator):
        for spec in shape.fields:
            # Fields of a flattened part are named part.field in Python and stand alone on the wire.
            found.setdefault(spec.name, Column((spec.wire,), spec))
    return found


def _resolve(path: str, columns: dict[str, Column], cls: type[Document]) -> Column:
    names = path.split(".")
    # The fields of a flattened part stand among the columns by their whole path.
    known = next((n for n in range(len(names), 0, -1) if ".".join(names[:n]) in columns), None)
    if known is None:
        near = difflib.get_close_matches(path, columns, 1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(sorted(columns))}"
        raise SchemaError(f"{cls.__name__} has no column {path!r}{hint}")
    column = columns[".".join(names[:known])]
    wire_path = column.wire_path
    for name in names[known:]:
        inner = [f for shape in _shapes(column.spec.validator) for f in shape.fields]
        spec = next((f for f in inner if f.name == name), None)
        if spec is None and not isinstance(column.spec.validator, VAny):
            raise SchemaError(f"{cls.__name__}.{path}: there is no field {name!r} inside")
        spec = spec or VField(name, name, VAny(), optional=True)
        wire_path = (*wire_path, spec.wire)
        column = Column(wire_path, spec)
    return column


class Schema:
    """The tables of one space: of a project, or of a component that it mounts.

    Args:
        module: the module with the table classes; None for a project without a schema, whose
            tables are taken as they are first used.
        validate: whether documents must match; False means the types are only documentation.
        numbers: table name to table number, kept by the database and read while it runs.
        space: the path of the component whose tables they are; "" for the project's own.
    """

    def __init__(
        self,
        module: ModuleType | None,
        *,
        validate: bool = True,
        numbers: dict[str, int] | None = None,
        space: str = "",
    ) -> None:
        self.space = space
        self.is_closed = module is not None
        self.validate = validate
        self.numbers: dict[str, int] = {} if numbers is None else numbers
        self.tables: dict[str, TableDef] = {}
        self._names: dict[int, str] = {}
        for system in SYSTEM_TABLES:
            self.tables[system.__table_name__] = self._define(system)
        for cls in _declared(module) if module is not None else ():
            self.adopt(cls)

    def adopt(self, cls: type[Document]) -> TableDef:
        """Takes a table class in; each name once.

        Raises:
            SchemaError: its name, a column or an index cannot be what was declared.
        """
        name = check_identifier(cls.__table_name__, "a table")
        if name.startswith("_"):
            raise SchemaError(f"table {name!r}: a leading underscore is for system tables")
        if name in self.tables:
            other = self.tables[name].cls
            raise SchemaError(
                f"tables {other.__module__}.{other.__qualname__} and {cls.__module__}."
                f"{cls.__qualname__} are both named {name!r}"
            )
        if len(self.tables) >= limits.TABLES_MAX:
            raise SchemaError(f"more than {limits.TABLES_MAX} tables")
        self.tables[name] = definition = self._define(cls)
        return definition

    def of(self, cls: type[Document]) -> TableDef:
        """The definition of a table class.

        Raises:
            SchemaError: the class is no table of this project.
        """
        name = getattr(cls, "__table_name__", None)
        found = self.tables.get(name) if name is not None else None
        if found is not None and issubclass(cls, found.cls):
            return found
        if not self.is_closed and found is None and name is not None:
            return self.adopt(cls)
        raise SchemaError(
            f"{cls.__name__} is not a table of this project's schema; declare it in schema.py"
        )

    def by_number(self, number: int) -> TableDef | None:
        """The definition of the table that ids of this number belong to."""
        if len(self._names) != len(self.numbers):
            self._names = {known: name for name, known in self.numbers.items()}
        name = self._names.get(number)
        return self.tables.get(name) if name is not None else None

    def renumbered(self) -> None:
        """Forgets what it knows of table numbers, which have changed under it."""
        self._names = {}

    def fingerprint(self, definition: TableDef) -> str:
        """A digest of what a table's documents must be: it changes exactly when that changes."""
        # Its repr, and not its exported form, in which int and float are both a number.
        unique = sorted(index.name for index in definition.indexes.values() if index.unique)
        text = repr((self.validate, repr(definition.validator), unique)).encode()
        return hashlib.blake2b(text, digest_size=16).hexdigest()

    def _define(self, cls: type[Document]) -> TableDef:
        own = document_validator(cls, stored=False)
        whole = document_validator(cls, stored=True)
        _check_wire_names(cls, own)
        if not self.validate:
            own, whole = _loosened(own), _loosened(whole)
        columns = _columns(whole)
        indexes = {d.name: d for d in _indexes(cls, columns)}
        return TableDef(
            name=cls.__table_name__,
            place=place_of(self.space, cls.__table_name__),
            cls=cls,
            validator=own,
            indexes=indexes,
            search_indexes={d.name: d for d in _search_indexes(cls, columns)},
            vector_indexes={d.name: d for d in _vector_indexes(cls, columns)},
            columns=columns,
            materialize=_materializer(cls, whole, self.numbers),
            write=own.writer(self.numbers),
            read=own.reader(self.numbers),
        )


def _declared(module: ModuleType) -> Iterator[type[Document]]:
    for value in list(vars(module).values()):
        if (
            isinstance(value, type)
            and issubclass(value, Table)
            and "__table_name__" in value.__dict__
        ):
            yield value


def _check_wire_names(cls: type[Document], own: Validator) -> None:
    for shape in _shapes(own):
        for spec in shape.fields:
            check_identifier(spec.wire, f"a column ({cls.__name__}.{spec.name})")
            if spec.wire.startswith("_"):
                raise SchemaError(
                    f"{cls.__name__}.{spec.name}: {spec.wire!r} is no name for a column; a leading "
                    "underscore is for system fields"
                )


def _loosened(validator: Validator) -> Validator:
    """The same names, any values: `schema_validation=False`."""
    if isinstance(validator, VUnion):
        return VUnion(tuple(map(_loosened, validator.members)))
    if not isinstance(validator, VObject):
        return validator
    # What fits its type still comes as that type: a whole number as an int.
    fields = tuple(
        replace(f, validator=union_of([f.validator, VAny()]), optional=True)
        for f in validator.fields
    )
    return VObject(fields, validator.make, validator.take, validator.rest)


def _materializer(
    cls: type[Document], whole: Validator, numbers: dict[str, int]
) -> Callable[[bytes], Document]:
    name = cls.__table_name__
    if isinstance(whole, VObject) and not _variants_of(cls):
        decode = decoder(whole, numbers, name)
        return lambda raw: stored(cls, raw, decode)
    variants: list[tuple[type[Document], Read, Decode]] = [
        (variant, shape.reader(numbers), decoder(shape, numbers, name))
        for variant, shape in zip(_variants(cls), _shapes(whole), strict=True)
    ]

    def materialize(raw: bytes) -> Document:
        document = orjson.loads(raw)
        for variant, read, decode in variants:
            try:
                read(document)
            except Mismatch:
                continue
            return stored(variant, raw, decode)
        return stored(cls, raw, variants[0][2])

    return materialize


def _variants(cls: type[Document]) -> list[type[Document]]:
    return [leaf for one in cls.__variants__ for leaf in (_variants_of(one) or [one])]


def _variants_of(cls: type[Document]) -> list[type[Document]]:
    return _variants(cls) if "__variants__" in cls.__dict__ else []


def _attributes(cls: type[Document], kind: type[Any]) -> Iterator[tuple[str, Any]]:
    for base in reversed(cls.__mro__):
        if base is Document:
            continue
        for value in vars(base).values():
            if isinstance(value, kind):
                yield f"{cls.__name__}.{value.name}", value


def _indexes(cls: type[Document], columns: dict[str, Column]) -> Iterator[IndexDef]:
    names: set[str] = set()
    fields: dict[tuple[WirePath, ...], str] = {}
    for where, index in _attributes(cls, Index):
        _check_index_name(where, index.name, names)
        paths = tuple(_index_path(where, path, columns, cls) for path in index.fields)
        if not paths:
            raise SchemaError(f"{where}: an index needs at least one column (EmptyIndex)")
        if len(paths) >= limits.INDEX_FIELDS_MAX:
            raise SchemaError(f"{where}: at most {limits.INDEX_FIELDS_MAX - 1} columns")
        if len(set(paths)) != len(paths):
            raise SchemaError(f"{where}: a column twice (FieldsNotUniqueWithinIndex)")
        if paths in fields:
            raise SchemaError(f"{where} has the columns of {fields[paths]} (IndexNotUnique)")
        fields[paths] = where
        if index.staged and index.unique:
            raise SchemaError(
                f"{where}: an index cannot be staged and unique; a key is only kept unique by an "
                "index that holds every document"
            )
        sums = tuple(_summed_path(where, path, columns, cls) for path in index.sums)
        yield IndexDef(index.name, paths, index.unique, index.staged, sums)
    if len(names) > limits.INDEXES_PER_TABLE_MAX:
        raise SchemaError(f"{cls.__name__}: more than {limits.INDEXES_PER_TABLE_MAX} indexes")


def _summed_path(
    where: str, path: str, columns: dict[str, Column], cls: type[Document]
) -> WirePath:
    wire_path = _index_path(where, path, columns, cls)
    validator = _resolve(path, columns, cls).spec.validator
    members = validator.members if isinstance(validator, VUnion) else (validator,)
    if not any(isinstance(one, VNumber | VAny) for one in members):
        raise SchemaError(f"{where}: {path!r} holds no numbers, so there is nothing to sum")
    return wire_path


def _search_indexes(cls: type[Document], columns: dict[str, Column]) -> Iterator[SearchIndexDef]:
    names: set[str] = set()
    for where, index in _attributes(cls, SearchIndex):
        _check_index_name(where, index.name, names)
        path = _index_path(where, index.field, columns, cls)
        filters = tuple(_index_path(where, name, columns, cls) for name in index.filters)
        _check_filters(where, filters)
        yield SearchIndexDef(index.name, path, filters, index.staged)
    if len(names) > limits.SEARCH_INDEXES_PER_TABLE_MAX:
        raise SchemaError(
            f"{cls.__name__}: {len(names)} search indexes "
            f"(limit: {limits.SEARCH_INDEXES_PER_TABLE_MAX})"
        )


def _vector_indexes(cls: type[Document], columns: dict[str, Column]) -> Iterator[VectorIndexDef]:
    names = {index.name for _, index in _attributes(cls, SearchIndex)}
    texts = len(names)
    for where, index in _attributes(cls, VectorIndex):
        _check_index_name(where, index.name, names)
        path = _index_path(where, index.field, columns, cls)
        if not 2 <= index.dimensions <= limits.VECTOR_DIMENSIONS_MAX:
            raise SchemaError(
                f"{where}: a vector has 2 to {limits.VECTOR_DIMENSIONS_MAX} dimensions, not "
                f"{index.dimensions}"
            )
        filters = tuple(_index_path(where, name, columns, cls) for name in index.filters)
        _check_filters(where, filters)
        yield VectorIndexDef(index.name, path, index.dimensions, filters, index.staged)
    if len(names) - texts > limits.SEARCH_INDEXES_PER_TABLE_MAX:
        raise SchemaError(
            f"{cls.__name__}: {len(names) - texts} vector indexes "
            f"(limit: {limits.SEARCH_INDEXES_PER_TABLE_MAX})"
        )


def _check_filters(where: str, filters: tuple[WirePath, ...]) -> None:
    if len(filters) > limits.SEARCH_FILTERS_PER_INDEX_MAX:
        raise SchemaError(
            f"{where}: {len(filters)} filter columns (limit: {limits.SEARCH_FILTERS_PER_INDEX_MAX})"
        )
    if len(set(filters)) != len(filters):
        raise SchemaError(f"{where}: a filter column twice (FieldsNotUniqueWithinIndex)")


def _check_index_name(where: str, name: str, names: set[str]) -> None:
    check_identifier(name, "an index")
    if name.startswith("_") or name in ("by_id", "by_creation_time"):
        raise SchemaError(f"{where}: this index name is reserved (IndexNameReserved)")
    if name in names:
        raise SchemaError(f"{where}: this index name is used twice (IndexNamesNotUnique)")
    names.add(name)


def _index_path(where: str, path: str, columns: dict[str, Column], cls: type[Document]) -> WirePath:
    if path in ("id", "creation_time"):
        raise SchemaError(f"{where}: {path} follows every index by itself; leave it out")
    try:
        return _resolve(path, columns, cls).wire_path
    except SchemaError as error:
        raise SchemaError(f"{where}: {error}") from None
