"""Whether a provider's keys can be had, step by step, with what to do where they cannot.

A sign-in that fails says nothing to its user but "not signed in"; the cause is nearly always one
of these steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from reactor.auth.keys import parse_key_set
from reactor.auth.oidc import discovery_url, read_discovery

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from reactor.auth.keys import VerificationKey
    from reactor.auth.oidc import Provider

_NETWORK = (
    "fetch that URL from the machine that runs the server, as with curl: a proxy, a firewall or a "
    "name that only resolves elsewhere stands between"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a check.

    Args:
        what: what was tried.
        found: what came of it.
        advice: what to do; None when all is well.
    """

    what: str
    found: str
    advice: str | None = None

    @property
    def is_fine(self) -> bool:
        """Whether all is well."""
        return self.advice is None


async def check_provider(
    provider: Provider, fetch: Callable[[str], Awaitable[bytes]], *, dev: bool = False
) -> AsyncIterator[Step]:
    """The steps to a provider's keys, up to the first that fails.

    Args:
        provider: with its settings filled in.
        fetch: reads a URL; raises OSError or ValueError when it cannot.
        dev: allows plain http beyond loopback.
    """
    url = provider.jwks
    if url is None:
        document_url = discovery_url(provider.issuer)
        try:
            document = await fetch(document_url)
        except (OSError, ValueError) as error:
            yield Step(f"read {document_url}", str(error), _discovery_advice(provider))
            return
        try:
            url = read_discovery(provider.issuer, document, dev=dev)
        except ValueError as error:
            yield Step(f"read {document_url}", str(error), _document_advice(provider, document))
            return
        yield Step(f"read {document_url}", f"its key set is at {url}")
    shown = "the key set in the data: URL" if url.startswith("data:") else url
    try:
        keys = await _keys(provider, url, fetch)
    except (OSError, ValueError) as error:
        yield Step(f"read {shown}", str(error), _NETWORK)
        return
    yield Step(f"read {shown}", f"{len(keys)} usable keys")
    yield _usable(provider, keys)


async def _keys(
    provider: Provider, url: str, fetch: Callable[[str], Awaitable[bytes]]
) -> tuple[VerificationKey, ...]:
    if url.startswith("data:"):
        return await provider.keys.load(fetch)
    return parse_key_set(await fetch(url))


def _usable(provider: Provider, keys: tuple[VerificationKey, ...]) -> Step:
    allowed = " or ".join(sorted(provider.algorithms))
    fitting = [key for key in keys if key.algorithm in provider.algorithms]
    what = f"find a key for {allowed}"
    if not fitting:
        others = ", ".join(sorted({key.algorithm for key in keys})) or "none at all"
        return Step(
            what,
            f"the key set has keys for {others}",
            "have the provider sign with one of them (a symmetric key, HS256, can never be used), "
            "or name the algorithm that it does sign with",
        )
    names = ", ".join(key.key_id or "(no kid)" for key in fitting)
    if provider.is_custom and not any(key.key_id for key in fitting):
        return Step(what, names, "give the keys a kid: tokens of a CustomJwt must name theirs")
    audience = provider.application_id
    wanted = "any audience" if audience is None else f"aud containing {audience!r}"
    return Step(
        what,
        f"{names}; tokens must have iss {provider.issuer!r} and {wanted}, and are then trusted",
    )


def _discovery_advice(provider: Provider) -> str:
    return (
        f"{_NETWORK}; or the domain {provider.issuer!r} is not the provider's issuer: it is what "
        "`iss` says in one of its tokens"
    )


def _document_advice(provider: Provider, document: bytes) -> str:
    try:
        named = orjson.loads(document)["issuer"]
    except (ValueError, TypeError, KeyError):
        return "the answer is no discovery document; a login page or an error page came instead"
    if named != provider.issuer:
        return f"set the domain to {named!r}, which is what its tokens say in `iss`"
    return "the key set must be at an https URL (or http on loopback); use CustomJwt(jwks=…) if not"
