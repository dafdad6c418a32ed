"""The bare server beside which ours is measured: raw echo on our WebSocket class, a JSON route.

python -m bench.echo PORT
"""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from reactor.edge.socket import Handshake, Listener, SyncSocket, socket_factory


class Echo:
    """Answers every message with itself."""

    __slots__ = ("_socket",)

    def opened(self, socket: SyncSocket) -> None:
        self._socket = socket

    def message(self, data: bytes) -> None:
        self._socket.send(data)

    def writable(self) -> None:
        """Every answer has been written already."""

    def closed(self) -> None:
        del self._socket


def accept(handshake: Handshake) -> Listener:
    """Takes every WebSocket."""
    return Echo()


async def ready(request: Request) -> JSONResponse:
    return JSONResponse("ready")


async def answer(request: Request) -> JSONResponse:
    """Reads a JSON body and sends one."""
    await request.json()
    return JSONResponse({"status": "success", "value": None})


def main(port: int) -> None:
    """Serves until the process is stopped."""
    app = Starlette(
        routes=[Route("/version", ready), Route("/api/query", answer, methods=["POST"])]
    )
    protocol = socket_factory(accept, message_bytes_max=2**20)
    uvicorn.run(
        app,
        port=port,
        ws=protocol,
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=4_096,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
