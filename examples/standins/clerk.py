"""Clerk's stand-in: its key set, sign-in page, tokens, users, and signed webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

import httpx2
import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, Router

from examples.standins.keys import PUBLISHED_KEY_ID, UNKNOWN_KEY_ID, published_key, unknown_key
from examples.standins.pages import error_page, sign_in_page, token_page
from examples.standins.people import PEOPLE
from examples.standins.sandbox import Clock, Link, Service
from examples.standins.settings import Settings, is_loopback_url
from examples.standins.users import User, UserChange, Users
from examples.standins.webhooks import Delivery, post, svix_signature

AUDIENCE: Final = "convex"
TOKEN_TTL_S: Final = 3600


class TokenRequest(BaseModel):
    """`POST /clerk/dev/token`. A claim given as null is left out of the token."""

    model_config = ConfigDict(extra="forbid")

    sub: str = Field(min_length=1)
    email: str | None = None
    name: str | None = None
    ttlSeconds: float = Field(  # noqa: N815  # its name on the wire
        default=TOKEN_TTL_S, ge=-1e9, le=1e9, allow_inf_nan=False
    )
    claims: dict[str, Any] = {}
    key: Literal["unknown"] | None = None
    alg: Literal["RS256", "none", "HS256"] = "RS256"


class WebhookRequest(BaseModel):
    """`POST /clerk/dev/webhook`: an event as it stands, with headers that may lie."""

    model_config = ConfigDict(extra="forbid")

    type: str
    data: Any
    svixId: str | None = None  # noqa: N815  # its name on the wire
    timestamp: int | str | None = None
    signature: str | None = None


class Clerk:
    """One Clerk instance.

    Args:
        settings: issuer, webhook address and secret.
        clock: stamps tokens and events.
        transport: what webhooks are sent through; None: the network.
    """

    def __init__(
        self, settings: Settings, clock: Clock, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._transport = transport
        self._users = Users(clock)
        self._events = 0

    def service(self) -> Service:
        """What the sandbox mounts under `/clerk`."""
        routes = [
            Route("/.well-known/jwks.json", self._key_set),
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/sign-in", self._sign_in_form),
            Route("/sign-in", self._sign_in, methods=["POST"]),
            Route("/dev/token", self._token, methods=["POST"]),
            Route("/dev/users", self._create_user, methods=["POST"]),
            Route("/dev/users/{id}", self._change_user, methods=["PATCH"]),
            Route("/dev/users/{id}", self._delete_user, methods=["DELETE"]),
            Route("/dev/webhook", self._webhook, methods=["POST"]),
        ]
        return Service(
            name="clerk",
            title="Clerk",
            app=Router(routes),
            reset=self._reset,
            controls=("/dev/", "/sign-in"),
            links=_LINKS,
        )

    def token(self, wanted: TokenRequest) -> str:
        """A token as asked for: honest, or wrong in exactly one way."""
        claims = self._claims(wanted)
        if wanted.alg == "none":
            return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."
        if wanted.alg == "HS256":
            return _signed_with_the_public_key(claims)
        known = wanted.key is None
        return jwt.encode(
            claims,
            published_key() if known else unknown_key(),
            algorithm="RS256",
            headers={"kid": PUBLISHED_KEY_ID if known else UNKNOWN_KEY_ID},
        )

    def _claims(self, wanted: TokenRequest) -> dict[str, Any]:
        now = int(self._clock.now_ms() / 1000)
        ends = now + wanted.ttlSeconds
        claims: dict[str, Any] = {
            "iss": self._settings.clerk_issuer,
            "aud": AUDIENCE,
            "sub": wanted.sub,
            "iat": now,
            "nbf": now,
            "exp": int(ends) if ends == int(ends) else ends,
            **self._users.claims(wanted.sub),
        }
        if wanted.email is not None:
            claims["email"] = wanted.email
        if wanted.name is not None:
            claims["name"] = wanted.name
        claims.update(wanted.claims)
        return {name: value for name, value in claims.items() if value is not None}

    # ------------------------------------------------------------ what Clerk has too

    async def _key_set(self, request: Request) -> Response:
        public = RSAAlgorithm.to_jwk(published_key().public_key(), as_dict=True)
        key = {**public, "kid": PUBLISHED_KEY_ID, "use": "sig", "alg": "RS256"}
        key.pop("key_ops", None)
        return JSONResponse({"keys": [key]})

    async def _discovery(self, request: Request) -> Response:
        issuer = self._settings.clerk_issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/.well-known/jwks.json",
                "authorization_endpoint": f"{issuer}/sign-in",
                "response_types_supported": ["token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _sign_in_form(self, request: Request) -> Response:
        redirect_url = request.query_params.get("redirect_url") or None
        if redirect_url is not None and not is_loopback_url(redirect_url):
            return error_page("redirect_url must be an address on this machine.")
        return sign_in_page(PEOPLE, request.url.path, redirect_url)

    async def _sign_in(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        redirect_url = form.get("redirect_url")
        person = next((p for p in PEOPLE if p.id == form.get("sub")), None)
        if person is None:
            return error_page("There is no such person.")
        token = self.token(TokenRequest(sub=person.id))
        if redirect_url is None:
            return token_page(person.name, token, request.url.path)
        if not is_loopback_url(redirect_url):
            return error_page("redirect_url must be an address on this machine.")
        return RedirectResponse(f"{redirect_url.partition('#')[0]}#token={token}", 303)

    # ------------------------------------------------------------ what only a stand-in has

    async def _token(self, request: Request) -> Response:
        wanted = TokenRequest.model_validate_json(await request.body())
        return JSONResponse({"token": self.token(wanted)})

    async def _create_user(self, request: Request) -> Response:
        user = self._users.create(User.model_validate_json(await request.body()))
        return await self._announced("user.created", user)

    async def _change_user(self, request: Request) -> Response:
        change = UserChange.model_validate_json(await request.body())
        user = self._users.change(request.path_params["id"], change)
        return _no_such_user() if user is None else await self._announced("user.updated", user)

    async def _delete_user(self, request: Request) -> Response:
        tombstone = self._users.delete(request.path_params["id"])
        if tombstone is None:
            return _no_such_user()
        return await self._announced("user.deleted", tombstone)

    async def _webhook(self, request: Request) -> Response:
        wanted = WebhookRequest.model_validate_json(await request.body())
        timestamp = None if wanted.timestamp is None else str(wanted.timestamp)
        delivery = await self._send(
            wanted.type, wanted.data, wanted.svixId, timestamp, wanted.signature
        )
        return JSONResponse(delivery.to_json())

    async def _announced(self, event: str, user: Mapping[str, Any]) -> Response:
        delivery = await self._send(event, user)
        return JSONResponse({"user": user, "webhook": delivery.to_json()})

    async def _send(
        self,
        event: str,
        data: Any,
        svix_id: str | None = None,
        timestamp: str | None = None,
        signature: str | None = None,
    ) -> Delivery:
        now_ms = self._clock.now_ms()
        body = json.dumps(
            {
                "type": event,
                "object": "event",
                "data": data,
                "timestamp": int(now_ms),
                "instance_id": "ins_standins",
                "event_attributes": {
                    "http_request": {"client_ip": "127.0.0.1", "user_agent": "standins"}
                },
            }
        ).encode()
        self._events += 1
        message_id = svix_id if svix_id is not None else f"msg_{int(now_ms)}_{self._events}"
        sent_at = timestamp if timestamp is not None else str(int(now_ms / 1000))
        if signature is None:
            secret = self._settings.clerk_webhook_secret
            signature = svix_signature(secret, message_id, sent_at, body)
        headers = {
            "svix-id": message_id,
            "svix-timestamp": sent_at,
            "svix-signature": signature,
            "user-agent": "Svix-Webhooks/stand-in",
        }
        return await post(self._settings.clerk_webhook_url, body, headers, self._transport)

    def _reset(self) -> None:
        self._users = Users(self._clock)


def _no_such_user() -> Response:
    return JSONResponse({"error": "There is no such user."}, 404)


def _part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """HS256 with the public key as the secret: the classic trick on careless verifiers."""
    secret = (
        published_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    header = {"alg": "HS256", "typ": "JWT", "kid": PUBLISHED_KEY_ID}
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{_part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


_LINKS: Final = (
    Link("Sign in", "pick a demo person, get a token", "/clerk/sign-in"),
    Link(
        "GET /clerk/.well-known/jwks.json",
        "the key set, a public development key",
        "/clerk/.well-known/jwks.json",
    ),
    Link(
        "GET /clerk/.well-known/openid-configuration",
        "the discovery document",
        "/clerk/.well-known/openid-configuration",
    ),
    Link(
        "POST /clerk/dev/token",
        '{sub, email?, name?, ttlSeconds?, claims?, key?: "unknown", alg?: "none" | "HS256"}',
    ),
    Link(
        "POST /clerk/dev/users",
        "{id, email, first_name?, last_name?, image_url?}; sends user.created",
    ),
    Link("PATCH, DELETE /clerk/dev/users/<id>", "sends user.updated, user.deleted"),
    Link(
        "POST /clerk/dev/webhook",
        "{type, data, svixId?, timestamp?, signature?}: an event as it stands",
    ),
)
