"""Every error has a code of its own that clients and metrics can rely on."""

from __future__ import annotations

import re

import pytest

from reactor import errors
from reactor.errors import (
    AppError,
    AuthFailed,
    BadRequest,
    DatabaseError,
    DeveloperError,
    InternalError,
    InvalidCursor,
    Overloaded,
    ParseError,
    ReactorError,
)

CLASSES = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, ReactorError)
]


def test_codes_are_unique_and_pascal_case() -> None:
    """An alert on one code must not fire for another error."""
    codes = [cls.code for cls in CLASSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"([A-Z][a-z0-9]+)+", code) for code in codes)


def test_the_tree_at_the_top_is_the_tree() -> None:
    """The module's drawing names every class, under its parent."""
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([ │├└─]+)([A-Z]\w+)", line)
        if found:
            drawn.append((len(found[1]), found[2]))
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for depth, name in drawn:
        while above and above[-1][0] >= depth:
            above.pop()
        parents[name] = above[-1][1] if above else "Exception"
        above.append((depth, name))
    assert parents == {cls.__name__: cls.__bases__[0].__name__ for cls in CLASSES}


def test_app_errors_carry_their_data() -> None:
    """A client reads `error.data` as the function raised it, null included."""
    assert AppError({"code": "NOT_FOUND"}).data == {"code": "NOT_FOUND"}
    assert AppError(None).data is None
    assert str(AppError("full")) == "full"


def test_the_invalid_cursor_is_convexs() -> None:
    """`usePaginatedQuery` starts over when it sees this data, and shows an error otherwise."""
    error = InvalidCursor()
    assert error.data == {"isConvexSystemError": True, "paginationError": "InvalidCursor"}
    assert str(error).startswith("InvalidCursor")


def test_parse_errors_say_where() -> None:
    """A webhook that changed its shape is mended by its path."""
    error = ParseError("missing", ".items[0].id")
    assert error.path == ".items[0].id"
    assert str(error) == "missing (at .items[0].id)"
    assert str(ParseError("missing")) == "missing"
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("cls", [DeveloperError, DatabaseError, BadRequest, AuthFailed, Overloaded])
def test_an_instance_may_have_a_finer_code(
    cls: type[DeveloperError | BadRequest | AuthFailed | Overloaded],
) -> None:
    before = cls.code
    assert cls("x", code="FinerCode").code == "FinerCode"
    assert cls("x").code == before == cls.code


@pytest.mark.parametrize("cls", [BadRequest, AuthFailed])
def test_an_instance_may_have_its_own_status(cls: type[BadRequest | AuthFailed]) -> None:
    before = cls.status
    assert cls("x", status=404).status == 404
    assert cls("x").status == before


def test_internal_errors_have_an_http_status() -> None:
    """A load balancer tells "try again" from "broken" by it."""
    statuses = {cls.code: cls.status for cls in CLASSES if issubclass(cls, InternalError)}
    assert statuses == {
        "InternalServerError": 500,
        "BadRequest": 400,
        "Unauthenticated": 401,
        "OptimisticConcurrencyControlFailure": 503,
        "TooManyConcurrentRequests": 503,
        "OutOfRetention": 503,
        "FileStoreFailed": 500,
        "StorageFailed": 500,
    }
