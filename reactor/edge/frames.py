"""WebSocket frames as bytes: reads what clients send, prepares what the server sends; no I/O.

The masking and the rules of close codes are `websockets`'; the reading of frame heads is ours:
`docs/decisions/0002-websocket-codec.md` says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from websockets.exceptions import ProtocolError
from websockets.frames import Close, CloseCode

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform for which websockets has no compiled wheel
    from websockets.utils import apply_mask

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
VIOLATION: Final = 0x10
"""No opcode of the wire: says that the client broke a rule and what the close frame answers."""

_OPCODES: Final = frozenset((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG))
_FINAL: Final = 0x80
_RESERVED: Final = 0x70
_MASKED: Final = 0x80
_FINAL_TEXT: Final = _FINAL | TEXT
_CONTROL_BYTES_MAX: Final = 125  # RFC 6455 5.5; also the largest length that fits in a short head
_HEAD_BYTES: Final = 6  # of a short masked frame: two bytes, then the mask of four
_REASON_BYTES_MAX: Final = 123  # a control frame less the two bytes of its code


def text_frame(payload: bytes) -> bytes:
    """Prepares one final, unmasked text frame.

    Args:
        payload: UTF-8; it is not checked.
    """
    length = len(payload)
    if length <= _CONTROL_BYTES_MAX:
        return b"\x81%c%b" % (length, payload)
    if length < 0x10000:
        return b"\x81\x7e%b%b" % (length.to_bytes(2, "big"), payload)
    return b"\x81\x7f%b%b" % (length.to_bytes(8, "big"), payload)


def control_frame(opcode: int, payload: bytes = b"") -> bytes:
    """Prepares one unmasked control frame.

    Args:
        opcode: CLOSE, PING or PONG.
        payload: at most 125 bytes.
    """
    assert len(payload) <= _CONTROL_BYTES_MAX
    return b"%c%c%b" % (_FINAL | opcode, len(payload), payload)


def close_payload(code: int, reason: str = "") -> bytes:
    """Gives the payload of a close frame, its reason cut to the 123 bytes that fit.

    Args:
        code: a code that RFC 6455 lets an endpoint send: 1000 to 1003, 1007 to 1014, 3000 to 4999.
        reason: for people and for a client's back-off; cut between characters.

    Raises:
        ProtocolError: of `websockets`, for another code.
    """
    fitting = reason.encode(errors="replace")[:_REASON_BYTES_MAX].decode(errors="ignore")
    return Close(code, fitting).serialize()


_RESERVED_BITS: Final = close_payload(CloseCode.PROTOCOL_ERROR, "reserved bits must be 0")
_UNKNOWN_OPCODE: Final = close_payload(CloseCode.PROTOCOL_ERROR, "unknown opcode")
_NOT_MASKED: Final = close_payload(CloseCode.PROTOCOL_ERROR, "frames of a client must be masked")
_LONG_CONTROL: Final = close_payload(CloseCode.PROTOCOL_ERROR, "control frame too long")
_CUT_CONTROL: Final = close_payload(CloseCode.PROTOCOL_ERROR, "fragmented control frame")
_NO_START: Final = close_payload(CloseCode.PROTOCOL_ERROR, "continuation of no message")
_NO_END: Final = close_payload(CloseCode.PROTOCOL_ERROR, "new message inside a fragmented one")
_BAD_CLOSE: Final = close_payload(CloseCode.PROTOCOL_ERROR, "close frame with a bad code or length")
_NOT_TEXT: Final = close_payload(CloseCode.UNSUPPORTED_DATA, "only text messages are accepted")
_NOT_UTF8: Final = close_payload(CloseCode.INVALID_DATA, "text must be UTF-8")
_TOO_BIG: Final = close_payload(CloseCode.MESSAGE_TOO_BIG, "message too big")


class FrameReader:
    """Turns one client's bytes, however they are cut into segments, into messages.

    Invariant: `_pending` is empty or holds the start of exactly one frame, at most one message and
    its head long; `_needed` is how much of it must be there before another look is worth while.
    `_message` is None outside a fragmented message. What breaks a rule is judged on the frame's
    head, before any of its body is kept.

    Args:
        message_bytes_max: the largest message; 125 at least, the size of a control frame.
    """

    __slots__ = ("_message", "_message_bytes_max", "_needed", "_pending")

    def __init__(self, message_bytes_max: int) -> None:
        assert message_bytes_max >= _CONTROL_BYTES_MAX
        self._message_bytes_max = message_bytes_max
        self._pending: bytearray | None = None
        self._needed = 0
        self._message: bytearray | None = None

    def read(self, segment: bytes) -> Iterator[tuple[int, bytes]]:
        """Yields what the segment completes, in order.

        Yields:
            (TEXT, a whole message, valid UTF-8) · (PING or PONG, payload) · (CLOSE, payload to
            echo) · (VIOLATION, payload of the close frame that answers it). After one of the last
            two the caller stops: nothing more may be read. Otherwise it goes on to the end.
        """
        if self._pending is not None:
            segment = self._join(self._pending, segment)
        position, end, stop = 0, len(segment), 0
        while end - position > 1:
            first = segment[position]
            length = segment[position + 1] ^ _MASKED  # 128 or more on a frame that is not masked
            body = position + _HEAD_BYTES
            if length == 126 and end - position > 3:
                length = segment[position + 2] << 8 | segment[position + 3]
                body += 2
            stop = body + length
            if (
                first == _FINAL_TEXT
                and self._message is None
                and stop <= end
                and (length <= _CONTROL_BYTES_MAX or body > position + _HEAD_BYTES)
                and length <= self._message_bytes_max
            ):
                position = stop
                yield _text(apply_mask(segment[body:stop], segment[body - 4 : body]))
                continue
            event, stop = self._uncommon(segment, position)
            if stop > end:
                break
            position = stop
            if event is not None:
                yield event
        if position < end:
            self._pending = bytearray(segment[position:])
            self._needed = max(stop - position, 2)

    def _join(self, pending: bytearray, segment: bytes) -> bytes:
        """Gives the pending frame with the segment behind it, or nothing while it is too short."""
        pending += segment
        if len(pending) < self._needed:
            return b""
        self._pending = None
        return bytes(pending)

    def _uncommon(self, segment: bytes, position: int) -> tuple[tuple[int, bytes] | None, int]:
        """Reads a frame of any kind.

        Returns:
            What it completes, and where it stops; behind the segment's end if more must come, in
            which case the stop is the first point worth waiting for.
        """
        first, second = segment[position], segment[position + 1]
        length = second & 0x7F
        body = position + _HEAD_BYTES
        if length > _CONTROL_BYTES_MAX:
            body += 2 if length == 126 else 8
            if len(segment) < body - 4:
                return None, body
            length = int.from_bytes(segment[position + 2 : body - 4], "big")
        problem = self._problem(first, second, length)
        if problem:
            return (VIOLATION, problem), len(segment)
        stop = body + length
        if stop > len(segment):
            return None, stop
        return self._complete(first, apply_mask(segment[body:stop], segment[body - 4 : body])), stop

    def _problem(self, first: int, second: int, length: int) -> bytes:
        """Gives the answer to a frame that breaks a rule, judged by its head; else nothing."""
        opcode = first & 0xF
        if first & _RESERVED:
            return _RESERVED_BITS
        if opcode not in _OPCODES:
            return _UNKNOWN_OPCODE
        if not second & _MASKED:
            return _NOT_MASKED
        if opcode >= CLOSE:
            return _control_problem(first, length)
        return self._data_problem(opcode, length)

    def _data_problem(self, opcode: int, length: int) -> bytes:
        if opcode == BINARY:
            return _NOT_TEXT
        if opcode == CONTINUATION and self._message is None:
            return _NO_START
        if opcode == TEXT and self._message is not None:
            return _NO_END
        kept = len(self._message or b"")
        return _TOO_BIG if kept + length > self._message_bytes_max else b""

    def _complete(self, first: int, payload: bytes) -> tuple[int, bytes] | None:
        """Gives what a whole frame means, or None when its message goes on."""
        opcode = first & 0xF
        if opcode == CLOSE:
            return _closing(payload)
        if opcode in (PING, PONG):
            return opcode, payload
        if first == _FINAL_TEXT:
            return _text(payload)
        # One growing buffer, not a list: a stream of empty fragments then costs no memory.
        if self._message is None:
            self._message = bytearray()
        self._message += payload
        if not first & _FINAL:
            return None
        message, self._message = bytes(self._message), None
        return _text(message)


def _control_problem(first: int, length: int) -> bytes:
    if length > _CONTROL_BYTES_MAX:
        return _LONG_CONTROL
    return b"" if first & _FINAL else _CUT_CONTROL


def _closing(payload: bytes) -> tuple[int, bytes]:
    try:
        Close.parse(payload)
    except ProtocolError:
        return VIOLATION, _BAD_CLOSE
    except UnicodeDecodeError:
        return VIOLATION, _NOT_UTF8
    return CLOSE, payload


def _text(message: bytes) -> tuple[int, bytes]:
    if not message.isascii():
        try:
            message.decode()
        except UnicodeDecodeError:
            return VIOLATION, _NOT_UTF8
    return TEXT, message
