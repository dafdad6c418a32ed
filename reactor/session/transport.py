"""What a session asks of the socket it talks through."""

from __future__ import annotations

from typing import Protocol


class Transport(Protocol):
    """The client's end of the line."""

    @property
    def is_paused(self) -> bool:
        """Whether the client is slow and its buffer is full."""
        ...

    @property
    def last_received(self) -> float:
        """When the client was last heard of, on the clock's `monotonic`."""
        ...

    def ping(self) -> None:
        """Asks for a sign of life that the client's library answers by itself."""
        ...

    def send(self, payload: bytes) -> None:
        """Sends one text message; never raises."""
        ...

    def write(self, frames: bytes) -> None:
        """Sends prepared frames; never raises."""
        ...

    def close(self, code: int | None, reason: str = "") -> None:
        """Says goodbye and closes."""
        ...
