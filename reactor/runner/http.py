"""`HttpRouter`: a project's own HTTP routes, in `functions/http.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from reactor.errors import ProjectError
from reactor.runner.context import ActionCtx

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from reactor.runner.space import Space

Handler = Callable[[ActionCtx, "Request"], Awaitable["Response"]]
Decorator = Callable[[Handler], Handler]

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""What can be routed; HEAD is answered by GET's handler."""


class HttpRouter:
    """`http = HttpRouter()`: decorate handlers with a method and a path.

    A path that ends in `/*` takes everything below it; an exact path wins, then the longest prefix.
    """

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, Handler]] = {}
        self._prefixes: dict[str, dict[str, Handler]] = {}

    def get(self, path: str, /) -> Decorator:
        """Handles GET, and HEAD without its body."""
        return self._route("GET", path)

    def post(self, path: str, /) -> Decorator:
        """Handles POST."""
        return self._route("POST", path)

    def put(self, path: str, /) -> Decorator:
        """Handles PUT."""
        return self._route("PUT", path)

    def patch(self, path: str, /) -> Decorator:
        """Handles PATCH."""
        return self._route("PATCH", path)

    def delete(self, path: str, /) -> Decorator:
        """Handles DELETE."""
        return self._route("DELETE", path)

    def options(self, path: str, /) -> Decorator:
        """Handles OPTIONS; CORS is the application's own job here."""
        return self._route("OPTIONS", path)

    def _route(self, method: str, path: str) -> Decorator:
        if not path.startswith("/"):
            raise ProjectError(f"HTTP path {path!r} must start with a slash")
        if path == "/.files" or path.startswith("/.files/"):
            raise ProjectError("HTTP paths under /.files are reserved")
        is_prefix = path.endswith("/*")
        if set(path.removesuffix("/*")) & set("*?#"):
            raise ProjectError(
                f"HTTP path {path!r}: a star stands only at the end, as in /hooks/*, and a query "
                "string is in request.query_params"
            )
        table = self._prefixes if is_prefix else self._exact
        methods = table.setdefault(path[:-1] if is_prefix else path, {})

        def register(handler: Handler) -> Handler:
            if method in methods:
                raise ProjectError(f"HTTP route {method} {path} is defined twice")
            methods[method] = handler
            return handler

        return register

    def find(self, method: str, path: str) -> Handler | None:
        """The handler of a request, or None.

        Args:
            method: in capitals; HEAD is answered by GET's handler.
            path: without a query string.
        """
        method = "GET" if method == "HEAD" else method
        exact = self._exact.get(path, {}).get(method)
        if exact is not None:
            return exact
        fitting = [
            p for p, methods in self._prefixes.items() if path.startswith(p) and method in methods
        ]
        return self._prefixes[max(fitting, key=len)][method] if fitting else None

    def routes(self) -> list[tuple[str, str]]:
        """Every (method, path), prefixes as `/path/*`."""
        exact = [(method, path) for path, methods in self._exact.items() for method in methods]
        below = [(m, path + "*") for path, methods in self._prefixes.items() for m in methods]
        return sorted(exact + below, key=lambda route: (route[1], route[0]))


class Route(NamedTuple):
    """Who answers a request, and how it reads the path.

    Args:
        space: whose route it is.
        handler: the route's handler.
        prefix: what stands before the router's own path; "" for the app without a prefix.
    """

    space: Space
    handler: Handler
    prefix: str


def find_route(spaces: Iterable[Space], method: str, path: str) -> Route | None:
    """The route of a request over all spaces: of those that have one, the longest prefix wins.

    Args:
        spaces: the app and its components.
        method: in capitals.
        path: the public path, without a query string.
    """
    found: list[Route] = []
    for space in spaces:
        prefix, router = space.http_prefix, space.functions.http
        if router is None or prefix is None or not is_below(path, prefix):
            continue
        handler = router.find(method, path[len(prefix) :] or "/")
        if handler is not None:
            found.append(Route(space, handler, prefix))
    return max(found, key=lambda route: len(route.prefix), default=None)


def is_below(path: str, prefix: str) -> bool:
    """Whether a path is a prefix of whole segments, or lies under it."""
    return path == prefix or path.startswith(f"{prefix}/")
