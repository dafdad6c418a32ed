"""The deployment's variables: documents of `_environment_variables`, over the process's own.

A variable that is set on the deployment hides the process's of that name, except the two that say
where the deployment lives. Whoever reads the environment has read the whole table, so that a change
re-runs exactly the live queries that did, and mutations that did conflict with it.

Source: protocol.md 5.12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from reactor.log.reads import Range
from reactor.log.snapshot import IndexData, prefix_end
from reactor.runner.env import Env, read_env
from reactor.runtime.settings import URLS
from reactor.schema.system import EnvironmentVariable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reactor.log.commit import Log
    from reactor.runner.space import Space
    from reactor.transaction.transaction import Transaction

E = TypeVar("E", bound=Env)

_TABLE: Final = EnvironmentVariable.__table_name__
_BY_NAME: Final = EnvironmentVariable.by_name.index.name
_EVERYTHING: Final = (b"", prefix_end(b""), 2**31)


class Environment:
    """The variables that functions see.

    Args:
        log: where the deployment's own are.
        process: those of the process.
    """

    def __init__(self, log: Log, process: Mapping[str, str]) -> None:
        self._log = log
        self._process = process
        self._rows: list[bytes] = []
        self._merged: Mapping[str, str] = process
        self._settings: dict[tuple[type[Env], str], Any] = {}

    def variables(self, tx: Transaction | None = None) -> Mapping[str, str]:
        """All of them by name, as of a transaction, which has then read them; or the newest."""
        index = self._index
        if tx is None:
            _, rows = index.blocks.slice(*_EVERYTHING, reverse=False)
        else:
            _, rows = tx.slice(index, *_EVERYTHING, reverse=False)
            low, high, _ = _EVERYTHING
            tx.reads.ranges.append(Range(index, 0, b"", low, high))
        if rows != self._rows:
            self._rows = rows
            self._merged = self.merged(self._process, _values(rows))
            self._settings = {}
        return self._merged

    def read(self, cls: type[E], tx: Transaction | None, space: Space) -> E:
        """A project's typed settings, as far as a space sees the variables.

        Raises:
            ProjectError: a variable is missing or cannot be read; it is named.
        """
        variables = self.variables(tx)
        found = self._settings.get((cls, space.path))
        if found is None:
            found = read_env(cls, space.variables(variables))
            self._settings[cls, space.path] = found
        settings: E = found
        return settings

    @staticmethod
    def merged(process: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
        """Both, as functions see them.

        Args:
            process: the process's variables.
            own: the deployment's.
        """
        return {**process, **{name: own[name] for name in own if name not in URLS}}

    @property
    def _index(self) -> IndexData:
        return self._log.snapshot.table(_TABLE).indexes[_BY_NAME]


def _values(rows: Iterable[bytes]) -> dict[str, str]:
    return {body["name"]: body["value"] for body in map(orjson.loads, rows)}
