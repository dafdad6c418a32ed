"""Drives PyPI `convex`'s ConvexClient and ConvexHttpClient; `support/client.py` has the protocol.

The client's own calls block the whole process while they wait, and only its iterators are
asynchronous: one call at a time is what an application gets, too.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

from convex import ConvexClient, ConvexError, convex_to_json, json_to_convex
from convex.http_client import ConvexHttpClient

# The client prints functions' log lines on standard output: the protocol gets that stream alone.
CHANNEL = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

Command = dict[str, Any]
Shown = Callable[[Any], Any]


def emit(line: dict[str, Any]) -> None:
    CHANNEL.write(json.dumps(line) + "\n")
    CHANNEL.flush()


def error_line(error: Exception) -> dict[str, Any]:
    line: dict[str, Any] = {"message": str(error)}
    if isinstance(error, ConvexError):
        line["data"] = convex_to_json(error.data)
    return line


def arguments(command: Command) -> Any:
    """The wire's numbers are floats, whichever way they are written."""
    return json_to_convex(json.loads(json.dumps(command["args"]), parse_int=float))


class Driver:
    def __init__(self, url: str) -> None:
        self.client = ConvexClient(url)
        self.http = ConvexHttpClient(url)
        self.subscriptions: dict[int, Any] = {}
        self.ids: dict[int, Any] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def run(self, command: Command) -> None:
        op, number = command["op"], command["id"]
        if op == "subscribe":
            subscription = self.client.subscribe(command["path"], arguments(command))
            self.subscriptions[number] = subscription
            # Asked for before the first result: later the client would subscribe once more.
            self.ids[number] = subscription.id
            self.follow(number, subscription, convex_to_json)
        elif op == "watchAll":
            self.follow(number, self.client.watch_all(), self.by_subscription)
        elif op == "unsubscribe":
            self.subscriptions.pop(command["sub"]).unsubscribe()
            emit({"reply": number})
        elif op == "setAuth":
            self.client.set_auth(command["tokens"][0])
        elif op == "clearAuth":
            self.client.clear_auth()
            emit({"reply": number})
        else:
            self.call(op, number, command)

    def call(self, op: str, number: int, command: Command) -> None:
        calls: dict[str, Callable[..., Any]] = {
            "query": self.client.query,
            "mutation": self.client.mutation,
            "action": self.client.action,
            "httpQuery": self.http.query,
            "httpMutation": self.http.mutation,
            "httpAction": self.http.action,
        }
        try:
            value = calls[op](command["path"], arguments(command))
        except Exception as error:  # an application would catch it; the test gets to see it
            emit({"reply": number, **error_line(error)})
        else:
            emit({"reply": number, "value": convex_to_json(value), "type": type(value).__name__})

    def follow(self, number: int, results: AsyncIterator[Any], shown: Shown) -> None:
        task = asyncio.create_task(self.report(number, results, shown))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def report(self, number: int, results: AsyncIterator[Any], shown: Shown) -> None:
        while True:
            try:
                value = await anext(results)
            except StopAsyncIteration:
                return
            except Exception as error:  # a failed query; the next value may be good again
                emit({"sub": number, **error_line(error)})
            else:
                emit({"sub": number, "value": shown(value)})

    def by_subscription(self, values: dict[Any, Any]) -> dict[int, Any]:
        """What `watch_all()` gave, by the number of the subscription."""
        return {
            number: convex_to_json(values[subscriber])
            for number, subscriber in self.ids.items()
            if subscriber in values
        }


async def main() -> None:
    driver = Driver(json.loads(sys.argv[1])["url"])
    reader = asyncio.StreamReader(limit=64 * 2**20)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    emit({"event": "ready"})
    while line := await reader.readline():
        driver.run(json.loads(line))


asyncio.run(main())
