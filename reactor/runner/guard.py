"""Keeps queries and mutations from the world outside: network, files, programs, threads, waiting.

A query runs again whenever what it read has changed, a mutation whenever it lost a race, and nobody
is told; so nothing that they do may reach further than the database. Python cannot be fenced in
honestly, so this is help, not a wall: what Python reports as audit events, and what the event loop
is asked for, is refused with a sentence while a query's or a mutation's own code wants it. Actions
may do all of it.

Source: protocol.md 6.3.
"""

from __future__ import annotations

import asyncio
import functools
import os
import sys
import threading
import time
import zoneinfo
from typing import TYPE_CHECKING, Any, Final

from reactor.errors import NotInTransactions
from reactor.runner.current import running
from reactor.runner.frames import LIBRARIES, asker, frame_at

if TYPE_CHECKING:
    from collections.abc import Callable

_FILES: Final = ("files", "NoFilesInQueriesOrMutations")
_NETWORK: Final = ("the network", "NoNetworkInQueriesOrMutations")
_PROGRAMS: Final = ("other programs", "NoProgramsInQueriesOrMutations")
_THREADS: Final = ("threads", "NoThreadsInQueriesOrMutations")
_SLEEP: Final = ("sleep", "NoSleepInQueriesOrMutations")

_EVENTS: Final = {
    **dict.fromkeys(
        (
            "open", "os.chmod", "os.chown", "os.link", "os.listdir", "os.mkdir", "os.remove",
            "os.rename", "os.rmdir", "os.scandir", "os.symlink", "os.truncate", "os.utime",
            "sqlite3.connect",
        ),
        _FILES,
    ),
    **dict.fromkeys(
        (
            "socket.__new__", "socket.bind", "socket.connect", "socket.getaddrinfo",
            "socket.gethostbyaddr", "socket.gethostbyname", "socket.getnameinfo",
            "socket.sendmsg", "socket.sendto",
        ),
        _NETWORK,
    ),
    **dict.fromkeys(
        (
            "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system",
            "subprocess.Popen",
        ),
        _PROGRAMS,
    ),
    **dict.fromkeys(("_thread.start_joinable_thread", "_thread.start_new_thread"), _THREADS),
    "time.sleep": _SLEEP,
}  # fmt: skip
"""Audit events of Python, and what they mean."""

_LOOP: Final = {
    "create_connection": _NETWORK,
    "create_datagram_endpoint": _NETWORK,
    "create_server": _NETWORK,
    "create_unix_connection": _NETWORK,
    "getaddrinfo": _NETWORK,
    "sock_connect": _NETWORK,
    "run_in_executor": _THREADS,
    "subprocess_exec": _PROGRAMS,
    "subprocess_shell": _PROGRAMS,
}
"""Methods of the event loop; uvloop's raise no audit events."""


def _refuse(what: tuple[str, str]) -> None:
    run = running()
    if run is None or run.tx is None or asker(frame_at(2)) != "project":
        return
    thing, code = what
    raise NotInTransactions(thing, code=code)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    what = _EVENTS.get(event)
    if what is not None and not (event == "open" and _is_part_of_python(*args)):
        _refuse(what)


def _is_part_of_python(path: object, mode: object, flags: int) -> bool:
    """Whether a file is read that comes with a package, or the rules of a time zone."""
    del mode  # None for os.open; the flags say the same
    return (
        isinstance(path, str)
        and not flags & (os.O_WRONLY | os.O_RDWR)
        and path.startswith((*LIBRARIES, *zoneinfo.TZPATH))
    )


@functools.cache
def _listen() -> None:
    """Guards this process: once, and for good, since hooks cannot be removed."""
    sys.addaudithook(_audit)
    # Python reports these two from 3.12 and 3.13 on.
    setattr(threading.Thread, "start", _refusing(threading.Thread.start, _THREADS))  # noqa: B010
    time.sleep = _refusing(time.sleep, _SLEEP)


def _refusing(method: Callable[..., Any], what: tuple[str, str]) -> Callable[..., Any]:
    @functools.wraps(method)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _refuse(what)
        return method(*args, **kwargs)

    return guarded


def _refusing_sleep(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        # Timeouts set timers too, and are fine: they end a run, they do not hold it up.
        if frame_at(1).f_code is asyncio.sleep.__code__:  # noqa: TID251  # not called
            _refuse(_SLEEP)
        return method(*args, **kwargs)

    return guarded


def install(loop: asyncio.AbstractEventLoop) -> None:
    """Guards the queries and mutations that run on a loop."""
    _listen()
    if hasattr(loop.call_later, "__wrapped__"):
        return
    for name, what in _LOOP.items():
        setattr(loop, name, _refusing(getattr(loop, name), what))
    # The engine's own timers are set in a context of their own, where nobody's function runs.
    setattr(loop, "call_later", _refusing_sleep(loop.call_later))  # noqa: B010  # no attribute
