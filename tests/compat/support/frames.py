"""Just enough of RFC 6455 to see the messages that pass through a proxy."""

from __future__ import annotations

from dataclasses import dataclass

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its opcode, its payload unmasked, and the bytes it came in."""

    opcode: int
    payload: bytes
    raw: bytes


class FrameReader:
    """Cuts a stream of bytes into frames; fragments and compression are not expected."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now."""
        self._buffer += data
        frames: list[Frame] = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _next(self) -> Frame | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        assert buffer[0] & 0x70 == 0, "the peers agreed on an extension"
        length, start = buffer[1] & 0x7F, 2
        if length >= 126:
            width = 2 if length == 126 else 8
            if len(buffer) < 2 + width:
                return None
            length, start = int.from_bytes(buffer[2 : 2 + width], "big"), 2 + width
        mask = bytes(4)
        if buffer[1] & 0x80:
            mask, start = bytes(buffer[start : start + 4]), start + 4
        if len(buffer) < start + length:
            return None
        payload = unmask(bytes(buffer[start : start + length]), mask)
        frame = Frame(buffer[0] & 0x0F, payload, bytes(buffer[: start + length]))
        del buffer[: start + length]
        return frame


def unmask(payload: bytes, mask: bytes) -> bytes:
    """The payload without its mask (or with it, which is the same operation)."""
    if mask == bytes(4) or not payload:
        return payload
    stream = (mask * (len(payload) // 4 + 1))[: len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(payload), "big")


def close_frame(code: int, reason: str) -> bytes:
    """A server's close frame."""
    payload = code.to_bytes(2, "big") + reason.encode()
    return bytes([0x80 | CLOSE, len(payload)]) + payload


def client_frame(opcode: int, length: int, payload: bytes, *, last: bool = True) -> bytes:
    """A client's frame that announces a length, whatever the payload's own is."""
    head = bytes([(0x80 if last else 0) | opcode, 0x80 | 127])
    return head + length.to_bytes(8, "big") + bytes(4) + payload
