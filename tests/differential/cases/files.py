"""File storage: bytes in and out, the documents that describe them, removal in a transaction."""

from __future__ import annotations

from tests.compat.support.wire import raw
from tests.differential.cases.people import ADA
from tests.differential.scenario import Step, action, case, gives, mutation, query, ref

stored = action("files:store", text="hello", type="text/plain").keep("id")


def all_of(name: str = "id") -> list[Step]:
    """Everything that can be asked about a file."""
    paths = ("files:hasUrl", "files:described")
    return [*(query(path, id=ref(name)) for path in paths), action("files:read", id=ref(name))]


CASES = [
    case("a file comes back as it was stored", stored, *all_of(), query("files:count")),
    case("an empty file", action("files:store", text="", type="text/plain").keep("id"), *all_of()),
    case(
        "bytes of every value",
        action("files:storeBytes", data=raw(bytes(range(256)) * 4)).keep("id"),
        action("files:readBytes", id=ref("id")),
        query("files:described", id=ref("id")),
    ),
    case(
        "the type that was sent is kept",
        stored,
        query("files:typeOf", id=ref("id")).mock_differs(
            "files have the contentType that was sent (protocol.md 5.9); the mock forgets it",
            gives("text/plain"),
        ),
    ),
    case(
        "a file without a type",
        action("files:store", text="hello").keep("id"),
        query("files:typeOf", id=ref("id")),
    ),
    case(
        "two files of the same bytes are two files",
        stored,
        action("files:store", text="hello", type="text/plain").keep("other"),
        mutation("files:remove", id=ref("id")),
        *all_of("id"),
        *all_of("other"),
        query("files:count"),
    ),
    case(
        "a removed file is gone",
        stored,
        mutation("files:removeAndLook", id=ref("id")),
        *all_of(),
        query("files:count"),
    ),
    case(
        "a mutation that fails removes no file",
        stored,
        mutation("files:removeAndFail", id=ref("id")),
        *all_of(),
    ),
    case(
        "a file cannot be removed twice",
        stored,
        mutation("files:remove", id=ref("id")),
        mutation("files:remove", id=ref("id")),
    ),
    case(
        "ids of files are ids of their table",
        stored,
        mutation("docs:insert", table="people", doc=ADA).keep("ada"),
        query("files:takes", file=ref("id")),
        query("files:takes", file=ref("ada")),
        query("takes:person", it=ref("id")),
    ),
    case("an action stores and records", action("files:storeAndRecord", text="abc")),
    case("an upload URL is a text", mutation("files:uploadUrl")),
]
