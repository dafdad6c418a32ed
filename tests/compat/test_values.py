"""Checks 3 and 4: every value, both ways, through every client."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import MISSING, RemoteError
from tests.compat.support.server import Server
from tests.compat.support.wire import Wire, integer, raw, special


def nested(depth: int) -> Wire:
    """Arrays and objects in turn, this deep."""
    value: Wire = "core"
    for level in range(depth):
        value = [value] if level % 2 else {"inner": value}
    return value


VALUES: dict[str, Wire] = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0.0,
    "negative zero": special(-0.0),
    "one": 1.0,
    "a fraction": 0.1,
    "a large float": 1e300,
    "the smallest float": 5e-324,
    "2^53": float(2**53),
    "NaN": special(math.nan),
    "infinity": special(math.inf),
    "negative infinity": special(-math.inf),
    "int64 0": integer(0),
    "int64 -1": integer(-1),
    "int64 max": integer(2**63 - 1),
    "int64 min": integer(-(2**63)),
    "the empty string": "",
    "emoji": "halo 😀 dunia",
    "control characters": "\x00\t\n\u2028",
    "no bytes": raw(b""),
    "one byte": raw(b"\xff"),
    "three bytes": raw(b"\x01\x02\x03"),
    "the empty array": [],
    "8192 elements": [float(number) for number in range(8192)],
    "the empty object": {},
    "a nested object": {"a": {"b": [1.0, integer(2), {"c": raw(b"d")}]}, "z": None},
    "names beside letters": {"": 1.0, "a b": 2.0, "_x": 3.0, "~": 4.0},
    "40 levels": nested(40),
}
TYPES = {
    "null": "NoneType",
    "true": "bool",
    "one": "float",
    "2^53": "float",
    "NaN": "float",
    "int64 max": "ConvexInt64",
    "emoji": "str",
    "three bytes": "bytes",
    "the empty array": "list",
    "the empty object": "dict",
}


async def test_npm_gets_back_what_it_sent(connect: Connect, server: Server) -> None:
    """Check 3: `compareValues` finds no difference, through a query and through a mutation."""
    client = await connect("npm", server.url)
    for label, value in VALUES.items():
        for kind, path in (("query", "values:echo"), ("mutation", "values:echoWrite")):
            answer = await client.ask("compared", path=path, kind=kind, wire=value)
            assert answer == {"same": True, "got": value}, (label, kind)


async def test_python_gets_back_what_it_sent(connect: Connect, server: Server) -> None:
    """Check 3: floats come as float, int64 as ConvexInt64, bytes as bytes."""
    client = await connect("pypi", server.url)
    for label, value in VALUES.items():
        for path, op in (("values:echo", "query"), ("values:echoWrite", "mutation")):
            number = client.post(op, path=path, args={"value": value})
            assert await client.reply(number) == value, (label, op)
            if label in TYPES:
                assert client.log[-1]["type"] == TYPES[label], label


async def test_stored_values_come_back(connect: Connect, server: Server) -> None:
    """Check 3: what npm stores, Python reads unchanged, and the other way round."""
    npm, python = await connect("npm", server.url), await connect("pypi", server.url)
    for writer, reader in ((npm, python), (python, npm)):
        for label, value in VALUES.items():
            if label == "40 levels":
                continue  # a document nests 16 levels at most
            row_id = await writer.mutation("values:store", value=value)
            assert await reader.query("values:load", id=row_id) == value, (writer.kind, label)


async def test_typed_arguments(connect: Connect, server: Server) -> None:
    """Check 3: each declared type takes its wire form from both clients."""
    args = {
        "text": "é",
        "number": special(math.nan),
        "whole": 2.0**53,
        "big": integer(-5),
        "flag": True,
        "raw": raw(b"\x00"),
    }
    for kind in ("npm", "pypi"):
        client = await connect(kind, server.url)
        document = await client.mutation("values:measure", **args)
        assert {key: document[key] for key in args} == args
        assert set(document) == {*args, "_id", "_creationTime"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 1.0),
        ("number", "1"),
        ("number", integer(1)),
        ("whole", 1.5),
        ("whole", special(math.nan)),
        ("whole", 2.0**54),
        ("big", 1.0),
        ("flag", None),
        ("raw", "AAAA"),
        ("maybe", None),
    ],
)
async def test_no_value_is_coerced(
    connect: Connect, server: Server, field: str, value: Any
) -> None:
    """Check 3: another type is refused, however close; null is not a missing value."""
    args = {
        "text": "t",
        "number": 1.0,
        "whole": 1.0,
        "big": integer(1),
        "flag": True,
        "raw": raw(b""),
        field: value,
    }
    client = await connect("npm", server.url)
    with pytest.raises(RemoteError) as refused:
        await client.mutation("values:measure", **args)
    assert refused.value.data is MISSING


async def test_the_legacy_http_client_reads_whole_floats(connect: Connect, server: Server) -> None:
    """Check 4: PyPI's pure-Python client refuses a bare `1`; the server says `1.0`."""
    client = await connect("pypi", server.url)
    for label, value in VALUES.items():
        number = client.post("httpQuery", path="values:echo", args={"value": value})
        assert await client.reply(number) == value, label
        if label in TYPES:
            assert client.log[-1]["type"] == TYPES[label], label
    assert await client.ask("httpMutation", path="counters:increment", args={"name": "h"}) >= 1


async def test_the_legacy_http_client_tells_errors_apart(connect: Connect, server: Server) -> None:
    """Check 4: ConvexError exactly when `errorData` is present, null included."""
    client = await connect("pypi", server.url)
    for data in ({"code": "NO", "n": 1.0}, "text", None, [1.0]):
        with pytest.raises(RemoteError) as refused:
            await client.ask("httpQuery", path="failures:refuse", args={"data": data})
        assert refused.value.data == data
    with pytest.raises(RemoteError) as crashed:
        await client.ask("httpMutation", path="failures:crashWrite", args={"message": "boom"})
    assert crashed.value.data is MISSING
