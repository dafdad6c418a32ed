"""One server per file: a lock that the operating system gives back however a server ends."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from reactor.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

    from reactor.runtime.clock import Clock

PATIENCE_SECONDS = 10.0
"""How long to wait for the writer process of a server that was killed: it still finishes the batch
that it had received. Shorter refuses a start on a slow disk; longer delays a hopeless one."""

POLL_SECONDS = 0.02
"""How often to look again meanwhile."""


class FileLock:
    """An exclusive lock on `<path>.lock`, which also names its holder's process.

    The writer process inherits the descriptor, so that the lock is free only once nobody can
    write any more: neither the server nor the writer that outlived it for a moment. The file
    stays; removing it would let two servers lock two files of one name.

    Args:
        path: the file to protect.
        clock: what waiting is measured by.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._descriptor = -1

    @property
    def descriptor(self) -> int:
        """The open lock file, for the writer process to inherit."""
        return self._descriptor

    async def acquire(self) -> None:
        """Takes the lock.

        Raises:
            ProjectError: another server holds it, or the lock file cannot be written.
        """
        name = f"{self._path}.lock"
        try:
            descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ProjectError(f"{name} cannot be written ({error.strerror}).") from error
        try:
            await self._wait_for(descriptor)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        except OSError as error:
            os.close(descriptor)
            raise ProjectError(f"{name} cannot be written ({error.strerror}).") from error
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def release(self) -> None:
        """Gives the lock back; does nothing when it is not held."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    async def _wait_for(self, descriptor: int) -> None:
        deadline = self._clock.monotonic() + PATIENCE_SECONDS
        while not _try_lock(descriptor):
            holder = _read_holder(descriptor)
            if _is_alive(holder) or self._clock.monotonic() >= deadline:
                raise ProjectError(
                    f"{self._path} is in use by another reactor server (process {holder}). "
                    "Stop that one, or give this one another data folder."
                )
            await self._clock.sleep(POLL_SECONDS)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_holder(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else 0


def _is_alive(process: int) -> bool:
    if process <= 0:
        return False  # its holder is about to write its number
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
