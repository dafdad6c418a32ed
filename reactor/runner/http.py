"""`HttpRouter`: a project's own HTTP routes, in `functions/http.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from reactor.errors import ProjectError
from reactor.runner.context import ActionCtx

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

Handler = Callable[[ActionCtx, "Request"], Awaitable["Response"]]
Decorator = Callable[[Handler], Handler]


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
