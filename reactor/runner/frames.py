"""Whose code is on the stack: the project's, ours, or a library's on behalf of one of them."""

from __future__ import annotations

import functools
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from types import FrameType

_ENGINE: Final = str(Path(__file__).parents[1]) + "/"
LIBRARIES: Final = tuple(
    f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
"""Folders of Python's own modules and of installed packages."""

_LOADERS: Final = frozenset(
    (
        "importlib", "zipimport", "pkgutil", "linecache", "tokenize", "traceback", "warnings",
        "logging", "zoneinfo", "pdb", "bdb",
    )
)  # fmt: skip
"""Modules that read files for Python itself: code, source lines for a stack, time zones."""


def frame_at(depth: int) -> FrameType:
    """The frame of the caller, 0, or of one of its own callers."""
    # Private by name only: it is documented, and `inspect.currentframe` is no more than this.
    return sys._getframe(depth + 1)  # pyright: ignore[reportPrivateUsage]


@functools.cache
def _place(file: str) -> Literal["engine", "library", "project"]:
    if file.startswith(_ENGINE):
        return "engine"
    # What has no file, such as <string>, belongs to whoever runs it.
    return "library" if file.startswith(("<", *LIBRARIES)) else "project"


def asker(frame: FrameType | None) -> Literal["engine", "loader", "project"]:
    """Who wants what is being done: the innermost caller that is no mere library.

    Args:
        frame: the innermost frame.
    """
    while frame is not None:
        place = _place(frame.f_code.co_filename)
        if place == "engine":
            return "engine"
        if place == "project" and frame.f_code.co_name != "<module>":
            return "project"
        if str(frame.f_globals.get("__name__")).partition(".")[0] in _LOADERS:
            return "loader"
        frame = frame.f_back
    return "engine"
