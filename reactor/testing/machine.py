"""What a harness runs on: a clock, a disk and chance that outlive the node between them."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from reactor.app import Node, Reactor
from reactor.auth.authenticator import Authenticator
from reactor.auth.identity import Caller, UserIdentity
from reactor.errors import AuthFailed, StorageFailed
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import Random, SeededEntropy
from reactor.runtime.settings import Settings, settings_from
from reactor.storage.memory import MemoryStorage
from reactor.storage.memory_blobs import MemoryBlobs
from reactor.testing.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Mapping

ADMIN_KEY = "test-admin-key"
NEVER_MS = 2.0**53


class MachineSettings(Settings):
    """The settings of a node whose end is not the end of the process."""

    def stop(self) -> None:
        """Nothing: whoever made the node fail looks at it next."""


class _Trusting(Authenticator):
    """Takes the claims of a test's identity as its token."""

    def verify_now(self, token: str) -> Caller | None:
        """The caller that the claims describe."""
        try:
            claims = json.loads(token)
        except ValueError:
            raise AuthFailed("Could not parse JWT payload") from None
        return caller_of(claims)

    async def verify(self, token: str) -> Caller:
        """The same; no key needs to be fetched."""
        caller = self.verify_now(token)
        assert caller is not None, "a test's token needs no keys"
        return caller


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """Somebody whose token had these claims."""
    return Caller.user(UserIdentity.from_claims(claims, custom=False), NEVER_MS)


class Machine:
    """Starts, kills and starts again the node of a test.

    Args:
        project: what it runs.
        env: the environment variables that functions see.
        seed: makes ids and random numbers repeat.
        crons: whether cron jobs run.
    """

    def __init__(
        self, project: Reactor, env: Mapping[str, str], seed: int, *, crons: bool = True
    ) -> None:
        self.project = project
        self.env = env
        self.seed = seed
        self.crons = crons
        self.clock = VirtualClock()
        self.storage = MemoryStorage()
        self.blobs = MemoryBlobs()
        self.random: Random = SeededEntropy(seed).seeded()
        self._entropy = SeededEntropy(seed)
        self._node: Node | None = None
        self._faults: Faults | None = None
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def node(self) -> Node:
        """The running node."""
        assert self._node is not None, "use: async with open_harness(...) as harness"
        return self._node

    @property
    def faults(self) -> Faults:
        """What can be broken in the running node."""
        assert self._faults is not None, "use: async with open_harness(...) as harness"
        return self._faults

    async def start(self) -> None:
        """Opens a node on what the disk holds."""
        variables = {"REACTOR_ADMIN_KEY": ADMIN_KEY, "CRON_SPLAY_SECONDS": "0", **self.env}
        if self._folder is None:
            # Exports and the like must never meet the files of a project that is being worked on.
            self._folder = TemporaryDirectory(prefix="reactor-")
        settings = settings_from(variables, dev=True, data_dir=Path(self._folder.name))
        named = {one.name: getattr(settings, one.name) for one in fields(settings)}
        authenticator = _Trusting([], admin_key=ADMIN_KEY, clock=self.clock)
        try:
            self._node = await Node.open(
                self.project, MachineSettings(**named), storage=self.storage, blobs=self.blobs,
                clock=self.clock, entropy=self._entropy, authenticator=authenticator,
                crons=self.crons,
            )  # fmt: skip
        except BaseException:
            self._clean()
            raise
        self._faults = Faults(self._node.log, self.storage)

    def require_disk(self) -> None:
        """Makes sure that what is under way can end.

        Raises:
            StorageFailed: a test has broken the disk.
        """
        if self.node.failure is not None:
            raise StorageFailed("The node has stopped, since its disk refused; restart() it.")
        if self.storage.is_held:
            raise StorageFailed("Nothing ends while the disk is held; mend the fault first.")

    async def kill(self) -> None:
        """Takes the power away: what is not on the disk is lost, and who waits for it is told."""
        self.storage.kill()
        self.node.failure = self.node.failure or StorageFailed("The node was killed.")
        await self.node.close()

    async def stop(self) -> None:
        """Ends the node as an operator would, whatever a test has broken and not mended."""
        self.storage.release()
        await self.node.close()
        self._clean()

    def _clean(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
