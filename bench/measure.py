"""How the load program measures: one write at a time, or as many requests as the server takes."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence

from bench.usage import cpu_us, own_us
from bench.wire import Connection, Session

RESPONSE, UPDATED, FAILED = b'"MutationResponse"', b'"QueryUpdated"', b'"QueryFailed"'
WARM_S = 0.5
Result = dict[str, float]


def percentile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Round:
    """Waits until a write has reached all of its subscribers and its writer."""

    def __init__(self, writer: Session, subscribers: list[Session]) -> None:
        self._writer = writer
        self._waiting = 0
        self._expected = len(subscribers) + 1
        self._done: asyncio.Future[float]
        self.frame_bytes = 0
        for subscriber in subscribers:
            subscriber.socket.on_message = self._pushed

    def _pushed(self, payload: bytes) -> None:
        if UPDATED in payload:
            self.frame_bytes = len(payload)
            self._arrived()

    def _answered(self, payload: bytes) -> None:
        if RESPONSE in payload:
            if b'"success":true' not in payload:
                raise RuntimeError(payload)
            self._arrived()

    def _arrived(self) -> None:
        self._waiting -= 1
        if self._waiting == 0:
            self._done.set_result(time.perf_counter())

    async def write(self, data: bytes) -> float:
        """Sends a mutation; gives the microseconds until the last one has heard of it."""
        self._waiting = self._expected
        self._done = asyncio.get_running_loop().create_future()
        self._writer.socket.on_message = self._answered
        started = time.perf_counter()
        self._writer.socket.send(data)
        async with asyncio.timeout(30):
            return (await self._done - started) * 1e6


async def pump(
    clients: Sequence[Connection],
    requests: Sequence[Callable[[], bytes]],
    answer: bytes,
    pid: int,
    seconds: float,
) -> Result:
    """Keeps one request in flight on each connection; counts for some seconds after a warm-up."""
    times: list[float] = []
    failed: list[bytes] = []

    def run(client: Connection, request: Callable[[], bytes]) -> Callable[[], None]:
        started = 0.0

        def heard(payload: bytes) -> None:
            nonlocal started
            if answer in payload:
                now = time.perf_counter()
                times.append(now - started)
                started = now
                client.send(request())
            elif FAILED in payload or b'"success":false' in payload or b'"error"' in payload:
                failed.append(payload)

        def begin() -> None:
            nonlocal started
            started = time.perf_counter()
            client.send(request())

        client.on_message = heard
        client.on_lost = lambda: failed.append(b"connection lost")
        return begin

    for client, request in zip(clients, requests, strict=True):
        run(client, request)()
    await asyncio.sleep(WARM_S)
    done, cpu, main, started = len(times), cpu_us(pid), own_us(pid), time.perf_counter()
    load = time.process_time()
    await asyncio.sleep(seconds)
    count, wall = len(times) - done, time.perf_counter() - started
    cpu, main, load = cpu_us(pid) - cpu, own_us(pid) - main, time.process_time() - load
    if failed or not count:
        raise RuntimeError(f"{len(failed)} failed: {failed[:1]}")
    middle = statistics.median(times[done : done + count]) * 1e6
    return {
        "rate": count / wall,
        "cpu": cpu / count,
        "writer": (cpu - main) / count,
        "p50": middle,
        "load": load / wall,
    }
