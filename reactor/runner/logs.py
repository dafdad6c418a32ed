"""What functions print and log, line by line, for the clients of a server in development.

Source: protocol.md 6.6.
"""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar, Token
from typing import Final, TextIO

from reactor import limits

_LEVELS: Final = {"DEBUG": "DEBUG", "INFO": "INFO", "WARNING": "WARN", "ERROR": "ERROR"}
_CUT: Final = " (truncated due to length)"


class LogLines:
    """The lines of one function run; nested runs add to those of their caller."""

    __slots__ = ("_partial", "lines")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._partial = ""

    def print(self, text: str) -> None:
        """Takes a piece of printed text; a line ends with a newline."""
        *whole, self._partial = (self._partial + text).split("\n")
        for line in whole:
            self.add("LOG", line)

    def add(self, level: str, text: str) -> None:
        """Adds one line, in Convex's form: `[LOG] 'hello'`."""
        if len(self.lines) >= limits.LOG_LINES_MAX:
            return
        if len(self.lines) == limits.LOG_LINES_MAX - 1:
            self.lines.append(
                f"[ERROR] Log overflow (maximum {limits.LOG_LINES_MAX}). "
                "Remaining log lines omitted."
            )
            return
        quoted = text.replace("\\", "\\\\").replace("'", "\\'")
        line = f"[{level}] '{quoted}'"
        if len(line) > limits.LOG_LINE_CHARS_MAX:
            line = line[: limits.LOG_LINE_CHARS_MAX - len(_CUT)] + _CUT
        self.lines.append(line)

    def taken(self) -> tuple[str, ...]:
        """Every line, an unfinished one included."""
        if self._partial:
            self.print("\n")
        return tuple(self.lines)


_running: ContextVar[LogLines | None] = ContextVar("reactor_log_lines", default=None)


def begin(lines: LogLines) -> Token[LogLines | None]:
    """From here on, what is printed in this context belongs to these lines."""
    return _running.set(lines)


def end(token: Token[LogLines | None]) -> None:
    """Ends what `begin` began."""
    _running.reset(token)


class _Stdout:
    """Standard output that knows whose function is printing."""

    def __init__(self, real: TextIO) -> None:
        self._real = real

    def write(self, text: str) -> int:
        lines = _running.get()
        if lines is not None:
            lines.print(text)
        return self._real.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


class _Handler(logging.Handler):
    """Takes log records of functions; they go on to every other handler as well."""

    def emit(self, record: logging.LogRecord) -> None:
        lines = _running.get()
        if lines is not None:
            lines.add(_LEVELS.get(record.levelname, "ERROR"), record.getMessage())


class Capture:
    """Captures prints and log records for as long as it is entered; one at a time."""

    def __enter__(self) -> None:
        """Starts capturing."""
        self._real = sys.stdout
        self._handler = _Handler()
        sys.stdout = _Stdout(self._real)
        logging.getLogger().addHandler(self._handler)

    def __exit__(self, *_: object) -> None:
        """Puts everything back."""
        sys.stdout = self._real
        logging.getLogger().removeHandler(self._handler)
