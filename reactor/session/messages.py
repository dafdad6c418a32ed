# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Messages of the sync protocol: decoded from clients, encoded for them.

Source: protocol.md 3.2 and 3.3.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from uuid import UUID  # noqa: TC003  # msgspec reads the annotations at run time

import msgspec

from reactor.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]


class Connect(msgspec.Struct, frozen=True, tag="Connect"):
    """The first message of most connections."""

    sessionId: UUID  # noqa: N815  # the wire's own name
    connectionCount: int = 0  # noqa: N815
    lastCloseReason: str | None = None  # noqa: N815
    maxObservedTimestamp: str | None = None  # noqa: N815
    clientTs: float | None = None  # noqa: N815


class Authenticate(msgspec.Struct, frozen=True, tag="Authenticate"):
    """Another identity from here on."""

    baseVersion: U32  # noqa: N815
    tokenType: str  # noqa: N815
    value: str | None = None
    impersonating: dict[str, Any] | None = None
    acting_as: dict[str, Any] | None = None


class Add(msgspec.Struct, frozen=True, tag="Add"):
    """Subscribes to a query."""

    queryId: U32  # noqa: N815
    udfPath: str  # noqa: N815
    args: msgspec.Raw
    journal: str | None = None
    componentPath: str | None = None  # noqa: N815


class Remove(msgspec.Struct, frozen=True, tag="Remove"):
    """Ends a subscription."""

    queryId: U32  # noqa: N815


class ModifyQuerySet(msgspec.Struct, frozen=True, tag="ModifyQuerySet"):
    """Adds and removes subscriptions."""

    baseVersion: U32  # noqa: N815
    newVersion: U32  # noqa: N815
    modifications: list[Add | Remove]


class Mutation(msgspec.Struct, frozen=True, tag="Mutation"):
    """Runs a mutation."""

    requestId: U32  # noqa: N815
    udfPath: str  # noqa: N815
    args: msgspec.Raw
    componentPath: str | None = None  # noqa: N815


class Action(msgspec.Struct, frozen=True, tag="Action"):
    """Runs an action."""

    requestId: U32  # noqa: N815
    udfPath: str  # noqa: N815
    args: msgspec.Raw
    componentPath: str | None = None  # noqa: N815


class Event(msgspec.Struct, frozen=True, tag="Event"):
    """Client telemetry; never answered."""

    eventType: str = ""  # noqa: N815
    event: msgspec.Raw = msgspec.Raw(b"null")


ClientMessage = Connect | Authenticate | ModifyQuerySet | Mutation | Action | Event

_decode = msgspec.json.Decoder(ClientMessage).decode


def decode(data: bytes) -> ClientMessage:
    """One message from a client; arguments stay raw until the function's decoder reads them.

    Raises:
        BadRequest: WSMessageInvalidJson, when it is not a message of the protocol.
    """
    try:
        message: ClientMessage = _decode(data)
    except (msgspec.DecodeError, RecursionError):
        return _decode_carefully(data)
    return message


def _decode_carefully(data: bytes) -> ClientMessage:
    """Takes a message whose only fault is inside its arguments.

    JSON text may hold half a surrogate pair, which is no Unicode; that is the argument's fault and
    not the connection's, so such arguments are kept as they came and refused by the function.
    """
    try:
        parsed = json.loads(data, parse_constant=_refuse_constant)
        kept = _take_args(parsed)
        message: ClientMessage = _decode(msgspec.json.encode(parsed))
    except (ValueError, RecursionError, UnicodeError, TypeError) as error:
        raise BadRequest(
            f"Received Invalid JSON on websocket: {error}", code="WSMessageInvalidJson"
        ) from None
    if isinstance(message, Mutation | Action):
        return msgspec.structs.replace(message, args=kept[0])
    if isinstance(message, ModifyQuerySet):
        given = iter(kept)
        changes = [
            msgspec.structs.replace(change, args=next(given)) if isinstance(change, Add) else change
            for change in message.modifications
        ]
        return msgspec.structs.replace(message, modifications=changes)
    return message


def _take_args(parsed: Any) -> list[msgspec.Raw]:
    """Removes the arguments from a parsed message and returns them as ASCII JSON."""
    kept: list[msgspec.Raw] = []
    if not isinstance(parsed, dict):
        return kept
    holders = [parsed, *(parsed.get("modifications") or [])]
    for holder in holders:
        if isinstance(holder, dict) and "args" in holder:
            kept.append(msgspec.Raw(json.dumps(holder["args"]).encode()))
            holder["args"] = []
    return kept


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def read_ts(text: str) -> int:
    """A timestamp from its base64 form: 8 little-endian bytes.

    Raises:
        BadRequest: it is not one.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != 8 or data[7] > 127:
        raise BadRequest(f"{text!r} is no timestamp", code="InvalidTimestamp")
    return int.from_bytes(data, "little")


def write_ts(ts: int) -> bytes:
    """A timestamp in its base64 form."""
    return base64.b64encode(ts.to_bytes(8, "little"))


def version(query_set: int, identity: int, ts: int) -> bytes:
    """A state version as JSON."""
    return b'{"querySet":%d,"identity":%d,"ts":"%b"}' % (query_set, identity, write_ts(ts))


def transition(start: bytes, end: bytes, modifications: Iterable[bytes]) -> bytes:
    """A Transition between two versions."""
    return b'{"type":"Transition","startVersion":%b,"endVersion":%b,"modifications":[%b]}' % (
        start, end, b",".join(modifications),
    )  # fmt: skip


def query_updated(query_id: int, value: bytes, logs: bytes, journal: str | None) -> bytes:
    """A query's new result."""
    return b'{"type":"QueryUpdated","queryId":%d,"value":%b,"logLines":%b,"journal":%b}' % (
        query_id, value, logs, msgspec.json.encode(journal),
    )  # fmt: skip


def query_failed(
    query_id: int, message: str, data: bytes | None, logs: bytes, journal: str | None
) -> bytes:
    """A query's failure; `errorData` is there only for a ConvexError."""
    return b'{"type":"QueryFailed","queryId":%d,"errorMessage":%b,"logLines":%b,"journal":%b%b}' % (
        query_id, msgspec.json.encode(message), logs, msgspec.json.encode(journal), _data(data),
    )  # fmt: skip


def query_removed(query_id: int) -> bytes:
    """The end of a subscription."""
    return b'{"type":"QueryRemoved","queryId":%d}' % query_id


def mutation_succeeded(request_id: int, value: bytes, ts: int, logs: bytes) -> bytes:
    """A mutation's result."""
    return (
        b'{"type":"MutationResponse","requestId":%d,"success":true,"result":%b,"ts":"%b",'
        b'"logLines":%b}' % (request_id, value, write_ts(ts), logs)
    )


def mutation_failed(request_id: int, message: str, data: bytes | None, logs: bytes) -> bytes:
    """A mutation's failure."""
    return (
        b'{"type":"MutationResponse","requestId":%d,"success":false,"result":%b,"ts":null,'
        b'"logLines":%b%b}' % (request_id, msgspec.json.encode(message), logs, _data(data))
    )


def action_succeeded(request_id: int, value: bytes, logs: bytes) -> bytes:
    """An action's result."""
    return b'{"type":"ActionResponse","requestId":%d,"success":true,"result":%b,"logLines":%b}' % (
        request_id, value, logs,
    )  # fmt: skip


def action_failed(request_id: int, message: str, data: bytes | None, logs: bytes) -> bytes:
    """An action's failure."""
    return (
        b'{"type":"ActionResponse","requestId":%d,"success":false,"result":%b,"logLines":%b%b}'
        % (request_id, msgspec.json.encode(message), logs, _data(data))
    )


def auth_error(message: str, base_version: int, *, attempted: bool) -> bytes:
    """A token that was refused, or one that has expired."""
    return msgspec.json.encode(
        {
            "type": "AuthError",
            "error": message,
            "baseVersion": base_version,
            "authUpdateAttempted": attempted,
        }
    )


def fatal_error(message: str) -> bytes:
    """The client broke the protocol; npm's stops for good, so never for anything else."""
    return msgspec.json.encode({"type": "FatalError", "error": message})


PING = b'{"type":"Ping"}'


def log_lines(lines: tuple[str, ...]) -> bytes:
    """Log lines as a JSON list."""
    return msgspec.json.encode(lines) if lines else b"[]"


def _data(data: bytes | None) -> bytes:
    return b"" if data is None else b',"errorData":%b' % data
