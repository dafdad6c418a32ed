"""The AI provider's stand-in on a port of its own: streams need a real connection."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import uvicorn

from examples.standins.app import create_app
from tests.app.support import Json


def prompt(**directive: Any) -> str:
    """A prompt that tells the stand-in what to do, by default without delay."""
    return f"@@{json.dumps({'delayMs': 0, **directive})}@@"


class Provider:
    """The running stand-in.

    Args:
        url: where it is.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.pauses: list[float] = []

    @property
    def env(self) -> dict[str, str]:
        """The variables that lead Reimaji here."""
        return {"OPENAI_BASE_URL": f"{self.url}/openai/v1", "OPENAI_API_KEY": "sandbox"}

    async def pause(self, seconds: float) -> None:
        """Stands in for waiting."""
        self.pauses.append(seconds)

    async def fault(self, **fault: Any) -> None:
        """Makes the next requests fail."""
        async with httpx2.AsyncClient(base_url=self.url, trust_env=False) as client:
            answer = await client.post("/_sandbox/faults", json={"service": "openai", **fault})
        answer.raise_for_status()

    async def requests(self) -> list[Json]:
        """The bodies that have arrived."""
        async with httpx2.AsyncClient(base_url=self.url, trust_env=False) as client:
            answer = await client.get("/_sandbox/requests", params={"service": "openai"})
        return [seen["body"] for seen in answer.json()]


@asynccontextmanager
async def serve_provider() -> AsyncGenerator[Provider]:
    """Serves the stand-in on a free port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(create_app({}), log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listener]))  # ends with the group
        try:
            yield Provider(f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
