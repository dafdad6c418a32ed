"""Reimaji's load program: one scenario against one server, its figures as a line of JSON.

    python -m bench.reimaji_load SCENARIO '{"port": 3210, "pid": 123, …}'

Latencies are in microseconds, from the sending of a request to what it brings about; CPU is that of
the server's processes, in microseconds. A scenario whose functions the server does not have prints
`{"missing": PATH}`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import count as counter
from typing import Any

from bench.measure import FAILED, RESPONSE, UPDATED, percentile
from bench.processes import ADMIN_KEY
from bench.usage import cpu_us
from bench.wire import Session, message, open_http, open_sessions, post

Figures = dict[str, Any]
Query = tuple[str, dict[str, Any]]
UNKNOWN = b"Could not find public function"
WARM = 5
BARE = b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n"
EDITOR = "load-0"
MODEL = "gpt-3.5-turbo"


class Missing(Exception):
    """The server does not have a function; the argument is its path."""


# ---------------------------------------------------------------- talking to the server


def sign_in(session: Session, subject: str | None = None) -> Session:
    """Makes a session the deployment's own, or with its key a user's."""
    user = {} if subject is None else {"impersonating": identity(subject)}
    session.socket.send(
        message("Authenticate", baseVersion=0, tokenType="Admin", value=ADMIN_KEY, **user)
    )
    return session


def identity(subject: str) -> dict[str, str]:
    return {"issuer": "https://bench.test", "subject": subject}


async def sign_in_many(port: int, subjects: Sequence[str]) -> list[Session]:
    """A session for each of these users."""
    sessions = await open_sessions(port, len(subjects))
    return [sign_in(each, who) for each, who in zip(sessions, subjects, strict=True)]


async def call(session: Session, path: str, args: dict[str, Any]) -> Any:
    """Calls a mutation and gives its result."""
    return result(path, await session.ask(session.mutation(path, args), RESPONSE))


def result(path: str, payload: bytes) -> Any:
    """What a mutation's answer holds."""
    if UNKNOWN in payload:
        raise Missing(path)
    answer = json.loads(payload)
    if not answer["success"]:
        raise RuntimeError(f"{path}: {payload!r}")
    return answer["result"]


async def watch(session: Session, path: str, args: dict[str, Any]) -> bytes:
    """Subscribes to a query; gives the message with its first result."""
    answer = await session.ask(session.modify([(path, args)]), b'"modifications":[{')
    if UNKNOWN in answer:
        raise Missing(path)
    if FAILED in answer:
        raise RuntimeError(f"{path}: {answer!r}")
    return answer


async def watch_all(sessions: Sequence[Session], wanted: Query) -> int:
    """Subscribes all of them to one query; the bytes of its result."""
    answers = await asyncio.gather(*(watch(each, *wanted) for each in sessions))
    return len(answers[0])


class Arrivals:
    """When each of many subscribers hears of a change."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        self.times: list[float] = []
        self._expected = len(sessions)
        self._waiting = 0
        self._all: asyncio.Future[None]
        for session in sessions:
            session.socket.on_message = self._heard

    def _heard(self, payload: bytes) -> None:
        if UPDATED in payload and self._waiting:
            self.times.append((time.perf_counter() - self._started) * 1e6)
            self._waiting -= 1
            if not self._waiting:
                self._all.set_result(None)

    def expect(self) -> None:
        """Starts the clock."""
        self._waiting = self._expected
        self._all = asyncio.get_running_loop().create_future()
        self._started = time.perf_counter()

    async def all(self, seconds: float) -> None:
        """Waits until everybody has heard."""
        async with asyncio.timeout(seconds):
            await self._all


async def over_http(port: int, pid: int, bodies: Sequence[dict[str, Any]], name: str) -> Figures:
    """Queries one after the other: p50, p99, and CPU of each; likewise bare requests."""
    wanted = [
        post("/api/query", {**body, "format": "convex_encoded_json"}, ADMIN_KEY) for body in bodies
    ]
    return await timed(port, pid, [BARE] * len(bodies), "bare") | await timed(
        port, pid, wanted, name, bodies[0]["path"]
    )


async def timed(
    port: int, pid: int, requests: Sequence[bytes], name: str, path: str | None = None
) -> Figures:
    """Requests one after the other on one connection; those to a path must succeed."""
    connection = await open_http(port)
    times: list[float] = []
    before = 0.0
    for number, request in enumerate(requests):
        if number == WARM:
            before = cpu_us(pid)
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        connection.on_message = future.set_result
        started = time.perf_counter()
        connection.send(request)
        payload = await future
        times.append((time.perf_counter() - started) * 1e6)
        if path is not None and UNKNOWN in payload:
            raise Missing(path)
        if path is not None and b'"status":"success"' not in payload:
            raise RuntimeError(payload)
    cpu = (cpu_us(pid) - before) / (len(requests) - WARM)
    connection.close()
    return named(name, times[WARM:]) | {f"{name}_cpu": cpu}


def named(name: str, times: list[float]) -> Figures:
    """The middle and the tail."""
    return {f"{name}_p50": percentile(times, 0.5), f"{name}_p99": percentile(times, 0.99)}


async def ask_http(port: int, path: str, args: dict[str, Any]) -> Any:
    """The value of one query, asked by the deployment."""
    connection = await open_http(port)
    future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    connection.on_message = future.set_result
    body = {"path": path, "args": args, "format": "convex_encoded_json"}
    connection.send(post("/api/query", body, ADMIN_KEY))
    payload = await future
    connection.close()
    if UNKNOWN in payload:
        raise Missing(path)
    return json.loads(payload)["value"]


# ---------------------------------------------------------------- scenarios


async def lists(port: int, pid: int, times: int) -> Figures:
    """The first and the 20th page of the news; every request is a query of its own."""
    cursor = None
    for _ in range(19):
        cursor = (await ask_http(port, "news:list", {"limit": 20, "cursor": cursor}))["nextCursor"]
    found: Figures = {}
    for name, place in (("first", None), ("twentieth", cursor)):
        bodies = [
            {"path": "news:list", "args": {"limit": 20, "cursor": place, "userId": f"load-{n}"}}
            for n in range(times)
        ]
        found |= await over_http(port, pid, bodies, name)
    return found


async def publish(port: int, pid: int, sockets: int, writes: int) -> Figures:
    """One list of many subscribers, one publish a second."""
    (writer,) = map(sign_in, await open_sessions(port, 1))
    drafts = [await _draft(writer, number) for number in range(writes)]
    for draft in drafts[:2]:
        await call(writer, "news:update", {"id": draft, "isPublished": True, "clerkUserId": EDITOR})
    subscribers = await open_sessions(port, sockets)
    size = await watch_all(subscribers, ("news:list", {"limit": 20}))
    arrivals = Arrivals(subscribers)
    cpu = 0.0
    for draft in drafts[2:]:
        await asyncio.sleep(1)
        before = cpu_us(pid)
        arrivals.expect()
        await call(writer, "news:update", {"id": draft, "isPublished": True, "clerkUserId": EDITOR})
        await arrivals.all(30)
        cpu += cpu_us(pid) - before
    pushes = sockets * (writes - 2)
    return named("push", arrivals.times) | {"cpu": cpu / pushes, "frame": size}


async def _draft(writer: Session, number: int) -> str:
    item = {
        "title": f"Bench {number}", "summary": "A summary.", "content": "Words. " * 150,
        "type": "tool", "tags": ["bench"], "isPremium": False, "clerkUserId": EDITOR,
    }  # fmt: skip
    return str(await call(writer, "news:create", item))


async def unread(port: int, pid: int, users: int, total: int) -> Figures:
    """Everybody's own count of unread notices, and one announcement to all users."""
    subjects = [f"load-{total - 1 - number * (total // users)}" for number in range(users)]
    subscribers = await sign_in_many(port, subjects)
    before = cpu_us(pid)
    await watch_all(subscribers, ("notifications:unreadCount", {}))
    subscribing = (cpu_us(pid) - before) / users
    (writer,) = map(sign_in, await open_sessions(port, 1))
    arrivals = Arrivals(subscribers)
    text = {"title": "Bench", "message": "To all.", "clerkUserId": EDITOR}
    before = cpu_us(pid)
    arrivals.expect()
    await call(writer, "notifications:announce", text)
    await arrivals.all(100)
    cpu = (cpu_us(pid) - before) / total
    return named("push", arrivals.times) | {"cpu": cpu, "subscribing": subscribing}


async def complete(port: int, pid: int, learners: int, total: int) -> Figures:
    """One lesson that so many people complete at the same moment, and some one by one."""
    lessons = await ask_http(port, "lessons:listFreePreviews", {"limit": 1})
    lesson = {"lessonId": lessons[0]["_id"]}
    alone = learners // 4
    step = total // (learners + alone + 1)
    subjects = [f"load-{total - 1 - number * step}" for number in range(learners + alone)]
    sessions = await sign_in_many(port, subjects)
    for session in sessions:
        await call(session, "progress:startLesson", lesson)
    done = {**lesson, "timeSpent": 5}
    times, cpu = await _together(sessions[:learners], "progress:completeLesson", done, pid)
    lone: list[float] = []
    before = cpu_us(pid)
    for session in sessions[learners:]:
        started = time.perf_counter()
        await call(session, "progress:completeLesson", done)
        lone.append((time.perf_counter() - started) * 1e6)
    lone_cpu = (cpu_us(pid) - before) / alone
    return {
        **named("together", times), **named("alone", lone),
        "cpu": cpu / learners, "alone_cpu": lone_cpu, "all": max(times),
    }  # fmt: skip


async def _together(
    sessions: Sequence[Session], path: str, args: dict[str, Any], pid: int
) -> tuple[list[float], float]:
    """Calls a mutation on all sessions at once: how long each took, and the CPU of all."""
    before, started = cpu_us(pid), time.perf_counter()

    async def one(session: Session) -> float:
        await call(session, path, args)
        return (time.perf_counter() - started) * 1e6

    times = await asyncio.gather(*(one(session) for session in sessions))
    return list(times), cpu_us(pid) - before


async def views(port: int, pid: int, sockets: int, rate: int, seconds: int) -> Figures:
    """Readers that open news all the time, while others have the list open."""
    subscribers = await open_sessions(port, sockets)
    await watch_all(subscribers, ("news:list", {"limit": 20}))
    news = (await ask_http(port, "news:list", {"limit": 20}))["news"]
    readers = await open_sessions(port, rate)
    pushes = 0

    def heard(payload: bytes) -> None:
        nonlocal pushes
        pushes += UPDATED in payload

    for session in subscribers:
        session.socket.on_message = heard
    times: list[float] = []
    keys = counter()

    async def read(reader: Session) -> None:
        args = {"id": random.choice(news)["_id"], "viewerKey": f"bench-{next(keys):08}"}
        started = time.perf_counter()
        await call(reader, "news:recordView", args)
        times.append((time.perf_counter() - started) * 1e6)

    before, started = cpu_us(pid), time.perf_counter()
    running: list[asyncio.Task[None]] = []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        running.append(asyncio.create_task(read(readers[number % rate])))
    await asyncio.gather(*running)
    took = time.perf_counter() - started
    return named("view", times) | {
        "per_minute": pushes / sockets / took * 60,
        "cpu": (cpu_us(pid) - before) / len(times),
        "rate": len(times) / took,
    }


async def dashboard(port: int, pid: int, times: int) -> Figures:
    """The dashboard of 30 days and its neighbours; every request is a query of its own."""
    bodies = [
        {"path": "analytics:getDashboardStats", "args": {"days": 30, "clerkUserId": f"load-{n}"}}
        for n in range(1, times + 1)
    ]
    return await over_http(port, pid, bodies, "dashboard")


async def searching(port: int, pid: int, times: int) -> Figures:
    """Two words of a title, the second cut short, as somebody types them."""
    chance = random.Random(1)
    titles: list[str] = []
    cursor = None
    for _ in range(5):
        page = await ask_http(port, "news:list", {"limit": 100, "cursor": cursor, "fields": "card"})
        titles += [item["title"] for item in page["news"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    bodies: list[dict[str, Any]] = []
    for number in range(times):
        words = [word for word in chance.choice(titles).split() if word.isalpha()][-2:] or ["data"]
        text = f"{' '.join(words)[:-1]}{'' if number % 2 else ' '}"
        bodies.append({"path": "search:searchContent", "args": {"query": text}})
    return await over_http(port, pid, bodies, "search")


async def streams(port: int, pid: int, count: int, total: int, words: int) -> Figures:
    """Answers of the AI that arrive word by word, twenty a second, each with one reader."""
    subjects = [f"load-{total - 1 - number * (total // count)}" for number in range(count)]
    askers = await sign_in_many(port, subjects)
    prompt = f'@@{{"words":{words},"delayMs":50}}@@'
    gaps: list[float] = []
    pushes = 0
    before, started = cpu_us(pid), time.perf_counter()

    async def one(asker: Session) -> float:
        nonlocal pushes
        answer = await call(asker, "ai:startPlayground", {"prompt": prompt, "model": MODEL})
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        last = time.perf_counter()

        def heard(payload: bytes) -> None:
            nonlocal pushes, last
            if UPDATED in payload:
                pushes += 1
                now = time.perf_counter()
                gaps.append((now - last) * 1e6)
                last = now
                if b'"status":"done"' in payload or b'"status":"error"' in payload:
                    if b'"status":"error"' in payload and not done.done():
                        done.set_exception(RuntimeError(payload))
                    elif not done.done():
                        done.set_result(None)

        asker.socket.on_message = heard
        asker.socket.send(asker.modify([("ai:getSession", answer)]))
        async with asyncio.timeout(90):
            await done
        return time.perf_counter() - started

    took = await asyncio.gather(*(one(asker) for asker in askers))
    cpu = cpu_us(pid) - before
    return named("gap", gaps) | {
        "took": max(took) * 1e6,
        "pushes": pushes / count,
        "cpu": cpu / (count * words),
    }


SCENARIOS: list[Callable[..., Awaitable[Figures]]] = [
    lists, publish, unread, complete, views, dashboard, searching, streams,
]  # fmt: skip


async def run(name: str, options: dict[str, Any]) -> Figures:
    """Runs a scenario by its name."""
    scenario = {each.__name__: each for each in SCENARIOS}[name]
    try:
        return await scenario(**options)
    except Missing as missing:
        return {"missing": str(missing)}


if __name__ == "__main__":
    gc.disable()
    print(json.dumps(asyncio.run(run(sys.argv[1], json.loads(sys.argv[2])))))
