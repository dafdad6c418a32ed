"""What functions print and log, line by line: for the execution log, and for clients in dev.

Source: protocol.md 6.6, 8.3.
"""

from __future__ import annotations

import builtins
import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

from reactor import limits
from reactor.runner.current import running

if TYPE_CHECKING:
    from collections.abc import Callable

Level = Literal["DEBUG", "INFO", "LOG", "WARN", "ERROR"]

_LEVELS: Final[dict[str, Level]] = {
    "DEBUG": "DEBUG", "INFO": "INFO", "WARNING": "WARN", "ERROR": "ERROR",
}  # fmt: skip
_CUT: Final = " (truncated due to length)"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of one function run.

    Args:
        level: how grave it is; LOG is what was printed.
        messages: what was printed, piece by piece, each as a console would show it.
        timestamp_ms: when, since the epoch.
        path: the function that a caller ran inside its own run; "" for the caller itself.
        component: the component of that function.
        is_truncated: whether it was longer than a line may be.
    """

    level: Level
    messages: tuple[str, ...]
    timestamp_ms: int
    path: str = ""
    component: str = ""
    is_truncated: bool = False

    def __str__(self) -> str:
        """The line as clients get it: `[LOG] 'hello' 3`."""
        return f"[{self.level}] {' '.join(self.messages)}{_CUT * self.is_truncated}"


class LogLines:
    """The lines of one execution; functions that it calls inside itself add to them.

    Args:
        now_ms: the time, which does not stand still as a function's does.
        heard: called after each line, where somebody may be waiting for it.
    """

    __slots__ = ("_count", "_heard", "_now_ms", "_partial", "_taken", "lines")

    def __init__(
        self, now_ms: Callable[[], float], heard: Callable[[], None] | None = None
    ) -> None:
        self.lines: list[LogLine] = []
        self._count = 0
        self._heard = heard
        self._now_ms = now_ms
        self._partial = ""
        self._taken = 0

    def write(self, text: str) -> None:
        """Takes a piece of text written to standard output; a line ends with a newline."""
        *whole, self._partial = (self._partial + text).split("\n")
        for line in whole:
            self.add("LOG", line)

    def add(self, level: Level, *pieces: object) -> None:
        """Adds one line."""
        self._count += 1
        if self._count > limits.LOG_LINES_MAX:
            return
        if self._count == limits.LOG_LINES_MAX:
            level = "ERROR"
            messages = [
                f"Log overflow (maximum {limits.LOG_LINES_MAX}). Remaining log lines omitted."
            ]
        else:
            messages = [_shown(piece) for piece in pieces]
        room = limits.LOG_LINE_CHARS_MAX - len(f"[{level}] ")
        text = " ".join(messages)
        is_truncated = len(text) > room
        if is_truncated:
            messages = [text[: room - len(_CUT)]]
        now_ms, path, component = int(self._now_ms()), "", ""
        run = running()
        if run is not None and run.execution.is_inside(run):
            path, component = run.name, run.space.path
        self.lines.append(LogLine(level, tuple(messages), now_ms, path, component, is_truncated))
        if self._heard is not None:
            self._heard()

    def finish(self) -> None:
        """Ends an unfinished line."""
        if self._partial:
            self.write("\n")

    def taken(self) -> list[LogLine]:
        """The lines since this was last asked."""
        at, self._taken = self._taken, len(self.lines)
        return self.lines[at:]


def _shown(piece: object) -> str:
    """A value as a console shows it: texts in single quotes, the rest as Python writes it."""
    return f"'{piece.translate(_ESCAPES)}'" if isinstance(piece, str) else repr(piece)


class _Stdout:
    """Standard output that knows whose function is printing."""

    def __init__(self, real: TextIO) -> None:
        self._real = real

    def write(self, text: str) -> int:
        run = running()
        if run is not None:
            run.execution.logs.write(text)
        return self._real.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


class _Handler(logging.Handler):
    """Takes log records of functions; they go on to every other handler as well."""

    def emit(self, record: logging.LogRecord) -> None:
        run = running()
        if run is not None:
            run.execution.logs.add(_LEVELS.get(record.levelname, "ERROR"), record.getMessage())
        if len(logging.getLogger().handlers) == 1 and logging.lastResort is not None:
            # Without us nobody would listen, and Python would show warnings by itself.
            logging.lastResort.handle(record)


class Capture:
    """Captures prints and log records for as long as it is entered; one at a time.

    Args:
        package: the project's functions; their loggers let every level through, unless the project
            has set one.
    """

    def __init__(self, package: str) -> None:
        self._logger = logging.getLogger(package)

    def __enter__(self) -> None:
        """Starts capturing."""
        self._real = real = sys.stdout
        self._print = plain = builtins.print
        self._handler = _Handler()
        self._level = self._logger.level
        if self._level == logging.NOTSET:
            self._logger.setLevel(logging.DEBUG)
        ours: Any = _Stdout(real)

        def captured(*pieces: object, **options: Any) -> None:
            run = running()
            file = options.get("file")
            # A separator or an end of its own makes a text of the pieces, as print itself does.
            is_line = options.get("sep") is None and options.get("end") in (None, "\n")
            if run is None or not is_line or file not in (None, ours):
                plain(*pieces, **options)
                return
            run.execution.logs.finish()
            run.execution.logs.add("LOG", *pieces)
            plain(*pieces, file=real, flush=bool(options.get("flush")))

        sys.stdout = ours
        builtins.print = captured
        logging.getLogger().addHandler(self._handler)

    def __exit__(self, *_: object) -> None:
        """Puts everything back."""
        sys.stdout = self._real
        builtins.print = self._print
        self._logger.setLevel(self._level)
        logging.getLogger().removeHandler(self._handler)
