"""A file to be imported, opened: which tables it holds, and the documents of each.

Everything here runs in a process of its own (`reader.py`): what a file does to its reader does not
reach the server. Nothing of an archive is ever written to disk under a name that it chose.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, Literal, Protocol, cast

import orjson

from reactor import limits
from reactor.errors import TransferRefused
from reactor.schema.places import place_of, split_place
from reactor.transfer import layout, rows

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from reactor.transfer.rows import Row

FileFormat = Literal["csv", "jsonLines", "jsonArray", "zip"]

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BUFFER_BYTES: Final = 2**18
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a file.

    Args:
        name: the table's whole name.
        number: the table number that the file gives it; 0 when it gives none.
        count: its documents, blank lines included.
    """

    name: str
    number: int
    count: int


class Source(Protocol):
    """An opened file."""

    def survey(self) -> list[Section]:
        """Every table in it, without looking at more than the first document of each."""
        ...

    def documents(self, name: str) -> Iterator[Row]:
        """The documents of one table, in the file's order."""
        ...

    def stored(self, name: str) -> Iterator[tuple[Row, Iterator[bytes]]]:
        """The stored files of a space, each with its bytes, to be read before the next."""
        ...


class SingleFile:
    """One table in one file.

    Args:
        path: the file.
        form: what it is written in.
        table: the table's whole name.
    """

    def __init__(self, path: Path, form: FileFormat, table: str) -> None:
        self._path, self._form, self._table = path, form, table

    def survey(self) -> list[Section]:
        """The one table."""
        if self._form == "jsonLines":
            with self._path.open("rb") as stream:
                count, first = rows.count_lines(stream)
            found = rows.json_lines(io.BytesIO(first), uniform=False)
            return [Section(self._table, _number_of(next(found, None)), count)]
        number, count = 0, 0
        for row in self.documents(self._table):
            number, count = number or row.number, count + 1
        return [Section(self._table, number, count)]

    def documents(self, name: str) -> Iterator[Row]:
        """Its documents."""
        assert name == self._table, "a single file holds one table"
        with self._path.open("rb", buffering=_BUFFER_BYTES) as stream:
            if self._form == "csv":
                yield from rows.csv_rows(stream)
            elif self._form == "jsonArray":
                yield from rows.json_array(stream)
            else:
                yield from rows.json_lines(stream, uniform=False)

    def stored(self, name: str) -> Iterator[tuple[Row, Iterator[bytes]]]:
        """None: it holds one table."""
        raise AssertionError(f"a single file holds no {name}")


class Archive:
    """A zip of the form that exports have.

    Args:
        path: the file.
        component: where its tables go; "" for the project itself.

    Raises:
        TransferRefused: it is no such archive, or one that is made to do harm.
    """

    def __init__(self, path: Path, component: str) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise TransferRefused(f"the file is no zip archive: {error}") from None
        self._within = f"{component}/" if component else ""
        self._entries: dict[tuple[str, str], zipfile.ZipInfo] = {}
        self._check_sizes()
        for info in self._zip.infolist():
            self._take(info)

    def _check_sizes(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > limits.IMPORT_ENTRIES_MAX:
            raise TransferRefused(f"the archive has more than {limits.IMPORT_ENTRIES_MAX} entries")
        unpacked = sum(info.file_size for info in entries)
        packed = sum(info.compress_size for info in entries) or 1
        if unpacked > limits.IMPORT_UNPACKED_BYTES_MAX:
            raise TransferRefused(
                f"the archive unpacks to {unpacked} bytes (limit: "
                f"{limits.IMPORT_UNPACKED_BYTES_MAX}); import it table by table"
            )
        is_suspect = unpacked > limits.IMPORT_RATIO_FROM_BYTES
        if is_suspect and unpacked > packed * limits.IMPORT_RATIO_MAX:
            raise TransferRefused(
                f"the archive unpacks to {unpacked // packed} times its size (limit: "
                f"{limits.IMPORT_RATIO_MAX}); no export does"
            )

    def _take(self, info: zipfile.ZipInfo) -> None:
        shown = repr(info.filename[:200])
        try:
            entry = layout.parse_entry(info.filename)
        except ValueError:
            raise TransferRefused(
                f"the archive has an entry {shown}, which names no table; nothing was read"
            ) from None
        if entry is None:
            return
        if info.flag_bits & 1 or info.compress_type not in _METHODS:
            raise TransferRefused(f"{shown} is encrypted or packed in a way other than deflate")
        place = (self._within + entry.name, entry.file)
        if place in self._entries:
            raise TransferRefused(f"the archive has two entries named {shown}")
        self._entries[place] = info

    def survey(self) -> list[Section]:
        """Its tables by name; the engine's own are left out, but for stored files."""
        numbers = self._numbers()
        found: list[Section] = []
        for name, file in sorted(self._entries):
            _, own = split_place(name)
            is_files = own == layout.STORAGE and any(
                at == name and one != layout.DOCUMENTS for at, one in self._entries
            )
            if file != layout.DOCUMENTS or (own.startswith("_") and not is_files):
                continue
            with self._open(name, file) as stream:
                count, first = rows.count_lines(stream)
            number = numbers.get(name, 0)
            if not number:
                number = _number_of(next(rows.json_lines(io.BytesIO(first), uniform=True), None))
            found.append(Section(name, number, count))
        if not found:
            raise TransferRefused(
                "the archive holds no table: an export has <table>/documents.jsonl at its top"
            )
        return found

    def documents(self, name: str) -> Iterator[Row]:
        """The documents of one table."""
        uniform = self._is_uniform(name)
        with self._open(name, layout.DOCUMENTS) as stream:
            yield from rows.json_lines(stream, uniform=uniform)

    def stored(self, name: str) -> Iterator[tuple[Row, Iterator[bytes]]]:
        """The stored files of a space, each with its bytes."""
        bodies = {
            file.partition(".")[0]: file
            for at, file in self._entries
            if at == name and file != layout.DOCUMENTS
        }
        for row in self.documents(name):
            if row.id not in bodies:
                raise TransferRefused(
                    f"{layout.entry_name(name, layout.DOCUMENTS)}: line {row.line}: the archive "
                    f"has no bytes of the stored file {row.id or 'without an _id'}"
                )
            yield row, self._pieces(name, bodies[row.id])

    def _pieces(self, name: str, file: str) -> Iterator[bytes]:
        with self._open(name, file) as stream:
            while piece := stream.read(_BUFFER_BYTES):
                yield piece

    def _numbers(self) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for name, file in self._entries:
            component, own = split_place(name)
            if own != layout.TABLES or file != layout.DOCUMENTS:
                continue
            with self._open(name, file) as stream:
                for line in stream:
                    table, number = _table_row(line)
                    numbers[place_of(component, table)] = number
        return numbers

    def _is_uniform(self, name: str) -> bool:
        if (name, layout.GENERATED) not in self._entries:
            return False
        with self._open(name, layout.GENERATED) as stream:
            text = stream.read(limits.IMPORT_LINE_BYTES_MAX)
        return text.strip() == orjson.dumps(layout.UNIFORM)

    @contextmanager
    def _open(self, name: str, file: str) -> Generator[IO[bytes]]:
        try:
            with self._zip.open(self._entries[name, file]) as packed:
                # The archive's own stream reads lines in Python; this one does in C.
                raw = cast("io.RawIOBase", packed)
                yield io.BufferedReader(raw, _BUFFER_BYTES)
        except _BROKEN as error:
            raise TransferRefused(
                f"{layout.entry_name(name, file)} in the archive is damaged: {error}"
            ) from None
        except TransferRefused as error:
            raise TransferRefused(
                f"{layout.entry_name(name, file)}: {error}", code=error.code
            ) from None


def _number_of(row: Row | None) -> int:
    return 0 if row is None else row.number


def _table_row(line: bytes) -> tuple[str, int]:
    try:
        row: Any = orjson.loads(line)
        name, number = row["name"], row["id"]
    except (orjson.JSONDecodeError, TypeError, KeyError):
        name, number = None, None
    if not isinstance(name, str) or not isinstance(number, (int, float)) or not 0 < number < 2**32:
        raise TransferRefused('each line must be like {"name":"news","id":10001}')
    return name, int(number)


def open_source(path: Path, form: FileFormat, table: str, component: str) -> Source:
    """The file, opened.

    Args:
        path: where it is.
        form: what it is written in.
        table: its table, for formats that hold one.
        component: where its tables go.

    Raises:
        TransferRefused: it is an archive that cannot be used.
    """
    if form == "zip":
        return Archive(path, component)
    return SingleFile(path, form, place_of(component, table))
