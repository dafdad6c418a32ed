"""HTTP actions: which route answers, and with what."""

from __future__ import annotations

from tests.differential.cases.identities import ADA
from tests.differential.scenario import case, query, request

JSON = {"content-type": "application/json"}

CASES = [
    case(
        "a body goes in and out, with status and headers",
        request("POST", "/echo", "hello", {"content-type": "text/plain"}),
        request("POST", "/echo", '{"a":1}', JSON),
        request("POST", "/echo", "é漢🙂", {"content-type": "text/plain"}),
    ),
    case(
        "a handler sees the request",
        request("GET", "/seen?q=a%20b&r=1", headers={"x-sent": "yes"}),
        request("GET", "/seen"),
    ),
    *(
        case(f"the method {method}", request(method, "/methods"))
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    ),
    case("a method without a route", request("PUT", "/echo"), request("GET", "/echo")),
    case(
        "exact paths win, then the longest prefix",
        request("GET", "/files/one"),
        request("GET", "/files/two"),
        request("GET", "/files/deep/three"),
        request("GET", "/files/deep"),
        request("GET", "/files/"),
        request("GET", "/files"),
        request("GET", "/files/one/more"),
    ),
    case("no route", request("GET", "/nowhere"), request("POST", "/seen", "x")),
    case("an answer without a body", request("POST", "/empty")),
    case("bytes in a body", request("POST", "/bytes", "abc"), request("POST", "/bytes", "")),
    case(
        "a route runs mutations and queries",
        request("POST", "/add", '{"label":"one"}', JSON),
        request("POST", "/add", '{"label":"two"}', JSON),
        query("calls:labels"),
    ),
    case("a route knows who asks", request("GET", "/me"), request("GET", "/me").by(ADA)),
    case("a route catches a ConvexError", request("POST", "/caught"), query("calls:labels")),
]
