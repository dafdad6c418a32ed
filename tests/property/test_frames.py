"""Frames, however they are cut and whatever they contain."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from reactor.edge.frames import CLOSE, PING, PONG, TEXT, VIOLATION, FrameReader, text_frame
from tests.unit.edge.fakes import Line, text

LIMIT = 1000

CLOSE_HEAD = re.compile(rb"\x88.\x03[\xea-\xf1][ -~]+\Z", re.DOTALL)  # codes 1002 to 1009

Events = list[tuple[int, bytes]]


@st.composite
def messages(draw: st.DrawFn) -> tuple[bytes, Events]:
    """One text message in any number of fragments with pings and pongs between, and its events."""
    payload = draw(st.text(max_size=200)).encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=4)))
    pieces = [payload[a:b] for a, b in zip([0, *cuts], [*cuts, len(payload)], strict=True)]
    stream, events = b"", Events()
    for number, piece in enumerate(pieces):
        opcode = Opcode.CONT if number else Opcode.TEXT
        stream += text(piece, opcode=opcode, fin=number == len(cuts))
        if number < len(cuts) and draw(st.booleans()):
            kind = draw(st.sampled_from((Opcode.PING, Opcode.PONG)))
            body = draw(st.binary(max_size=125))
            stream += text(body, opcode=kind)
            events.append((int(kind), body))
    return stream, [*events, (TEXT, payload)]


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, Events]:
    """A valid stream of one client and the events in it."""
    parts = draw(st.lists(messages(), max_size=6))
    return b"".join(part[0] for part in parts), [event for part in parts for event in part[1]]


def cut(stream: bytes, cuts: list[int]) -> list[bytes]:
    """Cuts a stream at these places, modulo its length."""
    places = sorted({place % (len(stream) + 1) for place in cuts})
    return [stream[a:b] for a, b in zip([0, *places], [*places, len(stream)], strict=True)]


def read(segments: list[bytes]) -> Events:
    """What one reader yields, up to the event that ends the stream."""
    reader, events = FrameReader(LIMIT), Events()
    for segment in segments:
        for event in reader.read(segment):
            events.append(event)
            if event[0] in (CLOSE, VIOLATION):
                return events
    return events


CUTS = st.lists(st.integers(0, 2000), max_size=30)


@given(streams(), CUTS)
def test_segments_do_not_matter(valid: tuple[bytes, Events], cuts: list[int]) -> None:
    """Where the network cuts a stream is chance; what a client said is not."""
    stream, events = valid
    assert read(cut(stream, cuts)) == events
    assert read([stream[i : i + 1] for i in range(len(stream))]) == events


@given(streams(), CUTS, st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=3))
def test_what_websockets_refuses_is_refused(
    valid: tuple[bytes, Events], cuts: list[int], flips: list[tuple[int, int]]
) -> None:
    """On damaged streams, `websockets`' parser is the judge.

    We are stricter: binary messages and text that is not UTF-8 are violations, too.
    """
    damaged = bytearray(valid[0])
    for place, bits in flips:
        if damaged:
            damaged[place % len(damaged)] ^= bits
    judge = ServerProtocol(state=OPEN, max_size=LIMIT)
    judge.receive_data(bytes(damaged))
    events = read(cut(bytes(damaged), cuts))
    assert events == read([bytes(damaged)])
    if judge.parser_exc is not None:
        assert events[-1][0] in (VIOLATION, CLOSE)
    elif not events or events[-1][0] != VIOLATION:
        heard = [event for event in judge.events_received() if isinstance(event, Frame)]
        assert [data for code, data in events if code in (PING, PONG, CLOSE)] == [
            frame.data for frame in heard if frame.opcode >= Opcode.CLOSE
        ]


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_any_bytes_end_in_a_close(segments: list[bytes]) -> None:
    """A port scanner must not raise in the loop, nor leave a session behind."""
    line = Line()
    line.feed(*segments)
    line.socket.eof_received()
    line.lose()
    assert line.ear.calls.count("closed") == 1
    assert line.connections == set()
    if line.transport.has_written_eof:  # refused: the last frame says why
        assert CLOSE_HEAD.search(line.output)


@given(st.binary(max_size=70_000))
def test_what_is_sent_is_read_by_websockets(payload: bytes) -> None:
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


@given(st.text(st.characters()))
def test_close_frames_always_fit(reason: str) -> None:
    """A reason of any length and alphabet must make a frame that the client can read."""
    line = Line()
    line.socket.close(1013, reason)
    assert len(line.output) <= 2 + 125
    line.output[4:].decode()
