"""The server's ends of the two writers: a process beside the loop, or a thread under its GIL.

A busy loop slows a thread down and is slowed down by it, since both need the GIL; a process shares
nothing with it, and is the better one wherever a second core is free.
"""

from __future__ import annotations

import asyncio
import marshal
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Literal, Protocol

from reactor.storage import writer

Landed = Callable[[str | None], None]
"""Called on the loop: None when the frame in flight is durable, else what went wrong."""

WriterKind = Literal["process", "thread"]
"""Which of the two writers to use."""


class Appender(Protocol):
    """A running writer."""

    @property
    def pid(self) -> int | None:
        """The writer's process, where it has one of its own."""
        ...

    async def start(self) -> str | None:
        """Waits until the writer has opened the file; what went wrong, or None."""
        ...

    def send(self, frame: writer.Frame) -> None:
        """Hands one batch over without blocking; the one before it must have landed."""
        ...

    async def stop(self) -> None:
        """Lets the writer close the file and waits until it is gone."""
        ...


class _Conversation:
    """What both ends know of their writer: starting, then running, then ended.

    `acknowledged` moves it from starting to running, `ended` to its end from anywhere. An end that
    nobody asked for is reported like a failed append, even when no batch is in flight.
    """

    def __init__(self, landed: Landed) -> None:
        self._landed = landed
        self._started: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._gone = asyncio.Event()
        self._is_stopping = False

    def acknowledged(self, error: str) -> None:
        """The writer answered a frame: the first answer means that it is ready."""
        if self._started.done():
            self._landed(error or None)
        else:
            self._started.set_result(error or None)

    def ended(self, how: str) -> None:
        """The writer is gone."""
        self._gone.set()
        if not self._started.done():
            self._started.set_result(how)
        elif not self._is_stopping:
            self._landed(how)

    async def wait_started(self) -> str | None:
        """What kept the writer from starting, or None."""
        return await self._started

    async def wait_gone(self, tell: Callable[[], None]) -> None:
        """Tells the writer to close, once, unless it is gone; then waits until it is."""
        if not self._is_stopping:
            self._is_stopping = True
            if not self._gone.is_set():
                tell()
        await self._gone.wait()


class ProcessAppender:
    """A writer process, fed over a socket pair.

    Args:
        uri: the file, as SQLite's URI.
        sql: the hot statements.
        lock: the lock file's descriptor, which the process inherits.
        landed: told of every frame, and once when the process ends unasked.
    """

    def __init__(self, uri: str, sql: dict[str, str], lock: int, landed: Landed) -> None:
        self._loop = asyncio.get_running_loop()
        self._conversation = _Conversation(landed)
        self._incoming = bytearray()
        self._outgoing = memoryview(b"")
        self._is_waiting = False
        self._socket, theirs = socket.socketpair()
        with theirs:
            # -I -S: no site-packages, no environment, ready in some 15 ms. Its own session: Ctrl-C
            # reaches the server alone, which then decides when the writer stops.
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", writer.__file__],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                pass_fds=(lock,),
                start_new_session=True,
            )
        self._socket.setblocking(False)
        self._loop.add_reader(self._socket, self._read)
        self._write(writer.pack((uri, sql)))

    @property
    def pid(self) -> int | None:
        """The writer process."""
        return self._process.pid

    async def start(self) -> str | None:
        """Waits until the process has opened the file; what went wrong, or None."""
        return await self._conversation.wait_started()

    def send(self, frame: writer.Frame) -> None:
        """Hands one batch over; what the socket does not take at once follows as it drains."""
        self._write(writer.pack(frame))

    async def stop(self) -> None:
        """Lets the process close the file and waits until it is gone."""
        await self._conversation.wait_gone(lambda: self._write(writer.pack(())))

    def _write(self, content: bytes) -> None:
        self._outgoing = memoryview(content)
        self._drain()

    def _drain(self) -> None:
        try:
            sent = self._socket.send(self._outgoing)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = len(self._outgoing)  # the process is gone; reading meets its end and reports it
        self._outgoing = self._outgoing[sent:]
        if self._outgoing and not self._is_waiting:
            self._loop.add_writer(self._socket, self._drain)
        elif self._is_waiting and not self._outgoing:
            self._loop.remove_writer(self._socket)
        self._is_waiting = bool(self._outgoing)

    def _read(self) -> None:
        try:
            chunk = self._socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""  # reset: the process died with a frame unread
        if not chunk:
            self._close()
            return
        self._incoming += chunk
        while (end := 8 + int.from_bytes(self._incoming[:8], "little")) <= len(self._incoming):
            _, error = marshal.loads(self._incoming[8:end])  # a timestamp, and a text
            del self._incoming[:end]
            self._conversation.acknowledged(error)

    def _close(self) -> None:
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._socket.close()
        status = self._process.wait()  # it held its end of the socket until it was gone
        self._conversation.ended(f"the writer process ended with status {status}")


class ThreadAppender:
    """A writer thread, for tests, development, and machines with one core.

    Args:
        uri: the file, as SQLite's URI.
        sql: the hot statements.
        landed: told of every frame, and once when the thread ends unasked.
    """

    def __init__(self, uri: str, sql: dict[str, str], landed: Landed) -> None:
        self._loop = asyncio.get_running_loop()
        self._conversation = _Conversation(landed)
        self._frames: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._frames.put((uri, sql))
        self._thread = threading.Thread(target=self._run, name="reactor-writer", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """None: the thread has no process of its own."""
        return None

    async def start(self) -> str | None:
        """Waits until the thread has opened the file; what went wrong, or None."""
        return await self._conversation.wait_started()

    def send(self, frame: writer.Frame) -> None:
        """Hands one batch over."""
        self._frames.put(frame)

    async def stop(self) -> None:
        """Lets the thread close the file and waits until it is gone."""
        await self._conversation.wait_gone(lambda: self._frames.put(()))
        self._thread.join()  # it ends right after saying so

    def _run(self) -> None:
        def acknowledge(_ts: int, error: str) -> None:
            self._loop.call_soon_threadsafe(self._conversation.acknowledged, error)

        try:
            writer.serve(self._frames.get, acknowledge)
        finally:
            self._loop.call_soon_threadsafe(self._conversation.ended, "the writer thread ended")
