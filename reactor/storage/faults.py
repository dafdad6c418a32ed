"""What SQLite and the file system say, in one sentence for the person who can mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.errors import ProjectError, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path

_CAUSES = (
    ("not a database", "{path} is not an SQLite database. Move it away, or name another file."),
    ("malformed", "{path} is corrupt ({said}). Restore it from a backup."),
    ("readonly", "{path} cannot be written ({said}). Change its permissions, or name another."),
    ("unable to open", "{path} cannot be opened ({said}). Check the folder's permissions."),
    ("locked", "{path} is held by another program ({said}). Close that program and start again."),
    ("full", "No space is left for {path} ({said}). Free some and start again."),
)


def start_fault(path: Path, said: object) -> ProjectError:
    """The error for a file that cannot be used.

    Args:
        path: the file.
        said: the error, or its text, as SQLite or the system worded it.
    """
    return ProjectError(_sentence(path, str(said)))


def append_fault(path: Path, said: str) -> StorageFailed:
    """The error for a batch that did not become durable.

    Args:
        path: the file.
        said: SQLite's or the system's words.
    """
    return StorageFailed(f"{_sentence(path, said)} Everything acknowledged before is stored.")


def _sentence(path: Path, said: str) -> str:
    for mark, sentence in _CAUSES:
        if mark in said:
            return sentence.format(path=path, said=said)
    return f"{path} cannot be used ({said})."
