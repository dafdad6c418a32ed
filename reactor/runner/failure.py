"""What a caller is told when a function fails.

Source: protocol.md 5.8, 6.7.
"""

from __future__ import annotations

import hashlib
import traceback
from dataclasses import dataclass
from typing import Any, Final

import orjson

from reactor.errors import (
    AppError,
    DeveloperError,
    FunctionNotFound,
    InvalidCursor,
    OutOfMemory,
    TimedOut,
    ValidationFailed,
    ValueNotAllowed,
    WrongFunctionKind,
)
from reactor.values.json import to_json

TEXT_MAX = 64 * 1024
"""Bytes of an error text. Longer texts help nobody and travel to every subscriber."""

PERMISSION_DENIED: Final = "PermissionDenied"
"""The code of a failure that says nothing of the code or the data, so that all may read it."""

_SPEAKS_FOR_ITSELF = (FunctionNotFound, WrongFunctionKind, ValidationFailed)


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed function, as clients see it.

    Args:
        text: what happened, without request id; ends with a newline.
        data: the wire JSON of a ConvexError's data, None for other errors.
        code: the error's stable code, for tests and metrics.
    """

    text: str
    data: bytes | None
    code: str

    def message(self, request_id: str, *, redacted: bool) -> str:
        """The whole error message.

        Args:
            request_id: 16 hex digits.
            redacted: whether the text stays on the server (production).
        """
        head = f"[Request ID: {request_id}] Server Error"
        return head if redacted and self.code != PERMISSION_DENIED else f"{head}\n{self.text}"


def request_id_of(session_id: str, request_id: int) -> str:
    """The id of a WebSocket mutation or action: the same each time it is asked for."""
    return hashlib.sha256(f"{session_id}|{request_id}".encode()).hexdigest()[:16]


def failure_of(error: Exception) -> Failure:
    """An exception of a handler as the failure that its caller gets."""
    if isinstance(error, AppError):
        return _app_failure(error)
    text = str(error)
    if isinstance(error, _SPEAKS_FOR_ITSELF):
        lines = text
    elif isinstance(error, TimedOut | OutOfMemory):
        lines = text + _stack(error)
    elif isinstance(error, DeveloperError):
        lines = f"Uncaught Error: {text}" + _stack(error)
    else:
        lines = f"Uncaught {type(error).__name__}: {text}" + _stack(error)
    code = error.code if isinstance(error, DeveloperError) else type(error).__name__
    return Failure(_cut(lines.rstrip("\n")) + "\n", None, code)


def _app_failure(error: AppError) -> Failure:
    try:
        data = orjson.dumps(to_json(error.data), option=orjson.OPT_SORT_KEYS)
    except (ValueNotAllowed, TypeError) as refused:
        text = f"Uncaught Error: the data of an AppError is no Convex value: {refused}"
        return Failure(_cut(text) + _stack(error) + "\n", None, "AppError")
    if isinstance(error, InvalidCursor):
        lines = str(error)
    else:
        shown = error.data if isinstance(error.data, str) else data.decode()
        lines = f"Uncaught ConvexError: {shown}"
    code = orjson.loads(data).get("code") if data.startswith(b"{") else None
    return Failure(_cut(lines + _stack(error)) + "\n", data, str(code or error.code))


def _stack(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own: list[Any] = [f for f in frames if not _is_ours(f.filename)]
    return "".join(
        f"\n    at {frame.name} ({_short(frame.filename)}:{frame.lineno})"
        for frame in reversed(own[-10:])
    )


def _is_ours(file: str) -> bool:
    return file.startswith(_HERE) or "/asyncio/" in file


def _short(file: str) -> str:
    return "/".join(file.split("/")[-2:])


def _cut(text: str) -> str:
    raw = text.encode(errors="replace")
    return text if len(raw) <= TEXT_MAX else raw[:TEXT_MAX].decode(errors="ignore")


_HERE = __file__.rsplit("/", 2)[0] + "/"
