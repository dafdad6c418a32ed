"""Writes an archive from frozen tables, in a thread beside the loop.

What is stored is canonical JSON already, so a document costs no decoding: a block of them is
joined, the few forms that an export writes differently are replaced, and zlib compresses it without
the GIL.

Source: protocol.md 4.2, 8.5.
"""

from __future__ import annotations

import mimetypes
import re
import zipfile
from binascii import a2b_base64
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

import orjson

from reactor import limits
from reactor.schema.places import split_place
from reactor.transfer import layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

# Inside a JSON text every quote is escaped, so these match nothing but the forms themselves.
_INTEGER: Final = re.compile(rb'\{"\$integer":"([A-Za-z0-9+/]{11}=)"\}')
_NEGATIVE_ZERO: Final = b'{"$float":"AAAAAAAAAIA="}'

LEVEL: Final = 1
"""zlib's effort. At 6 an export takes three times as long, for a file a fifth smaller."""

_README: Final = """\
# Snapshot

Exported by reactor. Every table is a folder with one JSON document per line, oldest first.
Numbers without a point are 64-bit integers, all others are floats; `$bytes` and `$float` objects
hold what JSON cannot.

`reactor import FILE.zip` or `npx convex import FILE.zip` brings it back; both take `--replace`.
"""


class Abandoned(Exception):
    """The node stops; the archive is left unfinished."""


@dataclass(slots=True)
class FrozenTable:
    """A table as it was at one moment.

    Args:
        name: its whole name.
        number: its table number.
        blocks: its documents by creation time, in blocks.
    """

    name: str
    number: int
    blocks: list[list[bytes]]


@dataclass(slots=True)
class FrozenFiles:
    """The stored files at one moment.

    Args:
        tables: `_storage` of every space that has files.
        records: what is known of each beside its document, in blocks.
        read: gives the bytes of a blob of some size, piece by piece.
    """

    tables: list[FrozenTable]
    records: list[list[bytes]]
    read: Callable[[str, int], Iterator[bytes]]


@dataclass(slots=True)
class Frozen:
    """Every table at one timestamp.

    Args:
        ts: which, in nanoseconds.
        tables: in no order.
        count: documents in all of them.
        files: the stored files, where they are wanted.
    """

    ts: int
    tables: list[FrozenTable]
    count: int
    files: FrozenFiles | None = None


def write_archive(
    file: IO[bytes], frozen: Frozen, made: datetime, wrote: Callable[[int], None]
) -> None:
    """Writes the whole archive.

    Args:
        file: where to.
        frozen: what; its blocks are let go of as they are written.
        made: the time that its entries carry.
        wrote: told how many more documents are in it; may raise Abandoned.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        writer = _Writer(archive, made)
        writer.put(layout.README, [_README.encode()])
        for component, tables in _by_component(frozen.tables):
            rows = [
                orjson.dumps({"name": split_place(table.name)[1], "id": table.number}) + b"\n"
                for table in sorted(tables, key=lambda table: table.number)
            ]
            writer.put(layout.entry_name(component + layout.TABLES, layout.DOCUMENTS), rows)
        for table in sorted(frozen.tables, key=lambda table: table.name):
            generated = orjson.dumps(layout.UNIFORM) + b"\n"
            writer.put(layout.entry_name(table.name, layout.GENERATED), [generated])
            pieces = _pieces(table.blocks, wrote)
            writer.put(layout.entry_name(table.name, layout.DOCUMENTS), pieces)
        if frozen.files is not None:
            _put_files(writer, frozen.files, wrote)


def _put_files(writer: _Writer, files: FrozenFiles, wrote: Callable[[int], None]) -> None:
    """Adds every stored file: a line about it, and its bytes."""
    found = (orjson.loads(raw) for block in files.records for raw in block)
    records = {record["file"]: record for record in found}
    for table in files.tables:
        documents = [orjson.loads(raw) for block in table.blocks for raw in block]
        lines = (
            orjson.dumps({**document, "internalId": records[document["_id"]]["uuid"]}) + b"\n"
            for document in documents
        )
        writer.put(layout.entry_name(table.name, layout.DOCUMENTS), lines)
        for document in documents:
            id, kind = document["_id"], document["contentType"]
            name = id + (mimetypes.guess_extension((kind or "").partition(";")[0]) or "")
            body = files.read(records[id]["blob"], int(document["size"]))
            writer.put(layout.entry_name(table.name, name), _counted(body, wrote))


def _counted(pieces: Iterator[bytes], wrote: Callable[[int], None]) -> Iterator[bytes]:
    """The pieces of a file; a node that stops need not wait for the last of them."""
    for piece in pieces:
        yield piece
        wrote(0)


def _by_component(tables: Iterable[FrozenTable]) -> Iterator[tuple[str, list[FrozenTable]]]:
    found: dict[str, list[FrozenTable]] = {"": []}
    for table in tables:
        component = table.name[: table.name.rfind("/") + 1]
        found.setdefault(component, []).append(table)
    yield from sorted(found.items())


class _Writer:
    def __init__(self, archive: zipfile.ZipFile, made: datetime) -> None:
        self._archive, self._made = archive, made

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Adds an entry."""
        info = zipfile.ZipInfo(name, self._made.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self._archive.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)


def _pieces(blocks: list[list[bytes]], wrote: Callable[[int], None]) -> Iterator[bytes]:
    """The documents as lines, some hundred kilobytes at a time."""
    blocks.reverse()
    pieces: list[bytes] = []
    size = count = 0
    while blocks:
        block = blocks.pop()
        text = export_lines(block)
        pieces.append(text)
        size, count = size + len(text), count + len(block)
        if size >= limits.EXPORT_PIECE_BYTES or not blocks:
            yield b"".join(pieces)
            wrote(count)
            pieces, size, count = [], 0, 0


def export_lines(block: list[bytes]) -> bytes:
    """Stored documents as lines of an export: int64 as bare numbers, negative zero as one too."""
    block = [*block, b""]
    text = b"\n".join(block)
    if b"$" in text and b'{"$' in text:
        text = _INTEGER.sub(_bare, text.replace(_NEGATIVE_ZERO, b"-0.0"))
    return text


def _bare(match: re.Match[bytes]) -> bytes:
    return b"%d" % int.from_bytes(a2b_base64(match[1]), "little", signed=True)
