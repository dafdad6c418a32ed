"""Exports and imports of a node, together: what the edge talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.transfer.exports import Exports
from reactor.transfer.imports import Imports
from reactor.transfer.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reactor.files.store import Files
    from reactor.schema.load import Schema
    from reactor.session.hub import Hub


class Transfer:
    """The exports and imports of a node.

    Args:
        hub: the node.
        schemas: the tables of every space.
        files: the stored files.
        folder: the data folder.
    """

    def __init__(self, hub: Hub, schemas: Sequence[Schema], files: Files, folder: Path) -> None:
        self.uploads = Uploads(folder / "imports", files.entropy)
        self.exports = Exports(hub, files, folder / "exports")
        by_space = {schema.space: schema for schema in schemas}
        self.imports = Imports(hub, by_space, files, self.uploads)

    def start(self) -> None:
        """Tidies up after the last node, and goes on with what it left."""
        self.exports.recover()
        self.imports.start()

    async def close(self) -> None:
        """Leaves what is under way to the next start; before sessions and storage close."""
        await self.exports.close()
        await self.imports.close()
