"""A place where handlers wait until a test lets them go on."""

from __future__ import annotations

import asyncio


class Gate:
    """Open from the start; while it is shut, whoever passes waits."""

    def __init__(self) -> None:
        self.is_shut = False
        self.waiting: list[asyncio.Future[None]] = []

    async def passing(self) -> None:
        """Suspends once when the gate is open, until `open` when it is shut."""
        if not self.is_shut:
            await asyncio.sleep(0)  # noqa: TID251  # handlers may use asyncio as they like
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(waiter)
        await waiter

    def shut(self) -> None:
        """Makes everyone wait from here on."""
        self.is_shut = True

    def open(self) -> None:
        """Lets everyone go on."""
        self.is_shut = False
        self.let_through()

    def let_through(self) -> None:
        """Lets those go on who wait now; later ones wait."""
        waiting, self.waiting = self.waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)


gate = Gate()
