"""The engine's own tables of exports and imports: where each stands, for clients to watch.

Source: protocol.md 8.5, 8.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reactor.errors import InvalidId
from reactor.transaction.system import SystemTable
from reactor.transaction.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reactor.log.replacing import Swap
    from reactor.log.snapshot import Write
    from reactor.runtime.random import Entropy
    from reactor.session.hub import Hub

Body = dict[str, Any]

EXPORTS: Final = "_exports"
IMPORTS: Final = "_snapshot_imports"

_ALL: Final = 100_000
"""More records than are ever kept."""


class Records:
    """One such table; each change of it is a commit of its own.

    Args:
        hub: tells subscribers, and when a commit is durable.
        entropy: where new ids come from.
        name: the table.
    """

    def __init__(self, hub: Hub, entropy: Entropy, name: str) -> None:
        self._hub, self._entropy, self._name = hub, entropy, name

    def transaction(self) -> tuple[Transaction, SystemTable]:
        """A transaction, and the table in it."""
        tx = Transaction(self._hub.log, self._hub.clock.now_ms())
        return tx, SystemTable(tx, self._name, self._entropy)

    def commit(
        self, tx: Transaction, swaps: Sequence[Swap] = (), more: Iterable[Write] = ()
    ) -> int:
        """Commits it; the timestamp to wait for.

        Args:
            tx: the transaction.
            swaps: tables that change as a whole with it.
            more: writes that it does not know of.
        """
        found = self._hub.log.commit(
            [*tx.writes(), *more], tx.reads, tx.begin_ts, f"system:{self._name}", swaps=swaps
        )
        self._hub.committed(found)
        return found.ts

    def all(self) -> list[Body]:
        """Every record, oldest first."""
        _, table = self.transaction()
        return table.range("by_creation_time", (), _ALL)

    def get(self, id: str) -> Body | None:
        """The record with this id; None for any other text."""
        _, table = self.transaction()
        try:
            return table.get(id)
        except InvalidId:
            return None

    def insert(self, body: Body) -> tuple[str, int]:
        """Adds a record; its id, and the timestamp to wait for."""
        tx, table = self.transaction()
        id = table.insert(body)
        return id, self.commit(tx)

    def put(self, record: Body) -> int:
        """Writes a record that was read and changed; the timestamp to wait for."""
        tx, table = self.transaction()
        table.put(record["_id"], record)
        return self.commit(tx)

    def delete(self, records: Sequence[Body]) -> None:
        """Removes records that were read."""
        if not records:
            return
        tx, table = self.transaction()
        for record in records:
            table.delete(record["_id"])
        self.commit(tx)
