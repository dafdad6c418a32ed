"""Where things stand inside an archive.

    _tables/documents.jsonl            {"name": …, "id": number}, one per table, by number
    news/documents.jsonl               a document per line, in the order of creation
    news/generated_schema.jsonl        "uniform": numbers without a point are int64
    _storage/documents.jsonl           files: their metadata and names in storage
    _storage/<id>.<ext>                files: their bytes
    _components/<name>/…               the same again, for each component

Source: protocol.md 8.5.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from reactor.schema.names import IDENTIFIER
from reactor.schema.places import place_of

TABLES: Final = "_tables"
STORAGE: Final = "_storage"
COMPONENTS: Final = "_components"
DOCUMENTS: Final = "documents.jsonl"
GENERATED: Final = "generated_schema.jsonl"
README: Final = "README.md"

UNIFORM: Final = "uniform"
"""The generated schema of documents whose numbers keep their type."""

_NOISE: Final = ("__MACOSX", ".DS_Store")


class Entry(NamedTuple):
    """What an archive's entry is about.

    Args:
        component: the component's path, such as `parent/child`; "" for the project itself.
        table: the table's name within it.
        file: what of the table: `documents.jsonl`, or a stored file's name.
    """

    component: str
    table: str
    file: str

    @property
    def name(self) -> str:
        """The table's whole name, as the engine knows it."""
        return place_of(self.component, self.table)


def entry_name(table: str, file: str) -> str:
    """The path of a table's file, such as `_components/a/news/documents.jsonl`.

    Args:
        table: the table's whole name; components stand before it, as in `a/news`.
        file: what of the table.
    """
    *components, own = table.split("/")
    within = "".join(f"{COMPONENTS}/{name}/" for name in components)
    return f"{within}{own}/{file}"


def parse_entry(path: str) -> Entry | None:
    """What an entry of this path is about; None for what an import has no use for.

    Raises:
        ValueError: the path leads out of the archive, or names a table that cannot be.
    """
    if path.startswith("/") or "\\" in path or "\0" in path:
        raise ValueError
    parts = path.split("/")
    if any(part in _NOISE for part in parts) or parts[-1] == "":
        return None
    if ".." in parts or "." in parts or "" in parts:
        raise ValueError
    components: list[str] = []
    while len(parts) > 2 and parts[0] == COMPONENTS:
        components.append(_checked(parts[1]))
        parts = parts[2:]
    if len(parts) != 2:
        return None
    return Entry("/".join(components), _checked(parts[0]), parts[1])


def _checked(name: str) -> str:
    if not IDENTIFIER.match(name) or not name.strip("_"):
        raise ValueError
    return name
