"""The command line: `reactor dev`, `reactor serve`, `reactor check`, `reactor run`."""

from __future__ import annotations

from reactor.cli.commands import main

__all__ = ["main"]
