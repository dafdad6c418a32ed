"""Messages of the sync protocol, in and out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reactor.errors import BadRequest
from reactor.session import messages

SESSION = "00000000-0000-0000-0000-000000000001"
HALF = '"\\ud800"'


def decoded(text: str) -> messages.ClientMessage:
    return messages.decode(text.encode())


def test_every_kind_is_read() -> None:
    texts = [
        '{"type":"Connect","sessionId":"' + SESSION + '","connectionCount":0}',
        '{"type":"Authenticate","baseVersion":0,"tokenType":"None"}',
        (
            '{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":['
            '{"type":"Add","queryId":0,"udfPath":"a:b","args":[{}]},{"type":"Remove","queryId":0}]}'
        ),
        '{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[{}]}',
        '{"type":"Action","requestId":0,"udfPath":"a:b","args":[{}]}',
        '{"type":"Event","eventType":"x","event":{}}',
    ]
    assert [json.loads(text)["type"] for text in texts] == [
        type(decoded(text)).__name__ for text in texts
    ]


def test_fields_of_newer_clients_are_ignored() -> None:
    assert isinstance(decoded('{"type":"Event","later":1}'), messages.Event)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "[]",
        "3",
        '{"type":"Ping"}',
        '{"type":"Mutation","requestId":-1,"udfPath":"a:b","args":[]}',
        '{"type":"Mutation","requestId":4294967296,"udfPath":"a:b","args":[]}',
        '{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[NaN]}',
        '{"type":"Connect","sessionId":"x"}',
        '{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[3]}',
        '{"type":"Mutation","requestId":0,"udfPath":"\\ud800","args":[]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        decoded(text)
    assert caught.value.code == "WSMessageInvalidJson"


def test_half_a_surrogate_pair_is_the_arguments_fault() -> None:
    """One user's broken emoji would otherwise end their whole connection, again and again."""
    mutation = decoded('{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[' + HALF + "]}")
    assert isinstance(mutation, messages.Mutation)
    assert bytes(mutation.args) == b'["\\ud800"]'
    change = decoded(
        '{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":['
        '{"type":"Remove","queryId":9},'
        '{"type":"Add","queryId":0,"udfPath":"a:b","args":[1]},'
        '{"type":"Add","queryId":1,"udfPath":"a:b","args":[' + HALF + "]}]}"
    )
    assert isinstance(change, messages.ModifyQuerySet)
    args = [bytes(one.args) for one in change.modifications if isinstance(one, messages.Add)]
    assert args == [b"[1]", b'["\\ud800"]']
    event = decoded('{"type":"Event","eventType":"x","event":1,"args":' + HALF + "}")
    assert isinstance(event, messages.Event)


@pytest.mark.parametrize("ts", [0, 1, 1_767_225_600_000_000_000, 2**63 - 1])
def test_timestamps_round_trip(ts: int) -> None:
    assert messages.read_ts(messages.write_ts(ts).decode()) == ts


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "//////////8=", "AAAAAAAAAAAA"])
def test_what_is_no_timestamp_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        messages.read_ts(text)
    assert caught.value.code == "InvalidTimestamp"


VERSION = messages.version(1, 2, 3)
ANSWERS: list[tuple[bytes, dict[str, Any]]] = [
        (
            messages.transition(VERSION, VERSION, [messages.query_removed(4)]),
            {
                "type": "Transition",
                "startVersion": {"querySet": 1, "identity": 2, "ts": "AwAAAAAAAAA="},
                "endVersion": {"querySet": 1, "identity": 2, "ts": "AwAAAAAAAAA="},
                "modifications": [{"type": "QueryRemoved", "queryId": 4}],
            },
        ),
        (
            messages.query_updated(4, b"[1]", messages.log_lines(()), "end"),
            {
                "type": "QueryUpdated", "queryId": 4, "value": [1], "logLines": [],
                "journal": "end",
            },
        ),
        (
            messages.query_failed(4, 'no "x"', b"{}", messages.log_lines(("a",)), None),
            {
                "type": "QueryFailed", "queryId": 4, "errorMessage": 'no "x"', "logLines": ["a"],
                "journal": None, "errorData": {},
            },
        ),
        (
            messages.mutation_succeeded(5, b"null", 3, b"[]"),
            {
                "type": "MutationResponse", "requestId": 5, "success": True, "result": None,
                "ts": "AwAAAAAAAAA=", "logLines": [],
            },
        ),
        (
            messages.mutation_failed(5, "no", None, b"[]"),
            {
                "type": "MutationResponse", "requestId": 5, "success": False, "result": "no",
                "ts": None, "logLines": [],
            },
        ),
        (
            messages.action_succeeded(5, b"1", b"[]"),
            {
                "type": "ActionResponse", "requestId": 5, "success": True, "result": 1,
                "logLines": [],
            },
        ),
        (
            messages.action_failed(5, "no", b'"d"', b"[]"),
            {
                "type": "ActionResponse", "requestId": 5, "success": False, "result": "no",
                "logLines": [], "errorData": "d",
            },
        ),
        (
            messages.auth_error("no", 1, attempted=True),
            {"type": "AuthError", "error": "no", "baseVersion": 1, "authUpdateAttempted": True},
        ),
        (messages.fatal_error("no"), {"type": "FatalError", "error": "no"}),
        (messages.PING, {"type": "Ping"}),
    ]  # fmt: skip


@pytest.mark.parametrize(("payload", "expected"), ANSWERS)
def test_answers_are_json_with_the_fields_that_clients_read(
    payload: bytes, expected: dict[str, Any]
) -> None:
    assert json.loads(payload) == expected
