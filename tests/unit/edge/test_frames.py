"""Frames as bytes: what is read from a client's stream, and what is prepared for it."""

from __future__ import annotations

import pytest
from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode

from reactor.edge.frames import (
    CLOSE,
    PING,
    PONG,
    TEXT,
    VIOLATION,
    FrameReader,
    close_payload,
    control_frame,
    text_frame,
)
from tests.unit.edge.fakes import raw, text

LIMIT = 70_000


def read(*segments: bytes, limit: int = LIMIT) -> list[tuple[int, bytes]]:
    """What one reader yields for the segments, up to the event that ends the stream."""
    reader = FrameReader(limit)
    events: list[tuple[int, bytes]] = []
    for segment in segments:
        for event in reader.read(segment):
            events.append(event)
            if event[0] in (CLOSE, VIOLATION):
                return events
    return events


def code_of(events: list[tuple[int, bytes]]) -> int:
    """The close code that the last event answers with."""
    opcode, payload = events[-1]
    assert opcode == VIOLATION
    return int.from_bytes(payload[:2], "big")


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, LIMIT])
def test_every_length_is_read_and_written(length: int) -> None:
    """A length at the border of two encodings would garble everything behind it."""
    payload = b"x" * length
    assert read(text(payload) + text(b"next")) == [(TEXT, payload), (TEXT, b"next")]
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


@pytest.mark.parametrize("length", [3, 200, 70_000])
def test_one_byte_per_segment(length: int) -> None:
    """A client behind a strange network must be understood all the same."""
    payload = "é".encode() * (length // 2)
    stream = text(payload) + text(b"", opcode=Opcode.PING) + text(b"next")
    events = read(*(stream[i : i + 1] for i in range(len(stream))))
    assert events == [(TEXT, payload), (PING, b""), (TEXT, b"next")]


def test_many_frames_in_one_segment() -> None:
    stream = b"".join(text(str(number).encode()) for number in range(1000))
    assert [int(payload) for _, payload in read(stream)] == list(range(1000))


def test_a_frame_longer_than_it_needs_to_say() -> None:
    """The two and eight byte lengths may hold a small number; so `websockets` reads them, too."""
    for marker, size in ((126, 2), (127, 8)):
        head = bytes((0x81, 0x80 | marker)) + (2).to_bytes(size, "big") + bytes(4)
        for cut in range(len(head) + 3):
            stream = head + b"ok"
            assert read(stream[:cut], stream[cut:]) == [(TEXT, b"ok")]


def test_fragments_with_control_frames_between() -> None:
    """Browsers may cut a large message; a ping in its middle must not end it."""
    snow = "☃".encode()
    stream = [
        text(b"a" + snow[:1], fin=False),
        text(b"p", opcode=Opcode.PING),
        text(b"", opcode=Opcode.CONT, fin=False),
        text(b"q", opcode=Opcode.PONG),
        text(snow[1:], opcode=Opcode.CONT),
        text(b"next"),
    ]
    expected = [(PING, b"p"), (PONG, b"q"), (TEXT, b"a" + snow), (TEXT, b"next")]
    assert read(*stream) == expected
    assert read(b"".join(stream)) == expected


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (raw(0xC1, b"x"), 1002),  # a reserved bit, which only an extension may set
        (raw(0xA1, b"x"), 1002),
        (raw(0x91, b"x"), 1002),
        (raw(0x99, b"x"), 1002),
        (raw(0x83, b"x"), 1002),  # reserved opcodes
        (raw(0x8B, b"x"), 1002),
        (raw(0x81, b"x", is_masked=False), 1002),
        (raw(0x81, b"x" * 300, is_masked=False), 1002),
        (raw(0x81, b"x" * 66_000, is_masked=False), 1002),
        (raw(0x89, b"x", is_masked=False), 1002),
        (raw(0x89, b"x" * 126), 1002),  # a long ping
        (raw(0x09, b"x"), 1002),  # a ping in fragments
        (raw(0x80, b"x"), 1002),  # the end of nothing
        (raw(0x01, b"x") + raw(0x81, b"y"), 1002),  # a message inside a message
        (raw(0x88, b"\x03"), 1002),  # half a close code
        (raw(0x88, b"\x03\xed"), 1002),  # 1005 is never sent
        (raw(0x88, b"\x03\xe8\xff"), 1007),
        (raw(0x82, b"x"), 1003),
        (raw(0x02, b"x"), 1003),
        (raw(0x81, b"\xff"), 1007),
        (raw(0x81, b"\xff" * 300), 1007),
        (raw(0x01, b"ok\xe2") + raw(0x80, b"\x98"), 1007),
        (raw(0x81, b"", said=LIMIT + 1), 1009),
        (raw(0x81, b"", said=2**64 - 1), 1009),
        (raw(0x01, b"x") + raw(0x80, b"", said=LIMIT), 1009),
    ],
)
def test_a_broken_rule_is_answered(stream: bytes, code: int) -> None:
    """Whatever stands behind the violation is not read; what stands before it is."""
    events = read(text(b"before") + stream + text(b"behind"))
    assert events[0] == (TEXT, b"before")
    assert events[-1][0] == VIOLATION
    assert code_of(events) == code
    assert (TEXT, b"behind") not in events


def test_too_much_is_refused_before_it_is_kept() -> None:
    """A hostile client must not make the server hold what it will refuse anyway."""
    assert code_of(read(raw(0x81, b"x" * 200, said=201)[:8], limit=200)) == 1009
    assert read(raw(0x81, b"x" * 200), limit=200) == [(TEXT, b"x" * 200)]
    pieces = [raw(0x01, b"x" * 150), raw(0x00, b"y" * 50), raw(0x80, b"", said=1)[:6]]
    assert code_of(read(*pieces, limit=200)) == 1009


def test_a_close_ends_the_stream() -> None:
    """The answer to a close is its own payload, an empty one included."""
    assert read(text(b"", opcode=Opcode.CLOSE) + text(b"x")) == [(CLOSE, b"")]
    payload = close_payload(4001, "bye")
    assert read(text(payload, opcode=Opcode.CLOSE)) == [(CLOSE, payload)]


def test_control_frames() -> None:
    assert control_frame(PING) == b"\x89\x00"
    assert control_frame(PONG, b"hi") == b"\x8a\x02hi"


def test_close_reasons_are_cut_between_characters() -> None:
    """A reason that is too long would make the close frame itself a violation."""
    payload = close_payload(1013, "a" + "é" * 100)
    assert len(payload) == 2 + 123
    assert payload[2:].decode() == "a" + "é" * 61
    assert len(close_payload(1013, "é" * 100)) == 2 + 122
    with pytest.raises(ProtocolError):
        close_payload(1005)
