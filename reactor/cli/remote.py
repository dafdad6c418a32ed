"""A running deployment, as the command line reaches it: over HTTP, with the admin key."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
import httpx2

from reactor.auth.oidc import is_loopback
from reactor.errors import ProjectError
from reactor.runtime.settings import DEV_ADMIN_KEY, HOST, PORT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SECONDS_MAX = 300.0
"""How long an answer may take: as long as a server lets a request run."""

_OPTIONS = (
    click.option(
        "--admin-key",
        envvar=["REACTOR_ADMIN_KEY", "CONVEX_SELF_HOSTED_ADMIN_KEY"],
        help="The deployment's admin key [REACTOR_ADMIN_KEY, CONVEX_SELF_HOSTED_ADMIN_KEY].",
    ),
    click.option(
        "--url",
        envvar=["REACTOR_URL", "CONVEX_SELF_HOSTED_URL"],
        default=f"http://{HOST}:{PORT}",
        show_default=True,
        help="Where the deployment is [REACTOR_URL, CONVEX_SELF_HOSTED_URL].",
    ),
)


def remote_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds `--url` and `--admin-key` to a command."""
    for option in _OPTIONS:
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function gave: its result as wire JSON, or why it failed."""

    value: Any
    error: str | None
    data: Any
    log_lines: list[str]


class Remote:
    """One deployment.

    Args:
        url: where it is.
        admin_key: its key; on this machine, that of `reactor dev` when none is given.
        acting_as: on whose behalf functions run: identity attributes.
        transport: stands in for the network in tests.

    Raises:
        ProjectError: it is on another machine, and no key is given.
    """

    def __init__(
        self,
        url: str,
        admin_key: str | None,
        acting_as: dict[str, Any] | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        local = is_loopback(urlsplit(self.url).hostname or "")
        if not admin_key and not local:
            raise ProjectError(
                f"{self.url} needs its admin key: set REACTOR_ADMIN_KEY, or pass --admin-key"
            )
        key = admin_key or DEV_ADMIN_KEY
        if acting_as is not None:
            key += ":" + base64.b64encode(json.dumps(acting_as).encode()).decode()
        self._client = httpx2.Client(
            base_url=self.url,
            headers={"authorization": f"Convex {key}"},
            timeout=SECONDS_MAX,
            # A proxy set in the environment must not be asked for this machine's own port.
            trust_env=not local,
            transport=transport,
        )

    def call(self, path: str, args: dict[str, Any], component: str = "") -> Answer:
        """Runs a function of any kind, internal or the engine's own included.

        Raises:
            ProjectError: the deployment cannot be reached, or refuses.
        """
        body = {
            "path": path, "args": args, "format": "convex_encoded_json", "componentPath": component,
        }  # fmt: skip
        given = self.request("POST", "/api/function", body)
        return Answer(
            given.get("value"), given.get("errorMessage"), given.get("errorData"),
            given.get("logLines", []),
        )  # fmt: skip

    def ask(self, path: str, component: str = "", /, **args: Any) -> Any:
        """The result of one of the engine's own functions.

        Raises:
            ProjectError: the deployment cannot be reached, or refuses.
        """
        answer = self.call(path, args, component)
        if answer.error is not None:
            raise ProjectError(_plain(answer.error))
        return answer.value

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """One request; its answer's JSON, None when the answer is empty.

        Raises:
            ProjectError: the deployment cannot be reached, or refuses.
        """
        return self._read(lambda: self._client.request(method, path, json=body))

    def _read(self, send: Callable[[], httpx2.Response]) -> Any:
        try:
            answer = send()
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self._unreachable(error) from None
        if answer.status_code != 200:
            raise ProjectError(_refusal(self.url, answer))
        return answer.json() if answer.content else None

    def _unreachable(self, error: Exception) -> ProjectError:
        return ProjectError(
            f"{self.url} cannot be reached ({str(error) or type(error).__name__}); start it "
            "with `reactor dev`, or name another deployment with --url"
        )

    def upload(self, path: str, content: bytes) -> Any:
        """A POST of bytes; its answer's JSON.

        Raises:
            ProjectError: the deployment cannot be reached, or refuses.
        """
        return self._read(lambda: self._client.post(path, content=content))

    def download(self, path: str) -> Generator[tuple[bytes, int]]:
        """What a GET answers, piece by piece, each with the size of the whole; 0 when untold.

        Raises:
            ProjectError: the deployment cannot be reached, or refuses.
        """
        try:
            with self._client.stream("GET", path) as answer:
                if answer.status_code != 200:
                    answer.read()
                    raise ProjectError(_refusal(self.url, answer))
                size = int(answer.headers.get("content-length", 0))
                for piece in answer.iter_bytes():
                    yield piece, size
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from None

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    def __enter__(self) -> Remote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _refusal(url: str, answer: httpx2.Response) -> str:
    try:
        code, message = answer.json()["code"], answer.json()["message"]
    except (ValueError, TypeError, KeyError):
        return f"{url} answered {answer.status_code}; is it a reactor deployment?"
    if code == "BadDeployKey":
        return (
            f"{url} refuses this admin key; pass the deployment's with --admin-key or "
            "REACTOR_ADMIN_KEY"
        )
    return f"{message} ({code})"


def _plain(error: str) -> str:
    """An error of the engine's own functions, without what frames it for developers."""
    lines = error.split("\n")
    body = "\n".join(lines[1:] if len(lines) > 1 else lines)
    return body.strip().removeprefix("Uncaught Error: ")
