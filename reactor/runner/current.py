"""Whose function is running here: what prints, refusals and time limits go by.

A context variable, so that it follows a handler into every task that the handler starts.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reactor.runner.context import Run

_current: ContextVar[Run | None] = ContextVar("reactor_run", default=None)

running = _current.get
"""The run whose function is running here, or None in the engine's own code."""


def begin(run: Run) -> Token[Run | None]:
    """From here on, this run's function is running in this context."""
    return _current.set(run)


def end(token: Token[Run | None]) -> None:
    """Ends what `begin` began."""
    _current.reset(token)
