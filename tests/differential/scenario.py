"""One scenario for two backends: steps as data, what they give is never written down.

A case is a list of calls. Both sides run it, and their outcomes must agree once ids, times and
cursors have lost their spelling. Where Convex's mock is known to be wrong, the step says so, cites
the source, and gives the outcome that is right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from tests.compat.support.wire import Wire

Kind = Literal["query", "mutation", "action", "request", "settle"]
Outcome = dict[str, Any]
Identity = dict[str, Any]

UNDEFINED: Wire = {"$undefined": True}
"""JavaScript's undefined, inside arguments."""


def ref(name: str, *keys: str | int) -> Wire:
    """What the step that was kept under this name gave, or a part of it."""
    return {"$ref": [name, *keys]}


def gives(value: Wire) -> Outcome:
    """The outcome of a step that succeeds."""
    return {"value": value}


FAILS: Outcome = {"failed": True}
"""The outcome of a step that fails with an ordinary error."""


def refuses(data: Wire) -> Outcome:
    """The outcome of a step that fails with a ConvexError."""
    return {"failed": True, "data": data}


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a case.

    Args:
        kind: what is called; `settle` waits until every job that is due has run.
        path: the function, or the path of an HTTP request.
        args: the arguments as wire JSON.
        method: of an HTTP request.
        body: of an HTTP request.
        headers: of an HTTP request.
        kept: the name under which later steps refer to the value.
        identity: who calls; None for nobody.
        words: what reactor's error message must contain; it must fail.
        refusal: what reactor's error message must contain if it fails.
        because: why the mock gives something else, with its source.
        right: what reactor must give where the mock differs.
    """

    kind: Kind
    path: str = ""
    args: Wire = None
    method: str = ""
    body: str | None = None
    headers: dict[str, str] | None = None
    kept: str = ""
    identity: Identity | None = None
    words: str = ""
    refusal: str = ""
    because: str = ""
    right: Outcome | None = None

    def keep(self, name: str) -> Step:
        """The same step, whose value later steps can name with `ref`."""
        return replace(self, kept=name)

    def by(self, identity: Identity) -> Step:
        """The same step, called by somebody."""
        return replace(self, identity=identity)

    def says(self, words: str) -> Step:
        """The same step, whose failure must have these words of protocol.md on reactor's side."""
        return replace(self, words=words)

    def refusing(self, words: str) -> Step:
        """The same step; if it fails, reactor's error message has these words."""
        return replace(self, refusal=words)

    def mock_differs(self, because: str, right: Outcome) -> Step:
        """The same step, where the mock is known to be wrong.

        Args:
            because: what is right, and where that is written.
            right: what reactor must give.
        """
        return replace(self, because=because, right=right)

    def sent(self) -> dict[str, Any]:
        """The step as the runner under Node takes it."""
        names = ("kind", "path", "args", "method", "body", "headers", "identity")
        return {name: getattr(self, name) for name in names} | {"keep": self.kept}


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario with a name that says what would break for a user."""

    name: str
    steps: tuple[Step, ...]


def case(name: str, *steps: Step) -> Case:
    """A scenario."""
    return Case(name, steps)


def query(path: str, **args: Wire) -> Step:
    """Runs a query once."""
    return Step("query", path, args)


def mutation(path: str, **args: Wire) -> Step:
    """Runs a mutation."""
    return Step("mutation", path, args)


def action(path: str, **args: Wire) -> Step:
    """Runs an action."""
    return Step("action", path, args)


def request(
    method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> Step:
    """Sends an HTTP request to the project's own routes."""
    return Step("request", path, method=method, body=body, headers=headers)


def settle() -> Step:
    """Waits until every job that is due has run."""
    return Step("settle")
