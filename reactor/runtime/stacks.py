"""Stacks for the log, as plain text.

Rendering one with every local variable, as log libraries do where rich is installed, takes seconds
of the event loop: a request that fails must not cost the others that.
"""

from __future__ import annotations

import traceback


def stack_of(error: BaseException) -> str:
    """An exception with its stack, its causes and what it happened in, for a log entry.

    Give it to a log as `exception=`. Never `exc_info=`: a renderer may print the variables of every
    frame, and among them are keys, tokens and documents.
    """
    return "".join(traceback.format_exception(error)).rstrip("\n")
