"""A project's own HTTP routes: which handler answers."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from reactor import ActionCtx, HttpRouter
from reactor.errors import ProjectError
from reactor.runner.http import Handler, find_route, is_below
from reactor.testing import Harness


def handler() -> Handler:
    async def answer(ctx: ActionCtx, request: Request) -> Response:
        return PlainTextResponse("here")

    return answer


def test_the_exact_path_wins_then_the_longest_prefix() -> None:
    http = HttpRouter()
    exact, short, long = handler(), handler(), handler()
    http.get("/a/b")(exact)
    http.get("/a/*")(short)
    http.get("/a/b/*")(long)
    assert http.find("GET", "/a/b") is exact
    assert http.find("GET", "/a/b/c") is long
    assert http.find("GET", "/a/c") is short
    assert http.find("GET", "/a") is None
    assert http.routes() == [("GET", "/a/*"), ("GET", "/a/b"), ("GET", "/a/b/*")]


def test_methods_are_apart_and_head_is_get() -> None:
    http = HttpRouter()
    named = {"GET": http.get, "POST": http.post, "PUT": http.put, "PATCH": http.patch}
    named |= {"DELETE": http.delete, "OPTIONS": http.options}
    made = {method: route("/x")(handler()) for method, route in named.items()}
    assert {method: http.find(method, "/x") for method in made} == made
    assert http.find("HEAD", "/x") is made["GET"]
    assert http.find("TRACE", "/x") is None


def test_a_prefix_of_another_method_does_not_hide_a_shorter_one() -> None:
    http = HttpRouter()
    wide = http.get("/*")(handler())
    http.post("/hooks/*")(handler())
    assert http.find("GET", "/hooks/x") is wide


def test_prefixes_are_whole_segments() -> None:
    assert all(is_below(path, "/a") for path in ("/a", "/a/", "/a/b"))
    assert not any(is_below(path, "/a") for path in ("/", "/ab", "/b/a"))
    assert is_below("/anything", "")


async def test_the_longest_prefix_that_has_a_route_answers(board: Harness) -> None:
    spaces = board.node.loaded.spaces.values()
    found = find_route(spaces, "GET", "/left/who")
    assert found is not None
    assert (found.space.path, found.prefix) == ("left", "/left")
    own = find_route(spaces, "GET", "/left/mine")
    assert own is not None
    assert own.space.is_root
    assert find_route(spaces, "POST", "/left/who") is None


@pytest.mark.parametrize(
    "path", ["x", "", "/.files", "/.files/x", "/.files/*", "/a*", "/*/b", "/a?b=c", "/a#b"]
)
def test_paths_that_cannot_be_served(path: str) -> None:
    with pytest.raises(ProjectError):
        HttpRouter().get(path)


def test_one_handler_per_route() -> None:
    http = HttpRouter()
    http.get("/x")(handler())
    with pytest.raises(ProjectError):
        http.get("/x")(handler())
